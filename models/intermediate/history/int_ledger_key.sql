-- One row: a fingerprint of all that movements of as_of_date are made of: lines, rules in force and
-- what limits leave of them. Where lines are not kept any more, it still tells whether their day
-- has been run again on other data.
{{ config(materialized='view') }}

with rules as (

    select * from {{ ref('int_rules') }}

),

parts as (

    select
        {{ integer_key([
            "'line'", 'point_lines.subject_key', 'rules.version_id', 'point_lines.points'
        ]) }} as part_key
    from {{ ref('int_point_lines') }} as point_lines
    inner join rules
        on point_lines.rule_key = rules.rule_key
    where point_lines.points <> 0

    union all

    select {{ integer_key(["'rule'", 'version_id']) }} as part_key
    from rules

    union all

    select
        {{ integer_key(["'score'", 'scorecard_id', 'subject_key', 'score_points']) }} as part_key
    from {{ ref('int_scores') }}

),

sums as (

    select
        count(*) as part_count,
        sum(part_key) as part_key_sum
    from parts

),

final as (

    select {{ integer_key(['part_count', 'part_key_sum']) }} as ledger_key
    from sums

)

select * from final
