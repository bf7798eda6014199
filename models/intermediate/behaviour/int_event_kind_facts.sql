-- One row per event kind and field that it has a value for.
with kinds as (

    select * from {{ ref('int_event_kinds') }}

),

kind_values as (
    {{ unpivot('kinds', 'kind_key', {
        'event.event_type': 'event_type',
        'event.channel': 'channel',
        'event.page': 'page',
        'event.page_group': 'page_group',
        'event.content_stage': 'content_stage',
        'event.content_topic': 'content_topic',
        'event.product': 'product',
        'event.campaign_id': 'campaign_id',
        'event.content_id': 'content_id',
    }) }}
),

final as (

    select
        entity_key,
        field,
        value,
        {{ integer_key(['field', 'value']) }} as fact_key
    from kind_values

)

select * from final
