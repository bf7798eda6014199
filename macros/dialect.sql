{# What engines spell differently. Every other file is plain SQL. #}

{#
    Text in the form in which it is compared: lower case, no accents, trimmed, single spaces;
    blank is null.
#}
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
    A UTC timestamp without zone, or null. Text with an offset is converted; a column that already
    is a timestamp costs nothing, as DuckDB folds the case when it binds.
#}
{% macro parse_timestamp(expression) -%}
    {{ adapter.dispatch('parse_timestamp')(expression) }}
{%- endmacro %}

{% macro duckdb__parse_timestamp(expression) -%}
    case
        when typeof({{ expression }}) = 'TIMESTAMP'
            then {{ finite('try_cast(' ~ expression ~ ' as timestamp)') }}
        else timezone('UTC', {{ finite('try_cast(cast(' ~ expression ~ ' as varchar) as timestamptz)') }})
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


{# A date as a number of days, so that dates and numbers share one comparison. #}
{% macro day_number(date) -%}
    {{ adapter.dispatch('day_number')(date) }}
{%- endmacro %}

{% macro duckdb__day_number(date) -%}
    cast({{ date }} - date '1970-01-01' as double)
{%- endmacro %}


{% macro strip_accents(expression) -%}
    {{ adapter.dispatch('strip_accents')(expression) }}
{%- endmacro %}

{% macro duckdb__strip_accents(expression) -%}
    strip_accents({{ expression }})
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
    datesub('year', {{ first }}, {{ last }})
{%- endmacro %}


{# A timestamp so many days or seconds later. #}
{% macro add_time(timestamp, number, unit) -%}
    {{ adapter.dispatch('add_time')(timestamp, number, unit) }}
{%- endmacro %}

{% macro duckdb__add_time(timestamp, number, unit) -%}
    ({{ timestamp }} + to_{{ unit }}({{ number }}))
{%- endmacro %}


{# The distinct values of a group in one text, sorted, with a comma between. #}
{% macro sorted_list(expression) -%}
    {{ adapter.dispatch('sorted_list')(expression) }}
{%- endmacro %}

{% macro duckdb__sorted_list(expression) -%}
    string_agg(distinct {{ expression }}, ', ' order by {{ expression }})
{%- endmacro %}


{#
    The values of a group for which a condition holds, in one text, in an order, with '; '
    between.
#}
{% macro ordered_list(expression, ordering, condition) -%}
    {{ adapter.dispatch('ordered_list')(expression, ordering, condition) }}
{%- endmacro %}

{% macro duckdb__ordered_list(expression, ordering, condition) -%}
    string_agg({{ expression }}, '; ' order by {{ ordering }}) filter (where {{ condition }})
{%- endmacro %}


{# All columns of a row as one text. `relation` is an alias in the from clause. #}
{% macro row_text(relation) -%}
    {{ adapter.dispatch('row_text')(relation) }}
{%- endmacro %}

{% macro duckdb__row_text(relation) -%}
    cast({{ relation }} as varchar)
{%- endmacro %}


{% macro ends_with(text, ending) -%}
    {{ adapter.dispatch('ends_with')(text, ending) }}
{%- endmacro %}

{% macro duckdb__ends_with(text, ending) -%}
    ends_with({{ text }}, {{ ending }})
{%- endmacro %}


{#
    Does a regular expression (RE2) match somewhere in the text, in any case? False where the
    expression is broken.
#}
{% macro matches_pattern(text, pattern) -%}
    {{ adapter.dispatch('matches_pattern')(text, pattern) }}
{%- endmacro %}

{% macro duckdb__matches_pattern(text, pattern) -%}
    coalesce(try(regexp_matches({{ text }}, '(?i)' || {{ pattern }})), false)
{%- endmacro %}


{#
    The path of a url: no scheme, host, query or fragment, lower case, no trailing slash, '/' for
    the root.
#}
{% macro url_path(expression) -%}
    {{ adapter.dispatch('url_path')(expression) }}
{%- endmacro %}

{% macro duckdb__url_path(expression) -%}
    '/' || trim(regexp_replace(
        lower({{ expression }}),
        '^([a-z][a-z0-9+.-]*:)?//[^/?#]*|^www[.][^/?#]*|^[a-z0-9-]+([.][a-z0-9-]+)+(:[0-9]+)?/|[?#].*$',
        '', 'g'
    ), '/')
{%- endmacro %}
