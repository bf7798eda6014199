{#
    Lays one view per table of the input contract (sources.yml) over what the user has in `raw`.
    Missing tables are empty and missing columns null, so that no model needs to ask what exists.
    Runs before anything else; says which columns it leaves out and which required tables it misses.
#}
{% macro expose_raw_tables() %}
    {% if execute %}
        {% set tables = graph.sources.values() | selectattr('package_name', 'equalto', 'leadscore') | list %}
        {% do adapter.create_schema(api.Relation.create(database=target.database, schema='raw')) %}
        {% do adapter.create_schema(
            api.Relation.create(database=target.database, schema=tables[0].schema)
        ) %}
        {% for table in tables %}
            {{ raw_view(table) }};
        {% endfor %}
        {# Looking at the columns has opened a transaction, which dbt rolls back after a hook. #}
        commit;
        begin;
    {% endif %}
{% endmacro %}


{# The statement that creates the view of one table; `table` is its entry in the dbt graph. #}
{% macro raw_view(table) %}
    {% set raw = adapter.get_relation(target.database, 'raw', table.name) %}
    {% set existing = {} %}
    {% if raw %}
        {% for column in adapter.get_columns_in_relation(raw) %}
            {% do existing.update({column.name | lower: column}) %}
        {% endfor %}
        {% set unknown = existing.keys() | reject('in', table.columns.keys()) | list %}
        {% if unknown %}
            {% do exceptions.warn(
                "raw." ~ table.name ~ " has columns that the input contract does not know, "
                ~ "they are ignored: " ~ unknown | join(', ')
            ) %}
        {% endif %}
    {% elif table.config.meta.is_required and flags.WHICH in ('build', 'run', 'test') %}
        {% do exceptions.raise_compiler_error(
            "The table raw." ~ table.name ~ " is missing. Fill the schema raw from your ELT tool, "
            ~ "or from a folder of CSV and Parquet files with: leadscore load DIR"
        ) %}
    {% endif %}
    create or replace view {{ table.schema }}.{{ table.name }} as
    select
        {%- for name, column in table.columns.items() %}
            {%- if name in existing %}
        {{ raw_column(existing[name], column.data_type) }} as {{ name }}
            {%- else %}
        cast(null as varchar) as {{ name }}
            {%- endif %}
            {{- "," if not loop.last }}
        {%- endfor %}
    {%- if raw %}
    from {{ raw }}
    {%- else %}
    where 1 = 0
    {%- endif %}
{% endmacro %}


{#
    Times that come typed become UTC timestamps at once; everything else is left for staging to read
    as text. Numbers that are whole are written so, 7 and not 7.0 or 7.000: they may be ids, and in a
    text 250.000 might be a quarter of a million.
#}
{% macro raw_column(column, data_type) -%}
    {%- set physical = column.dtype | upper -%}
    {%- if physical.startswith('DECIMAL') or physical in ('DOUBLE', 'FLOAT') -%}
        {{ number_text(adapter.quote(column.name)) }}
    {%- elif data_type not in ('timestamp', 'date') -%}
        {{ adapter.quote(column.name) }}
    {%- elif physical.endswith('WITH TIME ZONE') or physical == 'TIMESTAMPTZ' -%}
        {{ at_utc(adapter.quote(column.name)) }}
    {%- elif physical == 'DATE' or physical.startswith('TIMESTAMP') -%}
        cast({{ adapter.quote(column.name) }} as timestamp)
    {%- else -%}
        {{ adapter.quote(column.name) }}
    {%- endif -%}
{%- endmacro %}
