-- One row per event of a known lead, real or derived, as the roll-up reads it. A view: it is read
-- twice and never stored.
{{ config(materialized='view') }}

with observed as (

    select
        events.lead_id,
        events.event_type,
        events.occurred_at,
        events.channel,
        events.page,
        events.campaign_id,
        events.content_id,
        bots.event_id is not null as is_bot
    from {{ ref('stg_events') }} as events
    left join {{ ref('int_bot_verdicts') }} as bots
        on events.event_id = bots.event_id
    where events.lead_id is not null

),

derived as (

    select
        lead_id,
        event_type,
        occurred_at,
        channel,
        page,
        campaign_id,
        content_id,
        false as is_bot
    from {{ ref('int_derived_events') }}

),

unioned as (

    select * from observed
    union all
    select * from derived

),

final as (

    select
        {{ integer_key(["'lead'", 'lead_id']) }} as lead_key,
        {{ integer_key([
            "'event'", 'event_type', 'channel', 'page', 'campaign_id', 'content_id'
        ]) }} as kind_key,
        event_type,
        occurred_at,
        channel,
        page,
        campaign_id,
        content_id,
        is_bot
    from unioned

)

select * from final
