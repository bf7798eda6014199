-- One row per lead or company, scorecard and unknown field that may cost most points: the first
-- three. Whom to ask what, lead by lead; fields_to_fill says it of all together.
with final as (

    select
        subjects.scorecard_id,
        subjects.subject_type,
        subjects.subject_id,
        gaps.gap_rank,
        gaps.field,
        gaps.points_at_stake,
        gaps.rule_id,
        gaps.label
    from {{ ref('int_scored_subjects') }} as subjects
    inner join {{ ref('int_gap_groups') }} as gap_groups
        on subjects.subject_key = gap_groups.subject_key
    inner join {{ ref('int_gaps') }} as gaps
        on
            gap_groups.group_key = gaps.group_key
            and subjects.scorecard_id = gaps.scorecard_id
    where gaps.gap_rank <= 3

)

select * from final
