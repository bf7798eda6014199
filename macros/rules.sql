{#
    Parts of the models in intermediate/rules that several rule files share. `prefix` is a table
    alias with its dot.
#}

{# The key of a rule version. #}
{% macro rule_key(prefix='') -%}
    {{ integer_key([prefix ~ 'rule_id', prefix ~ 'valid_from']) }}
{%- endmacro %}


{# The key of a condition: rules that ask the same share it. #}
{% macro condition_key(prefix='') -%}
    {{ integer_key([prefix ~ 'field', prefix ~ 'operator', prefix ~ 'value']) }}
{%- endmacro %}


{# The key of a group of rules on an axis of a scorecard; rules without a group are one, too. #}
{% macro group_key() -%}
    {{ integer_key(['scorecard_id', 'axis', 'rule_group']) }}
{%- endmacro %}


{#
    Is a version in force on as_of_date? valid_from is inclusive, valid_to exclusive, blank is
    open.
#}
{% macro is_in_force(prefix='') -%}
    coalesce({{ prefix }}valid_from <= {{ as_of_date() }}, true)
    and coalesce({{ as_of_date() }} < {{ prefix }}valid_to, true)
{%- endmacro %}


{#
    The registry row that a field belongs to: company.contact_count.sales is a
    company.contact_count.
#}
{% macro registered_field(field) -%}
    case
        when starts_with({{ field }}, 'company.contact_count.') then 'company.contact_count'
        when starts_with({{ field }}, 'score.') then 'score.<scorecard>'
        when starts_with({{ field }}, 'fit.') then 'fit.<scorecard>'
        when starts_with({{ field }}, 'engagement.') then 'engagement.<scorecard>'
        when starts_with({{ field }}, 'raw.') then 'raw.<scorecard>'
        when starts_with({{ field }}, 'band.') then 'band.<scorecard>'
        when starts_with({{ field }}, 'rule_count.') then 'rule_count.<rule_id>'
        else {{ field }}
    end
{%- endmacro %}


{#
    The text under which two values of a type are equal, or null where the value is not of the
    type. Adding 0 makes -0 a 0.
#}
{% macro comparable(value, data_type) -%}
    case {{ data_type }}
        when 'number' then cast({{ parse_number(value) }} + 0.0 as varchar)
        when 'date' then cast({{ parse_date(value) }} as varchar)
        when 'boolean' then cast({{ parse_boolean(value) }} as varchar)
        else {{ fold_text(value) }}
    end
{%- endmacro %}
