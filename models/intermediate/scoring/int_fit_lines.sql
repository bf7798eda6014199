-- One row per lead or company and explicit rule that it meets, with its points. Vetoes and fast
-- tracks are lines of 0 points. A view: int_rule_lines stores it.
{{ config(materialized='view') }}

with subjects as (

    select
        scorecard_id,
        subject_key
    from {{ ref('int_scored_subjects') }}

),

rules as (

    select
        rule_key,
        scorecard_id,
        points
    from {{ ref('int_rules') }}
    where axis = 'fit'

),

final as (

    select
        matches.entity_key as subject_key,
        matches.rule_key,
        rules.points
    from {{ ref('int_rule_matches') }} as matches
    inner join rules
        on matches.rule_key = rules.rule_key
    inner join subjects
        on
            rules.scorecard_id = subjects.scorecard_id
            and matches.entity_key = subjects.subject_key

)

select * from final
