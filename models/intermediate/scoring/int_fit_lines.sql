-- One row per lead or company and explicit rule that it meets, with the points before rounding.
-- Vetoes and fast tracks are lines of 0 points. A view: int_rule_lines stores it.
{{ config(materialized='view') }}

with subjects as (

    select
        scorecard_id,
        subject_key
    from {{ ref('int_scored_subjects') }}

),

explicit_rules as (

    select distinct
        rule_key,
        rule_id,
        scorecard_id,
        rule_group,
        effect,
        points,
        label
    from {{ ref('int_explicit_rules') }}

),

final as (

    select
        subjects.scorecard_id,
        subjects.subject_key,
        'fit' as axis,
        explicit_rules.rule_key,
        explicit_rules.rule_id,
        explicit_rules.rule_group,
        explicit_rules.effect,
        explicit_rules.label,
        explicit_rules.points as rule_points,
        explicit_rules.points,
        cast(null as bigint) as event_count,
        cast(null as date) as last_event_date
    from explicit_rules
    inner join {{ ref('int_rule_matches') }} as matches
        on explicit_rules.rule_key = matches.rule_key
    inner join subjects
        on
            explicit_rules.scorecard_id = subjects.scorecard_id
            and matches.entity_key = subjects.subject_key

)

select * from final
