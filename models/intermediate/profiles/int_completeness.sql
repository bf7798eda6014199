-- One row per lead or company: which share of the fields that count for its audience is known. Of a
-- company, only its own fields count. Fields that are columns are counted as columns, side by side.
with expected_fields as (

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

-- One row per audience, with a 1 for each column that counts.
expected_columns as (

    select
        entity_type,
        audience,
        {%- for field in lead_fields().keys() | list + company_fields().keys() | list %}
        max(case when field = '{{ field }}' then 1 else 0 end) as "{{ field }}",
        {%- endfor %}
        count(*) as field_count
    from expected_fields
    group by entity_type, audience

),

-- What has no column: attributes, answers, contacts by function.
extra_facts as (

    select
        extra_facts.entity_key,
        expected_fields.entity_type,
        expected_fields.audience,
        count(*) as fact_count
    from {{ ref('int_extra_facts') }} as extra_facts
    inner join expected_fields
        on extra_facts.field = expected_fields.field
    group by extra_facts.entity_key, expected_fields.entity_type, expected_fields.audience

),

known_counts as (

    select
        leads.lead_key as entity_key,
        'lead' as entity_type,
        expected.field_count,
        coalesce(own_facts.fact_count, 0) + coalesce(company_facts.fact_count, 0)
        + {{ known_columns('leads', lead_fields(), 'expected') }}
        + {{ known_columns('companies', company_fields(), 'expected') }} as known_count
    from {{ ref('int_lead_profiles') }} as leads
    inner join expected_columns as expected
        on
            leads.audience = expected.audience
            and expected.entity_type = 'lead'
    left join {{ ref('int_company_profiles') }} as companies
        on leads.company_key = companies.company_key
    left join extra_facts as own_facts
        on
            leads.lead_key = own_facts.entity_key
            and leads.audience = own_facts.audience
            and own_facts.entity_type = 'lead'
    left join extra_facts as company_facts
        on
            leads.company_key = company_facts.entity_key
            and leads.audience = company_facts.audience
            and company_facts.entity_type = 'lead'

    union all

    select
        companies.company_key as entity_key,
        'company' as entity_type,
        expected.field_count,
        coalesce(extra_facts.fact_count, 0)
        + {{ known_columns('companies', company_fields(), 'expected') }} as known_count
    from {{ ref('int_company_profiles') }} as companies
    inner join expected_columns as expected
        on expected.entity_type = 'company'
    left join extra_facts
        on
            companies.company_key = extra_facts.entity_key
            and extra_facts.entity_type = 'company'

),

final as (

    select
        entity_key,
        entity_type,
        cast(known_count * 1.0 / field_count as decimal(5, 4)) as completeness
    from known_counts

)

select * from final
