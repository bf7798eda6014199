-- One row per audience and field that a rule, a list or the completeness asks for: of how many
-- leads it is known.
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
        field,
        count(distinct rule_key) as rule_count
    from {{ ref('int_explicit_rules') }}
    group by field

),

asked_fields as (

    select field from rules
    union
    select field from fields
    where counts_for_completeness is not null

),

known_counts as (

    select
        leads.audience,
        facts.field,
        count(*) as known_count
    from {{ ref('int_known_facts') }} as facts
    inner join leads
        on facts.entity_key = leads.lead_key
    group by leads.audience, facts.field

),

final as (

    select
        audiences.audience,
        asked_fields.field,
        audiences.lead_count,
        coalesce(known_counts.known_count, 0) as known_count,
        audiences.lead_count - coalesce(known_counts.known_count, 0) as unknown_count,
        round(coalesce(known_counts.known_count, 0) * 1.0 / audiences.lead_count, 4) as known_share,
        coalesce(fields.counts_for_completeness in ('all', audiences.audience), false)
            as counts_for_completeness,
        coalesce(rules.rule_count, 0) as rule_count
    from audiences
    cross join asked_fields
    left join known_counts
        on
            audiences.audience = known_counts.audience
            and asked_fields.field = known_counts.field
    left join fields
        on asked_fields.field = fields.field
    left join rules
        on asked_fields.field = rules.field
    where asked_fields.field <> 'lead.completeness'

)

select * from final
order by audience asc, known_share desc, field asc
