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
        {%- for sign in ['positive', 'negative'] %}
        {%- set column = 'score_points.' ~ sign ~ '_reason_' %}
        {{ sign }}_1.reason || ' (' || {{ points_of_reason(column ~ 1) }} || ')'
        {%- for n in [2, 3] %}
        || coalesce(
            '; ' || {{ sign }}_{{ n }}.reason || ' (' || {{ points_of_reason(column ~ n) }} || ')', ''
        )
        {%- endfor %} as top_{{ sign }}_reasons{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ ref('int_score_points') }} as score_points
    {%- for sign in ['positive', 'negative'] %}
    {%- for n in [1, 2, 3] %}
    left join rules as {{ sign }}_{{ n }}
        on
            {{ rule_of_reason('score_points.' ~ sign ~ '_reason_' ~ n) }}
            = {{ sign }}_{{ n }}.rule_number
    {%- endfor %}
    {%- endfor %}

)

select * from final
