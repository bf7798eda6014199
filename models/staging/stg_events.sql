-- One row per event, with the lead it belongs to in the end: its own, else that of its visitor,
-- merges followed; null while nobody knows. Of duplicates the first to be loaded counts.
with source as (

    select
        {{ clean_text('event_id') }} as event_id,
        {{ clean_text('lead_id') }} as lead_id,
        {{ clean_text('anonymous_id') }} as anonymous_id,
        {{ fold_text('event_type') }} as event_type,
        {{ parse_timestamp('occurred_at') }} as occurred_at,
        {{ parse_timestamp('loaded_at') }} as loaded_at,
        {{ fold_text('channel') }} as channel,
        {{ clean_text('url') }} as url,
        {{ fold_text('campaign_id') }} as campaign_id,
        {{ fold_text('content_id') }} as content_id,
        {{ clean_text('message_id') }} as message_id,
        {{ clean_text('user_agent') }} as user_agent,
        {{ clean_text('ip_address') }} as ip_address
    from {{ source('raw', 'events') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by event_id
            order by
                loaded_at nulls last,
                occurred_at,
                lead_id, anonymous_id, event_type, channel, url, campaign_id, content_id,
                message_id, user_agent, ip_address
        ) as duplicate_rank
    from source
    where
        event_id is not null
        and event_type is not null
        and occurred_at is not null

),

final as (

    select
        ranked.event_id,
        coalesce(lead_merges.surviving_lead_id, ranked.lead_id, identities.lead_id) as lead_id,
        ranked.event_type,
        ranked.occurred_at,
        cast(ranked.occurred_at as date) as event_date,
        ranked.channel,
        ranked.url,
        {{ url_path('ranked.url') }} as page,
        ranked.campaign_id,
        ranked.content_id,
        ranked.message_id,
        ranked.user_agent,
        ranked.ip_address
    from ranked
    left join {{ ref('stg_lead_merges') }} as lead_merges
        on ranked.lead_id = lead_merges.merged_lead_id
    left join {{ ref('stg_identities') }} as identities
        on ranked.anonymous_id = identities.anonymous_id
    where ranked.duplicate_rank = 1

)

select * from final
