-- One row per merged lead with the lead that it ended in: chains are followed to their end. Left
-- out, and reported in raw_rejects: merges that run in a circle, and those that end at a lead
-- which does not exist. Their leads stay as they are, so that none is lost.
with recursive lead_merges as (

    select
        {{ clean_text('merged_lead_id') }} as merged_lead_id,
        min({{ clean_text('surviving_lead_id') }}) as surviving_lead_id
    from {{ source('raw', 'lead_merges') }}
    where
        {{ clean_text('merged_lead_id') }} is not null
        and {{ clean_text('surviving_lead_id') }} is not null
    group by {{ clean_text('merged_lead_id') }}

),

leads as (

    select distinct {{ clean_text('lead_id') }} as lead_id
    from {{ source('raw', 'leads') }}

),

-- Each round follows every chain one step; a lead that comes round to itself stops.
chains as (

    select
        merged_lead_id,
        surviving_lead_id,
        1 as step_count
    from lead_merges

    union all

    select
        chains.merged_lead_id,
        lead_merges.surviving_lead_id,
        chains.step_count + 1 as step_count
    from chains
    inner join lead_merges
        on chains.surviving_lead_id = lead_merges.merged_lead_id
    where
        chains.surviving_lead_id <> chains.merged_lead_id
        and chains.step_count < 1000

),

final as (

    select
        chains.merged_lead_id,
        chains.surviving_lead_id
    from chains
    inner join leads
        on chains.surviving_lead_id = leads.lead_id
    left join lead_merges
        on chains.surviving_lead_id = lead_merges.merged_lead_id
    where lead_merges.merged_lead_id is null

)

select * from final
