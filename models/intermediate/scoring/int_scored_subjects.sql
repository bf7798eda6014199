-- One row per scorecard and lead or company that it applies to: every one gets a score.
with scorecards as (

    select * from {{ ref('int_scorecards') }}

),

final as (

    select
        scorecards.scorecard_id,
        leads.lead_key as subject_key,
        'lead' as subject_type,
        leads.lead_id as subject_id
    from {{ ref('int_lead_profiles') }} as leads
    inner join scorecards
        on
            scorecards.subject = 'lead'
            and (scorecards.audience is null or leads.audience = scorecards.audience)
            and (scorecards.includes_customers or not coalesce(leads.is_customer, false))

    union all

    select
        scorecards.scorecard_id,
        companies.company_key as subject_key,
        'company' as subject_type,
        companies.company_id as subject_id
    from {{ ref('int_company_profiles') }} as companies
    inner join scorecards
        on scorecards.subject = 'company'
    where companies.has_record

)

select * from final
