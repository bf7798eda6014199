-- One row per annual revenue as typed, in whatever currency, read as a number and put into its
-- band.
with typed as (

    select distinct annual_revenue as annual_revenue_raw
    from {{ ref('stg_companies') }}
    where annual_revenue is not null

),

bands as (

    select
        revenue_band,
        lower_bound,
        lead(lower_bound) over (order by lower_bound) as next_lower_bound
    from {{ ref('revenue_bands') }}

),

final as (

    select
        typed.annual_revenue_raw,
        quantities.quantity as annual_revenue,
        bands.revenue_band
    from typed
    inner join {{ ref('int_quantities') }} as quantities
        on typed.annual_revenue_raw = quantities.quantity_raw
    left join bands
        on
            quantities.quantity >= bands.lower_bound
            and (quantities.quantity < bands.next_lower_bound or bands.next_lower_bound is null)

)

select * from final
