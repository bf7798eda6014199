-- One row per implicit rule and lead or company with events that the rule counts: how many in its
-- window, on which day the last, and their decayed sum. Decay is applied to days, not to events.
with rules as (

    select distinct
        rule_key,
        subject,
        event_type,
        window_days,
        max_per_day,
        half_life_days,
        max(condition_key) over (partition by rule_key) is null as has_no_condition
    from {{ ref('int_implicit_rules') }}

),

kinds as (

    select
        kind_key,
        event_type
    from {{ ref('int_event_kinds') }}

),

rule_kinds as (

    select
        rules.rule_key,
        kinds.kind_key
    from rules
    inner join kinds
        on rules.event_type = '*' or rules.event_type = kinds.event_type
    left join {{ ref('int_rule_matches') }} as matches
        on
            rules.rule_key = matches.rule_key
            and kinds.kind_key = matches.entity_key
    where
        rules.has_no_condition
        or matches.entity_key is not null

),

activity as (

    select
        lead_key,
        kind_key,
        event_date,
        event_count,
        {{ days_between('event_date', as_of_date()) }} as age_days
    from {{ ref('int_activity_daily') }}
    where
        not is_bot
        and event_date <= {{ as_of_date() }}

),

-- The events of a company are those of its leads.
counted_days as (

    select
        rules.rule_key,
        case when rules.subject = 'company' then leads.company_key else leads.lead_key end
            as subject_key,
        activity.event_date,
        activity.age_days,
        rules.half_life_days,
        rules.max_per_day,
        cast(sum(activity.event_count) as bigint) as event_count
    from activity
    inner join rule_kinds
        on activity.kind_key = rule_kinds.kind_key
    inner join rules
        on
            rule_kinds.rule_key = rules.rule_key
            and (rules.window_days is null or activity.age_days < rules.window_days)
    inner join {{ ref('int_lead_profiles') }} as leads
        on activity.lead_key = leads.lead_key
    group by
        rules.rule_key,
        case when rules.subject = 'company' then leads.company_key else leads.lead_key end,
        activity.event_date,
        activity.age_days,
        rules.half_life_days,
        rules.max_per_day

),

weighted_days as (

    select
        *,
        case
            when half_life_days > 0 then pow(0.5, age_days / half_life_days)
            else 1
        end as weight
    from counted_days
    where subject_key is not null

),

final as (

    select
        rule_key,
        subject_key,
        cast(sum(event_count) as bigint) as event_count,
        max(event_date) as last_event_date,
        max(weight) as last_weight,
        sum(least(event_count, coalesce(max_per_day, event_count)) * weight) as weighted_count
    from weighted_days
    group by
        rule_key,
        subject_key

)

select * from final
