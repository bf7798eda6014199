-- One row per lead, with its own fields normalised; null is unknown.
with leads as (

    select * from {{ ref('stg_leads') }}

),

attributes as (

    select
        lead_id,
        max(known_since) as known_since
    from {{ ref('stg_lead_attributes') }}
    group by lead_id

),

final as (

    select
        {{ integer_key(["'lead'", 'leads.lead_id']) }} as lead_key,
        leads.lead_id,
        case
            when leads.company_id is not null
                then {{ integer_key(["'company'", 'leads.company_id']) }}
        end as company_key,
        leads.company_id,
        leads.email,
        leads.full_name,
        leads.job_title,
        titles.job_title_canonical,
        titles.job_title_language,
        titles.seniority_phrase,
        titles.job_function_phrase,
        leads.lead_source,
        leads.origin,
        case
            when leads.audience in ('b2b', 'b2c') then leads.audience
            when coalesce(leads.company_id, leads.company_name) is not null then 'b2b'
            else 'b2c'
        end as audience,
        leads.lifecycle_stage,
        leads.is_customer,
        leads.consent_status,
        cast(leads.created_at as date) as created_at,
        cast(leads.updated_at as date) as updated_at,
        countries.country_code,
        leads.region,
        leads.city,
        titles.seniority,
        titles.job_function,
        titles.is_decision_maker,
        emails.email_kind,
        emails.email_domain,
        case
            when emails.email_kind in ('business', 'role') and companies.domain is not null
                then
                    emails.email_domain = companies.domain
                    or {{ ends_with('emails.email_domain', "'.' || companies.domain") }}
                    or {{ ends_with('companies.domain', "'.' || emails.email_domain") }}
        end as email_matches_company,
        case
            when {{ whole_years_between('leads.birth_date', as_of_date()) }} between 0 and 130
                then {{ whole_years_between('leads.birth_date', as_of_date()) }}
        end as age,
        leads.gender,
        leads.purchasing_power,
        leads.lifestyle,
        leads.education,
        leads.experience_years,
        {{ days_between('cast(leads.updated_at as date)', as_of_date()) }} as data_age_days,
        greatest(leads.known_since, companies.facts_known_since, attributes.known_since)
            as facts_known_since
    from leads
    left join {{ ref('int_job_titles') }} as titles
        on leads.job_title = titles.job_title_raw
    left join {{ ref('int_countries') }} as countries
        on leads.country = countries.country_raw
    left join {{ ref('int_emails') }} as emails
        on leads.email = emails.email_raw
    left join {{ ref('int_company_profiles') }} as companies
        on leads.company_id = companies.company_id
    left join attributes
        on leads.lead_id = attributes.lead_id

)

select * from final
