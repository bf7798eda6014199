-- One row per reason for points: the lines of rules and of limits. A score is nothing but their
-- sum. A view: it puts two stored tables together, and words to the numbers of one.
{{ config(materialized='view') }}

with rule_lines as (

    select
        rules.scorecard_id,
        point_lines.subject_key,
        'rule' as line_type,
        rules.axis,
        rules.rule_group,
        rules.rule_id,
        point_lines.points,
        point_lines.event_count,
        point_lines.last_event_date,
        rules.reason as label
    from {{ ref('int_point_lines') }} as point_lines
    inner join {{ ref('int_rules') }} as rules
        on point_lines.rule_key = rules.rule_key

),

limit_lines as (

    select
        scorecard_id,
        subject_key,
        line_type,
        axis,
        rule_group,
        cast(null as varchar) as rule_id,
        points,
        cast(null as bigint) as event_count,
        cast(null as date) as last_event_date,
        case line_type
            when
                'group_limit'
                then 'Límite del grupo ' || rule_group || ' · Group limit ' || rule_group
            when 'axis_limit' then 'Límite del eje ' || axis || ' · Axis limit ' || axis
            else 'Límite de la puntuación · Score limit'
        end as label
    from {{ ref('int_limit_lines') }}

),

final as (

    select * from rule_lines
    union all
    select * from limit_lines

)

select * from final
