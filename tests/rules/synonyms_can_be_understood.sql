-- What: every synonym speaks of a vocabulary that exists, has a word in it, means what that
-- vocabulary knows, and means one thing however it is spelled. Industries may be new ones.
-- When it matters: where dbt runs without `leadscore check`, which says the same with line numbers.
-- A value with a slip would be a rank, country or kind that no rule asks for.
-- How to resolve: mend the row in seeds/rules/synonyms.csv.
with synonyms as (

    select
        {{ fold_text('vocabulary') }} as vocabulary,
        {{ clean_text('synonym') }} as written,
        {{ plain_words('synonym') }} as compared,
        {{ fold_text('value') }} as meaning
    from {{ ref('synonyms') }}
    where coalesce(
        {{ clean_text('vocabulary') }}, {{ clean_text('synonym') }}, {{ clean_text('value') }}
    ) is not null

),

known as (

    select
        'seniority' as vocabulary,
        {{ fold_text('seniority') }} as meaning
    from {{ ref('seniorities') }}
    union all
    select
        'job_function' as vocabulary,
        {{ fold_text('job_function') }} as meaning
    from {{ ref('job_functions') }}
    union all
    select distinct
        'country_code' as vocabulary,
        {{ fold_text('country_code') }} as meaning
    from {{ ref('country_names') }}
    union all
    select
        'email_kind' as vocabulary,
        kinds.email_kind as meaning
    from (
        values ('business'), ('personal'), ('disposable'), ('role'), ('invalid')
    ) as kinds (email_kind)

),

problems as (

    select
        synonyms.vocabulary,
        synonyms.written,
        synonyms.meaning,
        case
            when
                coalesce(synonyms.vocabulary, '') not in (
                    'seniority', 'job_function', 'country_code', 'industry', 'email_kind'
                )
                then 'vocabulary is seniority, job_function, country_code, industry or email_kind'
            when synonyms.compared is null then 'synonym has no letter or digit'
            when synonyms.meaning is null then 'value is blank'
            when synonyms.vocabulary <> 'industry' and known.meaning is null
                then 'value is not of the vocabulary'
        end as problem
    from synonyms
    left join known
        on
            synonyms.vocabulary = known.vocabulary
            and synonyms.meaning = known.meaning

    union all

    select
        vocabulary,
        compared as written,
        min(meaning) || ', ' || max(meaning) as meaning,
        'the synonym means two things' as problem
    from synonyms
    group by vocabulary, compared
    having min(meaning) <> max(meaning)

)

select * from problems
where problem is not null
