-- One row per value or row of the raw tables that could not be read. A value is then taken as
-- unknown and its row stays; a row goes only where it has no key, or where an event has no type
-- or no time.
with unread_lines as (

    select
        table_name,
        row_locator,
        column_name,
        value,
        reason
    from {{ source('loading', 'load_rejects') }}

),

-- The log keeps what the raw rows said that could not be read, so that nobody reads them again.
events as (

    select
        raw_event_id as event_id,
        raw_event_type as event_type,
        raw_occurred_at as occurred_at,
        raw_loaded_at as loaded_at,
        raw_row
    from {{ ref('stg_event_log') }}
    where is_rejected

),

unreadable as (

    {{ unreadable_values('leads', ['lead_id'], {
        'is_customer': 'boolean',
        'birth_date': 'date',
        'experience_years': 'number',
        'created_at': 'timestamp',
        'updated_at': 'timestamp',
    }) }}
    union all
    {{ unreadable_values('lead_attributes', ['lead_id', 'field'], {'updated_at': 'timestamp'}) }}
    union all
    {{ unreadable_values('companies', ['company_id'], {'updated_at': 'timestamp'}) }}
    union all
    {{ unreadable_values(
        'events', ['event_id'], {'loaded_at': 'timestamp'}, relation='events', row='raw_row'
    ) }}
    union all
    {{ unreadable_values(
        'events', ['event_id'], {'occurred_at': 'timestamp'}, 'the row is left out',
        relation='events', row='raw_row'
    ) }}
    union all
    {{ unreadable_values(
        'answers', ['lead_id', 'question'], {'answered_at': 'timestamp'}, 'the row is left out'
    ) }}
    union all
    {{ unreadable_values('outcomes', ['opportunity_id'], {
        'amount': 'number',
        'opened_at': 'timestamp',
        'closed_at': 'timestamp',
        'is_won': 'boolean',
    }) }}

),

incomplete as (

    {{ missing_values('leads', ['lead_id']) }}
    union all
    {{ missing_values('lead_attributes', ['lead_id', 'field']) }}
    union all
    {{ missing_values('companies', ['company_id']) }}
    union all
    {{ missing_values(
        'events', ['event_id', 'event_type', 'occurred_at'], relation='events', row='raw_row'
    ) }}
    union all
    {{ missing_values('identities', ['anonymous_id', 'lead_id']) }}
    union all
    {{ missing_values('lead_merges', ['merged_lead_id', 'surviving_lead_id']) }}
    union all
    {{ missing_values('answers', ['lead_id', 'question', 'answered_at']) }}
    union all
    {{ missing_values('outcomes', ['opportunity_id']) }}

),

-- Sizes are read as words, too: about 50 people, 1,2 Mio.
unread_sizes as (

    {{ unread_quantities(['employee_count', 'annual_revenue']) }}

),

negative_sizes as (

    {{ negative_values('companies', ['company_id'], ['employee_count', 'annual_revenue']) }}

),

broken_merges as (

    select
        'lead_merges' as table_name,
        'merged_lead_id=' || {{ clean_text('merged.merged_lead_id') }} as row_locator,
        'surviving_lead_id' as column_name,
        {{ clean_text('merged.surviving_lead_id') }} as value,
        'the chain of merges runs in a circle or ends at a lead that does not exist: '
        || 'the merge is left out and the lead stays' as reason
    from {{ source('raw', 'lead_merges') }} as merged
    left join {{ ref('stg_lead_merges') }} as lead_merges
        on {{ clean_text('merged.merged_lead_id') }} = lead_merges.merged_lead_id
    where
        {{ clean_text('merged.merged_lead_id') }} is not null
        and {{ clean_text('merged.surviving_lead_id') }} is not null
        and lead_merges.merged_lead_id is null

),

final as (

    select * from unread_lines
    union all
    select * from unreadable
    union all
    select * from incomplete
    union all
    select * from unread_sizes
    union all
    select * from negative_sizes
    union all
    select * from broken_merges

)

select * from final
