-- One row per limit that changes something: what it adds to or takes from the points, first of a
-- group of rules, then of an axis, then of the whole score. A view: few columns of what is stored.
{{ config(materialized='view') }}

with score_points as (

    select * from {{ ref('int_score_points') }}

),

final as (

    select
        rule_groups.scorecard_id,
        group_limits.subject_key,
        'group_limit' as line_type,
        rule_groups.axis,
        rule_groups.rule_group,
        group_limits.points
    from {{ ref('int_group_limits') }} as group_limits
    inner join {{ ref('int_rule_groups') }} as rule_groups
        on group_limits.group_key = rule_groups.group_key
    union all
    select
        scorecard_id,
        subject_key,
        'axis_limit' as line_type,
        'fit' as axis,
        cast(null as varchar) as rule_group,
        fit_correction as points
    from score_points
    where fit_correction <> 0
    union all
    select
        scorecard_id,
        subject_key,
        'axis_limit' as line_type,
        'engagement' as axis,
        cast(null as varchar) as rule_group,
        engagement_correction as points
    from score_points
    where engagement_correction <> 0
    union all
    select
        scorecard_id,
        subject_key,
        'score_limit' as line_type,
        cast(null as varchar) as axis,
        cast(null as varchar) as rule_group,
        score_correction as points
    from score_points
    where score_correction <> 0

)

select * from final
