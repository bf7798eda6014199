{# Keys, rows and groups as one value, as engines spell it differently. #}

{#
    A 64-bit key for what a list of columns says: equal values, equal keys, in any run. Tests
    prove that no two keys collide.
#}
{% macro integer_key(columns) -%}
    {{ adapter.dispatch('integer_key')(columns) }}
{%- endmacro %}

{% macro duckdb__integer_key(columns) -%}
    hash({{ columns | join(', ') }})
{%- endmacro %}


{# The distinct values of a group in one text, sorted, with a comma between. #}
{% macro sorted_list(expression) -%}
    {{ adapter.dispatch('sorted_list')(expression) }}
{%- endmacro %}

{% macro duckdb__sorted_list(expression) -%}
    string_agg(distinct {{ expression }}, ', ' order by {{ expression }})
{%- endmacro %}


{# All columns of a row as one text. `relation` is an alias in the from clause. #}
{% macro row_text(relation) -%}
    {{ adapter.dispatch('row_text')(relation) }}
{%- endmacro %}

{% macro duckdb__row_text(relation) -%}
    cast({{ relation }} as varchar)
{%- endmacro %}


{# Whether a CTE that is read twice is stored in between; if not, it is worked out twice. #}
{% macro materialized_if(condition) -%}
    {{ adapter.dispatch('materialized_if')(condition) }}
{%- endmacro %}

{% macro duckdb__materialized_if(condition) -%}
    {{ 'materialized' if condition else 'not materialized' }}
{%- endmacro %}


{# A key of 128 bits, for what is too much to prove that no two keys collide. #}
{% macro wide_key(expression) -%}
    {{ adapter.dispatch('wide_key')(expression) }}
{%- endmacro %}

{% macro duckdb__wide_key(expression) -%}
    md5_number({{ expression }})
{%- endmacro %}


{# The largest, second or third largest positive value of a group; null if there are fewer. #}
{% macro nth_largest(expression, n) -%}
    {{ adapter.dispatch('nth_largest')(expression, n) }}
{%- endmacro %}

{% macro duckdb__nth_largest(expression, n) -%}
    (max({{ expression }}, 3) filter (where {{ expression }} > 0))[{{ n }}]
{%- endmacro %}


{# Conditions that divide integer keys into so many parts of the same size, each a range of keys. #}
{% macro key_ranges(key, parts) -%}
    {{ return(adapter.dispatch('key_ranges')(key, parts)) }}
{%- endmacro %}

{% macro duckdb__key_ranges(key, parts) -%}
    {%- set ranges = [] -%}
    {%- for part in range(parts) -%}
        {%- set first, last = 2 ** 64 * part // parts, 2 ** 64 * (part + 1) // parts - 1 -%}
        {%- do ranges.append(
            key ~ ' between cast(' ~ first ~ ' as ubigint) and cast(' ~ last ~ ' as ubigint)'
        ) -%}
    {%- endfor -%}
    {{ return(ranges) }}
{%- endmacro %}


{# How often a whole number goes into another. #}
{% macro whole_part(number, divisor) -%}
    {{ adapter.dispatch('whole_part')(number, divisor) }}
{%- endmacro %}

{% macro duckdb__whole_part(number, divisor) -%}
    (({{ number }}) // {{ divisor }})
{%- endmacro %}
