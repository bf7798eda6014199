-- One row per stay of a lead in a dynamic list: from the first run day in it to the first without
-- it.
{{ config(materialized='view') }}

with stays as (

    select
        list_id,
        lead_key,
        entered_on,
        max(as_of_date) as last_as_of_date
    from {{ ref('int_list_history') }}
    group by list_id, lead_key, entered_on

),

final as (

    select
        stays.list_id,
        leads.lead_id,
        stays.entered_on,
        days.next_as_of_date as left_on
    from stays
    inner join {{ ref('int_run_days') }} as days
        on stays.last_as_of_date = days.as_of_date
    inner join {{ ref('int_lead_profiles') }} as leads
        on stays.lead_key = leads.lead_key

)

select * from final
