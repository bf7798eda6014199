-- One row per scorecard and field that somebody lacks and a rule gives points for: which field to
-- fill first, the one that may bring most points to all leads or companies together.
with subjects as (

    select * from {{ ref('int_scored_subjects') }}

),

groups as (

    select
        subjects.scorecard_id,
        gap_groups.group_key,
        count(*) as subject_count
    from subjects
    inner join {{ ref('int_gap_groups') }} as gap_groups
        on subjects.subject_key = gap_groups.subject_key
    group by subjects.scorecard_id, gap_groups.group_key

),

scorecards as (

    select
        scorecard_id,
        subject_type,
        count(*) as subject_count
    from subjects
    group by scorecard_id, subject_type

),

final as (

    select
        scorecards.scorecard_id,
        scorecards.subject_type,
        gaps.field,
        cast(sum(groups.subject_count) as bigint) as subjects_without,
        round(sum(groups.subject_count) * 1.0 / scorecards.subject_count, 4) as share_without,
        max(gaps.points_at_stake) as most_points_at_stake,
        cast(sum(gaps.points_at_stake * groups.subject_count) as decimal(18, 4))
            as total_points_at_stake
    from groups
    inner join scorecards
        on groups.scorecard_id = scorecards.scorecard_id
    inner join {{ ref('int_gaps') }} as gaps
        on
            groups.group_key = gaps.group_key
            and groups.scorecard_id = gaps.scorecard_id
    group by
        scorecards.scorecard_id,
        gaps.field,
        scorecards.subject_type,
        scorecards.subject_count

)

select * from final
order by scorecard_id asc, total_points_at_stake desc, field asc
