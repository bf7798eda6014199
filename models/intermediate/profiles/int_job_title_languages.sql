-- One row per job title whose words tell its language. English words are used everywhere, so they
-- weigh less: a Sales Leiterin is German.
with titles as (

    select
        text_key as title_key,
        token
    from {{ ref('int_job_title_tokens') }}
    where text_kind = 'title'

),

clues as (

    select
        title_key,
        language
    from {{ ref('int_job_title_matches') }}
    where language is not null

    union all

    select
        titles.title_key,
        spellings.language
    from titles
    inner join {{ ref('int_job_title_spellings') }} as spellings
        on titles.token = spellings.token
    where spellings.language is not null

),

counted as (

    select
        title_key,
        language,
        sum(case when language = 'en' then 2 else 3 end) as weight
    from clues
    group by title_key, language

),

ranked as (

    select
        title_key,
        language,
        row_number() over (
            partition by title_key
            order by weight desc, language = 'en' asc, language asc
        ) as choice
    from counted

),

final as (

    select
        title_key,
        language
    from ranked
    where choice = 1

)

select * from final
