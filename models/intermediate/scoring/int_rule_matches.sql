-- One row per explicit rule and lead or company that meets all of the rule's conditions. A view:
-- int_fit_lines stores what comes of it.
{{ config(materialized='view') }}

with asked as (

    select distinct
        rule_key,
        condition_key
    from {{ ref('int_explicit_rules') }}
    where condition_key is not null

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

),

met as (

    select * from {{ ref('int_conditions_met') }}

),

{{ entities_matching('rule_key', facts=[ref('int_entity_facts')]) }}

select * from final
