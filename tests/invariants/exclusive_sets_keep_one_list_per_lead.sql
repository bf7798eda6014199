-- What: of the lists of an exclusive set, a lead is in the one of highest priority that it
-- qualifies for, and in no other. Shipped is the set primary: who works on a lead.
-- When it fails: never by a choice in lists.csv; the membership is computed wrongly.
-- How to resolve: look at int_list_history, which ranks the lists of a set.
with lists as (

    select distinct
        list_id,
        exclusive_set,
        priority
    from {{ ref('int_lists') }}
    where exclusive_set is not null

),

matches as (

    select
        matches.entity_key as lead_key,
        lists.exclusive_set,
        max(lists.priority) as highest_priority
    from {{ ref('int_list_matches') }} as matches
    inner join lists
        on matches.list_id = lists.list_id
    group by matches.entity_key, lists.exclusive_set

),

members as (

    select
        history.lead_key,
        lists.exclusive_set,
        count(*) as list_count,
        max(lists.priority) as priority
    from {{ ref('int_list_history') }} as history
    inner join lists
        on history.list_id = lists.list_id
    where history.as_of_date = {{ as_of_date() }}
    group by history.lead_key, lists.exclusive_set

)

select
    coalesce(matches.lead_key, members.lead_key) as lead_key,
    coalesce(matches.exclusive_set, members.exclusive_set) as exclusive_set,
    members.list_count,
    members.priority,
    matches.highest_priority
from matches
full outer join members
    on
        matches.lead_key = members.lead_key
        and matches.exclusive_set = members.exclusive_set
where
    coalesce(members.list_count, 0) <> 1
    or members.priority is distinct from matches.highest_priority
