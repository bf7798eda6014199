-- One row per rule version in force: how many it touches, what it gives, and how many of those it
-- fires for were won, beside all others of its scorecard. A rule that never fires, or always, tells
-- nobody apart.
with firings as (

    select * from {{ ref('int_rule_firings') }}
    where as_of_date <= {{ as_of_date() }}

),

days_fired as (

    select
        rule_key,
        min(as_of_date) as first_fired_on,
        max(as_of_date) as last_fired_on
    from firings
    where subjects_matched > 0
    group by rule_key

),

audiences as (

    select
        subjects.scorecard_id,
        count(*) as subjects_scored,
        count(won.subject_key) as subjects_won
    from {{ ref('int_scored_subjects') }} as subjects
    left join {{ ref('int_won_subjects') }} as won
        on subjects.subject_key = won.subject_key
    group by subjects.scorecard_id

),

counted as (

    select
        rules.rule_key,
        rules.rule_id,
        rules.valid_from,
        rules.scorecard_id,
        rules.label,
        rules.axis,
        firings.subjects_matched,
        firings.subjects_won,
        firings.points_total,
        firings.least_points,
        firings.most_points,
        firings.last_event_date,
        coalesce(audiences.subjects_scored, 0) as subjects_scored,
        coalesce(audiences.subjects_scored, 0) - firings.subjects_matched as rest_count,
        coalesce(audiences.subjects_won, 0) - firings.subjects_won as rest_won
    from {{ ref('int_rules') }} as rules
    inner join firings
        on
            rules.rule_key = firings.rule_key
            and firings.as_of_date = {{ as_of_date() }}
    left join audiences
        on rules.scorecard_id = audiences.scorecard_id

),

final as (

    select
        counted.rule_id,
        counted.valid_from,
        counted.scorecard_id,
        {{ as_of_date() }} as as_of_date,
        counted.label,
        counted.axis,
        counted.subjects_scored,
        counted.subjects_matched,
        coalesce({{ share_of('counted.subjects_matched', 'counted.subjects_scored') }}, 0)
            as share_matched,
        counted.points_total,
        cast(
            round(counted.points_total / nullif(counted.subjects_matched, 0), 4) as decimal(18, 4)
        ) as average_points,
        case
            when abs(counted.least_points) > abs(counted.most_points) then counted.least_points
            else counted.most_points
        end as largest_points,
        counted.subjects_won,
        {%- for column, part, whole in [
            ('conversion', 'counted.subjects_won', 'counted.subjects_matched'),
            ('rest_conversion', 'counted.rest_won', 'counted.rest_count'),
        ] %}
        {{ share_of(part, whole) }} as {{ column }}_rate,
        {{ wilson_bound(part, whole, -1) }} as {{ column }}_low,
        {{ wilson_bound(part, whole, 1) }} as {{ column }}_high,
        {%- endfor %}
        counted.rest_won,
        round(
            cast(counted.subjects_won as double) / nullif(counted.subjects_matched, 0)
            / nullif(cast(counted.rest_won as double) / nullif(counted.rest_count, 0), 0), 4
        ) as lift,
        counted.last_event_date,
        days_fired.first_fired_on,
        days_fired.last_fired_on,
        counted.subjects_matched = 0 as never_fired,
        counted.subjects_matched > 0 and counted.rest_count = 0 as always_fired
    from counted
    left join days_fired
        on counted.rule_key = days_fired.rule_key

)

select * from final
