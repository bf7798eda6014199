-- What: every condition of rules and lists can be read and can be met: its operator exists and fits
-- the type of its field, its value is what the operator needs, its value list has values, its
-- regular expression is sound, and its field is registered.
-- When it matters: a condition that cannot be read is met by nobody, so that its rule would never
-- fire and nobody would wonder.
-- How to resolve: mend field, operator or value in the rule file; seeds/reference/fields.csv has
-- the fields.
with value_lists as (

    select value_list from {{ ref('int_value_lists') }}

),

fields as (

    select field from {{ ref('int_fields') }}

),

conditions as (

    select
        *,
        {{ registered_field('field') }} as registered_field
    from {{ ref('int_conditions') }}

),

problems as (

    select
        field,
        operator,
        value,
        case
            when not is_readable
                then 'the operator does not exist, or the value is not what it needs'
            when operator_family = 'text' and data_type <> 'text'
                then 'the operator compares text, the field is a ' || data_type
            when operator in ('older_than_days', 'within_days') and data_type <> 'date'
                then 'the operator compares dates, the field is a ' || data_type
            when operator in ('older_than_days', 'within_days') and {{ parse_number('value') }} < 0
                then 'days cannot be negative'
            when lower_bound > upper_bound then 'low is above high'
            when
                operator_family = 'list'
                and value not in (select value_lists.value_list from value_lists)
                then 'no value list of this name has values'
            when operator = 'matches' and not {{ matches_pattern("''", "'(' || pattern || ')?'") }}
                then 'the regular expression is broken'
            when
                not starts_with(field, 'attribute.')
                and not starts_with(field, 'answer.')
                and registered_field not in (select fields.field from fields)
                then 'the field is not registered'
        end as problem
    from conditions

)

select * from problems
where problem is not null
