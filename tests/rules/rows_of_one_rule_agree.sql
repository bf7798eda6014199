-- What: rows that share rule_id and valid_from, or list_id, are conditions of one rule or list, so
-- that everything else on them is the same.
-- When it matters: a typing error on one row would make two rules of one, each with its own points,
-- or let one of its conditions expire before the others.
-- How to resolve: make the columns other than field, operator and value equal on the rows below, or
-- give one of the rules another id.
{% set files = {
    'explicit_rules': (['rule_id', 'valid_from'], [
        'scorecard_id', 'rule_group', 'effect', 'points', 'valid_to', 'owner_team', 'label',
    ]),
    'implicit_rules': (['rule_id', 'valid_from'], [
        'scorecard_id', 'rule_group', 'event_type', 'points', 'award', 'count_operator', 'event_count',
        'window_days', 'max_per_day', 'half_life_days', 'max_points', 'valid_to', 'owner_team', 'label',
    ]),
    'lists': (['list_id'], ['exclusive_set', 'priority', 'workflow', 'offer_key', 'description']),
} %}
{%- for file, (keys, columns) in files.items() %}
{%- set rule %}coalesce({{ clean_text(keys | first) }}, '')
    {%- if keys | length > 1 %} || ' ' || coalesce({{ clean_text(keys | last) }}, ''){% endif %}
{%- endset %}
{%- for column in columns %}
select
    '{{ file }}.csv' as rule_file,
    {{ rule }} as rule,
    '{{ column }}' as column_name,
    min(coalesce({{ clean_text(column) }}, '')) as one_value,
    max(coalesce({{ clean_text(column) }}, '')) as other_value
from {{ ref(file) }}
group by {{ rule }}
having min(coalesce({{ clean_text(column) }}, '')) <> max(coalesce({{ clean_text(column) }}, ''))
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
