-- One row per implicit rule and lead or company with events that the rule counts: how many in its
-- window, on which day the last, and their decayed sum. Decay is applied to days, not to events.
-- This is what costs with the number of events, so days are put together only for the rules that
-- have a maximum per day, and leads are looked up only for those that speak of companies.
with rules as (

    select distinct
        rule_key,
        subject,
        window_days,
        max_per_day,
        half_life_days,
        points > 0
        and count_operator <> 'at_most'
        and not (count_operator = 'exactly' and required_count = 0) as starts_anew
    from {{ ref('int_implicit_rules') }}

),

rule_kinds as (

    select
        rules.rule_key,
        rules.subject,
        rules.window_days,
        rules.max_per_day is not null as has_daily_maximum,
        rules.starts_anew,
        kinds.kind_key
    from {{ ref('int_rule_kinds') }} as kinds
    inner join rules
        on kinds.rule_key = rules.rule_key

),

-- 800,000 days are longer than there are dates of events.
longest_window as (

    select max(least(coalesce(window_days, 800000), 800000)) as window_days
    from rules

),

-- The days that some rule looks at: the scan of the events skips all before them. Asked for with
-- `in`: of a join, DuckDB makes a plan that keeps one thread busy.
counted_days as (

    {{ days_up_to(as_of_date(), 'longest_window', 'window_days') }}

),

-- Leads that sales has sent back: what they did before counts against them, but not for them.
rejections as (

    select
        lead_key,
        occurred_at as rejected_at
    from {{ ref('int_sales_events') }}
    where is_newest_rejection

),

-- The events of a company are those of its leads.
counted_events as (

    {%- for subject in ['lead', 'company'] %}
    select
        rule_kinds.rule_key,
        {{ 'activity.lead_key' if subject == 'lead' else 'leads.company_key' }} as subject_key,
        activity.event_date,
        activity.event_count,
        rule_kinds.has_daily_maximum
    from {{ ref('int_activity_daily') }} as activity
    inner join rule_kinds
        on
            activity.kind_key = rule_kinds.kind_key
            and rule_kinds.subject = '{{ subject }}'
            and (
                rule_kinds.window_days is null
                or {{ days_between('activity.event_date', as_of_date()) }} < rule_kinds.window_days
            )
    {%- if subject == 'company' %}
    inner join {{ ref('int_lead_profiles') }} as leads
        on
            activity.lead_key = leads.lead_key
            and leads.company_key is not null
    {%- endif %}
    left join rejections
        on
            activity.lead_key = rejections.lead_key
            and rule_kinds.starts_anew
    where
        activity.event_date in (select counted_days.day from counted_days)
        and not activity.is_bot
        and coalesce(activity.last_occurred_at > rejections.rejected_at, true)
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

daily_counts as (

    select
        rule_key,
        subject_key,
        event_date,
        cast(sum(event_count) as bigint) as event_count
    from counted_events
    where has_daily_maximum
    group by
        rule_key,
        subject_key,
        event_date

    union all

    select
        rule_key,
        subject_key,
        event_date,
        event_count
    from counted_events
    where not has_daily_maximum

),

final as (

    select
        daily_counts.rule_key,
        daily_counts.subject_key,
        cast(sum(daily_counts.event_count) as bigint) as event_count,
        max(daily_counts.event_date) as last_event_date,
        sum(
            least(daily_counts.event_count, coalesce(rules.max_per_day, daily_counts.event_count))
            * {{ weight_of('daily_counts.event_date', 'rules.half_life_days') }}
        ) as weighted_count
    from daily_counts
    inner join rules
        on daily_counts.rule_key = rules.rule_key
    group by
        daily_counts.rule_key,
        daily_counts.subject_key

)

select * from final
