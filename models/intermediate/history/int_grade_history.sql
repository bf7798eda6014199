-- One row per run day and grade in force on it: see int_band_history.
{{ config(unique_key='as_of_date') }}

with final as (

    select
        {{ as_of_date() }} as as_of_date,
        scorecard_id,
        fit_band,
        engagement_band,
        grade,
        next_step
    from {{ ref('int_grades') }}

)

select * from final
