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


{#
    The same with the key of the fact, made of the value as it is stored, instead of the value: none
    becomes text. Fields that nobody asks for are left out.
#}
{% macro fact_keys(relation, key, fields) -%}
    {%- for field, column in fields.items() %}
    select
        {{ key }} as entity_key,
        '{{ field }}' as field,
        {{ integer_key(["'" ~ field ~ "'", column]) }} as fact_key
    from {{ relation }}
    where
        {{ column }} is not null
        and {{ is_asked(field) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}


{# The different facts of a wide relation: fact_key as in fact_keys, field, value as text. #}
{% macro distinct_facts(relation, fields) -%}
    {%- for field, column in fields.items() %}
    select
        {{ integer_key(["'" ~ field ~ "'", column]) }} as fact_key,
        '{{ field }}' as field,
        cast({{ column }} as varchar) as value
    from {{ relation }}
    where
        {{ column }} is not null
        and {{ is_asked(field) }}
    group by {{ column }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}


{# How many columns of a row are known, each counting what a column of the same field says. #}
{% macro known_columns(relation, fields, counts) -%}
    {%- for field, column in fields.items() %}
        {{- ' + ' if not loop.first }}
        case
            when {{ relation }}.{{ column }} is null then 0
            else {{ counts }}."{{ field }}"
        end
    {%- endfor %}
{%- endmacro %}


{# Does some rule, list or the completeness look at a field? #}
{% macro is_asked(field) -%}
    '{{ field }}' in (select asked.field from {{ ref('int_asked_fields') }} as asked)
{%- endmacro %}


{# Where the fields of a lead stand in int_lead_profiles. #}
{% macro lead_fields() -%}
    {%- set fields = {} -%}
    {%- for column in [
        'lead_source', 'origin', 'audience', 'lifecycle_stage', 'is_customer', 'consent_status',
        'created_at', 'updated_at', 'country_code', 'region', 'city', 'seniority', 'job_function',
        'is_decision_maker', 'email_kind', 'email_domain', 'email_matches_company', 'age', 'gender',
        'purchasing_power', 'lifestyle', 'education', 'experience_years', 'data_age_days'
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


{# Where the completeness of a lead stands in int_completeness. #}
{% macro completeness_fields() -%}
    {{ return({'lead.completeness': 'completeness'}) }}
{%- endmacro %}
