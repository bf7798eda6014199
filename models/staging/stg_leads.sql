-- One row per lead that is not merged into another; of duplicates, the newest.
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
                email, full_name, job_title, company_id, company_name, country, region, city,
                lead_source, origin, audience, lifecycle_stage, is_customer, consent_status,
                birth_date, gender, purchasing_power, lifestyle, education, experience_years
        ) as duplicate_rank
    from source
    where lead_id is not null

),

final as (

    select
        ranked.lead_id,
        ranked.email,
        ranked.full_name,
        ranked.job_title,
        ranked.company_id,
        ranked.company_name,
        ranked.country,
        ranked.region,
        ranked.city,
        ranked.lead_source,
        ranked.origin,
        ranked.audience,
        ranked.lifecycle_stage,
        ranked.is_customer,
        ranked.consent_status,
        ranked.birth_date,
        ranked.gender,
        ranked.purchasing_power,
        ranked.lifestyle,
        ranked.education,
        ranked.experience_years,
        ranked.created_at,
        ranked.updated_at
    from ranked
    left join {{ ref('stg_lead_merges') }} as merges
        on ranked.lead_id = merges.merged_lead_id
    where
        ranked.duplicate_rank = 1
        and merges.merged_lead_id is null

)

select * from final
