-- One row per page prefix, written as pages are.
with prefixes as (

    select
        {{ url_path(clean_text('page_prefix')) }} as page_prefix,
        {{ clean_text('page_group') }} as page_group,
        {{ fold_text('content_stage') }} as content_stage,
        {{ clean_text('content_topic') }} as content_topic,
        {{ clean_text('product') }} as product
    from {{ ref('content_map') }}

),

final as (

    select * from prefixes
    where page_prefix is not null

)

select * from final
