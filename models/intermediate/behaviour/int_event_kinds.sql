-- One row per kind of event: what a rule can look at. Kinds are few (thousands), however many
-- events there are, so that any condition is cheap here.
with kinds as (

    select
        kind_key,
        event_type,
        channel,
        page,
        campaign_id,
        content_id
    from {{ ref('int_logged_kinds') }}

    union

    select
        kind_key,
        event_type,
        channel,
        page,
        campaign_id,
        content_id
    from {{ ref('int_derived_kinds') }}
    where kind_key in (select events.kind_key from {{ ref('int_derived_events') }} as events)

),

content_map as (

    select * from {{ ref('int_content_map') }}

),

pages as (

    select distinct page
    from kinds
    where page is not null

),

-- The longest prefix of a page wins; a prefix ends at a slash or with the page.
mapped as (

    select
        pages.page,
        content_map.page_group,
        content_map.content_stage,
        content_map.content_topic,
        content_map.product,
        row_number() over (
            partition by pages.page
            order by length(content_map.page_prefix) desc, content_map.page_prefix
        ) as prefix_rank
    from pages
    inner join content_map
        on
            pages.page = content_map.page_prefix
            or content_map.page_prefix = '/'
            or starts_with(pages.page, content_map.page_prefix || '/')

),

final as (

    select
        kinds.kind_key,
        kinds.event_type,
        kinds.channel,
        kinds.page,
        mapped.page_group,
        mapped.content_stage,
        mapped.content_topic,
        mapped.product,
        kinds.campaign_id,
        kinds.content_id
    from kinds
    left join mapped
        on
            kinds.page = mapped.page
            and mapped.prefix_rank = 1

)

select * from final
