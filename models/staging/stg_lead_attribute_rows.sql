-- One row per lead and own property in raw.lead_attributes as it is now, merged leads too; of
-- duplicates, the newest. A newest value that is blank is a value taken back. A view: only
-- stg_lead_attribute_versions reads it.
{{ config(materialized='view') }}

with source as (

    select
        {{ clean_text('lead_id') }} as lead_id,
        lower({{ clean_text('field') }}) as field,
        {{ clean_text('value') }} as value,
        {{ parse_timestamp('updated_at') }} as updated_at
    from {{ source('raw', 'lead_attributes') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by lead_id, field
            order by updated_at desc nulls last, value asc
        ) as duplicate_rank
    from source
    where
        lead_id is not null
        and field is not null

),

final as (

    select
        lead_id,
        field,
        value,
        updated_at
    from ranked
    where
        duplicate_rank = 1
        and value is not null

)

select * from final
