-- One row per condition of an implicit rule in force on as_of_date; a rule that its event type
-- alone decides has one row without a condition. Window and half-life are the scorecard's where
-- blank.
with rules as (

    select
        {{ clean_text('rule_id') }} as rule_id,
        {{ clean_text('scorecard_id') }} as scorecard_id,
        {{ clean_text('rule_group') }} as rule_group,
        {{ fold_text('event_type') }} as event_type,
        lower({{ clean_text('field') }}) as field,
        {{ fold_text('operator') }} as operator,
        {{ clean_text('value') }} as value,
        coalesce({{ parse_number('points') }}, 0) as points,
        coalesce({{ fold_text('award') }}, 'each') as award,
        coalesce({{ fold_text('count_operator') }}, 'at_least') as count_operator,
        cast(coalesce({{ parse_number('event_count') }}, 1) as bigint) as required_count,
        cast({{ parse_number('window_days') }} as integer) as window_days,
        cast({{ parse_number('max_per_day') }} as bigint) as max_per_day,
        {{ parse_number('half_life_days') }} as half_life_days,
        abs({{ parse_number('max_points') }}) as max_points,
        {{ parse_date('valid_from') }} as valid_from,
        {{ parse_date('valid_to') }} as valid_to,
        {{ clean_text('label') }} as label
    from {{ ref('implicit_rules') }}

),

final as (

    select
        {{ rule_key('rules.') }} as rule_key,
        rules.rule_id,
        rules.scorecard_id,
        scorecards.subject,
        rules.rule_group,
        rules.event_type,
        case when rules.field is not null then {{ condition_key('rules.') }} end as condition_key,
        rules.field,
        rules.operator,
        rules.value,
        rules.points,
        rules.award,
        rules.count_operator,
        rules.required_count,
        coalesce(rules.window_days, scorecards.lookback_days) as window_days,
        rules.max_per_day,
        coalesce(rules.half_life_days, scorecards.half_life_days) as half_life_days,
        rules.max_points,
        rules.valid_from,
        rules.label
    from rules
    inner join {{ ref('int_scorecards') }} as scorecards
        on rules.scorecard_id = scorecards.scorecard_id
    where
        rules.rule_id is not null
        and {{ is_in_force('rules.') }}

)

select * from final
