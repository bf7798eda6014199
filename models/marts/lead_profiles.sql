-- One row per lead: what is known of it and of its company, normalised; null is unknown.
with final as (

    select
        leads.lead_id,
        leads.company_id,
        leads.email,
        leads.full_name,
        leads.job_title,
        leads.job_title_canonical,
        leads.job_title_language,
        leads.seniority_phrase,
        leads.job_function_phrase,
        leads.lead_source,
        leads.origin,
        leads.audience,
        leads.lifecycle_stage,
        leads.is_customer,
        leads.consent_status,
        leads.created_at,
        leads.updated_at,
        leads.country_code,
        leads.region,
        leads.city,
        leads.seniority,
        leads.job_function,
        leads.is_decision_maker,
        leads.email_kind,
        leads.email_domain,
        leads.email_matches_company,
        leads.age,
        leads.gender,
        leads.purchasing_power,
        leads.lifestyle,
        leads.education,
        leads.experience_years,
        leads.data_age_days,
        leads.facts_known_since,
        completeness.completeness,
        companies.industry as company_industry,
        companies.sector as company_sector,
        companies.employee_band as company_employee_band,
        companies.employee_count as company_employee_count,
        companies.revenue_band as company_revenue_band,
        companies.annual_revenue as company_annual_revenue,
        companies.company_type as company_company_type,
        companies.country_code as company_country_code,
        companies.data_age_days as company_data_age_days,
        companies.contact_count as company_contact_count
    from {{ ref('int_lead_profiles') }} as leads
    left join {{ ref('int_company_profiles') }} as companies
        on leads.company_key = companies.company_key
    left join {{ ref('int_completeness') }} as completeness
        on leads.lead_key = completeness.entity_key

)

select * from final
