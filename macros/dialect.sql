{# What engines spell differently. Every other file is plain SQL. #}

{# Text in the form in which it is compared: lower case, no accents, trimmed, single spaces; blank is null. #}
{% macro fold_text(expression) -%}
    {{ adapter.dispatch('fold_text')(expression) }}
{%- endmacro %}

{% macro duckdb__fold_text(expression) -%}
    nullif(trim(regexp_replace(
        strip_accents(lower(cast({{ expression }} as varchar))), '[\s\pZ]+', ' ', 'g'
    )), '')
{%- endmacro %}


{# Text as a person meant it: without white space around it, and null if nothing is left. #}
{% macro clean_text(expression) -%}
    {{ adapter.dispatch('clean_text')(expression) }}
{%- endmacro %}

{% macro duckdb__clean_text(expression) -%}
    nullif(regexp_replace(cast({{ expression }} as varchar), '^[\s\pZ]+|[\s\pZ]+$', '', 'g'), '')
{%- endmacro %}


{# A number, or null where the text is not one. Not 'nan', 'inf', '1_000' or '1,5', which mean different things to different engines. #}
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


{# A UTC timestamp without zone, or null. Text with an offset is converted; a column that already is a timestamp costs nothing, as DuckDB folds the case when it binds. #}
{% macro parse_timestamp(expression) -%}
    {{ adapter.dispatch('parse_timestamp')(expression) }}
{%- endmacro %}

{% macro duckdb__parse_timestamp(expression) -%}
    case
        when typeof({{ expression }}) = 'TIMESTAMP' then try_cast({{ expression }} as timestamp)
        else timezone('UTC', try_cast(cast({{ expression }} as varchar) as timestamptz))
    end
{%- endmacro %}


{% macro parse_boolean(expression) -%}
    {{ adapter.dispatch('parse_boolean')(expression) }}
{%- endmacro %}

{% macro duckdb__parse_boolean(expression) -%}
    try_cast(trim(cast({{ expression }} as varchar)) as boolean)
{%- endmacro %}


{# A 64-bit key for what a list of columns says: equal values, equal keys, in any run. Tests prove that no two keys collide. #}
{% macro integer_key(columns) -%}
    {{ adapter.dispatch('integer_key')(columns) }}
{%- endmacro %}

{% macro duckdb__integer_key(columns) -%}
    hash({{ columns | join(', ') }})
{%- endmacro %}


{# Does a regular expression (RE2) match somewhere in the text? False where the expression is broken. #}
{% macro matches_pattern(text, pattern) -%}
    {{ adapter.dispatch('matches_pattern')(text, pattern) }}
{%- endmacro %}

{% macro duckdb__matches_pattern(text, pattern) -%}
    coalesce(try(regexp_matches({{ text }}, {{ pattern }})), false)
{%- endmacro %}
