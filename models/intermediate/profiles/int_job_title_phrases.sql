-- One row per phrase of the vocabulary: those shipped, and those that users add to synonyms.csv.
with synonyms as (

    select
        synonyms.synonym as phrase,
        max(seniorities.seniority) as seniority,
        max(job_functions.job_function) as job_function
    from {{ ref('int_synonyms') }} as synonyms
    left join {{ ref('seniorities') }} as seniorities
        on
            synonyms.vocabulary = 'seniority'
            and {{ fold_text('synonyms.value') }} = seniorities.seniority
    left join {{ ref('job_functions') }} as job_functions
        on
            synonyms.vocabulary = 'job_function'
            and {{ fold_text('synonyms.value') }} = job_functions.job_function
    where coalesce(seniorities.seniority, job_functions.job_function) is not null
    group by synonyms.synonym

),

final as (

    select
        {{ integer_key(["'shipped'", 'phrase']) }} as phrase_key,
        false as is_own,
        phrase,
        language,
        seniority,
        job_function,
        precedence,
        effect,
        canonical_title
    from {{ ref('title_phrases') }}

    union all

    select
        {{ integer_key(["'own'", 'phrase']) }} as phrase_key,
        true as is_own,
        phrase,
        null as language,
        seniority,
        job_function,
        0 as precedence,
        null as effect,
        null as canonical_title
    from synonyms

)

select * from final
