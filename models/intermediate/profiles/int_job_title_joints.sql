-- One row per form that a word takes before another one in a compound: Vertriebs-, Kunden-, Schul-.
with words as (

    select distinct word
    from {{ ref('int_job_title_vocabulary') }}
    where
        is_compounded
        and length(word) >= 3

),

endings as (

    select * from {{ ref('title_endings') }}
    where place = 'joint'

),

forms as (

    select
        word as joint,
        word,
        0 as ending_length
    from words

    union all

    select
        {{ with_ending('words.word', 'endings') }} as joint,
        words.word,
        1 + length(coalesce(endings.ending, '')) as ending_length
    from words
    inner join endings
        on {{ takes_ending('words.word', 'endings') }}

),

ranked as (

    select
        joint,
        word,
        row_number() over (
            partition by joint
            order by ending_length, word
        ) as choice
    from forms

),

final as (

    select
        joint,
        word
    from ranked
    where choice = 1

)

select * from final
