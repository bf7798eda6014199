{# Text, as engines spell differently what is done to it. #}

{#
    Text in the form in which it is compared: lower case, no accents, trimmed, single spaces;
    blank is null.
#}
{% macro fold_text(expression) -%}
    {{ adapter.dispatch('fold_text')(expression) }}
{%- endmacro %}

{#
    DuckDB works most functions of one column out once per different value of it, regexp_replace
    once per row: it is kept for the texts that need it. So in clean_text.
#}
{% macro duckdb__fold_text(expression) -%}
    {%- set folded = 'strip_accents(lower(cast(' ~ expression ~ ' as varchar)))' -%}
    case
        when regexp_extract({{ folded }}, '[\s\pZ]') <> ''
            then nullif(trim(regexp_replace({{ folded }}, '[\s\pZ]+', ' ', 'g')), '')
        else nullif({{ folded }}, '')
    end
{%- endmacro %}


{# Text as a person meant it: without white space around it, and null if nothing is left. #}
{% macro clean_text(expression) -%}
    {{ adapter.dispatch('clean_text')(expression) }}
{%- endmacro %}

{% macro duckdb__clean_text(expression) -%}
    {%- set text = 'cast(' ~ expression ~ ' as varchar)' -%}
    case
        when regexp_extract({{ text }}, '^[\s\pZ]|[\s\pZ]$') <> ''
            then nullif(regexp_replace({{ text }}, '^[\s\pZ]+|[\s\pZ]+$', '', 'g'), '')
        else nullif({{ text }}, '')
    end
{%- endmacro %}


{% macro strip_accents(expression) -%}
    {{ adapter.dispatch('strip_accents')(expression) }}
{%- endmacro %}

{% macro duckdb__strip_accents(expression) -%}
    strip_accents({{ expression }})
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
    The domain that a web or mail address is of, in lower case and without www; null if it has none.
#}
{% macro web_domain(expression) -%}
    {{ adapter.dispatch('web_domain')(expression) }}
{%- endmacro %}

{% macro duckdb__web_domain(expression) -%}
    nullif(regexp_extract(
        lower({{ expression }}),
        '^(?:[a-z]+:)?/*(?:[^/@]*@)?(?:www[0-9]*[.])?([\pL\pN-]+(?:[.][\pL\pN-]+)+)[.]?(?:$|[:/?#\s,;])', 1
    ), '')
{%- endmacro %}


{#
    The path of a url: no scheme, host, query or fragment, lower case, no trailing slash, '/' for
    the root.
#}
{% macro url_path(expression) -%}
    {{ adapter.dispatch('url_path')(expression) }}
{%- endmacro %}

{% macro duckdb__url_path(expression) -%}
    '/' || trim(regexp_extract(
        lower({{ expression }}),
        '^(?:(?:[a-z][a-z0-9+.-]*:)?//[^/?#]*|www[.][^/?#]*|[a-z0-9-]+(?:[.][a-z0-9-]+)+(?::[0-9]+)?/)?([^?#]*)',
        1
    ), '/')
{%- endmacro %}
