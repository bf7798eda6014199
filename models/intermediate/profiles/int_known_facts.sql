-- One row per lead or company and field that some rule, list or the completeness asks for, with
-- its value as text. What is unknown has no row. A lead has the facts of its company, too.
with fields as (

    select field from {{ ref('int_conditions') }}
    union
    select field from {{ ref('int_fields') }}
    where counts_for_completeness is not null

),

leads as (

    select * from {{ ref('int_lead_profiles') }}

),

companies as (

    select * from {{ ref('int_company_profiles') }}

),

lead_values as (
    {{ unpivot('leads', 'lead_key', lead_fields()) }}
),

company_values as (
    {{ unpivot('companies', 'company_key', company_fields()) }}
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
        company_key,
        job_function,
        count(*) as contact_count
    from leads
    where
        company_key is not null
        and job_function is not null
    group by company_key, job_function

),

contact_values as (

    select
        companies.company_key as entity_key,
        asked_functions.field,
        cast(coalesce(contacts.contact_count, 0) as varchar) as value
    from companies
    cross join asked_functions
    left join contacts
        on
            companies.company_key = contacts.company_key
            and asked_functions.job_function = contacts.job_function

),

company_facts as (

    select * from company_values
    union all
    select * from contact_values

),

entity_facts as (

    select * from lead_values
    union all
    select * from attribute_values
    union all
    select * from answer_values
    union all
    select * from company_facts
    union all
    select
        leads.lead_key as entity_key,
        company_facts.field,
        company_facts.value
    from leads
    inner join company_facts
        on leads.company_key = company_facts.entity_key

),

final as (

    select
        entity_facts.entity_key,
        entity_facts.field,
        entity_facts.value
    from entity_facts
    inner join fields
        on entity_facts.field = fields.field

)

select * from final
