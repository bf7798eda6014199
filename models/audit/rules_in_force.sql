-- One row per rule version in force on as_of_date, with what it inherits filled in: window and
-- half-life of its scorecard, and the limits of its group and axis. What a reader of the ledger
-- needs to know of the rule behind a line, or of one that has not fired.
with implicit_rules as (

    select distinct
        rule_key,
        event_type,
        count_operator in ('at_most', 'exactly') as asks_for_silence,
        required_count + case when count_operator = 'more_than' then 1 else 0 end
            as required_count,
        award,
        window_days,
        max_points
    from {{ ref('int_implicit_rules') }}

),

axis_limits as (

    select * from {{ ref('int_score_limits') }}
    where rule_group is null

),

final as (

    select
        rules.rule_id,
        rules.valid_from,
        rules.scorecard_id,
        rules.axis,
        rules.rule_group,
        rules.effect,
        cast(rules.points as decimal(18, 4)) as points,
        implicit_rules.event_type,
        case when not implicit_rules.asks_for_silence then implicit_rules.required_count end
            as required_count,
        implicit_rules.award,
        implicit_rules.window_days,
        case when rules.half_life_days > 0 then rules.half_life_days end as half_life_days,
        cast(implicit_rules.max_points as decimal(18, 4)) as max_points,
        rule_groups.min_points as group_min_points,
        rule_groups.max_points as group_max_points,
        axis_limits.min_points as axis_min_points,
        axis_limits.max_points as axis_max_points,
        rules.reason as label
    from {{ ref('int_rules') }} as rules
    left join implicit_rules
        on rules.rule_key = implicit_rules.rule_key
    left join {{ ref('int_rule_groups') }} as rule_groups
        on rules.group_key = rule_groups.group_key
    left join axis_limits
        on
            rules.scorecard_id = axis_limits.scorecard_id
            and rules.axis = axis_limits.axis

)

select * from final
order by scorecard_id, axis, rule_id, valid_from
