-- One row per audience: how far the records can be relied on. Filled, fresh and reachable.
with leads as (

    select
        audience,
        completeness,
        data_age_days,
        coalesce(email_kind in ('invalid', 'disposable'), true) as is_unreachable
    from {{ ref('lead_profiles') }}

),

final as (

    select
        audience,
        count(*) as lead_count,
        round(cast(avg(completeness) as double), 4) as average_completeness,
        round(cast(avg(data_age_days) as double), 1) as average_data_age_days,
        count(*) - count(data_age_days) as undated_count,
        count(case when data_age_days > {{ var('stale_after_days') }} then 1 end) as stale_count,
        round(
            count(case when data_age_days > {{ var('stale_after_days') }} then 1 end)
            * 1.0 / count(*), 4
        ) as stale_share,
        count(case when is_unreachable then 1 end) as unreachable_count
    from leads
    group by audience

)

select * from final
order by audience
