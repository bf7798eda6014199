-- One row per kind of delivery or click: the kind of the event that may follow from one.
with derived as (

    select
        kinds.kind_key as origin_kind_key,
        case kinds.event_type
            when 'email_delivered' then 'email_ignored'
            when 'email_click' then 'email_opened_and_clicked'
        end as event_type,
        kinds.channel,
        case when kinds.event_type = 'email_click' then kinds.page end as page,
        kinds.campaign_id,
        kinds.content_id
    from {{ ref('int_logged_kinds') }} as kinds
    where kinds.event_type in ('email_delivered', 'email_click')

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
    from derived

)

select * from final
