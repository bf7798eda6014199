-- One row per rule version in force on as_of_date, explicit or implicit: what its ledger lines say
-- of it. Lines carry no text, only the rule_key; who shows them looks the words up here.
with explicit_rules as (

    select distinct
        rule_key,
        rule_id,
        valid_from,
        scorecard_id,
        'fit' as axis,
        rule_group,
        effect,
        points,
        label
    from {{ ref('int_explicit_rules') }}

),

implicit_rules as (

    select distinct
        rule_key,
        rule_id,
        valid_from,
        scorecard_id,
        'engagement' as axis,
        rule_group,
        'points' as effect,
        points,
        label
    from {{ ref('int_implicit_rules') }}

),

unioned as (

    select * from explicit_rules
    union all
    select * from implicit_rules

),

final as (

    select
        *,
        {{ group_key() }} as group_key,
        row_number() over (order by rule_id, rule_key) as rule_number,
        coalesce(label, rule_id) as reason
    from unioned

)

select * from final
