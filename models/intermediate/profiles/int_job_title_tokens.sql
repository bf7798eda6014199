-- One row per text and token in it: a word as typed, or `|` and `,` between parts. A text is a job
-- title or a phrase of the vocabulary: both pass the same mill, so that they end up spelled alike.
with texts as (

    select
        'title' as text_kind,
        title_key as text_key,
        {{ marked_title('title') }} as marked_text
    from {{ ref('int_job_titles_repaired') }}

    union all

    select
        case when is_own then 'synonym' else 'phrase' end as text_kind,
        phrase_key as text_key,
        {{ marked_title('phrase') }} as marked_text
    from {{ ref('int_job_title_phrases') }}

),

-- V.P. and e-bikes are one token.
words as (

    {{ split_words(
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
