-- One row per text in which a company's employees or revenue are written, with the number it says;
-- of a range, the lower bound. Plain numbers are read as they are. In any other text every word
-- must be known: one that is not makes it unreadable, not a number (3 rue de la Paix).
with typed as (

    select employee_count as quantity_raw
    from {{ ref('stg_companies') }}
    where employee_count is not null

    union

    select annual_revenue as quantity_raw
    from {{ ref('stg_companies') }}
    where annual_revenue is not null

),

-- A separator followed by exactly three digits groups thousands: 1.200 is twelve hundred. There
-- are no fewer than 0 people.
plain as (

    select
        quantity_raw,
        {{ fold_text('quantity_raw') }} as quantity_text,
        case
            when not {{ matches_pattern('quantity_raw', "'^[1-9][0-9]{0,2}[.][0-9]{3}$|^-'") }}
                then {{ parse_number('quantity_raw') }}
        end as quantity
    from typed

),

written as (

    select * from plain
    where quantity is null

),

-- Numbers (blanks and apostrophes group thousands, too), words, and all symbols but of currencies.
words as (

    {{ split_words(
        'written', ['quantity_raw'], 'quantity_text',
        "[0-9]{1,3}(?:[ ''’][0-9]{3})+\\b(?:[.,][0-9]+)?|[.]?[0-9][0-9.,]*|\\pL+|[^ 0-9\\pL.,()$€£¥₹]"
    ) }}

),

numbers as (

    select
        *,
        rtrim({{ replace_pattern('word', "[ ''’]", '') }}, '.,') as digits
    from words

),

-- What each word contributes: a number # and its digits, a word of the vocabulary its sign, any
-- other word a question mark. A unit that comes first is one of its kind: mil is 1000.
signs as (

    select
        numbers.quantity_raw,
        numbers.position,
        case
            when
                starts_with(vocabulary.sign, 'e')
                and numbers.position = 1
                and length(numbers.word) > 2
                then '#1' || vocabulary.sign
            when vocabulary.word is not null
                then coalesce(vocabulary.sign, '')
            when
                not {{ matches_pattern('numbers.word', "'^[.]?[0-9]'") }}
                or (starts_with(numbers.word, '.') and numbers.position > 1)
                then '?'
            when {{ matches_pattern(
                'numbers.digits', "'^[1-9][0-9]{0,2}([.][0-9]{3})+(,[0-9]+)?$'"
            ) }}
                then '#' || replace(replace(numbers.digits, '.', ''), ',', '.')
            when {{ matches_pattern(
                'numbers.digits', "'^[1-9][0-9]{0,2}(,[0-9]{3})+([.][0-9]+)?$'"
            ) }}
                then '#' || replace(numbers.digits, ',', '')
            else '#' || replace(numbers.digits, ',', '.')
        end as sign
    from numbers
    left join {{ ref('quantity_words') }} as vocabulary
        on numbers.word = vocabulary.word

),

-- 3 Mio. is #3e6, $1M - $10M #1e6-#10e6, under 50 <#50, 50 and more #50-, mil millones e9.
notations as (

    select
        quantity_raw,
        replace({{ dbt.listagg('sign', "''", 'order by position') }}, 'e3e6', 'e9') as notation
    from signs
    group by quantity_raw

),

bounds as (

    select
        quantity_raw,
        case
            when notation like '%<%' then '0'
            else replace(split_part(notation, '-', 1), '#', '')
        end as lower_bound,
        replace(split_part(split_part(notation, '-', 2), 'e', 1), '#', '') as upper_digits,
        replace(split_part(split_part(notation, '-', 2), 'e', 2), '<', '') as upper_zeros
    from notations
    where {{ matches_pattern(
        'notation', "'^(<-?)?#[0-9.]+(e[0-9]+)?(-|-#[0-9.]+(e[0-9]+)?)?<?$'"
    ) }}

),

-- A unit said once is meant for both bounds: 1-10M.
readings as (

    select
        quantity_raw,
        coalesce(
            case
                when {{ parse_number('lower_bound') }} <= {{ parse_number('upper_digits') }}
                    then {{ parse_number("lower_bound || 'e' || nullif(upper_zeros, '')") }}
            end,
            {{ parse_number('lower_bound') }}
        ) as quantity
    from bounds

),

final as (

    select
        plain.quantity_raw,
        coalesce(plain.quantity, readings.quantity) as quantity
    from plain
    left join readings
        on plain.quantity_raw = readings.quantity_raw

)

select * from final
