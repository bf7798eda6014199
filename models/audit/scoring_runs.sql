-- One row per day scored and scorecard: the last run of that day, by which rules it scored and what
-- came of it. Rows of other days stay; so does the table when all else is built anew.
{{ config(
    materialized='incremental',
    incremental_strategy='delete+insert',
    unique_key='as_of_date',
    on_schema_change='append_new_columns',
    full_refresh=false,
) }}
-- It comes after all that a run scores and keeps: a day that stands here has run to its end.
-- depends_on: {{ ref('lead_score_ledger') }}
-- depends_on: {{ ref('company_score_ledger') }}
-- depends_on: {{ ref('int_movements') }}
-- depends_on: {{ ref('int_list_history') }}
-- depends_on: {{ ref('int_rule_firings') }}

with scores as (

    select * from {{ ref('int_subject_scores') }}

),

events as (

    select count(*) as event_count
    from {{ ref('stg_event_log') }}
    where
        is_counted
        and event_date <= {{ as_of_date() }}

),

bands as (

    select
        scorecard_id,
        band,
        min(score) as lowest_score,
        count(*) as subject_count
    from scores
    group by
        scorecard_id,
        band

),

band_counts as (

    select
        scorecard_id,
        {{ dbt.listagg(
            "band || ' ' || subject_count", "', '", 'order by lowest_score desc, band asc'
        ) }} as band_counts
    from bands
    group by scorecard_id

),

totals as (

    select
        scorecard_id,
        count(*) as subject_count,
        avg(score) as average_score,
        count(case when next_step = 'sales' then 1 end) as sales_count,
        count(case when is_vetoed then 1 end) as vetoed_count,
        count(case when facts_known_since > {{ as_of_date() }} then 1 end) as known_later_count
    from scores
    group by scorecard_id

),

final as (

    select
        {{ as_of_date() }} as as_of_date,
        scorecards.scorecard_id,
        scorecards.subject as subject_type,
        hashed_rules.rules_hash,
        days.ledger_key,
        events.event_count,
        coalesce(totals.subject_count, 0) as subject_count,
        band_counts.band_counts,
        round(cast(totals.average_score as double), 4) as average_score,
        coalesce(totals.sales_count, 0) as sales_count,
        coalesce(totals.vetoed_count, 0) as vetoed_count,
        coalesce(totals.known_later_count, 0) as known_later_count,
        {{ refreshed_at() }} as refreshed_at,
        cast({{ seconds_so_far() }} as double) as duration_seconds
    from {{ ref('int_scorecards') }} as scorecards
    cross join events
    left join {{ ref('int_run_days') }} as days
        on days.as_of_date = {{ as_of_date() }}
    left join {{ ref('int_rules_hashes') }} as hashed_rules
        on scorecards.scorecard_id = hashed_rules.scorecard_id
    left join totals
        on scorecards.scorecard_id = totals.scorecard_id
    left join band_counts
        on scorecards.scorecard_id = band_counts.scorecard_id

)

select * from final
