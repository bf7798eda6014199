-- One row per lead or company and field that has no column of its own, if a rule, list or the
-- completeness asks for it: attributes, answers, and a company's contacts of one function. What is
-- unknown has no row.
with fields as (

    select * from {{ ref('int_asked_fields') }}

),

attribute_values as (

    select
        {{ integer_key(["'lead'", 'lead_id']) }} as entity_key,
        'attribute.' || field as field,
        value
    from {{ ref('stg_lead_attributes') }}
    where value is not null

),

ranked_answers as (

    select
        lead_id,
        question,
        answer,
        row_number() over (
            partition by lead_id, question
            order by answered_at desc
        ) as answer_rank
    from {{ ref('stg_answers') }}
    where cast(answered_at as date) <= {{ as_of_date() }}

),

answer_values as (

    select
        {{ integer_key(["'lead'", 'lead_id']) }} as entity_key,
        'answer.' || question as field,
        answer as value
    from ranked_answers
    where
        answer_rank = 1
        and answer is not null

),

-- Only functions that somebody asks for are counted; a company without such a contact has 0.
asked_functions as (

    select
        field,
        replace(field, 'company.contact_count.', '') as job_function
    from fields
    where starts_with(field, 'company.contact_count.')

),

contacts as (

    select
        leads.company_key,
        asked_functions.field,
        count(*) as contact_count
    from {{ ref('int_lead_profiles') }} as leads
    inner join asked_functions
        on leads.job_function = asked_functions.job_function
    where leads.company_key is not null
    group by leads.company_key, asked_functions.field

),

contact_values as (

    select
        companies.company_key as entity_key,
        asked_functions.field,
        cast(coalesce(contacts.contact_count, 0) as varchar) as value
    from {{ ref('int_company_profiles') }} as companies
    cross join asked_functions
    left join contacts
        on
            companies.company_key = contacts.company_key
            and asked_functions.field = contacts.field

),

unioned as (

    select * from attribute_values
    union all
    select * from answer_values
    union all
    select * from contact_values

),

final as (

    select
        unioned.entity_key,
        unioned.field,
        unioned.value,
        {{ integer_key(['unioned.field', 'unioned.value']) }} as fact_key
    from unioned
    inner join fields
        on unioned.field = fields.field

)

select * from final
