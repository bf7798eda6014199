-- One row per phrase of the vocabulary as titles are searched for it: its words as they are spelled
-- there. Phrases of one origin that come out alike are one.
with spelled as (

    select
        phrases.*,
        words.word as first_word,
        words.second_word,
        words.words_from_here as spelling,
        row_number() over (
            partition by phrases.is_own, words.words_from_here
            order by phrases.phrase
        ) as choice
    from {{ ref('int_job_title_phrases') }} as phrases
    inner join {{ ref('int_job_title_words') }} as words
        on
            words.text_kind <> 'title'
            and phrases.phrase_key = words.text_key
            and words.position = 1

),

final as (

    select
        phrase_key,
        is_own,
        phrase,
        spelling,
        first_word,
        second_word,
        language,
        seniority,
        job_function,
        precedence,
        effect,
        canonical_title
    from spelled
    where choice = 1

)

select * from final
