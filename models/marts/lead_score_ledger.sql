-- One row per reason why a lead has the score it has. The rows of a lead and scorecard add up to
-- its score_points, those before score_limit to its raw_points. A view: lines are numbers, and are
-- put into words where they are read; publishing writes them once, as a table.
{{ config(materialized='view') }}

select
    subjects.subject_id as lead_id,
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
where subjects.subject_type = 'lead'
