-- One row per event that gives its bot away by its timing, with the reasons.
with events as (

    select * from {{ ref('int_message_events') }}
    where lead_key is not null

),

-- Timing is judged per lead and message. Events of nobody we know are left out: they never score,
-- and all recipients of a newsletter would be one crowd.
deliveries as (

    select distinct
        lead_key,
        message_key,
        occurred_at as delivered_at
    from events
    where event_type = 'email_delivered'

),

reactions as (

    select
        event_key,
        event_type,
        lead_key,
        message_key,
        occurred_at,
        url_key
    from events
    where event_type in ('email_open', 'email_click')

),

-- Only messages with three different links clicked can hold a burst: few rows reach the self-join.
burst_candidates as (

    select
        lead_key,
        message_key
    from reactions
    where event_type = 'email_click'
    group by lead_key, message_key
    having count(distinct url_key) >= 3

),

clicks as (

    select reactions.*
    from reactions
    inner join burst_candidates
        on
            reactions.message_key = burst_candidates.message_key
            and reactions.lead_key = burst_candidates.lead_key
    where reactions.event_type = 'email_click'

),

bursts as (

    select
        first_click.lead_key,
        first_click.message_key,
        first_click.occurred_at as started_at
    from clicks as first_click
    inner join clicks as click
        on
            first_click.message_key = click.message_key
            and first_click.lead_key = click.lead_key
            and first_click.occurred_at <= click.occurred_at
            and click.occurred_at <= {{ add_time('first_click.occurred_at', 2, 'seconds') }}
    group by
        first_click.lead_key,
        first_click.message_key,
        first_click.occurred_at
    having count(distinct click.url_key) >= 3

),

reasons as (

    select
        reactions.message_key,
        reactions.event_key,
        'too_fast' as reason
    from reactions
    inner join deliveries
        on
            reactions.message_key = deliveries.message_key
            and reactions.lead_key = deliveries.lead_key
            and reactions.occurred_at >= deliveries.delivered_at
            and reactions.occurred_at < {{ add_time('deliveries.delivered_at', 2, 'seconds') }}

    union all

    select
        clicks.message_key,
        clicks.event_key,
        'click_burst' as reason
    from clicks
    inner join bursts
        on
            clicks.message_key = bursts.message_key
            and clicks.lead_key = bursts.lead_key
            and clicks.occurred_at >= bursts.started_at
            and clicks.occurred_at <= {{ add_time('bursts.started_at', 2, 'seconds') }}

),

final as (

    select
        message_key,
        event_key,
        {{ sorted_list('reason') }} as bot_reasons
    from reasons
    group by message_key, event_key

)

select * from final
