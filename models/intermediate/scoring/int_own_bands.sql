-- One row per scorecard and lead or company: the bands that its points alone say, whatever it was
-- before. A view: int_score_history stores what comes of it.
{{ config(materialized='view') }}

with scores as (

    select * from {{ ref('int_scores') }}

),

bands as (

    select * from {{ ref('int_bands') }}

),

final as (

    select
        scores.scorecard_id,
        scores.subject_key,
        score_bands.band,
        fit_bands.band as fit_band,
        engagement_bands.band as engagement_band
    from scores
    left join bands as score_bands
        on
            scores.scorecard_id = score_bands.scorecard_id
            and score_bands.measure = 'score'
            and {{ is_in_band('scores.score', 'score_bands') }}
    left join bands as fit_bands
        on
            scores.scorecard_id = fit_bands.scorecard_id
            and fit_bands.measure = 'fit'
            and {{ is_in_band('scores.fit_score', 'fit_bands') }}
    left join bands as engagement_bands
        on
            scores.scorecard_id = engagement_bands.scorecard_id
            and engagement_bands.measure = 'engagement'
            and {{ is_in_band('scores.engagement_score', 'engagement_bands') }}

)

select * from final
