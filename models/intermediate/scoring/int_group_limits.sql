-- One row per lead or company and group of rules whose limit changes something: what it adds to the
-- sum of the group's lines or takes from it.
with rules as (

    select
        rule_key,
        group_key
    from {{ ref('int_rules') }}

),

limited_groups as (

    select * from {{ ref('int_rule_groups') }}
    where
        min_points is not null
        or max_points is not null

),

group_points as (

    select
        rule_lines.subject_key,
        limited_groups.group_key,
        sum(rule_lines.points) as points
    from {{ ref('int_rule_lines') }} as rule_lines
    inner join rules
        on rule_lines.rule_key = rules.rule_key
    inner join limited_groups
        on rules.group_key = limited_groups.group_key
    group by rule_lines.subject_key, limited_groups.group_key

),

-- A group without lines has 0 points, which a limit may not allow either.
demanding_groups as (

    select * from limited_groups
    where correction_of_nothing <> 0

),

groups_with_lines as (

    select distinct
        rule_lines.subject_key,
        demanding_groups.group_key
    from {{ ref('int_rule_lines') }} as rule_lines
    inner join rules
        on rule_lines.rule_key = rules.rule_key
    inner join demanding_groups
        on rules.group_key = demanding_groups.group_key

),

limited as (

    select
        group_points.subject_key,
        group_points.group_key,
        {{ correction(
            'group_points.points', 'limited_groups.min_points', 'limited_groups.max_points'
        ) }} as correction
    from group_points
    inner join limited_groups
        on group_points.group_key = limited_groups.group_key

    union all

    select
        subjects.subject_key,
        demanding_groups.group_key,
        demanding_groups.correction_of_nothing as correction
    from demanding_groups
    inner join {{ ref('int_scored_subjects') }} as subjects
        on demanding_groups.scorecard_id = subjects.scorecard_id
    left join groups_with_lines
        on
            demanding_groups.group_key = groups_with_lines.group_key
            and subjects.subject_key = groups_with_lines.subject_key
    where groups_with_lines.subject_key is null

),

final as (

    select
        subject_key,
        group_key,
        cast(correction as decimal(18, 4)) as points
    from limited
    where correction <> 0

)

select * from final
