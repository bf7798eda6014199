-- One row per event that a scanner or crawler caused, with the reasons. Recomputed over the whole
-- log in every run, so that a better list of agents also corrects the past.
with events as (

    select * from {{ ref('stg_events') }}
    where event_date <= {{ as_of_date() }}

),

user_agents as (

    select distinct
        user_agent,
        {{ fold_text('user_agent') }} as compared_agent
    from events
    where user_agent is not null

),

bot_agents as (

    select distinct user_agents.user_agent
    from user_agents
    inner join {{ ref('bot_user_agents') }} as patterns
        on contains(user_agents.compared_agent, {{ fold_text('patterns.pattern') }})

),

-- Timing is judged per lead and message. Events of nobody we know are left out: they never score,
-- and all recipients of a newsletter would be one crowd.
deliveries as (

    select distinct
        lead_id,
        message_id,
        occurred_at as delivered_at
    from events
    where
        event_type = 'email_delivered'
        and message_id is not null
        and lead_id is not null

),

reactions as (

    select
        event_id,
        event_type,
        lead_id,
        message_id,
        occurred_at,
        url
    from events
    where
        event_type in ('email_open', 'email_click')
        and message_id is not null
        and lead_id is not null

),

-- Only messages with three different links clicked can hold a burst: few rows reach the self-join.
burst_candidates as (

    select
        lead_id,
        message_id
    from reactions
    where event_type = 'email_click'
    group by lead_id, message_id
    having count(distinct url) >= 3

),

clicks as (

    select reactions.*
    from reactions
    inner join burst_candidates
        on
            reactions.message_id = burst_candidates.message_id
            and reactions.lead_id = burst_candidates.lead_id
    where reactions.event_type = 'email_click'

),

bursts as (

    select
        first_click.lead_id,
        first_click.message_id,
        first_click.occurred_at as started_at
    from clicks as first_click
    inner join clicks as click
        on
            first_click.message_id = click.message_id
            and first_click.lead_id = click.lead_id
            and first_click.occurred_at <= click.occurred_at
            and click.occurred_at <= {{ add_time('first_click.occurred_at', 2, 'seconds') }}
    group by
        first_click.lead_id,
        first_click.message_id,
        first_click.occurred_at
    having count(distinct click.url) >= 3

),

reasons as (

    select
        events.event_id,
        'known_agent' as reason
    from events
    inner join bot_agents
        on events.user_agent = bot_agents.user_agent

    union all

    select
        reactions.event_id,
        'too_fast' as reason
    from reactions
    inner join deliveries
        on
            reactions.message_id = deliveries.message_id
            and reactions.lead_id = deliveries.lead_id
            and reactions.occurred_at >= deliveries.delivered_at
            and reactions.occurred_at < {{ add_time('deliveries.delivered_at', 2, 'seconds') }}

    union all

    select
        clicks.event_id,
        'click_burst' as reason
    from clicks
    inner join bursts
        on
            clicks.message_id = bursts.message_id
            and clicks.lead_id = bursts.lead_id
            and clicks.occurred_at >= bursts.started_at
            and clicks.occurred_at <= {{ add_time('bursts.started_at', 2, 'seconds') }}

),

final as (

    select
        event_id,
        {{ sorted_list('reason') }} as bot_reasons
    from reasons
    group by event_id

)

select * from final
