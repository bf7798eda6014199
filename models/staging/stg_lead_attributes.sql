-- One row per lead and own property. A surviving lead keeps its own value, and takes one that only
-- the leads merged into it had.
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

-- A newest value that is blank is a value taken back, which a merged lead may still have.
merged as (

    select
        coalesce(lead_merges.surviving_lead_id, ranked.lead_id) as lead_id,
        ranked.field,
        ranked.value,
        ranked.updated_at,
        row_number() over (
            partition by coalesce(lead_merges.surviving_lead_id, ranked.lead_id), ranked.field
            order by
                lead_merges.surviving_lead_id is not null asc,
                ranked.updated_at desc nulls last,
                ranked.lead_id asc
        ) as merge_rank
    from ranked
    left join {{ ref('stg_lead_merges') }} as lead_merges
        on ranked.lead_id = lead_merges.merged_lead_id
    where
        ranked.duplicate_rank = 1
        and ranked.value is not null

),

final as (

    select
        lead_id,
        field,
        value,
        updated_at
    from merged
    where merge_rank = 1

)

select * from final
