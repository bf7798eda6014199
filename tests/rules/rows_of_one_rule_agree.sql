-- What: rows that share rule_id and valid_from, or list_id, are conditions of one rule or list, so
-- that everything else on them is the same.
-- When it matters: a typing error on one row would make two rules of one, each with its own points,
-- or let one of its conditions expire before the others.
-- How to resolve: make the columns other than field, operator and value equal on the rows below, or
-- give one of the rules another id.
-- Words of a closed list are read without their case, so they may differ in it.
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
{% set words = ['effect', 'event_type', 'award', 'count_operator'] %}
{%- for file, (keys, columns) in files.items() %}
{%- set rule %}coalesce({{ clean_text(keys | first) }}, '')
    {%- if keys | length > 1 %} || ' ' || coalesce({{ clean_text(keys | last) }}, ''){% endif %}
{%- endset %}
{%- for column in columns %}
{%- set read = fold_text(column) if column in words else clean_text(column) %}
select
    '{{ file }}.csv' as rule_file,
    {{ rule }} as rule,
    '{{ column }}' as column_name,
    min(coalesce({{ read }}, '')) as one_value,
    max(coalesce({{ read }}, '')) as other_value
from {{ ref(file) }}
group by {{ rule }}
having min(coalesce({{ read }}, '')) <> max(coalesce({{ read }}, ''))
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
{%- if not loop.last %}
union all
{%- endif %}
{%- endfor %}
