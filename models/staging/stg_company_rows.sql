-- One row per company in raw.companies as it is now; of duplicates, the newest. A view: only
-- stg_company_versions reads it.
{{ config(materialized='view') }}

with source as (

    select
        {{ clean_text('company_id') }} as company_id,
        {{ clean_text('name') }} as company_name,
        lower({{ clean_text('domain') }}) as domain,
        {{ clean_text('industry') }} as industry,
        {{ clean_text('employee_count') }} as employee_count,
        {{ clean_text('annual_revenue') }} as annual_revenue,
        {{ clean_text('company_type') }} as company_type,
        {{ clean_text('country') }} as country,
        {{ parse_timestamp('updated_at') }} as updated_at
    from {{ source('raw', 'companies') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by company_id
            order by
                updated_at desc nulls last,
                company_name asc,
                domain asc,
                industry asc,
                employee_count asc,
                annual_revenue asc,
                company_type asc,
                country asc
        ) as duplicate_rank
    from source
    where company_id is not null

),

final as (

    select
        company_id,
        company_name,
        domain,
        industry,
        employee_count,
        annual_revenue,
        company_type,
        country,
        updated_at
    from ranked
    where duplicate_rank = 1

)

select * from final
