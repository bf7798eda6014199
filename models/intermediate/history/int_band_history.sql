-- One row per run day and band in force on it, so that the bands of a later day can be worked out
-- again when a day before it is run, by the thresholds of that day.
{{ config(unique_key='as_of_date') }}

with final as (

    select
        {{ as_of_date() }} as as_of_date,
        scorecard_id,
        measure,
        band,
        lower_score,
        exit_below,
        next_step
    from {{ ref('int_bands') }}

)

select * from final
