-- One row per lead and second-stage field that a list asks for: scores, points, bands and rule
-- counts. A lead that a scorecard does not apply to has none of its fields.
with asked_fields as (

    select distinct field
    from {{ ref('int_lists') }}
    where split_part(field, '.', 1) in ('score', 'fit', 'engagement', 'raw', 'band', 'rule_count')

),

scores as (

    select
        scores.subject_key as entity_key,
        lower(scores.scorecard_id) as scorecard_id,
        scores.score,
        scores.fit_points,
        scores.engagement_points,
        scores.raw_points,
        segments.band
    from {{ ref('int_scores') }} as scores
    inner join {{ ref('int_segments') }} as segments
        on
            scores.scorecard_id = segments.scorecard_id
            and scores.subject_key = segments.subject_key
    where scores.subject_type = 'lead'

),

score_values as (

    select
        entity_key,
        'score.' || scorecard_id as field,
        cast(score as varchar) as value
    from scores
    union all
    select
        entity_key,
        'fit.' || scorecard_id as field,
        cast(fit_points as varchar) as value
    from scores
    union all
    select
        entity_key,
        'engagement.' || scorecard_id as field,
        cast(engagement_points as varchar) as value
    from scores
    union all
    select
        entity_key,
        'raw.' || scorecard_id as field,
        cast(raw_points as varchar) as value
    from scores
    union all
    select
        entity_key,
        'band.' || scorecard_id as field,
        band as value
    from scores

),

counted_rules as (

    select distinct
        rules.rule_key,
        rules.scorecard_id,
        asked_fields.field
    from {{ ref('int_implicit_rules') }} as rules
    inner join asked_fields
        on asked_fields.field = 'rule_count.' || lower(rules.rule_id)

),

rule_counts as (

    select
        subjects.subject_key as entity_key,
        counted_rules.field,
        cast(coalesce(activity.event_count, 0) as varchar) as value
    from {{ ref('int_scored_subjects') }} as subjects
    inner join counted_rules
        on
            subjects.scorecard_id = counted_rules.scorecard_id
            and subjects.subject_type = 'lead'
    left join {{ ref('int_rule_activity') }} as activity
        on
            counted_rules.rule_key = activity.rule_key
            and subjects.subject_key = activity.subject_key

),

facts as (

    select score_values.*
    from score_values
    inner join asked_fields
        on score_values.field = asked_fields.field
    union all
    select * from rule_counts

),

final as (

    select
        entity_key,
        field,
        value,
        {{ integer_key(['field', 'value']) }} as fact_key
    from facts
    where value is not null

)

select * from final
