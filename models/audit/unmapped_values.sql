-- One row per value that no vocabulary knows, with the number of leads that hold it: the top rows
-- are the synonyms to add next.
with leads as (

    select * from {{ ref('stg_leads') }}

),

companies as (

    select * from {{ ref('stg_companies') }}

),

employees as (

    select
        leads.lead_id,
        companies.industry,
        companies.country,
        companies.employee_count,
        companies.annual_revenue
    from leads
    inner join companies
        on leads.company_id = companies.company_id

),

-- Words of which the input contract has a closed list.
closed_words as (

    {{ unpivot('leads', 'lead_id', {
        'lead.origin': 'origin',
        'lead.audience': 'audience',
        'lead.consent_status': 'consent_status',
    }) }}

),

unmapped as (

    select
        field,
        value,
        entity_key as lead_id
    from closed_words
    where
        case field
            when 'lead.origin' then value not in ('inbound', 'outbound', 'cross_sell')
            when 'lead.audience' then value not in ('b2b', 'b2c')
            else value not in ('subscribed', 'unsubscribed', 'unknown')
        end

    union all

    select
        'lead.job_title' as field,
        leads.job_title as value,
        leads.lead_id
    from leads
    inner join {{ ref('int_job_titles') }} as titles
        on leads.job_title = titles.job_title_raw
    where
        titles.seniority is null
        and titles.job_function is null

    union all

    select
        'lead.country' as field,
        leads.country as value,
        leads.lead_id
    from leads
    inner join {{ ref('int_countries') }} as countries
        on leads.country = countries.country_raw
    where countries.country_code is null

    union all

    select
        'company.country' as field,
        employees.country as value,
        employees.lead_id
    from employees
    inner join {{ ref('int_countries') }} as countries
        on employees.country = countries.country_raw
    where countries.country_code is null

    union all

    select
        'company.industry' as field,
        employees.industry as value,
        employees.lead_id
    from employees
    inner join {{ ref('int_industries') }} as industries
        on employees.industry = industries.industry_raw
    where industries.industry is null

    union all

    select
        'company.employee_count' as field,
        employees.employee_count as value,
        employees.lead_id
    from employees
    inner join {{ ref('int_employee_counts') }} as counts
        on employees.employee_count = counts.employee_count_raw
    where counts.employee_count is null

    union all

    select
        'company.annual_revenue' as field,
        employees.annual_revenue as value,
        employees.lead_id
    from employees
    inner join {{ ref('int_annual_revenues') }} as revenues
        on employees.annual_revenue = revenues.annual_revenue_raw
    where revenues.annual_revenue is null

    union all

    select
        'event.event_type' as field,
        events.event_type as value,
        events.lead_id
    from {{ ref('stg_events') }} as events
    left join {{ ref('event_types') }} as event_types
        on events.event_type = event_types.event_type
    where event_types.event_type is null

),

final as (

    select
        field,
        value,
        count(distinct lead_id) as lead_count
    from unmapped
    group by field, value

)

select * from final
