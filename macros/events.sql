{# The key of a person as an event names it: a lead, or a visitor who may become one. #}
{% macro person_key(kind, id) -%}
    {{ integer_key(["'" ~ kind ~ "'", id]) }}
{%- endmacro %}


{# The key of all that a rule can look at: type, channel, page, campaign and content. #}
{% macro event_kind_key(columns) -%}
    {{ integer_key(["'event'"] + columns) }}
{%- endmacro %}


{#
    The unit in which events are read, and read again if anything about them has changed: the UTC
    date of loaded_at, else of occurred_at, else the first of all days.
#}
{% macro load_date(loaded_at, occurred_at) -%}
    coalesce(
            cast({{ loaded_at }} as date),
            cast({{ occurred_at }} as date),
            cast('0001-01-01' as date)
        )
{%- endmacro %}


{#
    A query: the rows of raw.events, or of some of it, typed and keyed. A macro, so that a daily run
    can choose its rows before it reads what they say.
#}
{% macro typed_events(relation) -%}
with source as (

    select
        events.*,
        {{ row_text('events') }} as row_text,
        {{ clean_text('event_id') }} as clean_event_id,
        {{ clean_text('lead_id') }} as clean_lead_id,
        {{ clean_text('anonymous_id') }} as clean_anonymous_id,
        {{ fold_text('event_type') }} as clean_event_type,
        {{ parse_timestamp('occurred_at') }} as clean_occurred_at,
        {{ parse_timestamp('loaded_at') }} as clean_loaded_at,
        {{ fold_text('channel') }} as clean_channel,
        {{ clean_text('url') }} as clean_url,
        {{ fold_text('campaign_id') }} as clean_campaign_id,
        {{ fold_text('content_id') }} as clean_content_id,
        {{ clean_text('message_id') }} as clean_message_id
    from {{ relation }} as events

),

typed as (

    select
        *,
        {{ integer_key([
            'event_id', 'lead_id', 'anonymous_id', 'event_type', 'occurred_at', 'loaded_at',
            'channel', 'url', 'campaign_id', 'content_id', 'message_id', 'user_agent'
        ]) }} as row_key,
        {{ url_path('clean_url') }} as page,
        clean_event_id is not null
        and clean_event_type is not null
        and clean_occurred_at is not null as is_event,
        clean_event_type in ('email_delivered', 'email_open', 'email_click')
        and clean_message_id is not null as is_message_event
    from source

),

judged as (

    select
        *,
        not is_event
        or (clean_loaded_at is null and {{ clean_text('loaded_at') }} is not null) as is_rejected
    from typed

),

final as (

    select
        {{ load_date('clean_loaded_at', 'clean_occurred_at') }} as load_date,
        row_key,
        {{ wide_key("coalesce(clean_event_id, 'row ' || row_key)") }} as event_key,
        is_event,
        is_rejected,
        case
            when clean_lead_id is not null then {{ person_key('lead', 'clean_lead_id') }}
            when clean_anonymous_id is not null
                then {{ person_key('visitor', 'clean_anonymous_id') }}
        end as person_key,
        clean_lead_id is null as is_visitor,
        {{ event_kind_key([
            'clean_event_type', 'clean_channel', 'page', 'clean_campaign_id', 'clean_content_id'
        ]) }} as kind_key,
        clean_event_type as event_type,
        clean_occurred_at as occurred_at,
        cast(clean_occurred_at as date) as event_date,
        clean_loaded_at as loaded_at,
        clean_channel as channel,
        page,
        clean_campaign_id as campaign_id,
        clean_content_id as content_id,
        {{ clean_text('user_agent') }} as user_agent,
        case when is_message_event then {{ integer_key(["'message'", 'clean_message_id']) }} end
            as message_key,
        case when is_message_event then clean_event_id end as message_event_id,
        case
            when clean_event_type = 'email_click' and is_message_event and clean_url is not null
                then {{ integer_key(["'url'", 'clean_url']) }}
        end as url_key,
        case when is_rejected then cast(event_id as varchar) end as raw_event_id,
        case when is_rejected then cast(event_type as varchar) end as raw_event_type,
        case when is_rejected then cast(occurred_at as varchar) end as raw_occurred_at,
        case when is_rejected then cast(loaded_at as varchar) end as raw_loaded_at,
        case when is_rejected then row_text end as raw_row
    from judged

)

select * from final
{%- endmacro %}
