{#
    CTEs up to `final`: one row per scorecard and lead or company with the sums of its lines by axis,
    and what the limits of the axes and then of the whole score add to or take from them. The lines
    are read once, so their three largest for and against are found in the same pass. They read two
    CTEs of the model: `lines` (scorecard_id, axis, subject_key, points, reason_key) and `subjects`
    (scorecard_id, subject_key).

    A quarter of the leads is summed after the other: what is largest so far has to stay in memory,
    and lines do not stand lead by lead.
#}
{% macro limited_sums() -%}
sums as (

    {%- for keys in key_ranges('subject_key', 4) %}
    select
        scorecard_id,
        subject_key,
        {%- for n in [1, 2, 3] %}
        {{ nth_largest('reason_key', n) }} as positive_reason_{{ n }},
        -{{ nth_largest('-reason_key', n) }} as negative_reason_{{ n }},
        {%- endfor %}
        sum(case when axis = 'fit' then points else 0 end) as fit_points,
        sum(case when axis = 'engagement' then points else 0 end) as engagement_points
    from lines
    where {{ keys }}
    group by scorecard_id, subject_key
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

axis_limits as (

    select * from {{ ref('int_score_limits') }}
    where rule_group is null

),

limits as (

    select
        scorecards.scorecard_id,
        scorecards.floor_points,
        scorecards.ceiling_points,
        fit.min_points as min_fit_points,
        fit.max_points as max_fit_points,
        engagement.min_points as min_engagement_points,
        engagement.max_points as max_engagement_points
    from {{ ref('int_scorecards') }} as scorecards
    left join axis_limits as fit
        on
            scorecards.scorecard_id = fit.scorecard_id
            and fit.axis = 'fit'
    left join axis_limits as engagement
        on
            scorecards.scorecard_id = engagement.scorecard_id
            and engagement.axis = 'engagement'

),

axis_points as (

    select
        subjects.scorecard_id,
        subjects.subject_key,
        {%- for n in [1, 2, 3] %}
        sums.positive_reason_{{ n }},
        sums.negative_reason_{{ n }},
        {%- endfor %}
        coalesce(sums.fit_points, 0) as fit_points,
        coalesce(sums.engagement_points, 0) as engagement_points
    from subjects
    left join sums
        on
            subjects.scorecard_id = sums.scorecard_id
            and subjects.subject_key = sums.subject_key

),

limited_axes as (

    select
        axis_points.*,
        limits.floor_points,
        limits.ceiling_points,
        {{ correction(
            'axis_points.fit_points', 'limits.min_fit_points', 'limits.max_fit_points'
        ) }} as fit_correction,
        {{ correction(
            'axis_points.engagement_points',
            'limits.min_engagement_points',
            'limits.max_engagement_points'
        ) }} as engagement_correction
    from axis_points
    inner join limits
        on axis_points.scorecard_id = limits.scorecard_id

),

final as (

    select
        scorecard_id,
        subject_key,
        {%- for n in [1, 2, 3] %}
        positive_reason_{{ n }},
        negative_reason_{{ n }},
        {%- endfor %}
        cast(fit_points as decimal(18, 4)) as fit_points,
        cast(fit_correction as decimal(18, 4)) as fit_correction,
        cast(engagement_points as decimal(18, 4)) as engagement_points,
        cast(engagement_correction as decimal(18, 4)) as engagement_correction,
        cast({{ correction(
            '(fit_points + fit_correction + engagement_points + engagement_correction)',
            'floor_points',
            'ceiling_points'
        ) }} as decimal(18, 4)) as score_correction
    from limited_axes

)
{%- endmacro %}
