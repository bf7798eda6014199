-- One row per lead, event kind, day and bot verdict. It knows no rules, so that editing a rule
-- never reads the event log again, and any past day can be scored from it.
select
    lead_key,
    kind_key,
    cast(occurred_at as date) as event_date,
    is_bot,
    cast(count(*) as integer) as event_count,
    max(occurred_at) as last_occurred_at
from {{ ref('int_events') }}
group by
    lead_key,
    kind_key,
    cast(occurred_at as date),
    is_bot
