-- One row per lead or company and implicit rule that fires, with the points before rounding. A
-- view: int_rule_lines stores it.
{{ config(materialized='view') }}

with subjects as (

    select
        scorecard_id,
        subject_key
    from {{ ref('int_scored_subjects') }}

),

implicit_rules as (

    select distinct
        rule_key,
        rule_id,
        scorecard_id,
        rule_group,
        points,
        award,
        count_operator,
        required_count,
        max_points,
        label
    from {{ ref('int_implicit_rules') }}

),

-- Rules that silence can fulfil look at every subject, the others only at those with events.
candidates as (

    select
        subjects.scorecard_id,
        subjects.subject_key,
        activity.rule_key
    from {{ ref('int_rule_activity') }} as activity
    inner join implicit_rules
        on activity.rule_key = implicit_rules.rule_key
    inner join subjects
        on
            implicit_rules.scorecard_id = subjects.scorecard_id
            and activity.subject_key = subjects.subject_key

    union

    select
        subjects.scorecard_id,
        subjects.subject_key,
        implicit_rules.rule_key
    from implicit_rules
    inner join subjects
        on implicit_rules.scorecard_id = subjects.scorecard_id
    where
        implicit_rules.count_operator = 'at_most'
        or (implicit_rules.count_operator = 'exactly' and implicit_rules.required_count = 0)

),

counted as (

    select
        candidates.scorecard_id,
        candidates.subject_key,
        candidates.rule_key,
        implicit_rules.rule_id,
        implicit_rules.rule_group,
        implicit_rules.label,
        implicit_rules.points as rule_points,
        implicit_rules.max_points,
        coalesce(activity.event_count, 0) as event_count,
        activity.last_event_date,
        case
            when activity.event_count is null then implicit_rules.points
            when implicit_rules.award = 'once' then implicit_rules.points * activity.last_weight
            else implicit_rules.points * activity.weighted_count
        end as points
    from candidates
    inner join implicit_rules
        on candidates.rule_key = implicit_rules.rule_key
    left join {{ ref('int_rule_activity') }} as activity
        on
            candidates.rule_key = activity.rule_key
            and candidates.subject_key = activity.subject_key
    where
        case implicit_rules.count_operator
            when 'at_least' then coalesce(activity.event_count, 0) >= implicit_rules.required_count
            when 'more_than' then coalesce(activity.event_count, 0) > implicit_rules.required_count
            when 'exactly' then coalesce(activity.event_count, 0) = implicit_rules.required_count
            when 'at_most' then coalesce(activity.event_count, 0) <= implicit_rules.required_count
        end

),

final as (

    select
        scorecard_id,
        subject_key,
        'engagement' as axis,
        rule_key,
        rule_id,
        rule_group,
        'points' as effect,
        label,
        rule_points,
        case
            when max_points is null then points
            else greatest(-max_points, least(max_points, points))
        end as points,
        event_count,
        last_event_date
    from counted

)

select * from final
