-- One row per vocabulary and synonym that a user adds to it. They win over the shipped ones.
with final as (

    select
        {{ fold_text('vocabulary') }} as vocabulary,
        {{ plain_words('synonym') }} as synonym,
        min({{ clean_text('value') }}) as value
    from {{ ref('synonyms') }}
    where
        {{ fold_text('vocabulary') }} is not null
        and {{ plain_words('synonym') }} is not null
        and {{ clean_text('value') }} is not null
    group by
        {{ fold_text('vocabulary') }},
        {{ plain_words('synonym') }}

)

select * from final
