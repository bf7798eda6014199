-- What leads did, by event kind, day and bot verdict. It knows no rules, so that editing a rule
-- never reads the event log again, and any past day can be scored from it. A view, with a row per
-- event: hardly any lead does the same twice a day, so that rolling up costs more than it saves.
{{ config(materialized='view') }}

select
    lead_key,
    kind_key,
    event_date,
    is_bot,
    1 as event_count,
    occurred_at as last_occurred_at
from {{ ref('int_events') }}
