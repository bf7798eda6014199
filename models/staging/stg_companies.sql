-- One row per company as it was known on as_of_date. Before it was first observed, it is what that
-- saw. A view, as stg_leads.
{{ config(materialized='view') }}

with final as (

    select
        versions.company_id,
        versions.company_name,
        versions.domain,
        versions.industry,
        versions.employee_count,
        versions.annual_revenue,
        versions.company_type,
        versions.country,
        versions.updated_at,
        versions.valid_from as known_since
    from {{ ref('stg_company_versions') }} as versions
    where {{ is_known_version('versions', 'versions.first_observed_on') }}

)

select * from final
