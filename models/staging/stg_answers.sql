-- One row per lead, question and moment of the answer, merges followed.
with source as (

    select
        {{ clean_text('lead_id') }} as lead_id,
        lower({{ clean_text('question') }}) as question,
        {{ clean_text('answer') }} as answer,
        {{ parse_timestamp('answered_at') }} as answered_at
    from {{ source('raw', 'answers') }}

),

ranked as (

    select
        coalesce(lead_merges.surviving_lead_id, source.lead_id) as lead_id,
        source.question,
        source.answer,
        source.answered_at,
        row_number() over (
            partition by
                coalesce(lead_merges.surviving_lead_id, source.lead_id),
                source.question,
                source.answered_at
            order by lead_merges.surviving_lead_id is not null, source.lead_id, source.answer
        ) as duplicate_rank
    from source
    left join {{ ref('stg_lead_merges') }} as lead_merges
        on source.lead_id = lead_merges.merged_lead_id
    where
        source.lead_id is not null
        and source.question is not null
        and source.answered_at is not null

),

final as (

    select
        lead_id,
        question,
        answer,
        answered_at
    from ranked
    where duplicate_rank = 1

)

select * from final
