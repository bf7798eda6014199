-- One row per implicit rule and event kind that it counts: kinds of its event type that meet all
-- of its conditions. Kinds are few (thousands) however many events there are.
with implicit_rules as (

    select distinct
        rule_key,
        event_type,
        max(condition_key) over (partition by rule_key) is null as has_no_condition
    from {{ ref('int_implicit_rules') }}

),

asked as (

    select distinct
        rule_key,
        condition_key
    from {{ ref('int_implicit_rules') }}
    where condition_key is not null

),

entities as (

    select
        kind_key as entity_key,
        'event' as entity_type
    from {{ ref('int_event_kinds') }}

),

met as (

    select * from {{ ref('int_conditions_met') }}

),

{{ entities_matching('rule_key', facts=[ref('int_event_kind_facts')], result='matches') }},

final as (

    select
        implicit_rules.rule_key,
        kinds.kind_key
    from implicit_rules
    inner join {{ ref('int_event_kinds') }} as kinds
        on implicit_rules.event_type in ('*', kinds.event_type)
    left join matches
        on
            implicit_rules.rule_key = matches.rule_key
            and kinds.kind_key = matches.entity_key
    where
        implicit_rules.has_no_condition
        or matches.entity_key is not null

)

select * from final
