-- One row per pair of a fit band and an engagement band that has a grade.
with final as (

    select
        {{ clean_text('scorecard_id') }} as scorecard_id,
        {{ clean_text('fit_band') }} as fit_band,
        {{ clean_text('engagement_band') }} as engagement_band,
        {{ clean_text('grade') }} as grade,
        {{ fold_text('next_step') }} as next_step
    from {{ ref('grades') }}
    where {{ clean_text('scorecard_id') }} is not null

)

select * from final
