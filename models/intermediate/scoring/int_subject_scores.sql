-- One row per scorecard and lead or company with everything that is known of its score. The marts
-- for leads and companies are views of it.
with scores as (

    select * from {{ ref('int_scores') }}

),

profiles as (

    select
        leads.lead_key as subject_key,
        leads.data_age_days,
        leads.facts_known_since,
        contacts.last_event_at,
        coalesce(leads.consent_status, 'unknown') <> 'unsubscribed'
        and coalesce(
            contacts.last_resubscribed_at > contacts.last_refused_at,
            contacts.last_refused_at is null
        ) as is_contactable
    from {{ ref('int_lead_profiles') }} as leads
    left join {{ ref('int_lead_contacts') }} as contacts
        on leads.lead_key = contacts.lead_key

),

-- A company can be contacted as long as one of its leads can.
company_profiles as (

    select
        companies.company_key as subject_key,
        companies.data_age_days,
        companies.facts_known_since,
        max(profiles.last_event_at) as last_event_at,
        coalesce(max(case when profiles.is_contactable then 1 else 0 end) = 1, false)
            as is_contactable
    from {{ ref('int_company_profiles') }} as companies
    left join {{ ref('int_lead_profiles') }} as leads
        on companies.company_key = leads.company_key
    left join profiles
        on leads.lead_key = profiles.subject_key
    group by
        companies.company_key,
        companies.data_age_days,
        companies.facts_known_since

),

all_profiles as (

    select
        subject_key,
        data_age_days,
        facts_known_since,
        last_event_at,
        is_contactable
    from profiles
    union all
    select
        subject_key,
        data_age_days,
        facts_known_since,
        last_event_at,
        is_contactable
    from company_profiles

),

-- Apart, as sorting takes as long as the rows are wide.
ranks as (

    select
        scores.scorecard_id,
        scores.subject_key,
        cast(row_number() over (
            partition by scores.scorecard_id
            order by
                scores.is_vetoed asc,
                scores.score desc,
                scores.engagement_points desc,
                all_profiles.last_event_at desc nulls last,
                scores.subject_id asc
        ) as bigint) as rank
    from scores
    inner join all_profiles
        on scores.subject_key = all_profiles.subject_key

),

final as (

    select
        scores.scorecard_id,
        scores.subject_type,
        scores.subject_key,
        scores.subject_id,
        scores.fit_points,
        scores.engagement_points,
        scores.raw_points,
        scores.score_points,
        scores.score,
        scores.is_overridden,
        segments.band,
        segments.previous_band,
        segments.entered_on,
        segments.days_in_band,
        segments.temperature,
        segments.lifecycle_stage,
        segments.grade,
        segments.next_step,
        segments.sales_entered_on,
        segments.content_key,
        scores.is_vetoed,
        scores.veto_reasons,
        scores.is_fast_tracked,
        all_profiles.is_contactable,
        ranks.rank,
        reasons.top_positive_reasons,
        reasons.top_negative_reasons,
        all_profiles.last_event_at,
        completeness.completeness,
        cast(all_profiles.data_age_days as integer) as data_age_days,
        coalesce(all_profiles.data_age_days > {{ var('stale_after_days') }}, false) as is_stale,
        all_profiles.facts_known_since,
        hashed_rules.rules_hash,
        rejections.occurred_at as recycled_at,
        rejections.rejection_reason as recycle_reason
    from scores
    inner join {{ ref('int_segments') }} as segments
        on
            scores.scorecard_id = segments.scorecard_id
            and scores.subject_key = segments.subject_key
    inner join ranks
        on
            scores.scorecard_id = ranks.scorecard_id
            and scores.subject_key = ranks.subject_key
    inner join all_profiles
        on scores.subject_key = all_profiles.subject_key
    left join {{ ref('int_reasons') }} as reasons
        on
            scores.scorecard_id = reasons.scorecard_id
            and scores.subject_key = reasons.subject_key
    left join {{ ref('int_completeness') }} as completeness
        on scores.subject_key = completeness.entity_key
    left join {{ ref('int_rules_hashes') }} as hashed_rules
        on scores.scorecard_id = hashed_rules.scorecard_id
    left join {{ ref('int_sales_events') }} as rejections
        on
            scores.subject_key = rejections.lead_key
            and rejections.is_newest_rejection

)

select * from final
