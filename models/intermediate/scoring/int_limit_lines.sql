-- One row per limit that changes something: what it adds to or takes from the points, first of a
-- group of rules, then of an axis, then of the whole score.
with subjects as (

    select
        scorecard_id,
        subject_key
    from {{ ref('int_scored_subjects') }}

),

axis_limits as (

    select * from {{ ref('int_score_limits') }}
    where rule_group is null

),

rule_groups as (

    select * from {{ ref('int_rule_groups') }}

),

axis_points as (

    select
        rule_groups.scorecard_id,
        group_points.subject_key,
        sum(
            case
                when rule_groups.axis = 'fit' then group_points.points + group_points.correction
                else 0
            end
        ) as fit_points,
        sum(
            case
                when rule_groups.axis = 'engagement'
                    then group_points.points + group_points.correction
                else 0
            end
        ) as engagement_points
    from {{ ref('int_group_points') }} as group_points
    inner join rule_groups
        on group_points.group_key = rule_groups.group_key
    group by rule_groups.scorecard_id, group_points.subject_key

),

limited_axes as (

    select
        subjects.scorecard_id,
        subjects.subject_key,
        coalesce(axis_points.fit_points, 0) as fit_points,
        coalesce(axis_points.engagement_points, 0) as engagement_points,
        {{ correction(
            'coalesce(axis_points.fit_points, 0)', 'fit.min_points', 'fit.max_points'
        ) }} as fit_correction,
        {{ correction(
            'coalesce(axis_points.engagement_points, 0)',
            'engagement.min_points',
            'engagement.max_points'
        ) }} as engagement_correction
    from subjects
    left join axis_points
        on
            subjects.scorecard_id = axis_points.scorecard_id
            and subjects.subject_key = axis_points.subject_key
    left join axis_limits as fit
        on
            subjects.scorecard_id = fit.scorecard_id
            and fit.axis = 'fit'
    left join axis_limits as engagement
        on
            subjects.scorecard_id = engagement.scorecard_id
            and engagement.axis = 'engagement'

),

raw_points as (

    select
        scorecard_id,
        subject_key,
        fit_points + fit_correction + engagement_points + engagement_correction as points
    from limited_axes

),

limited_scores as (

    select
        raw_points.scorecard_id,
        raw_points.subject_key,
        {{ correction(
            'raw_points.points', 'scorecards.floor_points', 'scorecards.ceiling_points'
        ) }} as correction
    from raw_points
    inner join {{ ref('int_scorecards') }} as scorecards
        on raw_points.scorecard_id = scorecards.scorecard_id

),

unioned as (

    select
        rule_groups.scorecard_id,
        group_points.subject_key,
        'group_limit' as line_type,
        rule_groups.axis,
        rule_groups.rule_group,
        group_points.correction
    from {{ ref('int_group_points') }} as group_points
    inner join rule_groups
        on group_points.group_key = rule_groups.group_key
    union all
    select
        scorecard_id,
        subject_key,
        'axis_limit' as line_type,
        'fit' as axis,
        cast(null as varchar) as rule_group,
        fit_correction as correction
    from limited_axes
    union all
    select
        scorecard_id,
        subject_key,
        'axis_limit' as line_type,
        'engagement' as axis,
        cast(null as varchar) as rule_group,
        engagement_correction as correction
    from limited_axes
    union all
    select
        scorecard_id,
        subject_key,
        'score_limit' as line_type,
        cast(null as varchar) as axis,
        cast(null as varchar) as rule_group,
        correction
    from limited_scores

),

final as (

    select
        scorecard_id,
        subject_key,
        line_type,
        axis,
        rule_group,
        cast(correction as decimal(18, 4)) as points
    from unioned
    where correction <> 0

)

select * from final
