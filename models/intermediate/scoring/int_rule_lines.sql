-- One row per lead or company and rule that fires, with the points it gives. A line that has
-- decayed to nothing is left out; one of a rule with 0 points stays. Lines are many, so they hold
-- numbers only, and those of one lead lie together: sums, and the lead's id in the ledger, are then
-- cheap.
with unioned as (

    select
        subject_key,
        rule_key,
        points,
        cast(null as bigint) as event_count,
        cast(null as date) as last_event_date
    from {{ ref('int_fit_lines') }}
    union all
    select
        subject_key,
        rule_key,
        points,
        event_count,
        last_event_date
    from {{ ref('int_engagement_lines') }}

),

rounded as (

    select
        subject_key,
        rule_key,
        {{ to_points('points') }} as points,
        event_count,
        last_event_date
    from unioned

),

final as (

    select rounded.*
    from rounded
    inner join {{ ref('int_rules') }} as rules
        on rounded.rule_key = rules.rule_key
    where
        rounded.points <> 0
        or rules.points = 0
    order by rounded.subject_key

)

select * from final
