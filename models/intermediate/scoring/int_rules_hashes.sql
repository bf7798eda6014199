-- One row per scorecard: a fingerprint of everything written in the rule files that its scores of
-- as_of_date depend on. Equal hashes, equal rules.
{% set parts = {
    'int_scorecards': [
        'scorecard_id', 'subject', 'audience', 'half_life_days', 'lookback_days', 'floor_points',
        'ceiling_points', 'includes_customers',
    ],
    'int_explicit_rules': [
        'scorecard_id', 'rule_id', 'rule_group', 'field', 'operator', 'value', 'effect', 'points',
        'valid_from', 'label',
    ],
    'int_implicit_rules': [
        'scorecard_id', 'rule_id', 'rule_group', 'event_type', 'field', 'operator', 'value',
        'points', 'award', 'count_operator', 'required_count', 'window_days', 'max_per_day',
        'half_life_days', 'max_points', 'valid_from', 'label',
    ],
    'int_composites': ['scorecard_id', 'component_id', 'axis', 'weight', 'label'],
    'int_score_limits': ['scorecard_id', 'axis', 'rule_group', 'min_points', 'max_points'],
    'int_bands': [
        'scorecard_id', 'measure', 'band', 'lower_score', 'upper_score', 'exit_below',
        'temperature', 'lifecycle_stage', 'next_step', 'content_key',
    ],
    'int_grades': ['scorecard_id', 'fit_band', 'engagement_band', 'grade', 'next_step'],
    'int_value_lists': ['value_list', 'value'],
    'int_content_map': [
        'page_prefix', 'page_group', 'content_stage', 'content_topic', 'product',
    ],
} %}
with lines as (

    {% for model, columns in parts.items() %}
    select
        {{ 'scorecard_id' if 'scorecard_id' in columns else 'cast(null as varchar)' }}
            as scorecard_id,
        '{{ model }}'
        {%- for column in columns %}
        || '|' || coalesce(cast({{ column }} as varchar), '')
        {%- endfor %} as rule_text
    from {{ ref(model) }}
    {% if not loop.last %}union all{% endif %}
    {% endfor %}

),

-- A composite depends on what its components depend on.
scorecard_lines as (

    select
        scorecards.scorecard_id,
        lines.rule_text
    from {{ ref('int_scorecards') }} as scorecards
    inner join lines
        on coalesce(lines.scorecard_id, scorecards.scorecard_id) = scorecards.scorecard_id
    union
    select
        composites.scorecard_id,
        lines.rule_text
    from {{ ref('int_composites') }} as composites
    inner join lines
        on composites.component_id = lines.scorecard_id

),

final as (

    select
        scorecard_id,
        md5({{ sorted_list('rule_text') }}) as rules_hash
    from scorecard_lines
    group by scorecard_id

)

select * from final
