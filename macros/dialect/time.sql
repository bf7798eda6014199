{# Dates and times, as engines reckon with them differently. #}

{# A date as a number of days, so that dates and numbers share one comparison. #}
{% macro day_number(date) -%}
    {{ adapter.dispatch('day_number')(date) }}
{%- endmacro %}

{% macro duckdb__day_number(date) -%}
    cast({{ date }} - date '1970-01-01' as double)
{%- endmacro %}


{# Whole days from one date to a later one. #}
{% macro days_between(first, last) -%}
    {{ adapter.dispatch('days_between')(first, last) }}
{%- endmacro %}

{% macro duckdb__days_between(first, last) -%}
    ({{ last }} - {{ first }})
{%- endmacro %}


{# Completed years from one date to a later one, as an age is counted. #}
{% macro whole_years_between(first, last) -%}
    {{ adapter.dispatch('whole_years_between')(first, last) }}
{%- endmacro %}

{% macro duckdb__whole_years_between(first, last) -%}
    (
        year({{ last }}) - year({{ first }})
        - case
            when (month({{ last }}), day({{ last }})) < (month({{ first }}), day({{ first }})) then 1
            else 0
        end
    )
{%- endmacro %}


{# A timestamp so many days or seconds later. #}
{% macro add_time(timestamp, number, unit) -%}
    {{ adapter.dispatch('add_time')(timestamp, number, unit) }}
{%- endmacro %}

{% macro duckdb__add_time(timestamp, number, unit) -%}
    ({{ timestamp }} + to_{{ unit }}({{ number }}))
{%- endmacro %}


{# One row per day: as many as a relation of one row says, up to and including a date. #}
{% macro days_up_to(date, relation, count) -%}
    {{ adapter.dispatch('days_up_to')(date, relation, count) }}
{%- endmacro %}

{% macro duckdb__days_up_to(date, relation, count) -%}
    select cast({{ date }} - cast(unnest(range({{ count }})) as integer) as date) as day
    from {{ relation }}
{%- endmacro %}
