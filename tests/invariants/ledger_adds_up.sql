-- What: the ledger lines of every lead and company add up to its score_points, and those before
-- score_limit to its raw_points, which are fit_points and engagement_points together.
-- When it fails: a line was lost, doubled or invented between the ledger and the scores.
-- How to resolve: never here; compare int_ledger with int_scores for the rows below.
with ledgers as (

    select
        'lead' as subject_type,
        lead_id as subject_id,
        scorecard_id,
        line_type,
        points
    from {{ ref('lead_score_ledger') }}
    union all
    select
        'company' as subject_type,
        company_id as subject_id,
        scorecard_id,
        line_type,
        points
    from {{ ref('company_score_ledger') }}

),

scores as (

    select
        'lead' as subject_type,
        lead_id as subject_id,
        scorecard_id,
        fit_points,
        engagement_points,
        raw_points,
        score_points,
        score,
        is_overridden
    from {{ ref('lead_scores') }}
    union all
    select
        'company' as subject_type,
        company_id as subject_id,
        scorecard_id,
        fit_points,
        engagement_points,
        raw_points,
        score_points,
        score,
        is_overridden
    from {{ ref('company_scores') }}

),

sums as (

    select
        subject_type,
        subject_id,
        scorecard_id,
        sum(case when line_type = 'score_limit' then 0 else points end) as raw_points,
        sum(points) as score_points
    from ledgers
    group by subject_type, subject_id, scorecard_id

)

select
    coalesce(scores.subject_id, sums.subject_id) as subject_id,
    coalesce(scores.scorecard_id, sums.scorecard_id) as scorecard_id,
    sums.raw_points as ledger_raw_points,
    scores.raw_points,
    sums.score_points as ledger_score_points,
    scores.score_points,
    scores.score
from scores
full outer join sums
    on
        scores.subject_type = sums.subject_type
        and scores.subject_id = sums.subject_id
        and scores.scorecard_id = sums.scorecard_id
where
    scores.subject_id is null
    or scores.raw_points <> coalesce(sums.raw_points, 0)
    or scores.score_points <> coalesce(sums.score_points, 0)
    or scores.raw_points <> scores.fit_points + scores.engagement_points
    or (not scores.is_overridden and scores.score <> round(scores.score_points, 0))
