-- One row per lead or company and explicit rule that it meets, with its points. Vetoes and fast
-- tracks are lines of 0 points.
with subjects as (

    select
        scorecard_id,
        subject_key
    from {{ ref('int_scored_subjects') }}

),

-- Points of a rule are rounded once, not in each of its lines.
rules as (

    select
        rule_key,
        scorecard_id,
        points as written_points,
        {{ to_points('points') }} as points
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
        on
            matches.rule_key = rules.rule_key
            and (rules.points <> 0 or rules.written_points = 0)
    inner join subjects
        on
            rules.scorecard_id = subjects.scorecard_id
            and matches.entity_key = subjects.subject_key

)

select * from final
