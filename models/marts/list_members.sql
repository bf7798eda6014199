-- One row per dynamic list and lead in it.
with lists as (

    select distinct
        list_id,
        workflow,
        offer_key
    from {{ ref('int_lists') }}

),

final as (

    select
        members.list_id,
        leads.lead_id,
        members.as_of_date,
        members.entered_on,
        lists.workflow,
        lists.offer_key
    from {{ ref('int_list_history') }} as members
    inner join lists
        on members.list_id = lists.list_id
    inner join {{ ref('int_lead_profiles') }} as leads
        on members.lead_key = leads.lead_key
    where members.as_of_date = {{ as_of_date() }}

)

select * from final
