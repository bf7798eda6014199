-- One row per condition of an explicit rule in force on as_of_date.
with rules as (

    select
        {{ clean_text('rule_id') }} as rule_id,
        {{ clean_text('scorecard_id') }} as scorecard_id,
        {{ clean_text('rule_group') }} as rule_group,
        lower({{ clean_text('field') }}) as field,
        {{ fold_text('operator') }} as operator,
        {{ clean_text('value') }} as value,
        coalesce({{ fold_text('effect') }}, 'points') as effect,
        coalesce({{ parse_number('points') }}, 0) as points,
        {{ parse_date('valid_from') }} as valid_from,
        {{ parse_date('valid_to') }} as valid_to,
        {{ clean_text('label') }} as label
    from {{ ref('explicit_rules') }}

),

final as (

    select
        {{ rule_key() }} as rule_key,
        rule_id,
        scorecard_id,
        rule_group,
        {{ condition_key() }} as condition_key,
        field,
        operator,
        value,
        effect,
        case when effect = 'points' then points else 0 end as points,
        valid_from,
        label
    from rules
    where
        rule_id is not null
        and {{ is_in_force() }}

)

select * from final
