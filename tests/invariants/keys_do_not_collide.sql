-- What: equal integer keys mean equal things. Keys are 64-bit hashes; that two of them are ever
-- equal by chance is next to impossible, but a wrong score must be impossible.
-- When it fails: two different values below share a key.
-- How to resolve: report it; renaming one of the values helps at once.
with keys as (

    select
        'lead' as entity,
        lead_key as entity_key,
        lead_id as meaning
    from {{ ref('int_lead_profiles') }}
    union all
    select
        'company' as entity,
        company_key as entity_key,
        company_id as meaning
    from {{ ref('int_company_profiles') }}
    union all
    select
        'event kind' as entity,
        kind_key as entity_key,
        event_type || coalesce(channel, '') as meaning
    from {{ ref('int_event_kinds') }}

)

select
    entity_key,
    count(*) as row_count,
    min(entity || ' ' || meaning) as one_meaning,
    max(entity || ' ' || meaning) as other_meaning
from keys
group by entity_key
having count(*) > 1
