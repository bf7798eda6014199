-- One row per lead or company and known field that some rule, list or the completeness asks
-- for. A lead has the facts of its company, too. A view over the columns of the profiles: stored as
-- rows, this would be the largest table of the warehouse.
{{ config(materialized='view') }}

with lead_completeness as (

    select
        entity_key,
        completeness
    from {{ ref('int_completeness') }}
    where entity_type = 'lead'

),

company_facts as (

    {{ fact_keys(ref('int_company_profiles'), 'company_key', company_fields()) }}

    union all

    select
        entity_key,
        field,
        fact_key
    from {{ ref('int_extra_facts') }}
    where starts_with(field, 'company.')

),

final as (

    {{ fact_keys(ref('int_lead_profiles'), 'lead_key', lead_fields()) }}

    union all

    {{ fact_keys('lead_completeness', 'entity_key', completeness_fields()) }}

    union all

    select
        entity_key,
        field,
        fact_key
    from {{ ref('int_extra_facts') }}
    where not starts_with(field, 'company.')

    union all

    select
        entity_key,
        field,
        fact_key
    from company_facts

    union all

    select
        leads.lead_key as entity_key,
        company_facts.field,
        company_facts.fact_key
    from {{ ref('int_lead_profiles') }} as leads
    inner join company_facts
        on leads.company_key = company_facts.entity_key

)

select * from final
