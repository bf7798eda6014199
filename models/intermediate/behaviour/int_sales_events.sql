-- One row per event by which sales and a known lead met, up to as_of_date, and whether it is the
-- lead's newest sales_rejected: sales sent it back, and what it did before no longer gives points.
with kinds as (

    select
        kinds.kind_key,
        kinds.event_type,
        kinds.content_id
    from {{ ref('int_event_kinds') }} as kinds
    inner join {{ ref('event_types') }} as event_types
        on kinds.event_type = event_types.event_type
    where event_types.event_category = 'sales'

),

-- The content of a rejection is its reason, be it written not_ready, Not ready or not-ready.
human_events as (

    select
        events.lead_key,
        kinds.event_type,
        events.occurred_at,
        case
            when kinds.event_type = 'sales_rejected'
                then replace(replace(kinds.content_id, ' ', '_'), '-', '_')
        end as rejection_reason
    from {{ ref('int_events') }} as events
    inner join kinds
        on events.kind_key = kinds.kind_key
    where
        not events.is_bot
        and events.event_date <= {{ as_of_date() }}

),

final as (

    select
        lead_key,
        event_type,
        occurred_at,
        rejection_reason,
        event_type = 'sales_rejected'
        and row_number() over (
            partition by lead_key, event_type
            order by occurred_at desc, rejection_reason asc nulls last
        ) = 1 as is_newest_rejection
    from human_events

)

select * from final
