-- One row per lead or company and field that some rule, list or the completeness asks for, with its
-- value as text. What is unknown has no row. A view, for it only adds the completeness to what is
-- stored.
{{ config(materialized='view') }}

with facts as (

    select
        entity_key,
        field,
        value
    from {{ ref('int_known_facts') }}

    union all

    select
        entity_key,
        'lead.completeness' as field,
        cast(completeness as varchar) as value
    from {{ ref('int_completeness') }}
    where entity_type = 'lead'

),

final as (

    select
        entity_key,
        field,
        value,
        {{ integer_key(['field', 'value']) }} as fact_key
    from facts

)

select * from final
