-- One row per reason why a company has the score it has. The rows of a company and scorecard add
-- up to its score_points, those before score_limit to its raw_points. A view, as lead_score_ledger.
{{ config(materialized='view') }}

select
    subjects.subject_id as company_id,
    ledger.scorecard_id,
    {{ as_of_date() }} as as_of_date,
    ledger.line_type,
    ledger.axis,
    ledger.rule_group,
    ledger.rule_id,
    ledger.points,
    ledger.event_count,
    ledger.last_event_date,
    ledger.label
from {{ ref('int_ledger') }} as ledger
inner join {{ ref('int_scored_subjects') }} as subjects
    on
        ledger.scorecard_id = subjects.scorecard_id
        and ledger.subject_key = subjects.subject_key
where subjects.subject_type = 'company'
