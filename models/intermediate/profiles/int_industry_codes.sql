-- One row per industry typed as a code, with the industry that the longest prefix says. NACE stands
-- for all that share its divisions: CNAE, CIIU, ISIC, NAF, WZ and others. NACE and NAICS give one
-- number different meanings, so a number that says neither counts only if one of them has it.
with typed as (

    select distinct
        industry as industry_raw,
        {{ fold_text('industry') }} as industry_text
    from {{ ref('stg_companies') }}
    where industry is not null

),

-- CNAE 62.01-5/01, NACE J62, NAICS 5415, 62.01, J62, 541511; words may follow where it is marked.
marks as (

    select
        industry_raw,
        {{ matches_pattern('industry_text', "'^(naics|scian)\\b[^0-9]*[0-9]{2}'") }} as is_naics,
        {{ matches_pattern(
            'industry_text',
            "'^(nace|cnae|ciiu|isic|naf|ape|wz|ateco|cae|noga)\\b[^0-9]*[0-9]{2}'
            || '|^[a-v]?[0-9]{2}[.][0-9]{2}\\b'"
        ) }} as is_nace,
        {{ matches_pattern('industry_text', "'^[a-v] ?[0-9]{2,4}$'") }} as has_letter,
        {{ matches_pattern('industry_text', "'^[0-9]{2,7}$'") }} as is_bare,
        {{ replace_pattern('industry_text', '^[^0-9]*([0-9]+[0-9./-]*).*$', '\\1') }} as digits
    from typed

),

-- Of NAICS 31-33, the first sector says what they are.
numbers as (

    select
        industry_raw,
        is_naics,
        is_nace,
        has_letter,
        case
            when is_naics then split_part(digits, '-', 1)
            else {{ replace_pattern('digits', '[^0-9]', '') }}
        end as digits
    from marks
    where is_naics or is_nace or has_letter or is_bare

),

-- The classes of national editions differ behind four digits: of 6201501 only the division counts.
codes as (

    select
        industry_raw,
        is_naics or is_nace as is_marked,
        case
            when is_naics then 'naics'
            when is_nace or has_letter or length(digits) = 7 then 'nace'
            when length(digits) in (5, 6) then 'naics'
        end as classification,
        case
            when length(digits) > 4 and (is_nace or length(digits) = 7) then left(digits, 2)
            else digits
        end as code
    from numbers

),

-- A sector of NAICS (62) is not enough to say that it has the number (6201): there is no 620.
matches as (

    select
        codes.industry_raw,
        codes.is_marked,
        codes.classification as said_classification,
        prefixes.classification,
        prefixes.industry,
        row_number() over (
            partition by codes.industry_raw, prefixes.classification
            order by length(prefixes.code) desc
        ) as choice
    from codes
    inner join {{ ref('industry_codes') }} as prefixes
        on
            starts_with(codes.code, prefixes.code)
            and (codes.classification = prefixes.classification or codes.classification is null)
            and (
                codes.classification is not null
                or prefixes.classification = 'nace'
                or length(codes.code) = 2
                or length(prefixes.code) > 2
            )

),

final as (

    select
        industry_raw,
        is_marked,
        min(industry) as industry
    from matches
    where choice = 1
    group by industry_raw, is_marked
    having
        count(*) = 1
        or min(industry) = max(industry)

)

select * from final
