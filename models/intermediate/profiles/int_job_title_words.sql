-- One row per text and word that means something in it, spelled as the vocabulary spells it.
-- `|` and `,` are words here, too: no phrase has them, so none reaches from one part into the next.
with spellings as (

    select * from {{ ref('int_job_title_spellings') }}

),

spelled_words as (

    {{ split_words('spellings', ['token'], 'spelling', '[^ -]+-?') }}

),

spelled as (

    select
        token,
        position,
        rtrim(word, '-') as word,
        {{ ends_with('word', "'-'") }} as is_front
    from spelled_words

),

words as (

    select
        tokens.text_kind,
        tokens.text_key,
        spelled.word,
        spelled.is_front,
        row_number() over words_before as position,
        count(case when spelled.word in ('|', ',') then 1 end) over words_before as part_number,
        count(case when spelled.word = '|' then 1 end) over words_before as list_number,
        lead(spelled.word, 1) over words_before as second_word,
        lead(spelled.word, 2) over words_before as third_word,
        lead(spelled.word, 3) over words_before as fourth_word,
        lead(spelled.word, 4) over words_before as fifth_word,
        lead(spelled.word, 5) over words_before as sixth_word
    from {{ ref('int_job_title_tokens') }} as tokens
    inner join spelled
        on tokens.token = spelled.token
    window words_before as (
        partition by tokens.text_kind, tokens.text_key
        order by tokens.position, spelled.position
        rows between unbounded preceding and current row
    )

),

final as (

    select
        text_kind,
        text_key,
        position,
        part_number,
        list_number,
        word,
        is_front,
        second_word,
        concat_ws(
            ' ', word, second_word, third_word, fourth_word, fifth_word, sixth_word
        ) as words_from_here
    from words
    where word not in ('|', ',')

)

select * from final
