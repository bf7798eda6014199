-- One row per event, with the lead it belongs to in the end: its own, else that of its visitor,
-- merges followed; null while nobody knows. A view: who a visitor is may change any day.
{{ config(materialized='view') }}

with event_log as (

    select * from {{ ref('stg_event_log') }}
    where is_counted

),

-- Leads and visitors whose events belong to another lead.
links as (

    select
        {{ person_key('lead', 'merged_lead_id') }} as person_key,
        {{ person_key('lead', 'surviving_lead_id') }} as lead_key
    from {{ ref('stg_lead_merges') }}

    union all

    select
        {{ person_key('visitor', 'anonymous_id') }} as person_key,
        {{ person_key('lead', 'lead_id') }} as lead_key
    from {{ ref('stg_identities') }}

),

final as (

    select
        event_log.event_key,
        coalesce(
            links.lead_key, case when not event_log.is_visitor then event_log.person_key end
        ) as lead_key,
        event_log.kind_key,
        event_log.event_type,
        event_log.occurred_at,
        event_log.event_date,
        event_log.channel,
        event_log.page,
        event_log.campaign_id,
        event_log.content_id,
        event_log.user_agent,
        event_log.message_key,
        event_log.message_event_id,
        event_log.url_key
    from event_log
    left join links
        on event_log.person_key = links.person_key

)

select * from final
