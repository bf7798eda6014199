-- One row per different condition of rules and lists, parsed into what its operator compares: one
-- text, a value list, a pattern, or bounds. Numbers and dates share the bounds; dates are counted
-- in days. A field nobody registered is text, unless the operator compares numbers or dates.
with written as (

    select
        condition_key,
        field,
        operator,
        value
    from {{ ref('int_explicit_rules') }}
    union
    select
        condition_key,
        field,
        operator,
        value
    from {{ ref('int_implicit_rules') }}
    union
    select
        condition_key,
        field,
        operator,
        value
    from {{ ref('int_lists') }}

),

typed as (

    select
        written.condition_key,
        written.field,
        written.operator,
        written.value,
        case
            when fields.data_type is not null then fields.data_type
            when written.operator in ('older_than_days', 'within_days') then 'date'
            when
                written.operator in ('gt', 'gte', 'lt', 'lte', 'between')
                and regexp_matches(written.value, '^[0-9]{4}-[0-9]{2}-[0-9]{2}')
                then 'date'
            when written.operator in ('gt', 'gte', 'lt', 'lte', 'between') then 'number'
            else 'text'
        end as data_type
    from written
    left join {{ ref('int_fields') }} as fields
        on fields.field = {{ registered_field('written.field') }}
    where written.field is not null

),

halves as (

    select
        *,
        case
            when operator = 'between' then split_part(value, '..', 1)
            when operator in ('gt', 'gte') then value
        end as lower_text,
        case
            when operator = 'between' then split_part(value, '..', 2)
            when operator in ('lt', 'lte') then value
        end as upper_text,
        case
            when operator in ('older_than_days', 'within_days') then {{ parse_number('value') }}
        end as age_days
    from typed

),

bounds as (

    select
        *,
        case
            when operator = 'within_days' then {{ day_number(as_of_date()) }} - age_days
            when data_type = 'number' then {{ parse_number('lower_text') }}
            when data_type = 'date' then {{ day_number(parse_date('lower_text')) }}
        end as lower_bound,
        case
            when operator = 'within_days' then {{ day_number(as_of_date()) }}
            when operator = 'older_than_days' then {{ day_number(as_of_date()) }} - age_days
            when data_type = 'number' then {{ parse_number('upper_text') }}
            when data_type = 'date' then {{ day_number(parse_date('upper_text')) }}
        end as upper_bound
    from halves

),

final as (

    select
        condition_key,
        field,
        operator,
        value,
        data_type,
        case
            when operator in ('is_known', 'is_unknown') then 'known'
            when operator in ('equals', 'not_equals') then 'value'
            when operator in ('in_list', 'not_in_list') then 'list'
            when operator in ('contains', 'starts_with', 'ends_with', 'matches') then 'text'
            else 'range'
        end as operator_family,
        {{ comparable('value', 'data_type') }} as compared_value,
        {{ strip_accents('value') }} as pattern,
        lower_bound,
        upper_bound,
        operator in ('gt', 'lt', 'older_than_days') as excludes_bounds,
        case
            when operator in ('is_known', 'is_unknown') then true
            when operator in ('equals', 'not_equals')
                then {{ comparable('value', 'data_type') }} is not null
            when operator in ('gt', 'gte') then lower_bound is not null
            when operator in ('lt', 'lte', 'older_than_days') then upper_bound is not null
            when operator in ('between', 'within_days')
                then lower_bound is not null and upper_bound is not null
            when
                operator in (
                    'in_list', 'not_in_list', 'contains', 'starts_with', 'ends_with', 'matches'
                )
                then value is not null
            else false
        end as is_readable
    from bounds

)

select * from final
