{#
    Points of a ledger line: moved 1e-9 away from zero and rounded to 4 decimals, so that a tie
    does not hang on the last bit of a sum of floating numbers.
#}
{% macro to_points(expression) -%}
    cast(
        round({{ expression }} + sign({{ expression }}) * 1e-9, 4) as decimal(18, 4)
    )
{%- endmacro %}


{# What has to be added to bring a number of points into [minimum, maximum]; null is no bound. #}
{% macro correction(points, minimum, maximum) -%}
    case
        when {{ points }} < {{ minimum }} then {{ minimum }} - {{ points }}
        when {{ points }} > {{ maximum }} then {{ maximum }} - {{ points }}
        else 0
    end
{%- endmacro %}


{# Points as a whole number, halves rounded away from zero. #}
{% macro to_whole_points(expression) -%}
    cast(round({{ expression }}, 0) as integer)
{%- endmacro %}


{# Does a whole number fall into a band of int_bands? #}
{% macro is_in_band(score, bands) -%}
    coalesce({{ score }} >= {{ bands }}.from_score, true)
            and coalesce({{ score }} <= {{ bands }}.to_score, true)
{%- endmacro %}


{#
    What is left of an event of a day after decay: 1 when fresh, half after each half-life; 0 is no
    decay.
#}
{% macro weight_of(event_date, half_life_days) -%}
    case
            when {{ half_life_days }} > 0
                then pow(
                    0.5, {{ days_between(event_date, as_of_date()) }} / {{ half_life_days }}
                )
            else 1
        end
{%- endmacro %}
