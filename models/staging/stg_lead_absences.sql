-- One row per lead that was known some day and has no row in any mart now, whatever the day scored:
-- raw.leads does not have it any more, or it is merged into another. They are few.
with raw_leads as (

    select {{ integer_key(["'lead'", clean_text('lead_id')]) }} as lead_key
    from {{ source('raw', 'leads') }}

),

final as (

    select distinct versions.lead_key
    from {{ ref('stg_lead_versions') }} as versions
    left join raw_leads
        on versions.lead_key = raw_leads.lead_key
    left join {{ ref('stg_lead_merges') }} as lead_merges
        on versions.lead_id = lead_merges.merged_lead_id
    where
        versions.lead_id is not null
        and (raw_leads.lead_key is null or lead_merges.merged_lead_id is not null)

)

select * from final
