-- One row per text and token in it: a word as typed, or `|` and `,` between parts. A text is a job
-- title or a phrase of the vocabulary: both pass the same mill, so that they end up spelled alike.
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

-- Some texts were read wrongly twice.
repaired_again as (

    {{ repaired_titles('repaired') }}

),

texts as (

    select
        'title' as text_kind,
        titles.title_key as text_key,
        {{ marked_title('coalesce(repaired_again.title, titles.title)') }} as marked_text
    from titles
    left join repaired_again
        on titles.title_key = repaired_again.title_key

    union all

    select
        case when is_own then 'synonym' else 'phrase' end as text_kind,
        phrase_key as text_key,
        {{ marked_title('phrase') }} as marked_text
    from {{ ref('int_job_title_phrases') }}

),

words as (

    {{ numbered_words(
        'texts', ['text_kind', 'text_key'], 'marked_text',
        '\\b(?:\\pL[.])+\\pL\\b|\\b\\pL-\\pL{4,}|[\\pL\\pN]+|[|,@]'
    ) }}

),

final as (

    select
        text_kind,
        text_key,
        position,
        word as token
    from words

)

select * from final
