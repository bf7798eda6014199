-- One row per lead and own property. A surviving lead keeps its own value, and takes one that
-- only the leads merged into it had.
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
        coalesce(lead_merges.surviving_lead_id, source.lead_id) as lead_id,
        source.field,
        source.value,
        source.updated_at,
        row_number() over (
            partition by coalesce(lead_merges.surviving_lead_id, source.lead_id), source.field
            order by
                lead_merges.surviving_lead_id is not null,
                source.updated_at desc nulls last,
                source.lead_id asc,
                source.value asc
        ) as duplicate_rank
    from source
    left join {{ ref('stg_lead_merges') }} as lead_merges
        on source.lead_id = lead_merges.merged_lead_id
    where
        source.lead_id is not null
        and source.field is not null

),

final as (

    select
        lead_id,
        field,
        value,
        updated_at
    from ranked
    where duplicate_rank = 1

)

select * from final
