-- One row per rule version in force: how many it touches. A rule that never fires, or always,
-- tells nobody apart.
with rules as (

    select * from {{ ref('int_rules') }}

),

subjects as (

    select
        scorecard_id,
        count(*) as subject_count
    from {{ ref('int_scored_subjects') }}
    group by scorecard_id

),

lines as (

    select
        rule_key,
        count(*) as subjects_matched,
        sum(points) as points_total
    from {{ ref('int_point_lines') }}
    group by rule_key

),

final as (

    select
        rules.rule_id,
        rules.valid_from,
        rules.scorecard_id,
        {{ as_of_date() }} as as_of_date,
        rules.label,
        coalesce(lines.subjects_matched, 0) as subjects_matched,
        coalesce(round(lines.subjects_matched * 1.0 / nullif(subjects.subject_count, 0), 4), 0)
            as share_matched,
        cast(coalesce(lines.points_total, 0) as decimal(18, 4)) as points_total,
        lines.subjects_matched is null as never_fired,
        coalesce(lines.subjects_matched = subjects.subject_count, false) as always_fired
    from rules
    left join lines
        on rules.rule_key = lines.rule_key
    left join subjects
        on rules.scorecard_id = subjects.scorecard_id

)

select * from final
