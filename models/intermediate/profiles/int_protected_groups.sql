-- One row per lead and protected field: the group it belongs to. No rule reads this, only the audit
-- of what the rules come to. A view: the audit counts it once.
{{ config(materialized='view') }}

with fields as (

    select
        field,
        data_type
    from {{ ref('int_fields') }}
    where
        is_protected
        and split_part(field, '.', 1) in ('lead', 'attribute')

),

attributes as (

    select
        lead_id,
        'attribute.' || field as field,
        value
    from {{ ref('stg_lead_attributes') }}

),

lead_values as (

    select
        leads.lead_key,
        fields.field,
        fields.data_type,
        coalesce(
            attributes.value,
            case fields.field
                {%- for field, column in lead_fields().items() %}
                when '{{ field }}' then cast(leads.{{ column }} as varchar)
                {%- endfor %}
            end
        ) as value
    from {{ ref('int_lead_profiles') }} as leads
    cross join fields
    left join attributes
        on
            leads.lead_id = attributes.lead_id
            and fields.field = attributes.field

),

-- Values are few: each is read once, however many leads have it.
different_values as (

    select distinct
        field,
        value,
        {{ fold_text('value') }} as compared_value,
        case when data_type = 'number' then {{ parse_number('value') }} end as number_value
    from lead_values
    where value is not null

),

declared_groups as (

    select
        lower({{ clean_text('field') }}) as field,
        {{ clean_text('group_name') }} as group_name,
        {{ fold_text('value') }} as compared_value,
        {{ parse_number('lower_bound') }} as lower_bound
    from {{ ref('protected_groups') }}

),

bounded_groups as (

    select
        *,
        lead(lower_bound) over (
            partition by field
            order by lower_bound nulls last
        ) as next_bound
    from declared_groups

),

value_groups as (

    select
        different_values.field,
        different_values.value,
        coalesce(declared.group_name, different_values.compared_value) as group_name
    from different_values
    left join bounded_groups as declared
        on
            different_values.field = declared.field
            and (
                different_values.compared_value = declared.compared_value
                or (
                    different_values.number_value >= declared.lower_bound
                    and coalesce(different_values.number_value < declared.next_bound, true)
                )
            )

),

final as (

    select
        lead_values.lead_key,
        lead_values.field,
        coalesce(value_groups.group_name, 'unknown') as group_name
    from lead_values
    left join value_groups
        on
            lead_values.field = value_groups.field
            and lead_values.value = value_groups.value

)

select * from final
