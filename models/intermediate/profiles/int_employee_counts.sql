-- One row per number of employees as typed, read as a number and put into its band.
with typed as (

    select distinct employee_count as employee_count_raw
    from {{ ref('stg_companies') }}
    where employee_count is not null

),

bands as (

    select
        employee_band,
        lower_bound,
        lead(lower_bound) over (order by lower_bound) as next_lower_bound
    from {{ ref('employee_bands') }}

),

final as (

    select
        typed.employee_count_raw,
        quantities.quantity as employee_count,
        bands.employee_band
    from typed
    inner join {{ ref('int_quantities') }} as quantities
        on typed.employee_count_raw = quantities.quantity_raw
    left join bands
        on
            quantities.quantity >= bands.lower_bound
            and (quantities.quantity < bands.next_lower_bound or bands.next_lower_bound is null)

)

select * from final
