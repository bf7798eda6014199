-- One row per event of a known lead, real or derived, with the verdict on who caused it. A view:
-- verdicts may change any day.
{{ config(materialized='view') }}

with observed as (

    select
        events.lead_key,
        events.kind_key,
        events.occurred_at,
        events.event_date,
        agents.user_agent is not null as has_bot_agent,
        verdicts.bot_reasons as timing_reasons
    from {{ ref('stg_events') }} as events
    left join {{ ref('int_bot_agents') }} as agents
        on events.user_agent = agents.user_agent
    left join {{ ref('int_bot_verdicts') }} as verdicts
        on
            events.message_key = verdicts.message_key
            and events.event_key = verdicts.event_key
    where events.lead_key is not null

),

final as (

    select
        lead_key,
        kind_key,
        occurred_at,
        event_date,
        has_bot_agent or timing_reasons is not null as is_bot,
        case
            when has_bot_agent then 'known_agent' || coalesce(', ' || timing_reasons, '')
            else timing_reasons
        end as bot_reasons
    from observed

    union all

    select
        lead_key,
        kind_key,
        occurred_at,
        cast(occurred_at as date) as event_date,
        false as is_bot,
        cast(null as varchar) as bot_reasons
    from {{ ref('int_derived_events') }}

)

select * from final
