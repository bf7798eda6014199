{# The day that is scored, as a date literal: the var as_of_date, else today in UTC. #}
{% macro as_of_date() -%}
    {%- set day = (var('as_of_date') or run_started_at.strftime('%Y-%m-%d')) | string -%}
    {%- if not modules.re.match('^[0-9]{4}-[0-9]{2}-[0-9]{2}$', day) -%}
        {%- do exceptions.raise_compiler_error(
            "as_of_date must be an ISO date such as 2026-12-31, got '" ~ day ~ "'"
        ) -%}
    {%- endif -%}
    cast('{{ day }}' as date)
{%- endmacro %}


{# When this run began, UTC: the only thing that reads the wall clock. #}
{% macro refreshed_at() -%}
    cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S") }}' as timestamp)
{%- endmacro %}
