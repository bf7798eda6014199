-- One row per condition of a dynamic list.
with final as (

    select
        {{ clean_text('list_id') }} as list_id,
        {{ clean_text('exclusive_set') }} as exclusive_set,
        {{ parse_number('priority') }} as priority,
        {{ condition_key() }} as condition_key,
        lower({{ clean_text('field') }}) as field,
        {{ fold_text('operator') }} as operator,
        {{ clean_text('value') }} as value,
        {{ clean_text('workflow') }} as workflow,
        {{ clean_text('offer_key') }} as offer_key
    from {{ ref('lists') }}
    where {{ clean_text('list_id') }} is not null

)

select * from final
