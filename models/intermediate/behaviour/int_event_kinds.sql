-- One row per kind of event: what a rule can look at. Kinds are few (thousands), however many
-- events there are, so that any condition is cheap here.
with kinds as (

    select
        kind_key,
        min(event_type) as event_type,
        min(channel) as channel,
        min(page) as page,
        min(campaign_id) as campaign_id,
        min(content_id) as content_id
    from {{ ref('stg_event_log') }}
    where is_counted
    group by kind_key

    union

    select
        kind_key,
        min(event_type) as event_type,
        min(channel) as channel,
        min(page) as page,
        min(campaign_id) as campaign_id,
        min(content_id) as content_id
    from {{ ref('int_derived_events') }}
    group by kind_key

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
