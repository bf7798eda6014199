{# What runs for a day before the last one observed say, and how such a last day is taken back. #}

{# Says that a day before the last one observed is replayed, and what that means. #}
{% macro announce_replay() %}
    {% if execute and flags.WHICH in ('build', 'run') %}
        {% set leads = graph.nodes['model.leadscore.stg_lead_versions'] %}
        {% set versions = adapter.get_relation(leads.database, leads.schema, leads.name) %}
        {% if versions %}
            {% set observed = run_query(
                'select cast(max(observed_on) as varchar), max(observed_on) > ' ~ as_of_date()
                ~ ' from ' ~ versions ~ ' where lead_id is null'
            ).rows[0] %}
            {% if observed[1] %}
                {% do exceptions.warn(
                    "this day is replayed, as raw has been read for a later one, " ~ observed[0]
                    ~ ": leads and companies are taken as they were known then, and those that "
                    ~ "were not known yet as they are first known. docs/history.md says more"
                ) %}
            {% endif %}
        {% endif %}
    {% endif %}
{% endmacro %}


{#
    Takes back what runs for days after one have observed, such as a day in the far future that was
    typed by mistake; the next run observes raw again:
    dbt run-operation forget_days_after --args '{day: 2026-11-22}'
#}
{% macro forget_days_after(day) %}
    {% for node in graph.nodes.values() if node.name in (
        'stg_lead_versions', 'stg_company_versions', 'stg_lead_attribute_versions'
    ) %}
        {% set versions = adapter.get_relation(node.database, node.schema, node.name) %}
        {% if versions %}
            {% call statement('forget', auto_begin=true) %}
                delete from {{ versions }}
                where valid_from = valid_to and observed_on > cast('{{ day }}' as date)
            {% endcall %}
            {% do adapter.commit() %}
        {% endif %}
    {% endfor %}
{% endmacro %}
