-- One row per scorecard with rules of its own and lead or company: the sums of its lines by axis,
-- after the limits of groups, and what the limits of the axes and then of the whole score change.
with subjects as (

    select
        scorecard_id,
        subject_key
    from {{ ref('int_scored_subjects') }}
    where
        scorecard_id not in (
            select composites.scorecard_id from {{ ref('int_composites') }} as composites
        )

),

-- All lines of an explicit rule are equal, so their reason is put into a number once.
rules as (

    select
        rule_key,
        scorecard_id,
        axis,
        rule_number,
        case when axis = 'fit' then {{ reason_key(to_points('points'), 'rule_number') }} end
            as fit_reason_key
    from {{ ref('int_rules') }}

),

lines as {{ materialized_if(false) }} (

    select
        rules.scorecard_id,
        rules.axis,
        rule_lines.subject_key,
        rule_lines.points,
        coalesce(
            rules.fit_reason_key,
            {{ reason_key('rule_lines.points', 'rules.rule_number') }}
        ) as reason_key
    from {{ ref('int_rule_lines') }} as rule_lines
    inner join rules
        on rule_lines.rule_key = rules.rule_key

    union all

    select
        rule_groups.scorecard_id,
        rule_groups.axis,
        group_limits.subject_key,
        group_limits.points,
        cast(null as bigint) as reason_key
    from {{ ref('int_group_limits') }} as group_limits
    inner join {{ ref('int_rule_groups') }} as rule_groups
        on group_limits.group_key = rule_groups.group_key

),

{{ limited_sums() }}

select * from final
