-- One row per lead or company and implicit rule that fires, with the points it gives. A line that
-- has decayed to nothing is left out; one of a rule with 0 points stays.
with subjects as (

    select
        scorecard_id,
        subject_key
    from {{ ref('int_scored_subjects') }}

),

implicit_rules as (

    select distinct
        rule_key,
        scorecard_id,
        points,
        award,
        count_operator,
        required_count,
        half_life_days,
        max_points
    from {{ ref('int_implicit_rules') }}

),

active as (

    select
        activity.subject_key,
        activity.rule_key,
        activity.event_count,
        activity.last_event_date,
        implicit_rules.points
        * case
            when implicit_rules.award = 'once'
                then {{ weight_of('activity.last_event_date', 'implicit_rules.half_life_days') }}
            else activity.weighted_count
        end as points
    from {{ ref('int_rule_activity') }} as activity
    inner join implicit_rules
        on activity.rule_key = implicit_rules.rule_key
    inner join subjects
        on
            implicit_rules.scorecard_id = subjects.scorecard_id
            and activity.subject_key = subjects.subject_key
    where
        case implicit_rules.count_operator
            when 'at_least' then activity.event_count >= implicit_rules.required_count
            when 'more_than' then activity.event_count > implicit_rules.required_count
            when 'exactly' then activity.event_count = implicit_rules.required_count
            when 'at_most' then activity.event_count <= implicit_rules.required_count
        end

),

silence_rules as (

    select
        rule_key,
        scorecard_id,
        points
    from implicit_rules
    where
        (count_operator = 'at_most' and required_count >= 0)
        or (count_operator = 'exactly' and required_count = 0)

),

heard as (

    select
        activity.subject_key,
        activity.rule_key
    from {{ ref('int_rule_activity') }} as activity
    inner join silence_rules
        on activity.rule_key = silence_rules.rule_key

),

-- Silence fulfils a rule, too: of these rules every subject without an event gets the points.
silent as (

    select
        subjects.subject_key,
        silence_rules.rule_key,
        0 as event_count,
        cast(null as date) as last_event_date,
        silence_rules.points
    from silence_rules
    inner join subjects
        on silence_rules.scorecard_id = subjects.scorecard_id
    left join heard
        on
            silence_rules.rule_key = heard.rule_key
            and subjects.subject_key = heard.subject_key
    where heard.subject_key is null

),

fired as (

    select * from active
    union all
    select * from silent

),

limited as (

    select
        fired.subject_key,
        fired.rule_key,
        implicit_rules.points as written_points,
        case
            when implicit_rules.max_points is null then fired.points
            else greatest(
                -implicit_rules.max_points, least(implicit_rules.max_points, fired.points)
            )
        end as points,
        fired.event_count,
        fired.last_event_date
    from fired
    inner join implicit_rules
        on fired.rule_key = implicit_rules.rule_key

),

rounded as (

    select
        subject_key,
        rule_key,
        written_points,
        {{ to_points('points') }} as points,
        event_count,
        last_event_date
    from limited

),

final as (

    select
        subject_key,
        rule_key,
        points,
        event_count,
        last_event_date
    from rounded
    where
        points <> 0
        or written_points = 0

)

select * from final
