-- One row per country as typed, with its code; null if nothing says it. The first that applies
-- wins: a synonym of the user in it, the whole text, the last part of an address that is a country
-- (Madrid, Spain), the last that is a region (Austin, Texas), its last words (London UK).
with names as (

    select * from {{ ref('int_country_names') }}

),

typed as (

    select country as country_raw
    from {{ ref('stg_leads') }}
    where country is not null

    union

    select country as country_raw
    from {{ ref('stg_companies') }}
    where country is not null

),

-- A dash between blanks separates like a comma, US-CA is a region of the US, and (FI) is Florence.
addresses as (

    select
        country_raw,
        {{ replace_pattern(
            replace_pattern(fold_text('country_raw'), '[(]\\pL\\pL[)]', ' '), ' - ', ','
        ) }} as address,
        {{ plain_words(
            replace_pattern('trim(country_raw)', '^(\\pL\\pL)-[\\pL\\pN]{1,3}$', '\\1')
        ) }} as spelling
    from typed

),

parts as (

    {{ split_words('addresses', ['country_raw'], 'address', '[^][,;/|()–—]+') }}

),

words as (

    {{ split_words('addresses', ['country_raw'], 'spelling', and_rest=true) }}

),

-- What names a country and a region of another one, too (Georgia, CA), is clear only on its own. A
-- code of two letters counts on its own or as a part: as a last word it is too often just a word.
readings as (

    select
        words.country_raw,
        upper(synonyms.value) as country_code,
        1 as precedence,
        words.position - 1000 * length(synonyms.synonym) as preference
    from words
    inner join {{ ref('int_synonyms') }} as synonyms
        on
            words.word = split_part(synonyms.synonym, ' ', 1)
            and starts_with(words.words_from_here || ' ', synonyms.synonym || ' ')
    where synonyms.vocabulary = 'country_code'

    union all

    select
        addresses.country_raw,
        names.country_code,
        2 as precedence,
        0 as preference
    from addresses
    inner join names
        on addresses.spelling = names.spelling
    where not (names.is_region and names.is_ambiguous)

    union all

    select
        parts.country_raw,
        names.country_code,
        case when names.is_region then 4 else 3 end as precedence,
        -parts.position as preference
    from parts
    inner join names
        on {{ plain_words('parts.word') }} = names.spelling
    where not names.is_ambiguous

    union all

    select
        words.country_raw,
        names.country_code,
        5 as precedence,
        words.position as preference
    from words
    inner join names
        on words.words_from_here = names.spelling
    where
        names.is_name
        and not names.is_ambiguous

),

ranked as (

    select
        country_raw,
        country_code,
        row_number() over (
            partition by country_raw
            order by precedence asc, preference asc, country_code asc
        ) as choice
    from readings

),

final as (

    select
        typed.country_raw,
        ranked.country_code
    from typed
    left join ranked
        on
            typed.country_raw = ranked.country_raw
            and ranked.choice = 1

)

select * from final
