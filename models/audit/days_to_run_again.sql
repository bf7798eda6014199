-- One row per run day of which something could not be worked out when a day before it was run late,
-- and of days before it that are needed for that; or whose run broke off, as scoring_runs, which
-- comes last, does not have what it scored. Run again in order, they leave this empty.
with days as (

    select * from {{ ref('int_run_days') }}

),

movement_days as (

    select
        as_of_date,
        max(previous_as_of_date) as previous_as_of_date,
        count(subject_key) as row_count
    from {{ ref('int_movements') }}
    group by as_of_date

),

kept_days as (

    select distinct as_of_date from {{ ref('int_rule_history') }}

),

unexplained_days as (

    select
        days.as_of_date,
        days.previous_as_of_date
    from days
    left join movement_days
        on days.as_of_date = movement_days.as_of_date
    where
        days.previous_as_of_date is not null
        and (
            coalesce(movement_days.row_count, 0) = 0
            or movement_days.previous_as_of_date < days.previous_as_of_date
        )

),

finished_days as (

    select
        as_of_date,
        max(ledger_key) as ledger_key
    from {{ ref('scoring_runs') }}
    group by as_of_date

),

listed_bands as (

    select distinct substr(field, 6) as scorecard_id
    from {{ ref('int_lists') }}
    where starts_with(field, 'band.')

),

problems as (

    select
        as_of_date,
        'what moved its scores is not known' as reason
    from unexplained_days

    union all

    select
        unexplained_days.previous_as_of_date as as_of_date,
        'its ledger is not kept, which movements of the next run day need' as reason
    from unexplained_days
    left join kept_days
        on unexplained_days.previous_as_of_date = kept_days.as_of_date
    where kept_days.as_of_date is null

    union all

    select
        as_of_date,
        'its lists look at bands that have changed since' as reason
    from {{ ref('int_score_history') }}
    where
        is_band_corrected
        and lower(scorecard_id) in (select listed_bands.scorecard_id from listed_bands)

    union all

    select
        days.as_of_date,
        'its run broke off' as reason
    from days
    left join finished_days
        on days.as_of_date = finished_days.as_of_date
    where
        finished_days.as_of_date is null
        or days.ledger_key <> finished_days.ledger_key

),

final as (

    select
        as_of_date,
        {{ sorted_list('reason') }} as reason
    from problems
    group by as_of_date

)

select * from final
