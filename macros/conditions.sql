{#
    The heart of the engine: which facts meet which conditions. Used for rules, and again for lists,
    whose facts include scores. A branch per family of operators keeps every join a hash join on the
    field, or on field and value.
#}

{# CTEs up to `final` (fact_key, condition_key), from a CTE of different facts (fact_key, field, value). #}
{% macro conditions_met(facts) -%}
conditions as (

    select * from {{ ref('int_conditions') }}
    where is_readable

),

asked_facts as (

    select
        facts.fact_key,
        facts.field,
        facts.value,
        fields.data_type
    from {{ facts }} as facts
    left join {{ ref('int_fields') }} as fields
        on fields.field = {{ registered_field('facts.field') }}
    where facts.field in (select conditions.field from conditions)

),

-- What a fact is to each kind of comparison; null where it does not read as such. A field that nobody
-- registered is text, and is tried as number and as date for the conditions that compare these.
typed_facts as (

    select
        fact_key,
        field,
        {{ comparable('value', 'data_type') }} as compared_value,
        case when coalesce(data_type, 'number') = 'number' then {{ parse_number('value') }} end
            as number_value,
        case
            when coalesce(data_type, 'date') = 'date' then {{ day_number(parse_date('value')) }}
        end as day_value
    from asked_facts

),

known_facts as (

    select * from typed_facts
    where compared_value is not null

),

listed_values as (

    select
        conditions.condition_key,
        conditions.field,
        {{ comparable('value_lists.value', 'conditions.data_type') }} as compared_value
    from conditions
    inner join {{ ref('int_value_lists') }} as value_lists
        on conditions.value = value_lists.value_list
    where conditions.operator_family = 'list'

),

equal_facts as (

    select
        facts.fact_key,
        conditions.condition_key
    from known_facts as facts
    inner join conditions
        on
            facts.field = conditions.field
            and facts.compared_value = conditions.compared_value
    where conditions.operator_family = 'value'

    union

    select
        facts.fact_key,
        listed_values.condition_key
    from known_facts as facts
    inner join listed_values
        on
            facts.field = listed_values.field
            and facts.compared_value = listed_values.compared_value

),

final as (

    select
        equal_facts.fact_key,
        equal_facts.condition_key
    from equal_facts
    inner join conditions
        on equal_facts.condition_key = conditions.condition_key
    where conditions.operator in ('equals', 'in_list')

    union all

    select
        facts.fact_key,
        conditions.condition_key
    from known_facts as facts
    inner join conditions
        on facts.field = conditions.field
    left join equal_facts
        on
            facts.fact_key = equal_facts.fact_key
            and conditions.condition_key = equal_facts.condition_key
    where
        conditions.operator in ('not_equals', 'not_in_list')
        and equal_facts.fact_key is null

    union all

    select
        facts.fact_key,
        conditions.condition_key
    from known_facts as facts
    inner join conditions
        on facts.field = conditions.field
    where conditions.operator_family = 'known'

    union all

    select
        facts.fact_key,
        conditions.condition_key
    from known_facts as facts
    inner join conditions
        on facts.field = conditions.field
    where
        conditions.operator_family = 'text'
        and conditions.data_type = 'text'
        and case conditions.operator
            when 'contains' then contains(facts.compared_value, conditions.compared_value)
            when 'starts_with' then starts_with(facts.compared_value, conditions.compared_value)
            when 'ends_with' then {{ ends_with('facts.compared_value', 'conditions.compared_value') }}
            when 'matches' then {{ matches_pattern('facts.compared_value', 'conditions.pattern') }}
        end

    union all

    select
        facts.fact_key,
        conditions.condition_key
    from known_facts as facts
    inner join conditions
        on facts.field = conditions.field
    where
        conditions.operator_family = 'range'
        and {{ is_within(
            "case conditions.data_type when 'date' then facts.day_value else facts.number_value end",
            'conditions'
        ) }}

)
{%- endmacro %}


{# Is a number within the bounds of a condition? A missing bound is open; an unknown number is nowhere. #}
{% macro is_within(number, conditions) -%}
    (
            {{ conditions }}.lower_bound is null
            or {{ number }} > {{ conditions }}.lower_bound
            or ({{ number }} = {{ conditions }}.lower_bound and not {{ conditions }}.excludes_bounds)
        )
        and (
            {{ conditions }}.upper_bound is null
            or {{ number }} < {{ conditions }}.upper_bound
            or ({{ number }} = {{ conditions }}.upper_bound and not {{ conditions }}.excludes_bounds)
        )
{%- endmacro %}


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
