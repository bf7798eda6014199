-- One row per word that the vocabulary of job titles uses and that stands for itself, and language
-- in which it does. Other forms of these words and their compounds need no rows there. Compounds
-- are made of words of the languages that have heads of compounds, and of those they borrow.
with spellings as (

    select * from {{ ref('title_words') }}

),

replacements as (

    {{ split_words('spellings', ['language'], 'replacement') }}

),

compounding_languages as (

    select distinct language
    from {{ ref('title_heads') }}

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
        words.language,
        coalesce(words.language, 'en') = 'en'
        or compounding_languages.language is not null as is_compounded
    from words
    left join spellings
        on words.word = spellings.word
    left join compounding_languages
        on words.language = compounding_languages.language
    where spellings.word is null

)

select * from final
