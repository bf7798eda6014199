-- One row per anonymous visitor with the lead it turned out to be, merges followed.
with identities as (

    select
        {{ clean_text('anonymous_id') }} as anonymous_id,
        min({{ clean_text('lead_id') }}) as lead_id
    from {{ source('raw', 'identities') }}
    where
        {{ clean_text('anonymous_id') }} is not null
        and {{ clean_text('lead_id') }} is not null
    group by {{ clean_text('anonymous_id') }}

),

final as (

    select
        identities.anonymous_id,
        coalesce(lead_merges.surviving_lead_id, identities.lead_id) as lead_id
    from identities
    left join {{ ref('stg_lead_merges') }} as lead_merges
        on identities.lead_id = lead_merges.merged_lead_id

)

select * from final
