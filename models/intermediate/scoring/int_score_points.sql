-- One row per scorecard and lead or company: the sums of its lines and what limits change of them.
-- A view over two tables: composites can only be added up when the others are.
{{ config(materialized='view') }}

with final as (

    {%- for model in ['int_plain_points', 'int_composite_points'] %}
    select
        scorecard_id,
        subject_key,
        {%- for n in [1, 2, 3] %}
        positive_reason_{{ n }},
        negative_reason_{{ n }},
        {%- endfor %}
        fit_points,
        fit_correction,
        engagement_points,
        engagement_correction,
        score_correction
    from {{ ref(model) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

)

select * from final
