{#
    CTEs up to `final` (<key>, entity_key): the entities that meet all conditions of a rule or list.
    They read four CTEs of the model: `asked` (<key>, condition_key), `facts` (entity_key, fact_key),
    `entities` (entity_key, entity_type) and `met` (fact_key, condition_key). is_unknown is the one
    condition that no fact can meet: met tells of it which facts stand against it.
#}
{% macro entities_matching(key) -%}
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

entity_facts_met as (

    select
        facts.entity_key,
        met.condition_key,
        conditions.is_negative
    from facts
    inner join met
        on facts.fact_key = met.fact_key
    inner join conditions
        on met.condition_key = conditions.condition_key

),

entity_conditions as (

    select
        entity_key,
        condition_key
    from entity_facts_met
    where not is_negative

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
    left join entity_facts_met
        on
            entities.entity_key = entity_facts_met.entity_key
            and conditions.condition_key = entity_facts_met.condition_key
    where entity_facts_met.entity_key is null

),

condition_counts as (

    select
        {{ key }},
        count(*) as condition_count
    from asked
    group by {{ key }}

),

-- Most rules have one condition and need no counting.
final as (

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
