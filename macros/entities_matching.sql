{#
    CTEs up to one (<key>, entity_key), named `result`: the entities that meet all conditions of a
    rule or list. They read three CTEs of the model: `asked` (<key>, condition_key), `entities`
    (entity_key, entity_type) and `met` (fact_key, condition_key); `facts` lists the relations
    (entity_key, fact_key) that say what is known of the entities.
#}
{% macro entities_matching(key, facts, result='final') -%}
conditions as (

    select
        condition_key,
        operator = 'is_unknown' as is_negative,
        case split_part(field, '.', 1)
            when 'event' then 'event'
            when 'company' then 'company'
            else 'lead'
        end as entity_type
    from {{ ref('int_conditions') }}
    where condition_key in (select asked.condition_key from asked)

),

-- is_unknown is the one condition that no fact can meet: met tells which facts stand against it.
entities_known as (
    {{ conditions_of_facts(facts, is_negative=true) }}
),

entity_conditions as (
    {{ conditions_of_facts(facts, is_negative=false) }}

    union all

    select
        entities.entity_key,
        conditions.condition_key
    from entities
    inner join conditions
        on
            conditions.is_negative
            and (
                entities.entity_type = conditions.entity_type
                or (entities.entity_type = 'lead' and conditions.entity_type = 'company')
            )
    left join entities_known
        on
            entities.entity_key = entities_known.entity_key
            and conditions.condition_key = entities_known.condition_key
    where entities_known.entity_key is null

),

condition_counts as (

    select
        {{ key }},
        count(*) as condition_count
    from asked
    group by {{ key }}

),

-- Most rules have one condition and need no counting.
{{ result }} as (

    select
        asked.{{ key }},
        entity_conditions.entity_key
    from asked
    inner join condition_counts
        on
            asked.{{ key }} = condition_counts.{{ key }}
            and condition_counts.condition_count = 1
    inner join entity_conditions
        on asked.condition_key = entity_conditions.condition_key

    union all

    select
        asked.{{ key }},
        entity_conditions.entity_key
    from asked
    inner join condition_counts
        on
            asked.{{ key }} = condition_counts.{{ key }}
            and condition_counts.condition_count > 1
    inner join entity_conditions
        on asked.condition_key = entity_conditions.condition_key
    group by
        asked.{{ key }},
        entity_conditions.entity_key,
        condition_counts.condition_count
    having count(*) = condition_counts.condition_count

)
{%- endmacro %}


{# The conditions that the facts of entities meet; of is_unknown, those that they stand against. #}
{% macro conditions_of_facts(facts, is_negative) -%}
    {%- for relation in facts %}
    select
        facts.entity_key,
        conditions.condition_key
    from {{ relation }} as facts
    inner join met
        on facts.fact_key = met.fact_key
    inner join conditions
        on
            met.condition_key = conditions.condition_key
            and {{ '' if is_negative else 'not ' }}conditions.is_negative
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}
