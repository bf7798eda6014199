-- What: a fact_key stands for one field and value, whether of leads, companies, events or scores.
-- Facts are matched by this key alone; it is a 64-bit hash, and a wrong score must be impossible.
-- When it fails: two different facts below share a key.
-- How to resolve: report it; writing one of the values differently helps at once.
with facts as (

    select
        fact_key,
        field,
        value
    from {{ ref('int_facts') }}
    union all
    select
        fact_key,
        field,
        value
    from {{ ref('int_event_kind_facts') }}
    union all
    select
        fact_key,
        field,
        value
    from {{ ref('int_score_facts') }}

)

select
    fact_key,
    min(field) as one_field,
    max(field) as other_field,
    min(value) as one_value,
    max(value) as other_value
from facts
group by fact_key
having
    min(field) <> max(field)
    or min(value) <> max(value)
