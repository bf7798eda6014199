{# What is kept from run to run: one row per key and as_of_date, whatever the order of the days. #}

{#
    Stops a run whose engine makes other keys than those that history is kept by. It would know nothing
    of anybody's past, and keep every event twice.
#}
{% macro refuse_other_keys() %}
    {% if execute and flags.WHICH in ('build', 'run') %}
        {% set leads = graph.nodes['model.leadscore.stg_lead_versions'] %}
        {% set versions = adapter.get_relation(leads.database, leads.schema, leads.name) %}
        {% if versions and run_query(
            'select 1 from ' ~ versions ~ ' where lead_id is not null and lead_key <> '
            ~ person_key('lead', 'lead_id') ~ ' limit 1'
        ).rows | length %}
            {% do exceptions.raise_compiler_error(
                "this version of the database engine makes other keys than the one that built this "
                ~ "warehouse, and would find nothing of its history. Nothing was scored. Run "
                ~ "with the engine of before (requirements.lock names it), or build a new "
                ~ "warehouse, whose history begins today"
            ) %}
        {% endif %}
    {% endif %}
{% endmacro %}


{#
    An incremental strategy: the rows of as_of_date are replaced as a whole, those of other days by
    their key, all in one transaction.
#}
{% macro get_incremental_replace_day_sql(arguments) -%}
    delete from {{ arguments.target_relation }}
    where as_of_date = {{ as_of_date() }};

    {{ get_incremental_delete_insert_sql(arguments) }}
{%- endmacro %}


{#
    A query: scores of a day with their bands and what follows from them, given the states that the
    same leads and companies had on the run day before. Band, grade and next step of a day go by the
    thresholds of that day. A band of the day before is held while the score is below its lower end
    but not below exit_below; a row that is the first in its band, or at the sales team, dates it.
    A lead that sales sent back is nurtured until it has gained points by what it does.

    day_rows: own_band, own_fit_band and own_engagement_band are what the numbers alone say;
    previous_as_of_date is the run day before. only_changed: day_rows are stored ones, of which
    those are returned that turn out differently now.
#}
{% macro followed_scores(columns, day_rows, states, only_changed=false) -%}
    {%- set band -%}
        case
            when day_rows.is_vetoed then 'disqualified'
            else coalesce(held_scores.band, day_rows.own_band)
        end
    {%- endset -%}
    {%- set next_step -%}
        case
            when day_rows.is_vetoed then 'none'
            when
                day_rows.is_sent_back
                and (
                    day_rows.is_fast_tracked
                    or coalesce(grades.next_step, score_bands.next_step) = 'sales'
                )
                then 'nurture'
            when day_rows.is_fast_tracked then 'sales'
            else coalesce(grades.next_step, score_bands.next_step, 'none')
        end
    {%- endset -%}
    {%- set outcomes = {
        'band': band,
        'fit_band': 'coalesce(held_fits.band, day_rows.own_fit_band)',
        'engagement_band': 'coalesce(held_engagements.band, day_rows.own_engagement_band)',
        'grade': 'grades.grade',
        'next_step': next_step,
        'previous_band': 'states.band',
        'entered_on': 'case when ' ~ band ~ ' = states.band then states.entered_on '
            ~ 'else day_rows.as_of_date end',
        'sales_entered_on': 'case when ' ~ next_step ~ " = 'sales' "
            ~ 'then coalesce(states.sales_entered_on, day_rows.as_of_date) end',
    } -%}
    select
        {%- for column in columns %}
        day_rows.{{ column }},
        {%- endfor %}
        {%- for column, expression in outcomes.items() %}
        {{ expression }} as {{ column }},
        {%- endfor %}
        {% if only_changed -%}
        day_rows.is_band_corrected or not coalesce({{ band }} = day_rows.band, false)
        {%- else -%}
        false
        {%- endif %} as is_band_corrected
    from {{ day_rows }} as day_rows
    {{ 'inner' if only_changed == 'later' else 'left' }} join {{ states }} as states
        on
            day_rows.previous_as_of_date = states.as_of_date
            and day_rows.scorecard_id = states.scorecard_id
            and day_rows.subject_key = states.subject_key
    {%- for measure, table, score, previous in [
        ('score', 'held_scores', 'day_rows.score', 'states.band'),
        ('fit', 'held_fits', to_whole_points('day_rows.fit_points'), 'states.fit_band'),
        (
            'engagement', 'held_engagements', to_whole_points('day_rows.engagement_points'),
            'states.engagement_band'
        ),
    ] %}
    left join bands as {{ table }}
        on
            day_rows.as_of_date = {{ table }}.as_of_date
            and day_rows.scorecard_id = {{ table }}.scorecard_id
            and {{ table }}.measure = '{{ measure }}'
            and {{ previous }} = {{ table }}.band
            and {{ score }} < {{ table }}.lower_score
            and {{ score }} >= {{ table }}.exit_below
    {%- endfor %}
    left join bands as score_bands
        on
            day_rows.as_of_date = score_bands.as_of_date
            and day_rows.scorecard_id = score_bands.scorecard_id
            and score_bands.measure = 'score'
            and coalesce(held_scores.band, day_rows.own_band) = score_bands.band
    left join grades
        on
            day_rows.as_of_date = grades.as_of_date
            and day_rows.scorecard_id = grades.scorecard_id
            and {{ outcomes.fit_band }} = grades.fit_band
            and {{ outcomes.engagement_band }} = grades.engagement_band
    {%- if only_changed %}
    where
        {%- for column, expression in outcomes.items() %}
        {{ 'or ' if not loop.first }}({{ expression }}) is distinct from day_rows.{{ column }}
        {%- endfor %}
    {%- endif %}
{%- endmacro %}
