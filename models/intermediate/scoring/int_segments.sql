-- One row per scorecard and lead or company: the band and grade it falls into and what follows
-- from it. A veto comes before everything, then a fast track, then the grade's next step, then
-- the band's. A lead that sales sent back is nurtured until it has gained points by what it does.
with scores as (

    select * from {{ ref('int_scores') }}

),

bands as (

    select * from {{ ref('int_bands') }}

),

segments as (

    select
        scores.scorecard_id,
        scores.subject_key,
        scores.is_sent_back,
        case when scores.is_vetoed then 'disqualified' else score_bands.band end as band,
        case when not scores.is_vetoed then score_bands.temperature end as temperature,
        case when not scores.is_vetoed then score_bands.lifecycle_stage end as lifecycle_stage,
        case when not scores.is_vetoed then score_bands.content_key end as content_key,
        fit_bands.band as fit_band,
        engagement_bands.band as engagement_band,
        grades.grade,
        case
            when scores.is_vetoed then 'none'
            when scores.is_fast_tracked then 'sales'
            else coalesce(grades.next_step, score_bands.next_step, 'none')
        end as next_step
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
    left join {{ ref('int_grades') }} as grades
        on
            scores.scorecard_id = grades.scorecard_id
            and fit_bands.band = grades.fit_band
            and engagement_bands.band = grades.engagement_band

),

final as (

    select
        scorecard_id,
        subject_key,
        band,
        temperature,
        lifecycle_stage,
        content_key,
        fit_band,
        engagement_band,
        grade,
        case
            when is_sent_back and next_step = 'sales' then 'nurture'
            else next_step
        end as next_step
    from segments

)

select * from final
