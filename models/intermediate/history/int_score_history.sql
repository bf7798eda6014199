-- One row per run day, scorecard and lead or company: its score and what came of it. The memory of
-- scores. A run replaces the rows of its day and follows up on the next ones: of later days it
-- rewrites only the rows that turn out differently now, so that the order of runs does not matter.
{{ config(
    incremental_strategy='replace_day',
    unique_key=['as_of_date', 'scorecard_id', 'subject_key'],
) }}
{% set columns = [
    'as_of_date', 'subject_type', 'scorecard_id', 'subject_key', 'fit_points',
    'engagement_points', 'score_points', 'score', 'is_overridden', 'is_vetoed', 'is_fast_tracked',
    'is_sent_back',
    'own_band', 'own_fit_band', 'own_engagement_band', 'rules_hash', 'ledger_key',
] -%}
{% set outcomes = [
    'band', 'fit_band', 'engagement_band', 'grade', 'next_step', 'previous_band', 'entered_on',
    'sales_entered_on', 'is_band_corrected',
] -%}

with recursive bands as (

    select * from {{ ref('int_band_history') }}

),

grades as (

    select * from {{ ref('int_grade_history') }}

),

stored as (

    {% if is_incremental() -%}
    select * from {{ this }}
    {%- else -%}
    select
        cast(null as date) as as_of_date,
        cast(null as varchar) as scorecard_id,
        cast(null as bigint) as subject_key,
        cast(null as varchar) as band,
        cast(null as varchar) as fit_band,
        cast(null as varchar) as engagement_band,
        cast(null as date) as entered_on,
        cast(null as date) as sales_entered_on
    {%- endif %}

),

neighbours as (

    select
        max(case when as_of_date < {{ as_of_date() }} then as_of_date end) as previous_as_of_date,
        min(case when as_of_date > {{ as_of_date() }} then as_of_date end) as next_as_of_date
    from stored

),

states_before as (

    select stored.*
    from stored
    inner join neighbours
        on stored.as_of_date = neighbours.previous_as_of_date

),

todays_scores as (

    select
        {{ as_of_date() }} as as_of_date,
        neighbours.previous_as_of_date,
        scores.subject_type,
        scores.scorecard_id,
        scores.subject_key,
        scores.fit_points,
        scores.engagement_points,
        scores.score_points,
        scores.score,
        scores.is_overridden,
        scores.is_vetoed,
        scores.is_fast_tracked,
        scores.is_sent_back,
        own_bands.band as own_band,
        own_bands.fit_band as own_fit_band,
        own_bands.engagement_band as own_engagement_band,
        hashed_rules.rules_hash,
        ledger_keys.ledger_key
    from {{ ref('int_scores') }} as scores
    cross join neighbours
    cross join {{ ref('int_ledger_key') }} as ledger_keys
    inner join {{ ref('int_own_bands') }} as own_bands
        on
            scores.scorecard_id = own_bands.scorecard_id
            and scores.subject_key = own_bands.subject_key
    left join {{ ref('int_rules_hashes') }} as hashed_rules
        on scores.scorecard_id = hashed_rules.scorecard_id

),

todays_rows as (

    {{ followed_scores(columns, 'todays_scores', 'states_before') }}

),

{% if is_incremental() -%}
next_scores as (

    select
        stored.*,
        {{ as_of_date() }} as previous_as_of_date
    from stored
    inner join neighbours
        on stored.as_of_date = neighbours.next_as_of_date

),

next_rows as (

    {{ followed_scores(columns, 'next_scores', 'todays_rows', only_changed=true) }}

),

later_days as (

    select
        as_of_date,
        lag(as_of_date) over (order by as_of_date) as previous_as_of_date
    from stored
    where as_of_date > {{ as_of_date() }}
    group by as_of_date

),

affected as (

    select
        scorecard_id,
        subject_key
    from next_rows

),

later_scores as {{ materialized_if(true) }} (

    select
        stored.*,
        later_days.previous_as_of_date
    from stored
    inner join later_days
        on stored.as_of_date = later_days.as_of_date
    inner join affected
        on
            stored.scorecard_id = affected.scorecard_id
            and stored.subject_key = affected.subject_key
    where later_days.previous_as_of_date is not null

),

-- Day after day, as long as a day changes the next one.
changed_rows as (

    select * from next_rows
    union all
    {{ followed_scores(columns, 'later_scores', 'changed_rows', only_changed='later') }}

),

{% endif -%}
final as (

    select
        {{ (columns + outcomes) | join(',\n        ') }}
    from todays_rows

    {% if is_incremental() -%}
    union all

    select
        {{ (columns + outcomes) | join(',\n        ') }}
    from changed_rows
    {%- endif %}

)

select * from final
