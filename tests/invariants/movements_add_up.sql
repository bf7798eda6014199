-- What: the causes of every change of a score on as_of_date add up to it, and every lead and
-- company with a score has a movement, unless the day is the first or its movements are not known.
-- When it fails: a line was counted twice or not at all.
-- How to resolve: never here; compare int_line_history of both days for the rows below.
with movements as (

    {%- for subject in ['lead', 'company'] %}
    select
        '{{ subject }}' as subject_type,
        scores.{{ subject }}_id as subject_id,
        scores.scorecard_id,
        scores.score,
        movements.score as moved_score,
        movements.change,
        movements.score - coalesce(movements.previous_score, 0) as difference,
        movements.new_events + movements.decay + movements.facts + movements.rules
        + movements.limits + movements.override as caused
    from {{ ref(subject ~ '_scores') }} as scores
    left join {{ ref(subject ~ '_score_movements') }} as movements
        on
            scores.{{ subject }}_id = movements.{{ subject }}_id
            and scores.scorecard_id = movements.scorecard_id
            and scores.as_of_date = movements.as_of_date
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

days_without as (

    select as_of_date from {{ ref('int_run_days') }}
    where
        previous_as_of_date is null
        or as_of_date in (select again.as_of_date from {{ ref('days_to_run_again') }} as again)

)

select * from movements
where
    change <> caused
    or change <> difference
    or moved_score <> score
    or (
        change is null
        and {{ as_of_date() }} not in (select days_without.as_of_date from days_without)
    )
