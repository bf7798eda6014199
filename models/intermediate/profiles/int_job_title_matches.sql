-- One row per job title and phrase of the vocabulary that counts in it. Others do not: a phrase in
-- a longer one (the president in a vice president), and a rank that is somebody else's (the
-- CEO in an assistant to the CEO).
with words as (

    select * from {{ ref('int_job_title_words') }}

),

phrases as (

    select
        phrases.phrase,
        words.word as first_word,
        words.words_from_here || ' ' as spelling,
        phrases.seniority,
        phrases.job_function,
        phrases.precedence,
        phrases.canonical_title,
        phrases.hides_following_ranks
    from {{ ref('title_phrases') }} as phrases
    inner join words
        on
            words.text_kind = 'phrase'
            and phrases.phrase = words.text_raw
            and words.position = 1

),

found as (

    select
        words.text_raw as job_title_raw,
        words.position as first_position,
        words.position + length(phrases.spelling) - length(replace(phrases.spelling, ' ', '')) - 1
            as last_position,
        phrases.phrase,
        phrases.seniority,
        phrases.job_function,
        phrases.precedence,
        phrases.canonical_title,
        phrases.hides_following_ranks
    from words
    inner join phrases
        on
            words.word = phrases.first_word
            and starts_with(words.words_from_here || ' ', phrases.spelling)
    where words.text_kind = 'title'

),

-- In this order, a phrase is inside another if some phrase before it ends where it ends, or later.
placed as (

    select
        *,
        max(last_position) over (
            partition by job_title_raw
            order by first_position asc, last_position desc
            rows between unbounded preceding and 1 preceding
        ) as covered_until
    from found

),

longest as (

    select
        *,
        min(case when hides_following_ranks then first_position end) over (
            partition by job_title_raw
        ) as ranks_hidden_after
    from placed
    where covered_until is null or covered_until < last_position

),

final as (

    select
        job_title_raw,
        phrase,
        first_position,
        seniority,
        job_function,
        precedence,
        canonical_title
    from longest
    where
        seniority is null
        or ranks_hidden_after is null
        or first_position <= ranks_hidden_after

)

select * from final
