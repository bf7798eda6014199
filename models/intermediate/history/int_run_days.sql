-- One row per day that has been scored, with the run days before and after it. int_score_history
-- alone says which days there are.
{{ config(materialized='table') }}

with days as (

    select
        as_of_date,
        max(ledger_key) as ledger_key
    from {{ ref('int_score_history') }}
    group by as_of_date

),

ranked as (

    select
        as_of_date,
        lag(as_of_date) over (order by as_of_date) as previous_as_of_date,
        lead(as_of_date) over (order by as_of_date) as next_as_of_date,
        ledger_key,
        lag(ledger_key) over (order by as_of_date) as previous_ledger_key,
        row_number() over (order by as_of_date desc) as latest_rank
    from days

),

todays as (

    select latest_rank from ranked
    where as_of_date = {{ as_of_date() }}

),

final as (

    select
        ranked.as_of_date,
        ranked.previous_as_of_date,
        ranked.next_as_of_date,
        ranked.ledger_key,
        ranked.previous_ledger_key,
        ranked.latest_rank <= {{ var('ledger_history_days') }}
        or coalesce(
            ranked.latest_rank between todays.latest_rank - 1
            and todays.latest_rank + {{ var('ledger_history_days') }} - 1,
            false
        ) as has_ledger_kept
    from ranked
    left join todays
        on true

)

select * from final
