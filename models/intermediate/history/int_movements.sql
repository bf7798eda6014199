-- One row per run day, scorecard and lead or company: what moved its score since the run day
-- before. A run works out its own day and the next one. Where a ledger is not kept any more, what
-- is stored stays while scores and ledgers are still the same; else one row without a subject says
-- that it is unknown.
{{ config(unique_key='as_of_date') }}
{% set causes = ['rules', 'facts', 'new_events', 'decay'] -%}

with pairs as (

    select * from {{ ref('int_movement_days') }}

),

caused as (

    select * from {{ ref('int_movement_causes') }}

),

scores as (

    select
        *,
        {{ to_whole_points('score_points') }} as own_score
    from {{ ref('int_score_history') }}

),

paired_scores as (

    select
        pairs.as_of_date,
        pairs.previous_as_of_date,
        pairs.ledger_key,
        pairs.previous_ledger_key,
        pairs.is_known,
        scores.subject_type,
        scores.scorecard_id,
        scores.subject_key,
        scores.score,
        scores.own_score,
        scores_before.score as previous_score,
        scores.score - coalesce(scores_before.score, 0) as change,
        scores.own_score - coalesce(scores_before.own_score, 0) as own_change
    from pairs
    inner join scores
        on pairs.as_of_date = scores.as_of_date
    left join scores as scores_before
        on
            pairs.previous_as_of_date = scores_before.as_of_date
            and scores.scorecard_id = scores_before.scorecard_id
            and scores.subject_key = scores_before.subject_key

),

{% if is_incremental() -%}
unknown_scores as (

    select * from paired_scores
    where not is_known

),

stored as (

    select stored.*
    from {{ this }} as stored
    inner join pairs
        on
            stored.as_of_date = pairs.as_of_date
            and stored.previous_as_of_date = pairs.previous_as_of_date
    where not pairs.is_known

),

{% endif -%}
-- Days that cannot be compared any more, and whose movements are not those of their scores.
unknown_days as (

    {% if is_incremental() -%}
    select coalesce(unknown_scores.as_of_date, stored.as_of_date) as as_of_date
    from unknown_scores
    full outer join stored
        on
            unknown_scores.as_of_date = stored.as_of_date
            and unknown_scores.scorecard_id = stored.scorecard_id
            and unknown_scores.subject_key = stored.subject_key
            and unknown_scores.score = stored.score
            and unknown_scores.previous_score is not distinct from stored.previous_score
            and unknown_scores.ledger_key = stored.ledger_key
            and unknown_scores.previous_ledger_key = stored.previous_ledger_key
    where
        unknown_scores.as_of_date is null
        or stored.as_of_date is null
    group by coalesce(unknown_scores.as_of_date, stored.as_of_date)
    {%- else -%}
    select as_of_date from pairs
    where not is_known
    {%- endif %}

),

moved as (

    select
        paired_scores.as_of_date,
        paired_scores.previous_as_of_date,
        paired_scores.ledger_key,
        paired_scores.previous_ledger_key,
        paired_scores.subject_type,
        paired_scores.scorecard_id,
        paired_scores.subject_key,
        paired_scores.previous_score,
        paired_scores.score,
        paired_scores.change,
        {%- for cause in causes %}
        coalesce(caused.{{ cause }}, 0) as {{ cause }},
        {%- endfor %}
        paired_scores.own_change
        {%- for cause in causes %}
        - coalesce(caused.{{ cause }}, 0)
        {%- endfor %} as limits,
        paired_scores.change - paired_scores.own_change as override
    from paired_scores
    left join caused
        on
            paired_scores.as_of_date = caused.as_of_date
            and paired_scores.scorecard_id = caused.scorecard_id
            and paired_scores.subject_key = caused.subject_key
    where paired_scores.is_known

),

final as (

    select
        as_of_date,
        previous_as_of_date,
        ledger_key,
        previous_ledger_key,
        subject_type,
        scorecard_id,
        subject_key,
        previous_score,
        score,
        change,
        {%- for cause in causes %}
        cast({{ cause }} as decimal(18, 4)) as {{ cause }},
        {%- endfor %}
        cast(limits as decimal(18, 4)) as limits,
        cast(override as decimal(18, 4)) as override
    from moved

    union all

    select
        as_of_date,
        previous_as_of_date,
        ledger_key,
        previous_ledger_key,
        null as subject_type,
        null as scorecard_id,
        null as subject_key,
        null as previous_score,
        null as score,
        null as change,
        {%- for cause in causes %}
        null as {{ cause }},
        {%- endfor %}
        null as limits,
        null as override
    from pairs
    where as_of_date in (select unknown_days.as_of_date from unknown_days)

)

select * from final
