-- One row per lead or company that is scored, with the group of those whose gaps are the same: the
-- same fields are known to them, and the same rules are out of their reach. A million leads make a
-- few thousand groups, so that no gap is ever worked out per lead.
with fields as (

    select distinct field
    from {{ ref('int_explicit_rules') }}
    where points > 0

),

marks as (

    select
        entity_key,
        {{ integer_key(['field']) }} as mark_key
    from {{ ref('int_entity_facts') }}
    where field in (select fields.field from fields)

    union all

    select distinct
        facts.entity_key,
        obstacles.rule_key as mark_key
    from {{ ref('int_entity_facts') }} as facts
    inner join {{ ref('int_rule_obstacles') }} as obstacles
        on facts.fact_key = obstacles.fact_key

),

-- The sum of keys is a key for their set.
sums as (

    select
        entity_key,
        sum(cast(mark_key as decimal(38, 0))) as group_key
    from marks
    group by entity_key

),

subjects as (

    select distinct subject_key
    from {{ ref('int_scored_subjects') }}

),

final as (

    select
        subjects.subject_key,
        cast(coalesce(sums.group_key, 0) as decimal(38, 0)) as group_key
    from subjects
    left join sums
        on subjects.subject_key = sums.entity_key

)

select * from final
