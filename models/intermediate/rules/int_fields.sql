-- One row per registered field.
with final as (

    select
        lower({{ clean_text('field') }}) as field,
        {{ fold_text('data_type') }} as data_type,
        coalesce({{ parse_boolean('is_protected') }}, false) as is_protected,
        {{ fold_text('counts_for_completeness') }} as counts_for_completeness
    from {{ ref('fields') }}
    where {{ clean_text('field') }} is not null

)

select * from final
