-- One row per lead and scorecard: the segment it is in, for dashboards, nurturing and sales.
{{ config(materialized='view') }}

select
    subject_id as lead_id,
    scorecard_id,
    {{ as_of_date() }} as as_of_date,
    band,
    grade,
    temperature,
    lifecycle_stage,
    next_step,
    content_key,
    entered_on,
    days_in_band,
    sales_entered_on
from {{ ref('int_subject_scores') }}
where subject_type = 'lead'
