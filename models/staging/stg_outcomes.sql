-- One row per opportunity, merges followed; of duplicates, the one closed last.
with source as (

    select
        {{ clean_text('opportunity_id') }} as opportunity_id,
        {{ clean_text('lead_id') }} as lead_id,
        {{ clean_text('stage') }} as stage,
        {{ parse_number('amount') }} as amount,
        {{ parse_timestamp('opened_at') }} as opened_at,
        {{ parse_timestamp('closed_at') }} as closed_at,
        {{ parse_boolean('is_won') }} as is_won
    from {{ source('raw', 'outcomes') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by opportunity_id
            order by
                closed_at desc nulls last,
                opened_at desc nulls last,
                lead_id asc, stage asc, amount asc, is_won asc
        ) as duplicate_rank
    from source
    where opportunity_id is not null

),

final as (

    select
        ranked.opportunity_id,
        coalesce(lead_merges.surviving_lead_id, ranked.lead_id) as lead_id,
        ranked.stage,
        ranked.amount,
        ranked.opened_at,
        ranked.closed_at,
        ranked.is_won
    from ranked
    left join {{ ref('stg_lead_merges') }} as lead_merges
        on ranked.lead_id = lead_merges.merged_lead_id
    where ranked.duplicate_rank = 1

)

select * from final
