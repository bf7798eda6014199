-- What: what history has of as_of_date are the scores of that day, each once. The rows of other
-- days are not read: they were looked at when they were written.
-- When it fails: a day was written twice, or in part.
-- How to resolve: run the day again; if it fails still, compare int_score_history with int_scores.
with history as (

    {%- for subject in ['lead', 'company'] %}
    select
        '{{ subject }}' as subject_type,
        {{ subject }}_id as subject_id,
        scorecard_id,
        score,
        band,
        previous_band,
        1 as history_count,
        0 as score_count
    from {{ ref(subject ~ '_score_history') }}
    where as_of_date = {{ as_of_date() }}
    union all
    select
        '{{ subject }}' as subject_type,
        {{ subject }}_id as subject_id,
        scorecard_id,
        score,
        band,
        previous_band,
        0 as history_count,
        1 as score_count
    from {{ ref(subject ~ '_scores') }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

)

select
    subject_type,
    subject_id,
    scorecard_id,
    score,
    band,
    sum(history_count) as history_count,
    sum(score_count) as score_count
from history
group by subject_type, subject_id, scorecard_id, score, band, previous_band
having
    sum(history_count) <> 1
    or sum(score_count) <> 1
