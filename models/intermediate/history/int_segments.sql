-- One row per scorecard and lead or company: the band and grade it is in on as_of_date, since when,
-- and what follows from it.
{{ config(materialized='view') }}

with today as (

    select * from {{ ref('int_score_history') }}
    where as_of_date = {{ as_of_date() }}

),

final as (

    select
        today.scorecard_id,
        today.subject_key,
        today.band,
        today.previous_band,
        today.entered_on,
        cast({{ days_between('today.entered_on', 'today.as_of_date') }} as integer) as days_in_band,
        bands.temperature,
        bands.lifecycle_stage,
        bands.content_key,
        today.grade,
        today.next_step,
        today.sales_entered_on
    from today
    left join {{ ref('int_bands') }} as bands
        on
            today.scorecard_id = bands.scorecard_id
            and bands.measure = 'score'
            and today.band = bands.band

)

select * from final
