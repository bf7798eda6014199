-- One row per lead and scorecard whose score a person has set for as_of_date.
with overrides as (

    select
        {{ clean_text('lead_id') }} as lead_id,
        {{ clean_text('scorecard_id') }} as scorecard_id,
        cast({{ parse_number('score') }} as integer) as score,
        {{ clean_text('reason') }} as reason,
        {{ clean_text('author') }} as author,
        {{ parse_date('valid_from') }} as valid_from,
        {{ parse_date('valid_to') }} as valid_to
    from {{ ref('overrides') }}

),

final as (

    select
        lead_id,
        scorecard_id,
        score,
        reason,
        author
    from overrides
    where
        lead_id is not null
        and {{ is_in_force() }}
        and score is not null

)

select * from final
