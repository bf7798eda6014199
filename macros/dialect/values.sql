{# Reading what a cell says, as engines spell it differently. #}

{#
    A number, or null where the text is not one. Not 'nan', 'inf', '1_000' or '1,5', which mean
    different things to different engines.
#}
{% macro parse_number(expression) -%}
    {{ adapter.dispatch('parse_number')(expression) }}
{%- endmacro %}

{% macro duckdb__parse_number(expression) -%}
    case
        when regexp_full_match(
            trim(cast({{ expression }} as varchar)), '[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][+-]?[0-9]{1,2})?'
        )
            then try_cast(trim(cast({{ expression }} as varchar)) as double)
    end
{%- endmacro %}


{% macro parse_date(expression) -%}
    {{ adapter.dispatch('parse_date')(expression) }}
{%- endmacro %}

{% macro duckdb__parse_date(expression) -%}
    cast({{ parse_timestamp(expression) }} as date)
{%- endmacro %}


{# The UTC timestamp without zone of a timestamp with zone. #}
{% macro at_utc(expression) -%}
    {{ adapter.dispatch('at_utc')(expression) }}
{%- endmacro %}

{% macro duckdb__at_utc(expression) -%}
    timezone('UTC', {{ expression }})
{%- endmacro %}


{#
    A UTC timestamp without zone, or null. Text with an offset is converted, also with a blank before
    it (10:00 +02:00) or in small letters; a column that already is a timestamp costs nothing, as
    DuckDB folds the case when it binds.
#}
{% macro parse_timestamp(expression) -%}
    {{ adapter.dispatch('parse_timestamp')(expression) }}
{%- endmacro %}

{% macro duckdb__parse_timestamp(expression) -%}
    {%- set text = 'cast(' ~ expression ~ ' as varchar)' -%}
    {%- set mended = 'upper(' ~ clean_text(expression) ~ ')' -%}
    {%- set mended = replace_pattern(mended, '\\s+([+-]|Z$)', '\\1') -%}
    {%- set moment -%}
        coalesce(try_cast({{ text }} as timestamptz), try_cast({{ mended }} as timestamptz))
    {%- endset -%}
    case
        when typeof({{ expression }}) = 'TIMESTAMP'
            then {{ finite('try_cast(' ~ expression ~ ' as timestamp)') }}
        else timezone('UTC', {{ finite(moment) }})
    end
{%- endmacro %}


{# DuckDB reads 'infinity' as a time; here it is none. #}
{% macro finite(expression) -%}
    case when isfinite({{ expression }}) then {{ expression }} end
{%- endmacro %}


{% macro parse_boolean(expression) -%}
    {{ adapter.dispatch('parse_boolean')(expression) }}
{%- endmacro %}

{% macro duckdb__parse_boolean(expression) -%}
    try_cast(trim(cast({{ expression }} as varchar)) as boolean)
{%- endmacro %}


{# A number as text, without a fraction that is zero. #}
{% macro number_text(expression) -%}
    {{ adapter.dispatch('number_text')(expression) }}
{%- endmacro %}

{% macro duckdb__number_text(expression) -%}
    regexp_replace(
        case
            when abs({{ expression }}) < 1e18 and {{ expression }} = trunc({{ expression }})
                then cast(cast({{ expression }} as hugeint) as varchar)
            else cast({{ expression }} as varchar)
        end,
        '([.][0-9]*?)0+$', '\1'
    )
{%- endmacro %}
