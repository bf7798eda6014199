-- One row per lead or company: which share of the fields that count for its audience is known. Of a
-- company, only its own fields count.
with entities as (

    select
        lead_key as entity_key,
        'lead' as entity_type,
        audience
    from {{ ref('int_lead_profiles') }}
    union all
    select
        company_key as entity_key,
        'company' as entity_type,
        'b2b' as audience
    from {{ ref('int_company_profiles') }}

),

-- Which fields ought to be known depends on the audience; of a company, only its own.
expected_fields as (

    select
        fields.field,
        audiences.entity_type,
        audiences.audience
    from {{ ref('int_fields') }} as fields
    cross join (
        values ('lead', 'b2b'), ('lead', 'b2c'), ('company', 'b2b')
    ) as audiences (entity_type, audience)
    where
        fields.counts_for_completeness in ('all', audiences.audience)
        and (audiences.entity_type = 'lead' or starts_with(fields.field, 'company.'))

),

expected_counts as (

    select
        entity_type,
        audience,
        count(*) as field_count
    from expected_fields
    group by entity_type, audience

),

known_counts as (

    select
        facts.entity_key,
        count(*) as field_count
    from {{ ref('int_known_facts') }} as facts
    inner join entities
        on facts.entity_key = entities.entity_key
    inner join expected_fields
        on
            facts.field = expected_fields.field
            and entities.entity_type = expected_fields.entity_type
            and entities.audience = expected_fields.audience
    group by facts.entity_key

),

final as (

    select
        entities.entity_key,
        entities.entity_type,
        cast(
            coalesce(known_counts.field_count, 0) * 1.0 / expected_counts.field_count
            as decimal(5, 4)
        ) as completeness
    from entities
    inner join expected_counts
        on
            entities.entity_type = expected_counts.entity_type
            and entities.audience = expected_counts.audience
    left join known_counts
        on entities.entity_key = known_counts.entity_key

)

select * from final
