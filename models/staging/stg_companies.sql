-- One row per company as it was known on as_of_date. Before the first observation of raw, it is
-- what that saw. A view, as stg_leads.
{{ config(materialized='view') }}

with first_observation as (

    select min(observed_on) as observed_on
    from {{ ref('stg_company_versions') }}
    where company_id is null

),

final as (

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
    cross join first_observation
    where {{ is_known_version('versions', 'first_observation.observed_on') }}

)

select * from final
