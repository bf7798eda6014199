{#
    The day that is scored, as a date literal: the var as_of_date, else the environment variable
    LEADSCORE_AS_OF, else today in UTC. With another var dbt parses the whole project anew; a variable
    that is read only when models run spares a daily run these seconds.
#}
{% macro as_of_date() -%}
    {%- set day = var('as_of_date') or (env_var('LEADSCORE_AS_OF', '') if execute) -%}
    {%- set day = (day or run_started_at.strftime('%Y-%m-%d')) | string -%}
    {%- if not modules.re.match('^[0-9]{4}-[0-9]{2}-[0-9]{2}$', day) -%}
        {%- do exceptions.raise_compiler_error(
            "as_of_date must be an ISO date such as 2026-12-31, got '" ~ day ~ "'"
        ) -%}
    {%- endif -%}
    cast('{{ day }}' as date)
{%- endmacro %}


{# When this run began, UTC. Nothing but this and what is next reads the wall clock. #}
{% macro refreshed_at() -%}
    cast('{{ run_started_at.strftime("%Y-%m-%d %H:%M:%S") }}' as timestamp)
{%- endmacro %}


{# Seconds since this run began: by the wall clock, too. #}
{% macro seconds_so_far() -%}
    {{ (modules.datetime.datetime.now(run_started_at.tzinfo) - run_started_at).total_seconds() }}
{%- endmacro %}
