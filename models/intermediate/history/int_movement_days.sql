-- One row per day whose movements this run works out, its own and the next run day, with the run
-- day before it, and whether the ledgers of both are kept. A view: int_movements stores what comes
-- of it.
{{ config(materialized='view') }}

with kept_days as (

    select distinct as_of_date from {{ ref('int_rule_history') }}

),

final as (

    select
        days.as_of_date,
        days.previous_as_of_date,
        days.ledger_key,
        days.previous_ledger_key,
        new_days.as_of_date is not null and old_days.as_of_date is not null as is_known
    from {{ ref('int_run_days') }} as days
    left join kept_days as new_days
        on days.as_of_date = new_days.as_of_date
    left join kept_days as old_days
        on days.previous_as_of_date = old_days.as_of_date
    where
        days.previous_as_of_date is not null
        and {{ as_of_date() }} in (days.as_of_date, days.previous_as_of_date)

)

select * from final
