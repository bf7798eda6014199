-- One row per gap group, scorecard and field that is unknown to it, with the rule that would give
-- most if the field were known. Of a group, any member tells what all of them know.
with conditions as (

    select distinct
        rule_key,
        rule_id,
        scorecard_id,
        field,
        points,
        label,
        operator = 'is_unknown' as is_negative
    from {{ ref('int_explicit_rules') }}
    where points > 0

),

joint_rules as (

    select rule_key
    from conditions
    group by rule_key
    having count(distinct field) > 1

),

-- Counted and reckoned fields are unknown only where others are, and nobody can fill them in.
ordered_conditions as (

    select
        conditions.*,
        row_number() over (
            partition by conditions.scorecard_id
            order by conditions.points desc, conditions.field asc, conditions.rule_id asc
        ) as precedence,
        max(case when joint_rules.rule_key is null then conditions.points end) over (
            partition by conditions.scorecard_id, conditions.field
        ) as best_sole_points
    from conditions
    left join joint_rules
        on conditions.rule_key = joint_rules.rule_key
    where
        not conditions.is_negative
        and not starts_with(conditions.field, 'company.contact_count')
        and conditions.field not in (
            'lead.completeness', 'lead.data_age_days', 'company.data_age_days'
        )

),

-- A rule of this field alone is always within reach, so that what gives less is out of the race.
candidates as (

    select * from ordered_conditions
    where points >= coalesce(best_sole_points, points)

),

members as (

    select
        group_key,
        min(subject_key) as subject_key
    from {{ ref('int_gap_groups') }}
    group by group_key

),

facts as (

    select
        members.group_key,
        facts.field,
        facts.fact_key
    from {{ ref('int_entity_facts') }} as facts
    inner join members
        on facts.entity_key = members.subject_key

),

obstructed as (

    select distinct
        facts.group_key,
        obstacles.rule_key
    from facts
    inner join {{ ref('int_rule_obstacles') }} as obstacles
        on facts.fact_key = obstacles.fact_key

),

best_candidates as (

    select
        members.group_key,
        candidates.scorecard_id,
        candidates.field,
        min(candidates.precedence) as precedence
    from members
    cross join candidates
    left join facts
        on
            members.group_key = facts.group_key
            and candidates.field = facts.field
    left join obstructed
        on
            members.group_key = obstructed.group_key
            and candidates.rule_key = obstructed.rule_key
    where
        facts.field is null
        and obstructed.rule_key is null
    group by members.group_key, candidates.scorecard_id, candidates.field

),

final as (

    select
        best.group_key,
        best.scorecard_id,
        best.field,
        cast(candidates.points as decimal(18, 4)) as points_at_stake,
        candidates.rule_id,
        candidates.label,
        row_number() over (
            partition by best.group_key, best.scorecard_id
            order by best.precedence
        ) as gap_rank
    from best_candidates as best
    inner join candidates
        on
            best.scorecard_id = candidates.scorecard_id
            and best.precedence = candidates.precedence

)

select * from final
