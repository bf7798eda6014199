-- One row per lead and scorecard that applies to it.
select
    scores.subject_id as lead_id,
    scores.scorecard_id,
    {{ as_of_date() }} as as_of_date,
    scores.fit_points,
    scores.engagement_points,
    scores.raw_points,
    scores.score_points,
    scores.score,
    scores.is_overridden,
    scores.band,
    scores.previous_band,
    scores.temperature,
    scores.lifecycle_stage,
    scores.grade,
    scores.next_step,
    scores.is_vetoed,
    scores.veto_reasons,
    scores.is_fast_tracked,
    scores.is_contactable,
    cast(scores.rank as bigint) as rank,
    scores.top_positive_reasons,
    scores.top_negative_reasons,
    scores.last_event_at,
    scores.completeness,
    scores.data_age_days,
    scores.is_stale,
    scores.facts_known_since,
    scores.rules_hash,
    rejections.occurred_at as recycled_at,
    rejections.rejection_reason as recycle_reason,
    {{ refreshed_at() }} as refreshed_at
from {{ ref('int_subject_scores') }} as scores
left join {{ ref('int_sales_events') }} as rejections
    on
        scores.subject_key = rejections.lead_key
        and rejections.is_newest_rejection
where scores.subject_type = 'lead'
