-- One row per lead: what is known of it and of its company, normalised; null is unknown.
with completeness as (

    select
        entity_key,
        cast(value as decimal(5, 4)) as completeness
    from {{ ref('int_facts') }}
    where field = 'lead.completeness'

),

final as (

    select
        leads.lead_id,
        leads.company_id,
        leads.email,
        leads.full_name,
        leads.job_title,
        leads.job_title_canonical,
        {% for column in lead_fields().values() -%}
        leads.{{ column }},
        {% endfor -%}
        completeness.completeness,
        {% for column in company_fields().values() -%}
        companies.{{ column }} as company_{{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_lead_profiles') }} as leads
    left join {{ ref('int_company_profiles') }} as companies
        on leads.company_key = companies.company_key
    left join completeness
        on leads.lead_key = completeness.entity_key

)

select * from final
