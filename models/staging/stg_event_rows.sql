-- One row per row of raw.events, typed and keyed. A view: stg_event_loads reads its fingerprints,
-- stg_event_log all of it when it is built anew.
{{ config(materialized='view') }}

{{ typed_events(source('raw', 'events')) }}
