-- One row per text and word that means something in it. A text is a job title or a phrase of the
-- vocabulary: both pass the same mill, so that however they are typed, they end up spelled alike.
with vocabulary as (

    select * from {{ ref('title_words') }}

),

typed as (

    select distinct
        'title' as text_kind,
        job_title as text_raw,
        {{ plain_words('job_title') }} as plain_text
    from {{ ref('stg_leads') }}
    where job_title is not null

    union all

    select
        'phrase' as text_kind,
        phrase as text_raw,
        {{ plain_words('phrase') }} as plain_text
    from {{ ref('title_phrases') }}

),

typed_words as (

    {{ split_words('typed', ['text_kind', 'text_raw'], 'plain_text') }}

),

-- Abbreviations, feminines and plurals become the word they stand for; fillers have no such word.
spelled as (

    select
        typed_words.text_kind,
        typed_words.text_raw,
        {{ dbt.listagg(
            'coalesce(vocabulary.replacement, typed_words.word)', "' '",
            'order by typed_words.position'
        ) }} as spelling
    from typed_words
    left join vocabulary
        on typed_words.word = vocabulary.word
    where
        vocabulary.word is null
        or vocabulary.replacement is not null
    group by typed_words.text_kind, typed_words.text_raw

),

final as (

    {{ split_words('spelled', ['text_kind', 'text_raw'], 'spelling') }}

)

select * from final
