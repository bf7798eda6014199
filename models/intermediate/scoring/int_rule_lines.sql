-- One row per lead or company, scorecard and rule that fires, with the points it gives. A line that
-- has decayed to nothing is left out; one of a rule with 0 points stays. Every line has words.
with unioned as (

    select * from {{ ref('int_fit_lines') }}
    union all
    select * from {{ ref('int_engagement_lines') }}

),

rounded as (

    select
        scorecard_id,
        subject_key,
        axis,
        rule_key,
        rule_id,
        rule_group,
        effect,
        coalesce(label, rule_id) as label,
        rule_points,
        {{ to_points('points') }} as points,
        event_count,
        last_event_date
    from unioned

),

final as (

    select
        scorecard_id,
        subject_key,
        axis,
        rule_key,
        rule_id,
        rule_group,
        effect,
        label,
        points,
        event_count,
        last_event_date
    from rounded
    where
        points <> 0
        or rule_points = 0

)

select * from final
