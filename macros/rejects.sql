{# Parts of raw_rejects: selects of (table_name, row_locator, column_name, value, reason). #}

{# Where a row is: its key, else all of it. #}
{% macro row_locator(key, row) -%}
    case
        when {{ clean_text(key[0]) }} is null then {{ row or row_text('source') }}
        else '{{ key[0] }}=' || {{ clean_text(key[0]) }}
        {%- for column in key[1:] %}
            || ', {{ column }}=' || coalesce({{ clean_text(column) }}, '')
        {%- endfor %}
    end
{%- endmacro %}


{#
    Values that do not read as what their column is. `columns` maps a column to boolean, date,
    number or timestamp. `relation` is read in place of the raw table, its column `row` as all that
    a row says.
#}
{% macro unreadable_values(
    table, key, columns, consequence='read as unknown', relation=none, row=none
) -%}
    {%- for column, type in columns.items() %}
    select
        '{{ table }}' as table_name,
        {{ row_locator(key, row) }} as row_locator,
        '{{ column }}' as column_name,
        cast({{ column }} as varchar) as value,
        'not a {{ type }}: {{ consequence }}' as reason
    from {{ relation or source('raw', table) }} as source
    where
        {{ clean_text(column) }} is not null
        and {{ context['parse_' ~ type](column) }} is null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}


{# Rows without a value that they cannot do without. #}
{% macro missing_values(table, columns, relation=none, row=none) -%}
    {%- for column in columns %}
    select
        '{{ table }}' as table_name,
        {{ row_locator(columns, row) }} as row_locator,
        '{{ column }}' as column_name,
        cast(null as varchar) as value,
        'blank: the row is left out' as reason
    from {{ relation or source('raw', table) }} as source
    where {{ clean_text(column) }} is null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}


{# Numbers below zero where there can be none. #}
{% macro negative_values(table, key, columns) -%}
    {%- for column in columns %}
    select
        '{{ table }}' as table_name,
        {{ row_locator(key) }} as row_locator,
        '{{ column }}' as column_name,
        cast({{ column }} as varchar) as value,
        'negative: read as unknown' as reason
    from {{ source('raw', table) }} as source
    where {{ parse_number(column) }} < 0
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}


{# Sizes of companies in which int_quantities has found no number, other than negative ones. #}
{% macro unread_quantities(columns) -%}
    {%- for column in columns %}
    select
        'companies' as table_name,
        {{ row_locator(['company_id']) }} as row_locator,
        '{{ column }}' as column_name,
        source.{{ column }} as value,
        'not a size: read as unknown' as reason
    from {{ ref('stg_companies') }} as source
    left join {{ ref('int_quantities') }} as quantities
        on source.{{ column }} = quantities.quantity_raw
    where
        source.{{ column }} is not null
        and quantities.quantity is null
        and coalesce({{ parse_number('source.' ~ column) }} >= 0, true)
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}
