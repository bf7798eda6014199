-- One row per run day, dynamic list and lead in it, with the first day of its stay. Of the lists of
-- an exclusive set that a lead qualifies for, it is only in the one of highest priority. A stay is
-- a row of run days without a gap, so that a day run late may join two of them, or part one.
{{ config(
    incremental_strategy='replace_day',
    unique_key=['as_of_date', 'list_id', 'lead_key'],
) }}
-- depends_on: {{ ref('int_run_days') }}

with lists as (

    select distinct
        list_id,
        exclusive_set,
        priority
    from {{ ref('int_lists') }}

),

ranked as (

    select
        matches.entity_key as lead_key,
        lists.list_id,
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

todays_members as (

    select
        {{ as_of_date() }} as as_of_date,
        list_id,
        lead_key
    from ranked
    where set_rank = 1

),

{% if is_incremental() -%}
days as (

    select * from {{ ref('int_run_days') }}
    where as_of_date = {{ as_of_date() }}

),

members_before as (

    select stored.*
    from {{ this }} as stored
    inner join days
        on stored.as_of_date = days.previous_as_of_date

),

todays_rows as (

    select
        todays_members.as_of_date,
        todays_members.list_id,
        todays_members.lead_key,
        coalesce(members_before.entered_on, todays_members.as_of_date) as entered_on
    from todays_members
    left join members_before
        on
            todays_members.list_id = members_before.list_id
            and todays_members.lead_key = members_before.lead_key

),

-- The stays that the next run day belongs to, and when they began as it turns out now.
next_stays as (

    select
        stored.as_of_date,
        stored.list_id,
        stored.lead_key,
        stored.entered_on as old_entered_on,
        coalesce(todays_rows.entered_on, stored.as_of_date) as entered_on
    from {{ this }} as stored
    inner join days
        on stored.as_of_date = days.next_as_of_date
    left join todays_rows
        on
            stored.list_id = todays_rows.list_id
            and stored.lead_key = todays_rows.lead_key

),

later_rows as (

    select
        stored.as_of_date,
        stored.list_id,
        stored.lead_key,
        next_stays.entered_on
    from {{ this }} as stored
    inner join next_stays
        on
            stored.list_id = next_stays.list_id
            and stored.lead_key = next_stays.lead_key
            and stored.entered_on = next_stays.old_entered_on
            and stored.as_of_date >= next_stays.as_of_date
    where next_stays.entered_on <> next_stays.old_entered_on

),

final as (

    select * from todays_rows
    union all
    select * from later_rows

)
{%- else -%}
final as (

    select
        as_of_date,
        list_id,
        lead_key,
        as_of_date as entered_on
    from todays_members

)
{%- endif %}

select * from final
