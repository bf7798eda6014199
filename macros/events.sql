{# The key of a person as an event names it: a lead, or a visitor who may become one. #}
{% macro person_key(kind, id) -%}
    {{ integer_key(["'" ~ kind ~ "'", id]) }}
{%- endmacro %}


{# The key of all that a rule can look at in an event: its type, channel, page, campaign, content. #}
{% macro event_kind_key(columns) -%}
    {{ integer_key(["'event'"] + columns) }}
{%- endmacro %}


{# The day of what has none. #}
{% macro no_date() -%}
    cast('0001-01-01' as date)
{%- endmacro %}
