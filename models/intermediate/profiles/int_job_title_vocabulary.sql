-- One row per word that the vocabulary of job titles uses and that stands for itself, and language
-- in which it does. Other forms of these words and their compounds need no rows there.
with spellings as (

    select * from {{ ref('title_words') }}

),

replacements as (

    {{ numbered_words('spellings', ['language'], 'replacement', '[^ ]+') }}

),

words as (

    select
        tokens.token as word,
        phrases.language
    from {{ ref('int_job_title_tokens') }} as tokens
    inner join {{ ref('int_job_title_phrases') }} as phrases
        on tokens.text_key = phrases.phrase_key
    where tokens.text_kind <> 'title'

    union distinct

    select
        word,
        language
    from replacements

    union distinct

    select
        head as word,
        language
    from {{ ref('title_heads') }}

),

final as (

    select distinct
        words.word,
        words.language
    from words
    left join spellings
        on words.word = spellings.word
    where spellings.word is null

)

select * from final
