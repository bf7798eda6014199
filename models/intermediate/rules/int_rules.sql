-- One row per rule version in force on as_of_date, explicit or implicit, and per component of a
-- composite scorecard: what its ledger lines say of it. Lines carry no text, only the rule_key; who
-- shows them looks the words up here. A version_id stands for all that decides on a rule's points:
-- a rule edited in place is another version.
{% set shared = [
    'rule_id', 'valid_from', 'scorecard_id', 'rule_group', 'field', 'operator', 'points',
] -%}
{% set contents = {
    'int_explicit_rules': shared + ['effect'],
    'int_implicit_rules': shared + [
        'event_type', 'award', 'count_operator', 'required_count', 'window_days', 'max_per_day',
        'half_life_days', 'max_points',
    ],
} -%}
with explicit_rules as (

    select distinct
        rule_key,
        rule_id,
        valid_from,
        scorecard_id,
        'fit' as axis,
        rule_group,
        effect,
        points,
        0 as half_life_days,
        label
    from {{ ref('int_explicit_rules') }}

),

implicit_rules as (

    select distinct
        rule_key,
        rule_id,
        valid_from,
        scorecard_id,
        'engagement' as axis,
        rule_group,
        'points' as effect,
        points,
        half_life_days,
        label
    from {{ ref('int_implicit_rules') }}

),

components as (

    select
        rule_key,
        rule_id,
        cast(null as date) as valid_from,
        scorecard_id,
        axis,
        cast(null as varchar) as rule_group,
        'points' as effect,
        weight as points,
        half_life_days,
        label
    from {{ ref('int_composites') }}

),

unioned as (

    select * from explicit_rules
    union all
    select * from implicit_rules
    union all
    select * from components

),

list_texts as (

    select
        value_list,
        {{ sorted_list('value') }} as list_text
    from {{ ref('int_value_lists') }}
    group by value_list

),

content_texts as (

    select
        {{ sorted_list(
            "page_prefix || '|' || coalesce(page_group, '') || '|' || coalesce(content_stage, '')"
            ~ " || '|' || coalesce(content_topic, '') || '|' || coalesce(product, '')"
        ) }} as content_text
    from {{ ref('int_content_map') }}

),

condition_texts as (

    {%- for model, columns in contents.items() %}
    select
        conditions.rule_key,
        {%- for column in columns %}
        coalesce(cast(conditions.{{ column }} as {{ dbt.type_string() }}), '') || '|' ||
        {%- endfor %}
        coalesce(list_texts.list_text, conditions.value, '') || '|'
        || coalesce(
            case
                when
                    conditions.field in (
                        'event.page_group',
                        'event.content_stage',
                        'event.content_topic',
                        'event.product'
                    )
                    then content_texts.content_text
            end,
            ''
        ) as condition_text
    from {{ ref(model) }} as conditions
    cross join content_texts
    left join list_texts
        on
            conditions.operator in ('in_list', 'not_in_list')
            and conditions.value = list_texts.value_list
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

rule_versions as (

    select
        rule_key,
        substr(md5({{ sorted_list('condition_text') }}), 1, 16) as version_id
    from condition_texts
    group by rule_key

),

-- Whatever decides on the points of a component is a part of the composite's version, too.
component_texts as (

    select
        composites.rule_key,
        composites.rule_id
        || '|' || cast(composites.weight as varchar)
        || '|' || cast(composites.half_life_days as varchar) as component_text
    from {{ ref('int_composites') }} as composites
    union all
    select
        composites.rule_key,
        rule_versions.version_id as component_text
    from {{ ref('int_composites') }} as composites
    inner join unioned
        on
            composites.component_id = unioned.scorecard_id
            and composites.axis = unioned.axis
    inner join rule_versions
        on unioned.rule_key = rule_versions.rule_key
    union all
    select
        composites.rule_key,
        coalesce(limits.rule_group, '')
        || '|' || coalesce(cast(limits.min_points as varchar), '')
        || '|' || coalesce(cast(limits.max_points as varchar), '') as component_text
    from {{ ref('int_composites') }} as composites
    inner join {{ ref('int_score_limits') }} as limits
        on
            composites.component_id = limits.scorecard_id
            and composites.axis = limits.axis

),

versions as (

    select * from rule_versions
    union all
    select
        rule_key,
        substr(md5({{ sorted_list('component_text') }}), 1, 16) as version_id
    from component_texts
    group by rule_key

),

final as (

    select
        unioned.*,
        {{ group_key() }} as group_key,
        row_number() over (order by unioned.rule_id, unioned.rule_key) as rule_number,
        coalesce(unioned.label, unioned.rule_id) as reason,
        versions.version_id
    from unioned
    inner join versions
        on unioned.rule_key = versions.rule_key

)

select * from final
