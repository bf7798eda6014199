-- One row per lead, scorecard and day that was scored after another: what moved the score since
-- then. The causes add up to the change.
{{ config(materialized='view') }}

with final as (

    select
        subjects.lead_id,
        movements.scorecard_id,
        movements.as_of_date,
        movements.previous_as_of_date,
        movements.previous_score,
        movements.score,
        movements.change,
        movements.new_events,
        movements.decay,
        movements.facts,
        movements.rules,
        movements.limits,
        movements.override
    from {{ ref('int_movements') }} as movements
    inner join {{ ref('int_lead_profiles') }} as subjects
        on movements.subject_key = subjects.lead_key
    where
        movements.subject_type = 'lead'

)

select * from final
