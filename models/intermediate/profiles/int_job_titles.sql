-- One row per job title as typed: what it says of rank and department. The strongest rank and the
-- strongest department win, each for itself; their order is in the vocabularies. A title in which
-- no phrase is found has a row, too, and nothing but nulls in it.
with titles as (

    select distinct job_title as job_title_raw
    from {{ ref('stg_leads') }}
    where job_title is not null

),

matches as (

    select * from {{ ref('int_job_title_matches') }}

),

seniorities as (

    select * from {{ ref('seniorities') }}

),

job_functions as (

    select * from {{ ref('job_functions') }}

),

ranks as (

    select
        matches.job_title_raw,
        matches.seniority,
        matches.job_function,
        matches.canonical_title,
        row_number() over (
            partition by matches.job_title_raw
            order by seniorities.precedence, matches.precedence, matches.first_position
        ) as choice
    from matches
    inner join seniorities
        on matches.seniority = seniorities.seniority

),

departments as (

    select
        matches.job_title_raw,
        matches.job_function,
        row_number() over (
            partition by matches.job_title_raw
            order by matches.precedence, job_functions.precedence, matches.first_position
        ) as choice
    from matches
    inner join job_functions
        on matches.job_function = job_functions.job_function

),

explanations as (

    select
        job_title_raw,
        {{ dbt.listagg('phrase', "', '", 'order by first_position') }} as matched_phrases
    from matches
    group by job_title_raw

),

chosen as (

    select
        titles.job_title_raw,
        ranks.seniority,
        departments.job_function,
        seniorities.default_function,
        seniorities.is_decision_maker,
        seniorities.title,
        seniorities.title_with_function,
        case
            when ranks.job_function is null or ranks.job_function = departments.job_function
                then ranks.canonical_title
        end as phrase_title
    from titles
    left join ranks
        on
            titles.job_title_raw = ranks.job_title_raw
            and ranks.choice = 1
    left join departments
        on
            titles.job_title_raw = departments.job_title_raw
            and departments.choice = 1
    left join seniorities
        on ranks.seniority = seniorities.seniority

),

-- Titles that say the same in any language get the same name, made of the rank and the department.
named as (

    select
        chosen.job_title_raw,
        chosen.seniority,
        coalesce(chosen.job_function, chosen.default_function) as job_function,
        chosen.is_decision_maker,
        coalesce(
            chosen.phrase_title,
            case when chosen.seniority = 'c_level' then job_functions.chief_title end,
            replace(chosen.title_with_function, '{function}', job_functions.name_in_titles),
            chosen.title,
            job_functions.name_in_titles
        ) as canonical_title
    from chosen
    left join job_functions
        on chosen.job_function = job_functions.job_function

),

final as (

    select
        named.job_title_raw,
        named.seniority,
        named.job_function,
        upper(substr(named.canonical_title, 1, 1)) || substr(named.canonical_title, 2)
            as job_title_canonical,
        named.is_decision_maker,
        explanations.matched_phrases
    from named
    left join explanations
        on named.job_title_raw = explanations.job_title_raw

)

select * from final
