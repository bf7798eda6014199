-- One row per run day and rule version in force on it: for how many it fired, and what it gave. All
-- lines are put together by rule here only; a day takes no more rows than there are rules.
{{ config(unique_key='as_of_date') }}

with lines as (

    select
        point_lines.rule_key,
        count(*) as subjects_matched,
        count(won.subject_key) as subjects_won,
        sum(point_lines.points) as points_total,
        min(point_lines.points) as least_points,
        max(point_lines.points) as most_points,
        max(point_lines.last_event_date) as last_event_date
    from {{ ref('int_point_lines') }} as point_lines
    left join {{ ref('int_won_subjects') }} as won
        on point_lines.subject_key = won.subject_key
    group by point_lines.rule_key

),

final as (

    select
        {{ as_of_date() }} as as_of_date,
        rules.rule_key,
        rules.rule_id,
        rules.valid_from,
        coalesce(lines.subjects_matched, 0) as subjects_matched,
        coalesce(lines.subjects_won, 0) as subjects_won,
        cast(coalesce(lines.points_total, 0) as decimal(18, 4)) as points_total,
        lines.least_points,
        lines.most_points,
        lines.last_event_date
    from {{ ref('int_rules') }} as rules
    left join lines
        on rules.rule_key = lines.rule_key

)

select * from final
