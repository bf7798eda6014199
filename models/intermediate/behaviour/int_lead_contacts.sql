-- One row per lead with any activity up to as_of_date: when it last did something, and whether
-- its newest word on being contacted was a refusal. Bots count for the refusal: it is safer to
-- believe it.
with activity as (

    select
        activity.lead_key,
        activity.is_bot,
        activity.last_occurred_at,
        kinds.event_type
    from {{ ref('int_activity_daily') }} as activity
    inner join {{ ref('int_event_kinds') }} as kinds
        on activity.kind_key = kinds.kind_key
    where activity.event_date <= {{ as_of_date() }}

),

final as (

    select
        lead_key,
        max(case when not is_bot then last_occurred_at end) as last_event_at,
        max(
            case
                when event_type in ('unsubscribe', 'spam_report', 'hard_bounce')
                    then last_occurred_at
            end
        ) as last_refused_at,
        max(case when event_type = 'resubscribe' then last_occurred_at end) as last_resubscribed_at
    from activity
    group by lead_key

)

select * from final
