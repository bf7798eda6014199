-- What: exactly the leads that a scorecard applies to have a score under it. Counted from the raw
-- table, so that a lead lost anywhere on the way is seen. A replay of a day leaves out leads that
-- were gone then.
-- When it fails: a join dropped or multiplied leads.
-- How to resolve: follow a lead_id below through stg_leads, int_lead_profiles, int_scored_subjects.
with raw_leads as (

    select distinct {{ clean_text('lead_id') }} as lead_id
    from {{ source('raw', 'leads') }}
    where {{ clean_text('lead_id') }} is not null

),

gone_leads as (

    select lead_id
    from {{ ref('stg_lead_versions') }}
    where
        content_key is null
        and lead_id is not null
        and valid_from <= greatest({{ as_of_date() }}, first_observed_on)
        and coalesce(greatest({{ as_of_date() }}, first_observed_on) < valid_to, true)

),

known_leads as (

    select lead_id
    from raw_leads
    where lead_id not in (select gone_leads.lead_id from gone_leads)

),

merged_leads as (

    select merged_lead_id from {{ ref('stg_lead_merges') }}

),

profiles as (

    select
        lead_id,
        audience,
        is_customer
    from {{ ref('lead_profiles') }}

),

expected as (

    select
        known_leads.lead_id,
        scorecards.scorecard_id
    from known_leads
    left join profiles
        on known_leads.lead_id = profiles.lead_id
    inner join {{ ref('int_scorecards') }} as scorecards
        on
            scorecards.subject = 'lead'
            and coalesce(profiles.audience = scorecards.audience, true)
            and (scorecards.includes_customers or not coalesce(profiles.is_customer, false))
    where known_leads.lead_id not in (select merged_leads.merged_lead_id from merged_leads)

)

select
    coalesce(expected.lead_id, scores.lead_id) as lead_id,
    coalesce(expected.scorecard_id, scores.scorecard_id) as scorecard_id,
    scores.lead_id is null as is_lost
from expected
full outer join {{ ref('lead_scores') }} as scores
    on
        expected.lead_id = scores.lead_id
        and expected.scorecard_id = scores.scorecard_id
where
    expected.lead_id is null
    or scores.lead_id is null
