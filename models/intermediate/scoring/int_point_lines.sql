-- One row per lead or company and rule or component that gives it points: all lines of the ledger
-- but those of limits. A view over tables of lines.
{{ config(materialized='view') }}

with final as (

    select
        subject_key,
        rule_key,
        points,
        event_count,
        last_event_date
    from {{ ref('int_rule_lines') }}
    union all
    select
        subject_key,
        rule_key,
        points,
        cast(null as bigint) as event_count,
        cast(null as date) as last_event_date
    from {{ ref('int_component_lines') }}

)

select * from final
