-- One row per audience and field that its scorecards or its completeness ask for: of how many leads
-- it is known.
with leads as (

    select
        lead_key,
        audience
    from {{ ref('int_lead_profiles') }}

),

audiences as (

    select
        audience,
        count(*) as lead_count
    from leads
    group by audience

),

fields as (

    select
        field,
        counts_for_completeness
    from {{ ref('int_fields') }}

),

rules as (

    select
        audiences.audience,
        explicit_rules.field,
        count(distinct explicit_rules.rule_key) as rule_count
    from {{ ref('int_explicit_rules') }} as explicit_rules
    inner join {{ ref('int_scorecards') }} as scorecards
        on
            explicit_rules.scorecard_id = scorecards.scorecard_id
            and scorecards.subject = 'lead'
    inner join audiences
        on coalesce(scorecards.audience, audiences.audience) = audiences.audience
    group by audiences.audience, explicit_rules.field

),

asked_fields as (

    select
        audience,
        field
    from rules
    where field <> 'lead.completeness'

    union

    select
        audiences.audience,
        fields.field
    from fields
    inner join audiences
        on fields.counts_for_completeness in ('all', audiences.audience)

),

known_counts as (

    select
        leads.audience,
        facts.field,
        count(*) as known_count
    from {{ ref('int_entity_facts') }} as facts
    inner join leads
        on facts.entity_key = leads.lead_key
    group by leads.audience, facts.field

),

final as (

    select
        asked_fields.audience,
        asked_fields.field,
        audiences.lead_count,
        coalesce(known_counts.known_count, 0) as known_count,
        audiences.lead_count - coalesce(known_counts.known_count, 0) as unknown_count,
        round(coalesce(known_counts.known_count, 0) * 1.0 / audiences.lead_count, 4) as known_share,
        coalesce(fields.counts_for_completeness in ('all', asked_fields.audience), false)
            as counts_for_completeness,
        coalesce(rules.rule_count, 0) as rule_count
    from asked_fields
    inner join audiences
        on asked_fields.audience = audiences.audience
    left join known_counts
        on
            asked_fields.audience = known_counts.audience
            and asked_fields.field = known_counts.field
    left join fields
        on asked_fields.field = fields.field
    left join rules
        on
            asked_fields.audience = rules.audience
            and asked_fields.field = rules.field

)

select * from final
order by audience asc, known_share desc, field asc
