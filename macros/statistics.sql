{#
    A share and how far it may be from the truth, by chance alone: the Wilson interval, which also
    holds for few rows and for shares near 0 and 1. Null where there are no rows.
#}

{# A share (0 to 1), as the columns of marts hold it. #}
{% macro share_of(part, whole) -%}
    round(cast({{ part }} as double) / nullif({{ whole }}, 0), 4)
{%- endmacro %}


{# The lower or upper end of its 95 % interval: side is -1 or 1. #}
{% macro wilson_bound(part, whole, side) -%}
    {%- set z = 1.959963984540054 -%}
    {%- set n = 'cast(' ~ whole ~ ' as double)' -%}
    {%- set share = '(' ~ part ~ ' / nullif(' ~ n ~ ', 0))' -%}
    round(
            (
                {{ share }} + {{ z * z / 2 }} / {{ n }}
                {{ '+' if side > 0 else '-' }} {{ z }} * sqrt(
                    {{ share }} * (1 - {{ share }}) / {{ n }} + {{ z * z / 4 }} / ({{ n }} * {{ n }})
                )
            ) / (1 + {{ z * z }} / {{ n }}), 4
        )
{%- endmacro %}
