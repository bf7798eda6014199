-- One row per kind of event in the log, with the texts that a kind_key stands for. They are read
-- here once, so that whatever follows the events one by one needs no text.
with final as (

    select
        kind_key,
        min(event_type) as event_type,
        min(channel) as channel,
        min(page) as page,
        min(campaign_id) as campaign_id,
        min(content_id) as content_id
    from {{ ref('stg_event_log') }}
    where is_counted
    group by kind_key

)

select * from final
