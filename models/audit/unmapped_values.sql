-- One row per value that no vocabulary knows, with the number of leads that hold it: the top rows
-- are the synonyms to add next. A job title that says neither rank nor department has two rows.
with leads as (

    select * from {{ ref('stg_leads') }}

),

companies as (

    select * from {{ ref('stg_companies') }}

),

employees as (

    select
        leads.lead_id,
        companies.industry,
        companies.country,
        companies.employee_count,
        companies.annual_revenue
    from leads
    inner join companies
        on leads.company_id = companies.company_id

),

-- Words of which the input contract has a closed list.
closed_words as (

    {{ unpivot('leads', 'lead_id', {
        'lead.origin': 'origin',
        'lead.audience': 'audience',
        'lead.consent_status': 'consent_status',
    }) }}

),

unmapped as (

    select
        cast(null as varchar) as vocabulary,
        field,
        value,
        entity_key as lead_id
    from closed_words
    where
        case field
            when 'lead.origin' then value not in ('inbound', 'outbound', 'cross_sell')
            when 'lead.audience' then value not in ('b2b', 'b2c')
            else value not in ('subscribed', 'unsubscribed', 'unknown')
        end

    union all
    {%- for vocabulary, field, holders, readings, reading in [
        ('seniority', 'lead.job_title', 'leads', 'int_job_titles', 'seniority'),
        ('job_function', 'lead.job_title', 'leads', 'int_job_titles', 'job_function'),
        ('country_code', 'lead.country', 'leads', 'int_countries', 'country_code'),
        ('country_code', 'company.country', 'employees', 'int_countries', 'country_code'),
        ('industry', 'company.industry', 'employees', 'int_industries', 'industry'),
        (none, 'company.employee_count', 'employees', 'int_employee_counts', 'employee_count'),
        (none, 'company.annual_revenue', 'employees', 'int_annual_revenues', 'annual_revenue'),
    ] %}
    {%- set column = field.split('.') | last %}
    select
        {{ "'" ~ vocabulary ~ "'" if vocabulary else 'cast(null as varchar)' }} as vocabulary,
        '{{ field }}' as field,
        holders.{{ column }} as value,
        holders.lead_id
    from {{ holders }} as holders
    inner join {{ ref(readings) }} as readings
        on holders.{{ column }} = readings.{{ column }}_raw
    where readings.{{ reading }} is null

    union all
    {% endfor %}
    select
        cast(null as varchar) as vocabulary,
        'event.event_type' as field,
        events.event_type as value,
        cast(events.lead_key as varchar) as lead_id
    from {{ ref('stg_events') }} as events
    left join {{ ref('event_types') }} as event_types
        on events.event_type = event_types.event_type
    where event_types.event_type is null

),

counted as (

    select
        vocabulary,
        field,
        value,
        count(distinct lead_id) as lead_count
    from unmapped
    group by vocabulary, field, value

),

offered as (

    select
        case
            when
                {{ plain_words('counted.value') }} is not null
                and not coalesce(titles.is_junk, false)
                then counted.vocabulary
        end as vocabulary,
        counted.field,
        counted.value,
        counted.lead_count,
        coalesce(titles.is_junk, false) as is_junk
    from counted
    left join {{ ref('int_job_titles') }} as titles
        on
            counted.field = 'lead.job_title'
            and counted.value = titles.job_title_raw

),

-- A value without a word or sense, such as ??? or aaa, is nobody's synonym, and stands once.
final as (

    select
        vocabulary,
        value as synonym,
        max(lead_count) as lead_count,
        field,
        is_junk
    from offered
    group by vocabulary, field, value, is_junk

)

select * from final
order by lead_count desc, field asc, synonym asc, vocabulary asc
