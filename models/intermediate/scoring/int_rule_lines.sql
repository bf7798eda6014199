-- One row per lead or company and rule that fires, with the points it gives. Lines are many, so
-- they hold numbers only; the words of a rule are in int_rules. A view over two tables of lines.
{{ config(materialized='view') }}

with final as (

    select
        subject_key,
        rule_key,
        points,
        cast(null as bigint) as event_count,
        cast(null as date) as last_event_date
    from {{ ref('int_fit_lines') }}
    union all
    select
        subject_key,
        rule_key,
        points,
        event_count,
        last_event_date
    from {{ ref('int_engagement_lines') }}

)

select * from final
