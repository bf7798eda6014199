-- One row per scorecard and lead or company: its three largest reasons for and against, in words.
-- A view: int_score_points has found them, as numbers.
{{ config(materialized='view') }}

with rules as (

    select
        rule_number,
        reason
    from {{ ref('int_rules') }}

),

final as (

    select
        score_points.scorecard_id,
        score_points.subject_key,
        {{ reasons_in_words('positive') }} as top_positive_reasons,
        {{ reasons_in_words('negative') }} as top_negative_reasons
    from {{ ref('int_score_points') }} as score_points
    {{ joined_reasons('rules') }}

)

select * from final
