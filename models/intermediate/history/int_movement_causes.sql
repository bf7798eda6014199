-- One row per day of int_movement_days, scorecard and lead or company with lines on it or the run
-- day before: the points that each cause gave or took between them, before limits. All are sums
-- over lines of one of the days, so that lines need not be put side by side.
{{ config(materialized='view') }}

with pairs as (

    select * from {{ ref('int_movement_days') }}
    where is_known

),

rule_history as (

    select * from {{ ref('int_rule_history') }}

),

line_history as (

    select * from {{ ref('int_line_history') }}

),

-- How a line of one day of a pair counts: under a version that the other day has not, as rules.
versions as (

    {%- for day, other in [
        ('previous_as_of_date', 'as_of_date'), ('as_of_date', 'previous_as_of_date'),
    ] %}
    select
        pairs.as_of_date,
        pairs.{{ day }} as line_date,
        mine.version_id,
        mine.scorecard_id,
        {{ '-1' if loop.first else '1' }} as sign,
        case
            when other_rules.version_id is null then 'rules'
            when mine.axis = 'fit' then 'facts'
            else 'new_events'
        end as cause,
        {% if loop.first -%}
        case
            when
                other_rules.version_id is not null
                and mine.axis = 'engagement'
                and mine.half_life_days > 0
                then pow(
                    0.5,
                    {{ days_between('pairs.previous_as_of_date', 'pairs.as_of_date') }}
                    / mine.half_life_days
                ) - 1
            else 0
        end
        {%- else -%}
        0
        {%- endif %} as lost_share
    from pairs
    inner join rule_history as mine
        on pairs.{{ day }} = mine.as_of_date
    left join rule_history as other_rules
        on
            pairs.{{ other }} = other_rules.as_of_date
            and mine.version_id = other_rules.version_id
    where mine.version_id is not null
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

line_changes as (

    select
        versions.as_of_date,
        versions.scorecard_id,
        line_history.subject_key,
        versions.cause,
        versions.sign * line_history.points as points,
        {{ to_points('line_history.points * versions.lost_share') }} as decay
    from line_history
    inner join versions
        on
            line_history.as_of_date = versions.line_date
            and line_history.version_id = versions.version_id

),

final as (

    select
        as_of_date,
        scorecard_id,
        subject_key,
        sum(case when cause = 'rules' then points else 0 end) as rules,
        sum(case when cause = 'facts' then points else 0 end) as facts,
        sum(case when cause = 'new_events' then points else 0 end) - sum(decay) as new_events,
        sum(decay) as decay
    from line_changes
    group by as_of_date, scorecard_id, subject_key

)

select * from final
