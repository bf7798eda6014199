-- One row per row of raw.events, and whether it is the one that counts of its event_id. The only
-- model with a memory: it reads the loads whose fingerprint has changed, brings in what it has of
-- the same events from other loads, and decides anew which row counts. Nothing here depends on
-- leads, merges, bots or as_of_date: what may change later is joined when events are read.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='event_key',
    on_schema_change='fail',
) }}
-- depends_on: {{ source('raw', 'events') }}
{% set columns = [
    'load_date', 'event_key', 'is_event', 'is_rejected', 'person_key', 'is_visitor', 'kind_key',
    'event_type', 'occurred_at', 'event_date', 'loaded_at', 'channel', 'page', 'campaign_id',
    'content_id', 'user_agent', 'message_key', 'message_event_id', 'url_key', 'raw_event_id',
    'raw_event_type', 'raw_occurred_at', 'raw_loaded_at', 'raw_row',
] -%}

with loads as (

    select * from {{ ref('stg_event_loads') }}

),

{% if is_incremental() -%}
stored_loads as (

    select
        load_date,
        min(load_key) as load_key
    from {{ this }}
    where load_date is not null
    group by load_date

),

changed_loads as (

    select coalesce(loads.load_date, stored_loads.load_date) as load_date
    from loads
    full outer join stored_loads
        on loads.load_date = stored_loads.load_date
    where loads.load_key is distinct from stored_loads.load_key

),

changed_raw_rows as (

    select *
    from {{ source('raw', 'events') }}
    where
        {{ load_date(parse_timestamp('loaded_at'), parse_timestamp('occurred_at')) }}
        in (select changed_loads.load_date from changed_loads)

),

changed_rows as (

    {{ typed_events('changed_raw_rows') }}

),

{% endif -%}

fresh as {{ materialized_if(is_incremental()) }} (

    select
        event_rows.{{ columns | join(',\n        event_rows.') }},
        loads.load_key
    from {{ 'changed_rows' if is_incremental() else ref('stg_event_rows') }} as event_rows
    inner join loads
        on event_rows.load_date = loads.load_date

),

{% if is_incremental() -%}
affected_keys as (

    select event_key from fresh
    union
    select event_key from {{ this }}
    where load_date in (select changed_loads.load_date from changed_loads)

),

candidates as materialized (

    select * from fresh

    union all

    select
        stored.{{ columns | join(',\n        stored.') }},
        stored.load_key
    from {{ this }} as stored
    inner join affected_keys
        on stored.event_key = affected_keys.event_key
    where stored.load_date not in (select changed_loads.load_date from changed_loads)

),

-- An event that is in no load any more leaves an empty row, for which its old one is deleted.
gone as (

    select affected_keys.event_key
    from affected_keys
    left join candidates
        on affected_keys.event_key = candidates.event_key
    where candidates.event_key is null

),
{%- else -%}
candidates as not materialized (

    select * from fresh

),
{%- endif %}

repeated_keys as (

    select event_key
    from candidates
    group by event_key
    having count(*) > 1

),

-- Of rows with one event_id the first loaded counts, then the first to occur. The other columns
-- only make the choice the same every time.
ranked as (

    select
        candidates.*,
        row_number() over (
            partition by candidates.event_key
            order by
                candidates.is_event desc,
                candidates.loaded_at asc nulls last,
                candidates.occurred_at asc,
                candidates.person_key asc,
                candidates.kind_key asc,
                candidates.message_key asc,
                candidates.url_key asc,
                candidates.user_agent asc
        ) as duplicate_rank
    from candidates
    inner join repeated_keys
        on candidates.event_key = repeated_keys.event_key

),

final as (

    select
        candidates.*,
        candidates.is_event as is_counted
    from candidates
    left join repeated_keys
        on candidates.event_key = repeated_keys.event_key
    where repeated_keys.event_key is null

    union all

    select
        {{ columns | join(',\n        ') }},
        load_key,
        is_event and duplicate_rank = 1 as is_counted
    from ranked

    {% if is_incremental() -%}
    union all

    select
        {% for column in columns -%}
        {{ 'event_key' if column == 'event_key' else 'null as ' ~ column }},
        {% endfor -%}
        null as load_key,
        false as is_counted
    from gone
    {%- endif %}

)

select * from final
