-- One row per event that follows from others: an e-mail ignored, and one opened and clicked. Made
-- of human events only; a scanner's open is nobody's open.
with events as (

    select
        events.lead_key,
        events.message_key,
        events.message_event_id,
        events.event_type,
        events.kind_key,
        events.occurred_at
    from {{ ref('int_message_events') }} as events
    left join {{ ref('int_bot_verdicts') }} as bots
        on events.event_key = bots.event_key
    where
        not events.has_bot_agent
        and bots.event_key is null

),

deliveries as (

    select
        *,
        row_number() over (
            partition by lead_key, message_key
            order by occurred_at, message_event_id
        ) as delivery_number
    from events
    where
        event_type = 'email_delivered'
        and lead_key is not null

),

reactions as (

    select
        lead_key,
        message_key,
        min(occurred_at) as first_reaction_at,
        min(case when event_type = 'email_open' then occurred_at end) as first_open_at
    from events
    where event_type in ('email_open', 'email_click')
    group by lead_key, message_key

),

-- An open or click of nobody we know still shows that a message did not go unread, if there is only
-- one lead that it was sent to.
unknown_reactions as (

    select
        reactions.message_key,
        reactions.first_reaction_at
    from reactions
    inner join deliveries
        on reactions.message_key = deliveries.message_key
    where reactions.lead_key is null
    group by reactions.message_key, reactions.first_reaction_at
    having count(distinct deliveries.lead_key) = 1

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
        first_deliveries.lead_key,
        first_deliveries.kind_key as origin_kind_key,
        first_deliveries.ignored_at as occurred_at
    from first_deliveries
    left join reactions
        on
            first_deliveries.lead_key = reactions.lead_key
            and first_deliveries.message_key = reactions.message_key
    left join unknown_reactions
        on first_deliveries.message_key = unknown_reactions.message_key
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
            partition by events.lead_key, events.message_key
            order by
                events.occurred_at < reactions.first_open_at,
                case
                    when events.occurred_at >= reactions.first_open_at then events.occurred_at
                end,
                events.occurred_at desc,
                events.message_event_id asc
        ) as click_number
    from events
    inner join reactions
        on
            events.lead_key = reactions.lead_key
            and events.message_key = reactions.message_key
    where
        events.event_type = 'email_click'
        and reactions.first_open_at is not null

),

opened_and_clicked as (

    select
        lead_key,
        kind_key as origin_kind_key,
        completed_at as occurred_at
    from clicks
    where click_number = 1

),

unioned as (

    select * from ignored
    union all
    select * from opened_and_clicked

),

final as (

    select
        unioned.lead_key,
        kinds.kind_key,
        unioned.occurred_at
    from unioned
    inner join {{ ref('int_derived_kinds') }} as kinds
        on unioned.origin_kind_key = kinds.origin_kind_key

)

select * from final
