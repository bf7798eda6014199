{#
    The heart of the engine: which facts meet which conditions. Used for rules, and again for lists,
    whose facts include scores. A branch per family of operators keeps every join a hash join on the
    field, or on field and value.
#}

{#
    CTEs up to `final` (fact_key, condition_key), from a CTE of different facts (fact_key, field,
    value).
#}
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


{#
    Is a number within the bounds of a condition? A missing bound is open; an unknown number is
    nowhere.
#}
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
