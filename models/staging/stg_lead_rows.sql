-- One row per lead in raw.leads as it is now, merged ones too; of duplicates, the newest. A view:
-- only stg_lead_versions reads it.
{{ config(materialized='view') }}

with source as (

    select
        {{ clean_text('lead_id') }} as lead_id,
        lower({{ clean_text('email') }}) as email,
        {{ clean_text('full_name') }} as full_name,
        {{ clean_text('job_title') }} as job_title,
        {{ clean_text('company_id') }} as company_id,
        {{ clean_text('company_name') }} as company_name,
        {{ clean_text('country') }} as country,
        {{ clean_text('region') }} as region,
        {{ clean_text('city') }} as city,
        {{ clean_text('lead_source') }} as lead_source,
        {{ fold_text('origin') }} as origin,
        {{ fold_text('audience') }} as audience,
        {{ clean_text('lifecycle_stage') }} as lifecycle_stage,
        {{ parse_boolean('is_customer') }} as is_customer,
        {{ fold_text('consent_status') }} as consent_status,
        {{ parse_date('birth_date') }} as birth_date,
        {{ clean_text('gender') }} as gender,
        {{ clean_text('purchasing_power') }} as purchasing_power,
        {{ clean_text('lifestyle') }} as lifestyle,
        {{ clean_text('education') }} as education,
        {{ parse_number('experience_years') }} as experience_years,
        {{ parse_timestamp('created_at') }} as created_at,
        {{ parse_timestamp('updated_at') }} as updated_at
    from {{ source('raw', 'leads') }}

),

-- The columns behind updated_at only make the choice among equally new rows the same every time.
ranked as (

    select
        *,
        row_number() over (
            partition by lead_id
            order by
                updated_at desc nulls last,
                created_at desc nulls last,
                email asc,
                full_name asc,
                job_title asc,
                company_id asc,
                company_name asc,
                country asc,
                region asc,
                city asc,
                lead_source asc,
                origin asc,
                audience asc,
                lifecycle_stage asc,
                is_customer asc,
                consent_status asc,
                birth_date asc,
                gender asc,
                purchasing_power asc,
                lifestyle asc,
                education asc,
                experience_years asc
        ) as duplicate_rank
    from source
    where lead_id is not null

),

final as (

    select
        lead_id,
        email,
        full_name,
        job_title,
        company_id,
        company_name,
        country,
        region,
        city,
        lead_source,
        origin,
        audience,
        lifecycle_stage,
        is_customer,
        consent_status,
        birth_date,
        gender,
        purchasing_power,
        lifestyle,
        education,
        experience_years,
        created_at,
        updated_at
    from ranked
    where duplicate_rank = 1

)

select * from final
