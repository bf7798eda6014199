-- One row per composite scorecard and lead or company: the sums of what its components give, and
-- what the limits of the axes and then of the whole score change.
with composites as (

    select * from {{ ref('int_composites') }}

),

subjects as (

    select
        scorecard_id,
        subject_key
    from {{ ref('int_scored_subjects') }}
    where scorecard_id in (select composites.scorecard_id from composites)

),

lines as {{ materialized_if(false) }} (

    select
        rules.scorecard_id,
        rules.axis,
        component_lines.subject_key,
        component_lines.points,
        {{ reason_key('component_lines.points', 'rules.rule_number') }} as reason_key
    from {{ ref('int_component_lines') }} as component_lines
    inner join {{ ref('int_rules') }} as rules
        on component_lines.rule_key = rules.rule_key

),

{{ limited_sums() }}

select * from final
