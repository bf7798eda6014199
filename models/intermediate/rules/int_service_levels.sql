-- One row per temperature of leads that sales promises to answer in so many hours.
with final as (

    select
        {{ fold_text('temperature') }} as temperature,
        cast({{ parse_number('response_hours') }} as integer) as response_hours
    from {{ ref('service_levels') }}
    where {{ clean_text('temperature') }} is not null

)

select * from final
