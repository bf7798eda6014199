-- One row per name of a country or region as it is compared: without case, accents and punctuation.
with vocabulary as (

    select
        {{ plain_words('country_name') }} as spelling,
        country_code,
        country_code as code_of_country,
        coalesce(language, '') <> 'iso' as is_name
    from {{ ref('country_names') }}

    union all

    select
        {{ plain_words('region_name') }} as spelling,
        country_code,
        null as code_of_country,
        true as is_name
    from {{ ref('country_regions') }}

),

-- The region of no single country (Latin America) says that none is meant.
final as (

    select
        spelling,
        coalesce(
            min(code_of_country),
            case when count(distinct country_code) = 1 then min(country_code) end
        ) as country_code,
        min(code_of_country) is null as is_region,
        count(distinct country_code) > 1 as is_ambiguous,
        max(case when is_name then 1 else 0 end) = 1 as is_name
    from vocabulary
    group by spelling

)

select * from final
