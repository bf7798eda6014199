{#
    Lays one view per table of the input contract (sources.yml) over what the user has in `raw`.
    Missing tables are empty and missing columns null, so that no model needs to ask what exists.
    Runs before anything else; says which columns it leaves out, which required tables it misses,
    and what has changed in the tables since the last run.
#}
{% macro expose_raw_tables() %}
    {% if execute %}
        {% set tables = graph.sources.values() | selectattr('package_name', 'equalto', 'leadscore') | list %}
        {% do adapter.create_schema(api.Relation.create(database=target.database, schema='raw')) %}
        {% do adapter.create_schema(
            api.Relation.create(database=target.database, schema=tables[0].schema)
        ) %}
        {% set found = {} %}
        {% for table in tables %}
            {% set raw = adapter.get_relation(target.database, 'raw', table.name) %}
            {% set columns = {} %}
            {% for column in (adapter.get_columns_in_relation(raw) if raw else []) %}
                {% do columns.update({column.name | lower: column}) %}
                {% if column.name | lower in table.columns %}
                    {% do found.update({table.name ~ '.' ~ column.name | lower: column.dtype}) %}
                {% endif %}
            {% endfor %}
            {{ raw_view(table, raw, columns) }};
        {% endfor %}
        {{ remember_raw_columns(found, tables[0].schema) }}
        {# Looking at the columns has opened a transaction, which dbt rolls back after a hook. #}
        commit;
        begin;
    {% endif %}
{% endmacro %}


{# The statement that creates the view of one table; `table` is its entry in the dbt graph. #}
{% macro raw_view(table, raw, existing) %}
    {% if raw %}
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
    Says which columns the last run found and this one does not, or with another type, and keeps
    what there is for the next run: a feed that breaks is told from one that never had a column.
#}
{% macro remember_raw_columns(found, schema) %}
    {% set seen = adapter.get_relation(target.database, schema, 'columns_seen') %}
    {% for column, data_type in (run_query('select * from ' ~ seen).rows if seen else []) %}
        {% if column not in found %}
            {% do exceptions.warn(
                "raw." ~ column ~ " was there in the last run and is missing now; "
                ~ "it is read as unknown"
            ) %}
        {% elif found[column] != data_type %}
            {% do exceptions.warn(
                "raw." ~ column ~ " was " ~ data_type ~ " in the last run and is "
                ~ found[column] ~ " now"
            ) %}
        {% endif %}
    {% endfor %}
    create or replace table {{ schema }}.columns_seen as
    select
        cast(column_name as varchar) as column_name,
        cast(data_type as varchar) as data_type
    from (
        values (null, null)
        {%- for column, data_type in found.items() %},
            ('{{ column }}', '{{ data_type | replace("'", "''") }}')
        {%- endfor %}
    ) as columns (column_name, data_type)
    where column_name is not null;
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
