-- One row per run day, scorecard and lead or company: what moved its score since the run day
-- before. A run works out its own day and the next one. Where a ledger is not kept any more, what
-- is stored stays while the scores are still the same; else one row without a subject says that it
-- is unknown.
{{ config(unique_key='as_of_date') }}
{% set causes = ['rules', 'facts', 'new_events', 'decay'] -%}

with rule_history as (

    select * from {{ ref('int_rule_history') }}

),

line_history as (

    select * from {{ ref('int_line_history') }}

),

kept_days as (

    select distinct as_of_date from rule_history

),

pairs as (

    select
        days.as_of_date,
        days.previous_as_of_date,
        new_days.as_of_date is not null and old_days.as_of_date is not null as is_known
    from {{ ref('int_run_days') }} as days
    left join kept_days as new_days
        on days.as_of_date = new_days.as_of_date
    left join kept_days as old_days
        on days.previous_as_of_date = old_days.as_of_date
    where
        days.previous_as_of_date is not null
        and {{ as_of_date() }} in (days.as_of_date, days.previous_as_of_date)

),

-- How a line of one day of a pair counts: under a version that the other day has not, as rules.
versions as (

    {%- for day, other in [
        ('previous_as_of_date', 'as_of_date'), ('as_of_date', 'previous_as_of_date'),
    ] %}
    select
        pairs.as_of_date,
        pairs.{{ day }} as line_date,
        mine.version_id,
        mine.scorecard_id,
        {{ '-1' if loop.first else '1' }} as sign,
        case
            when other_rules.version_id is null then 'rules'
            when mine.axis = 'fit' then 'facts'
            else 'new_events'
        end as cause,
        {% if loop.first -%}
        case
            when
                other_rules.version_id is not null
                and mine.axis = 'engagement'
                and mine.half_life_days > 0
                then pow(
                    0.5,
                    {{ days_between('pairs.previous_as_of_date', 'pairs.as_of_date') }}
                    / mine.half_life_days
                ) - 1
            else 0
        end
        {%- else -%}
        0
        {%- endif %} as lost_share
    from pairs
    inner join rule_history as mine
        on pairs.{{ day }} = mine.as_of_date
    left join rule_history as other_rules
        on
            pairs.{{ other }} = other_rules.as_of_date
            and mine.version_id = other_rules.version_id
    where
        pairs.is_known
        and mine.version_id is not null
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

line_changes as (

    select
        versions.as_of_date,
        versions.scorecard_id,
        line_history.subject_key,
        versions.cause,
        versions.sign * line_history.points as points,
        {{ to_points('line_history.points * versions.lost_share') }} as decay
    from line_history
    inner join versions
        on
            line_history.as_of_date = versions.line_date
            and line_history.version_id = versions.version_id

),

caused as (

    select
        as_of_date,
        scorecard_id,
        subject_key,
        sum(case when cause = 'rules' then points else 0 end) as rules,
        sum(case when cause = 'facts' then points else 0 end) as facts,
        sum(case when cause = 'new_events' then points else 0 end) - sum(decay) as new_events,
        sum(decay) as decay
    from line_changes
    group by as_of_date, scorecard_id, subject_key

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
