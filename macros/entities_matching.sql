{#
    CTEs up to one (<key>, entity_key), named `result`: the entities that meet all conditions of a
    rule or list. They read three CTEs of the model: `asked` (<key>, condition_key), `entities`
    (entity_key, entity_type) and `met` (fact_key, condition_key); `facts` lists the relations
    (entity_key, fact_key) that say what is known of the entities.

    Facts are many, so everything else is put together before it meets them: most rules have one
    condition, and are then one join away from the facts.
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

condition_counts as (

    select
        {{ key }},
        count(*) as condition_count
    from asked
    group by {{ key }}

),

-- What a fact that meets a condition says: all, to who asks for nothing else; or a part. is_unknown
-- is the one condition that no fact can meet: of it, met tells which facts stand against it.
meanings as (

    select distinct
        met.fact_key,
        met.condition_key,
        conditions.is_negative,
        case
            when not conditions.is_negative and condition_counts.condition_count = 1
                then asked.{{ key }}
        end as decided_{{ key }}
    from met
    inner join conditions
        on met.condition_key = conditions.condition_key
    inner join asked
        on met.condition_key = asked.condition_key
    inner join condition_counts
        on asked.{{ key }} = condition_counts.{{ key }}

),

entity_meanings as {{ materialized_if(true) }} (
    {%- for relation in facts %}

    select
        facts.entity_key,
        meanings.condition_key,
        meanings.is_negative,
        meanings.decided_{{ key }}
    from {{ relation }} as facts
    inner join meanings
        on facts.fact_key = meanings.fact_key
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

entities_known as (

    select
        entity_key,
        condition_key
    from entity_meanings
    where is_negative

),

entities_unknown as (

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

entity_conditions as (

    select
        entity_key,
        condition_key
    from entity_meanings
    where
        not is_negative
        and decided_{{ key }} is null

    union all

    select
        entity_key,
        condition_key
    from entities_unknown

),

{{ result }} as (

    select
        entity_key,
        decided_{{ key }} as {{ key }}
    from entity_meanings
    where decided_{{ key }} is not null

    union all

    select
        entities_unknown.entity_key,
        asked.{{ key }}
    from entities_unknown
    inner join asked
        on entities_unknown.condition_key = asked.condition_key
    inner join condition_counts
        on
            asked.{{ key }} = condition_counts.{{ key }}
            and condition_counts.condition_count = 1

    union all

    select
        entity_conditions.entity_key,
        asked.{{ key }}
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
