-- One row per gap group, scorecard and field that is unknown to it, with the rule that would give
-- most if the field were known. Of a group, any member tells what all of them know.
with conditions as (

    select distinct
        rule_key,
        rule_id,
        scorecard_id,
        field,
        points,
        label
    from {{ ref('int_explicit_rules') }}
    where
        points > 0
        and operator <> 'is_unknown'

),

-- Counted and reckoned fields are unknown only where others are, and nobody can fill them in.
fillable as (

    select * from conditions
    where
        not starts_with(field, 'company.contact_count')
        and field not in ('lead.completeness', 'lead.data_age_days', 'company.data_age_days')

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
    from {{ ref('int_facts') }} as facts
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

rules_within_reach as (

    select
        members.group_key,
        fillable.scorecard_id,
        fillable.field,
        fillable.rule_id,
        fillable.points,
        fillable.label,
        row_number() over (
            partition by members.group_key, fillable.scorecard_id, fillable.field
            order by fillable.points desc, fillable.rule_id asc
        ) as choice
    from members
    cross join fillable
    left join facts
        on
            members.group_key = facts.group_key
            and fillable.field = facts.field
    left join obstructed
        on
            members.group_key = obstructed.group_key
            and fillable.rule_key = obstructed.rule_key
    where
        facts.field is null
        and obstructed.rule_key is null

),

final as (

    select
        group_key,
        scorecard_id,
        field,
        cast(points as decimal(18, 4)) as points_at_stake,
        rule_id,
        label,
        row_number() over (
            partition by group_key, scorecard_id
            order by points desc, field asc
        ) as gap_rank
    from rules_within_reach
    where choice = 1

)

select * from final
