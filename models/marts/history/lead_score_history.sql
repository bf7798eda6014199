-- One row per lead, scorecard and day that was scored. A view: it puts ids to what is kept by key.
{{ config(materialized='view') }}

with final as (

    select
        subjects.lead_id,
        history.scorecard_id,
        history.as_of_date,
        history.score,
        history.fit_points,
        history.engagement_points,
        history.score_points,
        history.is_overridden,
        history.is_vetoed,
        history.band,
        history.previous_band,
        history.entered_on,
        history.grade,
        history.next_step,
        history.rules_hash
    from {{ ref('int_score_history') }} as history
    inner join {{ ref('int_lead_profiles') }} as subjects
        on history.subject_key = subjects.lead_key
    where
        history.subject_type = 'lead'

)

select * from final
