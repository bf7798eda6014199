-- One row per job title as typed, and as it was meant where its letters were read in a wrong
-- encoding or come from a web page.
with titles as (

    select distinct
        {{ integer_key(["'title'", 'job_title']) }} as title_key,
        job_title as title
    from {{ ref('stg_leads') }}
    where job_title is not null

),

broken as (

    select * from titles
    where {{ looks_broken('title') }}

),

repaired as (

    {{ repaired_titles('broken') }}

),

-- Some texts were read wrongly twice, or three times.
repaired_twice as (

    {{ repaired_titles('repaired') }}

),

repaired_thrice as (

    {{ repaired_titles('repaired_twice') }}

),

final as (

    select
        titles.title_key,
        titles.title as job_title_raw,
        coalesce(repaired_thrice.title, titles.title) as title
    from titles
    left join repaired_thrice
        on titles.title_key = repaired_thrice.title_key

)

select * from final
