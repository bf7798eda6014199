-- One row per industry as typed and phrase of the vocabulary in it. Users' synonyms come first.
with typed as (

    select distinct
        'industry' as text_kind,
        industry as text_raw,
        null as industry,
        0 as precedence
    from {{ ref('stg_companies') }}
    where industry is not null

    union all

    select
        'synonym' as text_kind,
        synonym as text_raw,
        value as industry,
        1 as precedence
    from {{ ref('int_synonyms') }}
    where vocabulary = 'industry'

    union all

    select
        'phrase' as text_kind,
        phrase as text_raw,
        industry,
        3 as precedence
    from {{ ref('industry_phrases') }}

    union all

    select
        'name' as text_kind,
        industry as text_raw,
        industry,
        3 as precedence
    from {{ ref('industries') }}

),

-- Without the small words and the s of plurals, so that "Foods & Drinks" is "food and drink".
spelled as (

    select
        *,
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

    {{ split_words(
        'spelled', ['text_kind', 'text_raw', 'industry', 'precedence'], 'spelling', and_rest=true
    ) }}

),

phrases as (

    select
        industry,
        precedence,
        word as first_word,
        words_from_here || ' ' as spelling
    from words
    where
        text_kind <> 'industry'
        and position = 1

),

final as (

    select
        words.text_raw as industry_raw,
        phrases.industry,
        phrases.precedence,
        length(phrases.spelling) - length(replace(phrases.spelling, ' ', '')) as word_count,
        words.position as first_position
    from words
    inner join phrases
        on
            words.word = phrases.first_word
            and starts_with(words.words_from_here || ' ', phrases.spelling)
    where words.text_kind = 'industry'

)

select * from final
