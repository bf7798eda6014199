-- One row per event of an e-mail up to as_of_date: delivered, opened or clicked. Who is named and
-- is no lead, such as one that was deleted, is nobody here.
with leads as (

    select {{ person_key('lead', 'lead_id') }} as lead_key
    from {{ ref('stg_leads') }}

),

final as (

    select
        events.event_key,
        events.message_event_id,
        leads.lead_key,
        events.message_key,
        events.event_type,
        events.occurred_at,
        events.kind_key,
        events.url_key,
        agents.user_agent is not null as has_bot_agent
    from {{ ref('stg_events') }} as events
    left join {{ ref('int_bot_agents') }} as agents
        on events.user_agent = agents.user_agent
    left join leads
        on events.lead_key = leads.lead_key
    where
        events.message_key is not null
        and events.event_date <= {{ as_of_date() }}

)

select * from final
