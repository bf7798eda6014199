-- One row per different fact (field and value) and condition that it meets. Facts repeat: a
-- million leads have a few thousand different ones, so that no condition is ever checked per lead
-- or event.
with facts as (

    select
        fact_key,
        field,
        value
    from {{ ref('int_facts') }}
    union
    select
        fact_key,
        field,
        value
    from {{ ref('int_event_kind_facts') }}

),

{{ conditions_met('facts') }}

select * from final
