-- One row per event that follows from others: an e-mail ignored, and one opened and clicked. Made
-- of human events only; a scanner's open is nobody's open.
with events as (

    select events.*
    from {{ ref('stg_events') }} as events
    left join {{ ref('int_bot_verdicts') }} as bots
        on events.event_id = bots.event_id
    where
        events.event_type in ('email_delivered', 'email_open', 'email_click')
        and events.message_id is not null
        and bots.event_id is null
        and events.event_date <= {{ as_of_date() }}

),

deliveries as (

    select
        *,
        row_number() over (
            partition by lead_id, message_id
            order by occurred_at, event_id
        ) as delivery_number
    from events
    where
        event_type = 'email_delivered'
        and lead_id is not null

),

reactions as (

    select
        lead_id,
        message_id,
        min(occurred_at) as first_reaction_at,
        min(case when event_type = 'email_open' then occurred_at end) as first_open_at
    from events
    where event_type in ('email_open', 'email_click')
    group by lead_id, message_id

),

-- An open or click of nobody we know still shows that a message did not go unread, if there is only
-- one lead that it was sent to.
recipients as (

    select message_id
    from deliveries
    group by message_id
    having count(distinct lead_id) = 1

),

unknown_reactions as (

    select
        reactions.message_id,
        reactions.first_reaction_at
    from reactions
    inner join recipients
        on reactions.message_id = recipients.message_id
    where reactions.lead_id is null

),

first_deliveries as (

    select
        *,
        {{ add_time('occurred_at', var('email_ignored_after_days'), 'days') }} as ignored_at
    from deliveries
    where delivery_number = 1

),

ignored as (

    select
        first_deliveries.lead_id,
        'email_ignored' as event_type,
        first_deliveries.ignored_at as occurred_at,
        first_deliveries.channel,
        cast(null as varchar) as page,
        first_deliveries.campaign_id,
        first_deliveries.content_id
    from first_deliveries
    left join reactions
        on
            first_deliveries.lead_id = reactions.lead_id
            and first_deliveries.message_id = reactions.message_id
    left join unknown_reactions
        on first_deliveries.message_id = unknown_reactions.message_id
    where
        coalesce(reactions.first_reaction_at > first_deliveries.ignored_at, true)
        and coalesce(unknown_reactions.first_reaction_at > first_deliveries.ignored_at, true)

),

-- The click that completes the pair comes first; if the open came last, the last click before it.
clicks as (

    select
        events.*,
        greatest(events.occurred_at, reactions.first_open_at) as completed_at,
        row_number() over (
            partition by events.lead_id, events.message_id
            order by
                events.occurred_at < reactions.first_open_at,
                case
                    when events.occurred_at >= reactions.first_open_at then events.occurred_at
                end,
                events.occurred_at desc,
                events.event_id asc
        ) as click_number
    from events
    inner join reactions
        on
            events.lead_id = reactions.lead_id
            and events.message_id = reactions.message_id
    where
        events.event_type = 'email_click'
        and reactions.first_open_at is not null

),

opened_and_clicked as (

    select
        lead_id,
        'email_opened_and_clicked' as event_type,
        completed_at as occurred_at,
        channel,
        page,
        campaign_id,
        content_id
    from clicks
    where click_number = 1

),

final as (

    select * from ignored
    union all
    select * from opened_and_clicked

)

select * from final
