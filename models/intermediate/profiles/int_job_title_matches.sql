-- One row per job title and phrase of the vocabulary found in it that is in no longer one: the
-- president in a vice president is none. Of two that overlap, the first says the rank. A user's
-- own phrase is found whatever is around it, and silences the shipped ones that it overlaps about
-- what it speaks of, rank or department.
with words as (

    select * from {{ ref('int_job_title_words') }}
    where text_kind = 'title'

),

phrases as (

    select * from {{ ref('int_job_title_phrases_spelled') }}

),

seniorities as (

    select * from {{ ref('seniorities') }}

),

-- Joined by two words where a phrase has two: manager is the first word of too many.
found as (

    select
        words.text_key as title_key,
        words.position as first_position,
        words.position as last_position,
        words.part_number,
        words.list_number,
        words.is_front,
        phrases.phrase_key,
        phrases.is_own,
        phrases.seniority
    from words
    inner join phrases
        on words.word = phrases.spelling

    union all

    select
        words.text_key as title_key,
        words.position as first_position,
        words.position + length(phrases.spelling) - length(replace(phrases.spelling, ' ', ''))
            as last_position,
        words.part_number,
        words.list_number,
        false as is_front,
        phrases.phrase_key,
        phrases.is_own,
        phrases.seniority
    from words
    inner join phrases
        on
            words.word = phrases.first_word
            and words.second_word = phrases.second_word
            and starts_with(words.words_from_here || ' ', phrases.spelling || ' ')

),

-- In this order, a phrase is inside another if some phrase before it ends where it ends, or later.
placed as (

    select
        *,
        max(last_position) over before as covered_until,
        max(case when seniority is not null then last_position end) over before as ranked_until
    from found
    window before as (
        partition by title_key, is_own
        order by first_position asc, last_position desc
        rows between unbounded preceding and 1 preceding
    )

),

longest as (

    select
        placed.title_key,
        placed.first_position,
        placed.last_position,
        placed.part_number,
        placed.list_number,
        phrases.phrase,
        phrases.is_own,
        phrases.language,
        case
            when
                coalesce(placed.ranked_until < placed.first_position, true)
                and (not placed.is_front or seniorities.counts_in_front)
                then phrases.seniority
        end as seniority,
        phrases.job_function,
        phrases.precedence,
        phrases.effect,
        phrases.canonical_title
    from placed
    inner join phrases
        on placed.phrase_key = phrases.phrase_key
    left join seniorities
        on phrases.seniority = seniorities.seniority
    where placed.covered_until is null or placed.covered_until < placed.last_position

),

overruled as (

    select
        shipped.title_key,
        shipped.first_position,
        max(own.seniority) as own_seniority,
        max(own.job_function) as own_function
    from longest as shipped
    inner join longest as own
        on
            shipped.title_key = own.title_key
            and shipped.first_position <= own.last_position
            and shipped.last_position >= own.first_position
    where
        own.is_own
        and not shipped.is_own
    group by shipped.title_key, shipped.first_position

),

final as (

    select
        longest.title_key,
        longest.first_position,
        longest.part_number,
        longest.list_number,
        longest.phrase,
        longest.is_own,
        longest.language,
        case when overruled.own_seniority is null then longest.seniority end as seniority,
        case when overruled.own_function is null then longest.job_function end as job_function,
        longest.precedence,
        case when overruled.title_key is null then longest.effect end as effect,
        longest.canonical_title
    from longest
    left join overruled
        on
            not longest.is_own
            and longest.title_key = overruled.title_key
            and longest.first_position = overruled.first_position

)

select * from final
