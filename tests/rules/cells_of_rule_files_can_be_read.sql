-- What: every cell of a rule file reads as what its column is: a number, a whole number, an ISO
-- date, a boolean; and a row that is not blank has its id. The models take what they cannot read as
-- blank, so that points of 'ten' would be 0 and a valid_from of 31/12/2026 would be open.
-- When it matters: where dbt runs without `leadscore check`, which says the same with line numbers.
-- How to resolve: mend the cell in seeds/rules.
{% set files = {
    'scorecards': ('scorecard_id', {
        'half_life_days': 'number', 'lookback_days': 'whole', 'floor': 'whole', 'ceiling': 'whole',
        'include_customers': 'boolean',
    }),
    'explicit_rules': ('rule_id', {'points': 'number', 'valid_from': 'date', 'valid_to': 'date'}),
    'implicit_rules': ('rule_id', {
        'points': 'number', 'event_count': 'whole', 'window_days': 'whole', 'max_per_day': 'whole',
        'half_life_days': 'number', 'max_points': 'number', 'valid_from': 'date', 'valid_to': 'date',
    }),
    'composites': ('scorecard_id', {'weight': 'number'}),
    'score_limits': ('scorecard_id', {'min_points': 'number', 'max_points': 'number'}),
    'bands': ('scorecard_id', {'lower': 'whole', 'upper': 'whole', 'exit_below': 'whole'}),
    'lists': ('list_id', {'priority': 'number'}),
    'service_levels': ('temperature', {'response_hours': 'whole'}),
    'overrides': ('lead_id', {'score': 'whole', 'valid_from': 'date', 'valid_to': 'date'}),
} %}
with unreadable as (

    {%- for file, (id, columns) in files.items() %}
    {%- for column, type in columns.items() %}
    {%- set parsed = context['parse_' ~ ('number' if type == 'whole' else type)](column) %}
    select
        '{{ file }}.csv' as rule_file,
        {{ id }} as id,
        '{{ column }}' as column_name,
        {{ column }} as value,
        'not a {{ 'whole number' if type == 'whole' else type }}' as problem
    from {{ ref(file) }}
    where
        {{ clean_text(column) }} is not null
        and (
            {{ parsed }} is null
            {%- if type == 'whole' %}
            or {{ parsed }} <> floor({{ parsed }})
            {%- endif %}
        )
    union all
    {%- endfor %}
    select
        '{{ file }}.csv' as rule_file,
        cast(null as varchar) as id,
        '{{ id }}' as column_name,
        cast(null as varchar) as value,
        'blank, so that the row counts for nothing' as problem
    from {{ ref(file) }}
    where
        {{ clean_text(id) }} is null
        and {{ clean_text("concat(" ~ columns | join(', ') ~ ")") }} is not null
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}

)

select * from unreadable
