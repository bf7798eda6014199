-- One row per company and company scorecard.
{{ config(materialized='view') }}

select
    subject_id as company_id,
    scorecard_id,
    {{ as_of_date() }} as as_of_date,
    fit_points,
    engagement_points,
    raw_points,
    score_points,
    score,
    is_overridden,
    band,
    previous_band,
    temperature,
    lifecycle_stage,
    grade,
    next_step,
    is_vetoed,
    veto_reasons,
    is_fast_tracked,
    is_contactable,
    rank,
    top_positive_reasons,
    top_negative_reasons,
    last_event_at,
    completeness,
    data_age_days,
    is_stale,
    facts_known_since,
    rules_hash,
    {{ refreshed_at() }} as refreshed_at
from {{ ref('int_subject_scores') }}
where subject_type = 'company'
