-- One row per dynamic list and lead that meets all of its conditions, before exclusive sets.
with asked as (

    select distinct
        list_id,
        condition_key
    from {{ ref('int_lists') }}
    where condition_key is not null

),

entities as (

    select
        lead_key as entity_key,
        'lead' as entity_type
    from {{ ref('int_lead_profiles') }}

),

met as (

    select * from {{ ref('int_conditions_met') }}
    union all
    select * from {{ ref('int_score_conditions_met') }}

),

{{ entities_matching(
    'list_id', facts=[ref('int_entity_facts'), ref('int_score_facts')], result='matches'
) }},

-- Answers may be there of somebody who is no lead, or is none any more.
final as (

    select
        matches.list_id,
        matches.entity_key
    from matches
    inner join entities
        on matches.entity_key = entities.entity_key

)

select * from final
