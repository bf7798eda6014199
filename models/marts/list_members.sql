-- One row per dynamic list and lead in it. Of the lists of an exclusive set that a lead qualifies
-- for, it is only in the one of highest priority.
with lists as (

    select distinct
        list_id,
        exclusive_set,
        priority,
        workflow,
        offer_key
    from {{ ref('int_lists') }}

),

ranked as (

    select
        matches.entity_key,
        lists.list_id,
        lists.workflow,
        lists.offer_key,
        row_number() over (
            partition by
                matches.entity_key, coalesce(lists.exclusive_set, lists.list_id),
                lists.exclusive_set is null
            order by lists.priority desc nulls last, lists.list_id asc
        ) as set_rank
    from {{ ref('int_list_matches') }} as matches
    inner join lists
        on matches.list_id = lists.list_id

),

final as (

    select
        ranked.list_id,
        leads.lead_id,
        {{ as_of_date() }} as as_of_date,
        cast(null as date) as entered_on,
        ranked.workflow,
        ranked.offer_key
    from ranked
    inner join {{ ref('int_lead_profiles') }} as leads
        on ranked.entity_key = leads.lead_key
    where ranked.set_rank = 1

)

select * from final
