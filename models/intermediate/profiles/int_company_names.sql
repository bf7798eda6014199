-- One row per company name as typed, with the form in which names compare: without case, accents,
-- punctuation, a leading "the" and the words of legal forms at its end. Something always remains.
with typed as (

    select company_name as company_name_raw
    from {{ ref('stg_companies') }}
    where company_name is not null

    union

    select company_name as company_name_raw
    from {{ ref('stg_leads') }}
    where company_name is not null

),

-- Initials are one word however they are written: S. L., A/S, S.A. de C. V.
spelled as (

    select
        company_name_raw,
        {{ replace_pattern(
            replace_pattern(
                replace_pattern(plain_words('company_name_raw'), '^the ', ''),
                '\\b(\\pL) (\\pL) (\\pL)\\b', '\\1\\2\\3'
            ),
            '\\b(\\pL) (\\pL)\\b', '\\1\\2'
        ) }} as spelling
    from typed

),

words as (

    {{ split_words('spelled', ['company_name_raw'], 'spelling') }}

),

last_words as (

    select
        words.company_name_raw,
        max(words.position) as last_position
    from words
    left join {{ ref('legal_form_words') }} as legal_form_words
        on words.word = legal_form_words.word
    where
        legal_form_words.word is null
        or words.position = 1
    group by words.company_name_raw

),

final as (

    select
        words.company_name_raw,
        {{ dbt.listagg('words.word', "' '", 'order by words.position') }} as comparable_name
    from words
    inner join last_words
        on
            words.company_name_raw = last_words.company_name_raw
            and words.position <= last_words.last_position
    group by words.company_name_raw

)

select * from final
