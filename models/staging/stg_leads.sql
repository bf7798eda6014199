-- One row per lead as it was known on as_of_date, if it is still there. Before it was first
-- observed, it is what that saw. A table, unlike stg_companies: a million leads behind a view are
-- thought few, and are then what joins keep in memory.
with final as (

    select
        versions.lead_id,
        versions.email,
        versions.full_name,
        versions.job_title,
        versions.company_id,
        versions.company_name,
        versions.country,
        versions.region,
        versions.city,
        versions.lead_source,
        versions.origin,
        versions.audience,
        versions.lifecycle_stage,
        versions.is_customer,
        versions.consent_status,
        versions.birth_date,
        versions.gender,
        versions.purchasing_power,
        versions.lifestyle,
        versions.education,
        versions.experience_years,
        versions.created_at,
        versions.updated_at,
        versions.first_observed_on,
        versions.valid_from as known_since
    from {{ ref('stg_lead_versions') }} as versions
    left join {{ ref('stg_lead_absences') }} as absences
        on versions.lead_key = absences.lead_key
    where
        {{ is_known_version('versions', 'versions.first_observed_on') }}
        and absences.lead_key is null

)

select * from final
