-- One row per run day, scorecard and version of a rule in force on it; a scorecard without rules
-- has one row without a version. It is written after the lines: a day that stands here has its
-- lines.
{{ config(
    unique_key='as_of_date',
    post_hook="delete from {{ this }} where as_of_date not in ("
        ~ "select as_of_date from {{ ref('int_run_days') }} where has_ledger_kept)",
) }}
-- depends_on: {{ ref('int_run_days') }}
-- depends_on: {{ ref('int_line_history') }}

with final as (

    select
        {{ as_of_date() }} as as_of_date,
        scorecards.scorecard_id,
        rules.version_id,
        rules.axis,
        rules.half_life_days
    from {{ ref('int_scorecards') }} as scorecards
    left join {{ ref('int_rules') }} as rules
        on scorecards.scorecard_id = rules.scorecard_id

)

select * from final
