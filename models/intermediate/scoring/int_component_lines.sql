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

weighted as (

    select
        subjects.subject_key,
        composites.rule_key,
        {{ to_points(
            "composites.weight"
            ~ " * case when composites.axis = 'fit' then points.fit_points"
            ~ " else points.engagement_points end"
        ) }} as points
    from subjects
    inner join composites
        on subjects.scorecard_id = composites.scorecard_id
    inner join points
        on
            composites.component_id = points.scorecard_id
            and case
                when composites.component_subject <> subjects.subject_type
                    then subjects.company_key
                else subjects.subject_key
            end = points.subject_key

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
