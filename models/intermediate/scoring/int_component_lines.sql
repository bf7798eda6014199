-- One row per lead or company and component of a composite scorecard that gives it points: what the
-- component's limits have left of an axis, weighted. Leads take what their company has.
with composites as (

    select * from {{ ref('int_composites') }}

),

points as (

    select
        scorecard_id,
        subject_key,
        fit_points + fit_correction as fit_points,
        engagement_points + engagement_correction as engagement_points
    from {{ ref('int_plain_points') }}

),

subjects as (

    select
        subjects.scorecard_id,
        subjects.subject_key,
        subjects.subject_type,
        leads.company_key
    from {{ ref('int_scored_subjects') }} as subjects
    left join {{ ref('int_lead_profiles') }} as leads
        on
            subjects.subject_type = 'lead'
            and subjects.subject_key = leads.lead_key
    where subjects.scorecard_id in (select composites.scorecard_id from composites)

),

asked as (

    select
        subjects.subject_key,
        composites.rule_key,
        composites.component_id,
        composites.axis,
        composites.weight,
        case
            when composites.component_subject = subjects.subject_type then subjects.subject_key
            else subjects.company_key
        end as component_key
    from subjects
    inner join composites
        on subjects.scorecard_id = composites.scorecard_id

),

weighted as (

    select
        asked.subject_key,
        asked.rule_key,
        {{ to_points(
            "asked.weight * case when asked.axis = 'fit' then points.fit_points"
            ~ " else points.engagement_points end"
        ) }} as points
    from asked
    inner join points
        on
            asked.component_id = points.scorecard_id
            and asked.component_key = points.subject_key

),

final as (

    select
        subject_key,
        rule_key,
        points
    from weighted
    where points <> 0

)

select * from final
