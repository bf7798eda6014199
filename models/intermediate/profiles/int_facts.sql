-- One row per different fact, that is field and value, of leads and companies, if some rule, list
-- or the completeness asks for it. Facts repeat: a million leads have a few thousand different
-- ones. Only here is a value text; of each lead and company, int_entity_facts knows the fact_key.
with lead_completeness as (

    select completeness from {{ ref('int_completeness') }}
    where entity_type = 'lead'

),

extra_facts as (

    select distinct
        fact_key,
        field,
        value
    from {{ ref('int_extra_facts') }}

),

final as (

    {{ distinct_facts(ref('int_lead_profiles'), lead_fields()) }}

    union all

    {{ distinct_facts('lead_completeness', completeness_fields()) }}

    union all

    {{ distinct_facts(ref('int_company_profiles'), company_fields()) }}

    union all

    select * from extra_facts

)

select * from final
