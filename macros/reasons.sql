{#
    The reasons of a score, as numbers that sort as reasons do: the larger the points of a line, the
    further from zero, and of equal ones the rule with the smaller rule_number. To rank a million
    leads' lines by one number, in the pass that sums them, costs half of what a window does.
#}

{# A line as such a number; null without points. Lines beyond 800 million points are equal. #}
{% macro reason_key(points, rule_number) -%}
    case
            when {{ points }} <> 0
                then
                    cast(sign({{ points }}) as bigint) * (
                        cast(least(abs({{ points }}), 800000000) * 10000 as bigint) * 1048576
                        + 1048576 - {{ rule_number }}
                    )
        end
{%- endmacro %}


{# The rule_number of such a number. #}
{% macro rule_of_reason(reason_key) -%}
    (1048576 - abs({{ reason_key }}) % 1048576)
{%- endmacro %}


{# Its points, without the sign, rounded half away from zero to one decimal: 5.0, 2.3. #}
{% macro points_of_reason(reason_key) -%}
    {%- set tenths = whole_part(whole_part('abs(' ~ reason_key ~ ')', 1048576) ~ ' + 500', 1000) -%}
    cast(cast(cast({{ tenths }} as double) / 10 as decimal(18, 1)) as {{ dbt.type_string() }})
{%- endmacro %}


{#
    The three reasons for (positive) or against (negative) of int_score_points in words, the largest
    first; null if there is none. The rules of each stand beside it by joined_reasons. Each text is
    put together at once: a chain of `||` copies it again for every part.
#}
{% macro reasons_in_words(sign) -%}
    {%- set words = [] -%}
    {%- for n in [1, 2, 3] -%}
        {%- set reason = sign ~ '_reason_' ~ n -%}
        {%- do words.append(
            reason ~ ".reason, ' (" ~ ('+' if sign == 'positive' else '-') ~ "', "
            ~ points_of_reason('score_points.' ~ reason) ~ ", ')'"
        ) -%}
    {%- endfor -%}
    case
            when score_points.{{ sign }}_reason_1 is not null
                then concat(
                    {{ words[0] }},
                    {%- for n in [2, 3] %}
                    case
                        when score_points.{{ sign }}_reason_{{ n }} is null then ''
                        else concat('; ', {{ words[n - 1] }})
                    end
                    {{- ',' if not loop.last }}
                    {%- endfor %}
                )
        end
{%- endmacro %}


{% macro joined_reasons(rules) -%}
    {%- for sign in ['positive', 'negative'] %}
    {%- for n in [1, 2, 3] %}
    {%- set reason = sign ~ '_reason_' ~ n %}
    left join {{ rules }} as {{ reason }}
        on {{ rule_of_reason('score_points.' ~ reason) }} = {{ reason }}.rule_number
    {%- endfor %}
    {%- endfor %}
{%- endmacro %}
