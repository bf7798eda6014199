-- One row per group of rules on an axis of a scorecard, with the limits of its points; null is no
-- limit. The rules of an axis without a group are a group, too, which cannot be limited.
with groups as (

    select
        group_key,
        scorecard_id,
        axis,
        rule_group
    from {{ ref('int_rules') }}
    union
    select
        {{ group_key() }} as group_key,
        scorecard_id,
        axis,
        rule_group
    from {{ ref('int_score_limits') }}
    where rule_group is not null

),

limits as (

    select
        {{ group_key() }} as group_key,
        min_points,
        max_points
    from {{ ref('int_score_limits') }}
    where rule_group is not null

),

final as (

    select
        groups.group_key,
        groups.scorecard_id,
        groups.axis,
        groups.rule_group,
        limits.min_points,
        limits.max_points,
        {{ correction('0', 'limits.min_points', 'limits.max_points') }} as correction_of_nothing
    from groups
    left join limits
        on groups.group_key = limits.group_key

)

select * from final
