-- One row per lead whose record is stale, in the order in which to verify them: those that could be
-- sold to first, by the score of their best scorecard. Sales would else call people who have left.
with ranked_scores as (

    select
        *,
        row_number() over (
            partition by lead_id
            order by is_vetoed asc, score desc, scorecard_id asc
        ) as choice
    from {{ ref('lead_scores') }}
    where is_stale

),

final as (

    select
        row_number() over (
            order by
                scores.is_vetoed asc,
                scores.score desc,
                scores.data_age_days desc,
                scores.lead_id asc
        ) as review_rank,
        scores.lead_id,
        profiles.full_name,
        profiles.email,
        profiles.job_title,
        scores.scorecard_id,
        scores.score,
        scores.band,
        profiles.updated_at,
        scores.data_age_days,
        scores.last_event_at
    from ranked_scores as scores
    inner join {{ ref('lead_profiles') }} as profiles
        on scores.lead_id = profiles.lead_id
    where scores.choice = 1

)

select * from final
order by review_rank
