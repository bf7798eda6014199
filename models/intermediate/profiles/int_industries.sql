-- One row per industry as typed. Of the phrases of the vocabulary that it contains, the one with
-- the most words wins, then the first: whoever lists several begins with the most important.
with typed as (

    select distinct
        'industry' as text_kind,
        industry as text_raw
    from {{ ref('stg_companies') }}
    where industry is not null

    union all

    select
        'phrase' as text_kind,
        phrase as text_raw
    from {{ ref('industry_phrases') }}

),

-- Without the small words and the s of plurals, so that "Foods & Drinks" is "food and drink".
spelled as (

    select
        text_kind,
        text_raw,
        {{ replace_pattern(
            replace_pattern(
                plain_words('text_raw'),
                '\\b(and|of|the|y|de|del|la|las|los|el|et|des|du|le|les|und|fur)\\b', ' '
            ),
            '(\\pL{3})s\\b', '\\1'
        ) }} as spelling
    from typed

),

words as (

    {{ split_words('spelled', ['text_kind', 'text_raw'], 'spelling') }}

),

phrases as (

    select
        words.word as first_word,
        words.words_from_here || ' ' as spelling,
        phrases.industry
    from {{ ref('industry_phrases') }} as phrases
    inner join words
        on
            words.text_kind = 'phrase'
            and phrases.phrase = words.text_raw
            and words.position = 1

),

found as (

    select
        words.text_raw as industry_raw,
        phrases.industry,
        row_number() over (
            partition by words.text_raw
            order by
                length(phrases.spelling) - length(replace(phrases.spelling, ' ', '')) desc,
                words.position asc,
                phrases.industry asc
        ) as choice
    from words
    inner join phrases
        on
            words.word = phrases.first_word
            and starts_with(words.words_from_here || ' ', phrases.spelling)
    where words.text_kind = 'industry'

),

final as (

    select
        typed.text_raw as industry_raw,
        found.industry
    from typed
    left join found
        on
            typed.text_raw = found.industry_raw
            and found.choice = 1
    where typed.text_kind = 'industry'

)

select * from final
