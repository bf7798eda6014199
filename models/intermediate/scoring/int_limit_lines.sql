-- One row per limit that changes something: what it adds to or takes from the points, first of a
-- group of rules, then of an axis, then of the whole score.
with subjects as (

    select
        scorecard_id,
        subject_key
    from {{ ref('int_scored_subjects') }}

),

limits as (

    select * from {{ ref('int_score_limits') }}

),

group_points as (

    select
        scorecard_id,
        subject_key,
        axis,
        rule_group,
        sum(points) as points
    from {{ ref('int_rule_lines') }}
    where rule_group is not null
    group by scorecard_id, subject_key, axis, rule_group

),

group_limits as (

    select
        subjects.scorecard_id,
        subjects.subject_key,
        limits.axis,
        limits.rule_group,
        {{ correction(
            'coalesce(group_points.points, 0)', 'limits.min_points', 'limits.max_points'
        ) }} as points
    from subjects
    inner join limits
        on
            subjects.scorecard_id = limits.scorecard_id
            and limits.rule_group is not null
    left join group_points
        on
            subjects.scorecard_id = group_points.scorecard_id
            and subjects.subject_key = group_points.subject_key
            and limits.axis = group_points.axis
            and limits.rule_group = group_points.rule_group

),

limited_lines as (

    select
        scorecard_id,
        subject_key,
        axis,
        points
    from {{ ref('int_rule_lines') }}
    union all
    select
        scorecard_id,
        subject_key,
        axis,
        points
    from group_limits

),

axis_points as (

    select
        scorecard_id,
        subject_key,
        axis,
        sum(points) as points
    from limited_lines
    group by scorecard_id, subject_key, axis

),

axis_limits as (

    select
        subjects.scorecard_id,
        subjects.subject_key,
        limits.axis,
        {{ correction(
            'coalesce(axis_points.points, 0)', 'limits.min_points', 'limits.max_points'
        ) }} as points
    from subjects
    inner join limits
        on
            subjects.scorecard_id = limits.scorecard_id
            and limits.rule_group is null
    left join axis_points
        on
            subjects.scorecard_id = axis_points.scorecard_id
            and subjects.subject_key = axis_points.subject_key
            and limits.axis = axis_points.axis

),

all_lines as (

    select
        scorecard_id,
        subject_key,
        points
    from axis_points
    union all
    select
        scorecard_id,
        subject_key,
        points
    from axis_limits

),

raw_points as (

    select
        scorecard_id,
        subject_key,
        sum(points) as points
    from all_lines
    group by scorecard_id, subject_key

),

score_limits as (

    select
        subjects.scorecard_id,
        subjects.subject_key,
        {{ correction(
            'coalesce(raw_points.points, 0)', 'scorecards.floor_points', 'scorecards.ceiling_points'
        ) }} as points
    from subjects
    inner join {{ ref('int_scorecards') }} as scorecards
        on subjects.scorecard_id = scorecards.scorecard_id
    left join raw_points
        on
            subjects.scorecard_id = raw_points.scorecard_id
            and subjects.subject_key = raw_points.subject_key

),

unioned as (

    select
        scorecard_id,
        subject_key,
        'group_limit' as line_type,
        axis,
        rule_group,
        points
    from group_limits
    union all
    select
        scorecard_id,
        subject_key,
        'axis_limit' as line_type,
        axis,
        cast(null as varchar) as rule_group,
        points
    from axis_limits
    union all
    select
        scorecard_id,
        subject_key,
        'score_limit' as line_type,
        cast(null as varchar) as axis,
        cast(null as varchar) as rule_group,
        points
    from score_limits

),

final as (

    select
        scorecard_id,
        subject_key,
        line_type,
        axis,
        rule_group,
        cast(points as decimal(18, 4)) as points
    from unioned
    where points <> 0

)

select * from final
