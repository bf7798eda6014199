-- One row per kind of delivery or click: the kind of the event that may follow from one.
with kinds as (

    select * from {{ ref('int_logged_kinds') }}

),

ignored as (

    select
        kind_key as origin_kind_key,
        'email_ignored' as event_type,
        channel,
        cast(null as varchar) as page,
        campaign_id,
        content_id
    from kinds
    where event_type = 'email_delivered'

),

opened_and_clicked as (

    select
        kind_key as origin_kind_key,
        'email_opened_and_clicked' as event_type,
        channel,
        page,
        campaign_id,
        content_id
    from kinds
    where event_type = 'email_click'

),

unioned as (

    select * from ignored
    union all
    select * from opened_and_clicked

),

final as (

    select
        origin_kind_key,
        {{ event_kind_key(['event_type', 'channel', 'page', 'campaign_id', 'content_id']) }}
            as kind_key,
        event_type,
        channel,
        page,
        campaign_id,
        content_id
    from unioned

)

select * from final
