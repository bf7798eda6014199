-- One row per industry as typed, with its sector. The first that applies wins: a synonym of the
-- user in it, a code that says which classification it is of, a phrase of the vocabulary, any other
-- code. Of phrases, the one with the most words wins, then the first: whoever lists several begins
-- with the most important.
with industries as (

    select * from {{ ref('industries') }}

),

typed as (

    select distinct industry as industry_raw
    from {{ ref('stg_companies') }}
    where industry is not null

),

readings as (

    select
        industry_raw,
        industry,
        precedence,
        word_count,
        first_position
    from {{ ref('int_industry_phrases') }}

    union all

    select
        industry_raw,
        industry,
        case when is_marked then 2 else 4 end as precedence,
        1 as word_count,
        1 as first_position
    from {{ ref('int_industry_codes') }}

),

-- The user may write an industry in any case, or one of their own, which is of no sector.
ranked as (

    select
        readings.industry_raw,
        coalesce(industries.industry, readings.industry) as industry,
        industries.sector,
        readings.precedence,
        readings.first_position,
        readings.first_position + readings.word_count - 1 as last_position,
        row_number() over (
            partition by readings.industry_raw
            order by
                readings.precedence asc,
                readings.word_count desc,
                readings.first_position asc,
                readings.industry asc
        ) as choice
    from readings
    left join industries
        on {{ fold_text('readings.industry') }} = {{ fold_text('industries.industry') }}

),

-- Where the choice is a whole sector, some other phrase may say which part of it: manufacturing of
-- shoes. In a shop for shoes it does not, as they are of another sector.
finer as (

    select
        ranked.industry_raw,
        ranked.industry,
        row_number() over (
            partition by ranked.industry_raw
            order by ranked.choice asc
        ) as choice
    from ranked
    inner join ranked as chosen
        on
            ranked.industry_raw = chosen.industry_raw
            and chosen.choice = 1
            and chosen.industry = chosen.sector
            and ranked.sector = chosen.sector
            and ranked.industry <> chosen.industry
            and ranked.precedence = chosen.precedence
            and ranked.first_position not between chosen.first_position and chosen.last_position

),

final as (

    select
        typed.industry_raw,
        coalesce(finer.industry, ranked.industry) as industry,
        ranked.sector
    from typed
    left join ranked
        on
            typed.industry_raw = ranked.industry_raw
            and ranked.choice = 1
    left join finer
        on
            typed.industry_raw = finer.industry_raw
            and finer.choice = 1

)

select * from final
