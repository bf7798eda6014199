{#
    One row per entity and known field of a wide relation: entity_key, field, value as text.
    `fields` maps the name of a field to its column. Unknown (null or blank) values have no row.
#}
{% macro unpivot(relation, key, fields) -%}
    {%- for field, column in fields.items() %}
    select
        {{ key }} as entity_key,
        '{{ field }}' as field,
        cast({{ column }} as varchar) as value
    from {{ relation }}
    where {{ column }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}


{# Where the fields of a lead stand in int_lead_profiles. #}
{% macro lead_fields() -%}
    {%- set fields = {} -%}
    {%- for column in [
        'lead_source', 'origin', 'audience', 'lifecycle_stage', 'is_customer', 'consent_status',
        'created_at', 'updated_at', 'country_code', 'region', 'city', 'seniority', 'job_function',
        'is_decision_maker', 'email_kind', 'email_domain', 'email_matches_company', 'age', 'gender', 'purchasing_power',
        'lifestyle', 'education', 'experience_years', 'data_age_days'
    ] -%}
        {%- do fields.update({'lead.' ~ column: column}) -%}
    {%- endfor -%}
    {{ return(fields) }}
{%- endmacro %}


{# Where the fields of a company stand in int_company_profiles. #}
{% macro company_fields() -%}
    {%- set fields = {} -%}
    {%- for column in [
        'industry', 'sector', 'employee_band', 'employee_count', 'revenue_band', 'annual_revenue',
        'company_type', 'country_code', 'data_age_days', 'contact_count'
    ] -%}
        {%- do fields.update({'company.' ~ column: column}) -%}
    {%- endfor -%}
    {{ return(fields) }}
{%- endmacro %}
