-- One row per lead and own property as it was known on as_of_date. A surviving lead keeps its own
-- value, and takes one that only the leads merged into it had. Before a lead was first observed,
-- its properties are those of that day; what it got later was unknown until then.
with merged as (

    select
        coalesce(lead_merges.surviving_lead_id, versions.lead_id) as lead_id,
        versions.field,
        versions.value,
        versions.updated_at,
        versions.valid_from as known_since,
        row_number() over (
            partition by coalesce(lead_merges.surviving_lead_id, versions.lead_id), versions.field
            order by
                lead_merges.surviving_lead_id is not null asc,
                versions.updated_at desc nulls last,
                versions.lead_id asc
        ) as merge_rank
    from {{ ref('stg_lead_attribute_versions') }} as versions
    left join {{ ref('stg_lead_merges') }} as lead_merges
        on versions.lead_id = lead_merges.merged_lead_id
    inner join {{ ref('stg_leads') }} as leads
        on coalesce(lead_merges.surviving_lead_id, versions.lead_id) = leads.lead_id
    where
        {{ is_known_version('versions', 'leads.first_observed_on') }}
        and (versions.observed_on is not null or leads.first_observed_on is null)

),

final as (

    select
        lead_id,
        field,
        value,
        updated_at,
        known_since
    from merged
    where merge_rank = 1

)

select * from final
