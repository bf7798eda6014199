-- One row per country as typed, with its code; null if no vocabulary knows it.
with typed as (

    select country as country_raw
    from {{ ref('stg_leads') }}
    where country is not null

    union

    select country as country_raw
    from {{ ref('stg_companies') }}
    where country is not null

),

-- Several names of one country are the same once case, accents and punctuation are forgotten.
names as (

    select
        {{ plain_words('country_name') }} as spelling,
        min(country_code) as country_code
    from {{ ref('country_names') }}
    group by {{ plain_words('country_name') }}

),

final as (

    select
        typed.country_raw,
        names.country_code
    from typed
    left join names
        on {{ plain_words('typed.country_raw') }} = names.spelling

)

select * from final
