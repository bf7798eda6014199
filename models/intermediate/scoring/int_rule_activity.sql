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
        half_life_days
    from {{ ref('int_implicit_rules') }}

),

rule_kinds as (

    select
        rules.rule_key,
        rules.subject,
        rules.window_days,
        rules.max_per_day is not null as has_daily_maximum,
        kinds.kind_key
    from {{ ref('int_rule_kinds') }} as kinds
    inner join rules
        on kinds.rule_key = rules.rule_key

),

-- The events of a company are those of its leads.
daily_counts as (

    {%- for subject in ['lead', 'company'] %}
    {%- set key = 'activity.lead_key' if subject == 'lead' else 'leads.company_key' %}
    {%- for has_daily_maximum in [true, false] %}
    {%- set event_count = 'activity.event_count' %}
    {%- set event_count = 'sum(' ~ event_count ~ ')' if has_daily_maximum else event_count %}
    select
        rule_kinds.rule_key,
        {{ key }} as subject_key,
        activity.event_date,
        cast({{ event_count }} as bigint) as event_count
    from {{ ref('int_activity_daily') }} as activity
    inner join rule_kinds
        on
            activity.kind_key = rule_kinds.kind_key
            and rule_kinds.subject = '{{ subject }}'
            and {{ '' if has_daily_maximum else 'not ' }}rule_kinds.has_daily_maximum
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
    where
        not activity.is_bot
        and activity.event_date <= {{ as_of_date() }}
    {%- if has_daily_maximum %}
    group by
        rule_kinds.rule_key,
        {{ key }},
        activity.event_date
    {%- endif %}
    {% if not (subject == 'company' and loop.last) %}union all{% endif %}
    {%- endfor %}
    {%- endfor %}

),

counted as (

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

),

final as (

    select
        counted.rule_key,
        counted.subject_key,
        counted.event_count,
        counted.last_event_date,
        {{ weight_of('counted.last_event_date', 'rules.half_life_days') }} as last_weight,
        counted.weighted_count
    from counted
    inner join rules
        on counted.rule_key = rules.rule_key

)

select * from final
