-- One row per lead that has been won by as_of_date, and per company of which one has been. A won
-- opportunity without any date counts as known.
with won_leads as (

    select distinct
        leads.lead_key,
        leads.company_key
    from {{ ref('stg_outcomes') }} as outcomes
    inner join {{ ref('int_lead_profiles') }} as leads
        on outcomes.lead_id = leads.lead_id
    where
        outcomes.is_won
        and coalesce(
            cast(coalesce(outcomes.closed_at, outcomes.opened_at) as date) <= {{ as_of_date() }},
            true
        )

),

final as (

    select lead_key as subject_key
    from won_leads
    union
    select company_key as subject_key
    from won_leads
    where company_key is not null

)

select * from final
