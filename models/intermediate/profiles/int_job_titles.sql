-- One row per job title as typed: what it says of rank and department. The strongest rank and the
-- strongest department win, each for itself; their order is in the vocabularies. A title in which
-- no phrase is found has a row, too, and nothing but nulls in it.
with titles as (

    select * from {{ ref('int_job_titles_repaired') }}

),

meanings as (

    select * from {{ ref('int_job_title_meanings') }}

),

seniorities as (

    select * from {{ ref('seniorities') }}

),

job_functions as (

    select * from {{ ref('job_functions') }}

),

ranks as (

    select
        meanings.*,
        row_number() over (
            partition by meanings.title_key
            order by
                meanings.is_own desc,
                seniorities.precedence asc,
                meanings.precedence asc,
                meanings.first_position asc
        ) as choice
    from meanings
    inner join seniorities
        on meanings.seniority = seniorities.seniority

),

departments as (

    select
        meanings.title_key,
        meanings.phrase,
        meanings.job_function,
        row_number() over (
            partition by meanings.title_key
            order by
                meanings.is_own desc,
                meanings.precedence asc,
                job_functions.precedence asc,
                meanings.first_position asc
        ) as choice
    from meanings
    inner join job_functions
        on meanings.job_function = job_functions.job_function

),

explanations as (

    select
        title_key,
        {{ dbt.listagg('phrase', "', '", 'order by first_position') }} as matched_phrases,
        max(case when effect = 'placeholder' then 1 else 0 end) = 1 as has_placeholder
    from {{ ref('int_job_title_matches') }}
    group by title_key

),

chosen as (

    select
        titles.title_key,
        titles.job_title_raw,
        ranks.seniority,
        ranks.said_seniority,
        ranks.is_deputy,
        ranks.phrase as seniority_phrase,
        departments.job_function,
        departments.phrase as job_function_phrase,
        case
            when ranks.job_function is null or ranks.job_function = departments.job_function
                then ranks.canonical_title
        end as phrase_title
    from titles
    left join ranks
        on
            titles.title_key = ranks.title_key
            and ranks.choice = 1
    left join departments
        on
            titles.title_key = departments.title_key
            and departments.choice = 1

),

-- Titles that say the same in any language get the same name, made of the rank and the department.
named as (

    select
        chosen.title_key,
        case when chosen.is_deputy then 'deputy ' else '' end || coalesce(
            chosen.phrase_title,
            case when chosen.said_seniority = 'c_level' then job_functions.chief_title end,
            replace(seniorities.title_with_function, '{function}', job_functions.name_in_titles),
            seniorities.title,
            job_functions.name_in_titles
        ) as canonical_title
    from chosen
    left join seniorities
        on chosen.said_seniority = seniorities.seniority
    left join job_functions
        on chosen.job_function = job_functions.job_function

),

final as (

    select
        chosen.job_title_raw,
        chosen.seniority,
        coalesce(chosen.job_function, seniorities.default_function) as job_function,
        upper(substr(named.canonical_title, 1, 1)) || substr(named.canonical_title, 2)
            as job_title_canonical,
        seniorities.is_decision_maker,
        languages.language as job_title_language,
        chosen.seniority_phrase,
        case
            when coalesce(chosen.job_function, seniorities.default_function) is not null
                then coalesce(chosen.job_function_phrase, chosen.seniority_phrase)
        end as job_function_phrase,
        explanations.matched_phrases,
        chosen.seniority is null
        and chosen.job_function is null
        and (
            coalesce(explanations.has_placeholder, false)
            or {{ is_one_letter('chosen.job_title_raw') }}
        ) as is_junk
    from chosen
    inner join named
        on chosen.title_key = named.title_key
    left join seniorities
        on chosen.seniority = seniorities.seniority
    left join {{ ref('int_job_title_languages') }} as languages
        on chosen.title_key = languages.title_key
    left join explanations
        on chosen.title_key = explanations.title_key

)

select * from final
