-- One row per field that some rule, list or the completeness asks for: only these become facts.
with final as (

    select field from {{ ref('int_conditions') }}
    union
    select field from {{ ref('int_fields') }}
    where counts_for_completeness is not null

)

select * from final
