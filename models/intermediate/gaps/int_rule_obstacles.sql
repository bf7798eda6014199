-- One row per fact and explicit rule that it keeps from firing, of the rules that give points and
-- ask for several fields. Where one field is unknown, these say whether knowing it would help.
with conditions as (

    select
        rule_key,
        condition_key,
        field,
        operator
    from {{ ref('int_explicit_rules') }}
    where points > 0

),

rules as (

    select rule_key
    from conditions
    group by rule_key
    having count(distinct field) > 1

),

facts as (

    select
        field,
        fact_key
    from {{ ref('int_facts') }}
    where field in (select conditions.field from conditions)

),

-- int_conditions_met says of is_unknown which facts stand against it: all of the field.
final as (

    select distinct
        facts.fact_key,
        conditions.rule_key
    from conditions
    inner join rules
        on conditions.rule_key = rules.rule_key
    inner join facts
        on conditions.field = facts.field
    left join {{ ref('int_conditions_met') }} as met
        on
            facts.fact_key = met.fact_key
            and conditions.condition_key = met.condition_key
    where
        conditions.operator = 'is_unknown'
        or met.fact_key is null

)

select * from final
