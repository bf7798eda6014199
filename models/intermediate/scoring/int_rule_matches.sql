-- One row per rule and lead, company or event kind that meets all of the rule's conditions.
with asked as (

    select distinct
        rule_key,
        condition_key
    from {{ ref('int_explicit_rules') }}
    where condition_key is not null
    union
    select distinct
        rule_key,
        condition_key
    from {{ ref('int_implicit_rules') }}
    where condition_key is not null

),

facts as (

    select
        entity_key,
        fact_key
    from {{ ref('int_facts') }}
    union all
    select
        entity_key,
        fact_key
    from {{ ref('int_event_kind_facts') }}

),

entities as (

    select
        lead_key as entity_key,
        'lead' as entity_type
    from {{ ref('int_lead_profiles') }}
    union all
    select
        company_key as entity_key,
        'company' as entity_type
    from {{ ref('int_company_profiles') }}
    union all
    select
        kind_key as entity_key,
        'event' as entity_type
    from {{ ref('int_event_kinds') }}

),

met as (

    select * from {{ ref('int_conditions_met') }}

),

{{ entities_matching('rule_key') }}

select * from final
