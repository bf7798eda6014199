-- One row per lead without a company_id whose mail domain or company name is that of exactly one
-- company: somebody may attach it. Where both speak, they must mean the same company.
with leads as (

    select
        leads.lead_id,
        leads.email,
        company_names.comparable_name
    from {{ ref('stg_leads') }} as leads
    left join {{ ref('int_company_names') }} as company_names
        on leads.company_name = company_names.company_name_raw
    where leads.company_id is null

),

companies as (

    select
        companies.company_id,
        companies.domain,
        company_names.comparable_name
    from {{ ref('int_company_profiles') }} as companies
    left join {{ ref('int_company_names') }} as company_names
        on companies.company_name = company_names.company_name_raw
    where companies.has_record

),

domains as (

    select
        domain,
        count(*) as company_count,
        min(company_id) as company_id
    from companies
    where domain is not null
    group by domain

),

names as (

    select
        comparable_name,
        min(domain) as domain,
        min(company_id) as company_id
    from companies
    where comparable_name is not null
    group by comparable_name
    having count(*) = 1

),

matches as (

    select
        leads.lead_id,
        case
            when domains.company_count = 1 and names.company_id is null then domains.company_id
            when domains.company_count = 1 and domains.company_id <> names.company_id then null
            when domains.domain is null or domains.domain = names.domain then names.company_id
        end as company_id,
        case when domains.company_count = 1 then 'domain' else 'name' end as matched_by
    from leads
    left join {{ ref('int_emails') }} as emails
        on
            leads.email = emails.email_raw
            and emails.email_kind in ('business', 'role')
    left join domains
        on emails.email_domain = domains.domain
    left join names
        on leads.comparable_name = names.comparable_name

),

final as (

    select
        lead_id,
        company_id,
        matched_by
    from matches
    where company_id is not null

)

select * from final
