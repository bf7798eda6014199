-- One row per token of titles and phrases, and how the vocabulary spells it: words with spaces
-- between, or with hyphens in a compound; null for fillers. Unknown words stand for themselves.
with tokens as (

    select distinct
        token,
        {{ replace_pattern(replace_pattern('token', '[.-]', ''), '([aou])e', '\\1') }}
            as plain_token
    from {{ ref('int_job_title_tokens') }}

),

forms as (

    select * from {{ ref('int_job_title_forms') }}

),

-- Geschaeftsfuehrer, V.P. and e-commerce are not known as they are written.
final as (

    select
        tokens.token,
        case
            when forms.form is not null then forms.spelling
            when compounds.token is not null then compounds.spelling
            when plain_forms.form is not null then plain_forms.spelling
            else tokens.plain_token
        end as spelling,
        case
            when forms.form is not null then forms.language
            when compounds.token is not null then 'de'
            else plain_forms.language
        end as language
    from tokens
    left join forms
        on tokens.token = forms.form
    left join {{ ref('int_job_title_compounds') }} as compounds
        on tokens.token = compounds.token
    left join forms as plain_forms
        on tokens.plain_token = plain_forms.form

)

select * from final
