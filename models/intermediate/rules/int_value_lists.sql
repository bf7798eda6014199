-- One row per value of a value list, in the form in which text is compared.
with final as (

    select distinct
        {{ clean_text('value_list') }} as value_list,
        {{ fold_text('value') }} as value
    from {{ ref('value_lists') }}
    where
        {{ clean_text('value_list') }} is not null
        and {{ fold_text('value') }} is not null

)

select * from final
