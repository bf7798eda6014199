-- One row per lead and scorecard whose next step is sales, the first to call first. Leads that may
-- not be contacted come last and have no due time: somebody has to know of them all the same.
with scores as (

    select * from {{ ref('int_subject_scores') }}
    where
        subject_type = 'lead'
        and next_step = 'sales'

),

-- Who has qualified again enters anew, not before the day on which sales sent the lead back.
entries as (

    select
        scores.*,
        greatest(
            scores.sales_entered_on,
            coalesce(cast(scores.recycled_at as date), scores.sales_entered_on)
        ) as handed_over_on
    from scores

),

-- The score of a day is known when the day is over: that is when the time of sales begins to run.
timed as (

    select
        entries.*,
        service_levels.response_hours,
        {{ add_time('cast(entries.handed_over_on as timestamp)', 1, 'days') }} as entered_at,
        {{ add_time('cast(' ~ as_of_date() ~ ' as timestamp)', 1, 'days') }} as seen_at
    from entries
    left join {{ ref('int_service_levels') }} as service_levels
        on
            {{ fold_text('entries.temperature') }} = service_levels.temperature
            and entries.is_contactable

),

-- Sales may hear of a lead in the course of its first day.
first_activities as (

    select
        timed.subject_key,
        timed.scorecard_id,
        min(sales_events.occurred_at) as first_sales_activity_at
    from timed
    inner join {{ ref('int_sales_events') }} as sales_events
        on timed.subject_key = sales_events.lead_key
    where
        sales_events.event_type <> 'sales_rejected'
        and sales_events.occurred_at >= timed.handed_over_on
        and coalesce(sales_events.occurred_at > timed.recycled_at, true)
    group by timed.subject_key, timed.scorecard_id

),

due as (

    select
        timed.*,
        {{ add_time('timed.entered_at', 'timed.response_hours', 'hours') }} as due_at,
        first_activities.first_sales_activity_at
    from timed
    left join first_activities
        on
            timed.subject_key = first_activities.subject_key
            and timed.scorecard_id = first_activities.scorecard_id

),

final as (

    select
        subject_id as lead_id,
        scorecard_id,
        {{ as_of_date() }} as as_of_date,
        row_number() over (
            partition by scorecard_id
            order by is_contactable desc, rank asc
        ) as queue_rank,
        score,
        band,
        grade,
        temperature,
        is_fast_tracked,
        is_contactable,
        handed_over_on as entered_on,
        entered_at,
        response_hours,
        due_at,
        first_sales_activity_at,
        coalesce(coalesce(first_sales_activity_at, seen_at) > due_at, false) as is_breached,
        recycled_at,
        recycle_reason,
        top_positive_reasons
    from due

)

select * from final
