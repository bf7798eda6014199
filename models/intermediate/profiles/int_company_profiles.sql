-- One row per company, with its fields normalised. A company that only a lead names has a row
-- too, without a record: nothing is known of it but its contacts.
with companies as (

    select * from {{ ref('stg_companies') }}

),

contacts as (

    select
        company_id,
        count(*) as contact_count
    from {{ ref('stg_leads') }}
    where company_id is not null
    group by company_id

),

company_ids as (

    select company_id from companies
    union
    select company_id from contacts

),

final as (

    select
        {{ integer_key(["'company'", 'company_ids.company_id']) }} as company_key,
        company_ids.company_id,
        companies.company_id is not null as has_record,
        companies.company_name,
        case
            when email_domains.email_domain is null then {{ web_domain('companies.domain') }}
        end as domain,
        industries.industry,
        industries.sector,
        employees.employee_band,
        employees.employee_count,
        revenues.revenue_band,
        revenues.annual_revenue,
        companies.company_type,
        countries.country_code,
        {{ days_between('cast(companies.updated_at as date)', as_of_date()) }} as data_age_days,
        coalesce(contacts.contact_count, 0) as contact_count,
        companies.known_since as facts_known_since
    from company_ids
    left join companies
        on company_ids.company_id = companies.company_id
    left join {{ ref('email_domains') }} as email_domains
        on {{ web_domain('companies.domain') }} = email_domains.email_domain
    left join contacts
        on company_ids.company_id = contacts.company_id
    left join {{ ref('int_industries') }} as industries
        on companies.industry = industries.industry_raw
    left join {{ ref('int_employee_counts') }} as employees
        on companies.employee_count = employees.employee_count_raw
    left join {{ ref('int_annual_revenues') }} as revenues
        on companies.annual_revenue = revenues.annual_revenue_raw
    left join {{ ref('int_countries') }} as countries
        on companies.country = countries.country_raw

)

select * from final
