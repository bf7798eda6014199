-- One row per scorecard, its settings typed and its blanks filled.
with scorecards as (

    select
        {{ clean_text('scorecard_id') }} as scorecard_id,
        {{ fold_text('subject') }} as subject,
        {{ clean_text('purpose') }} as purpose,
        {{ fold_text('audience') }} as audience,
        coalesce({{ parse_number('half_life_days') }}, 0) as half_life_days,
        cast({{ parse_number('lookback_days') }} as integer) as lookback_days,
        cast(coalesce({{ parse_number('floor') }}, 0) as decimal(18, 4)) as floor_points,
        cast(coalesce({{ parse_number('ceiling') }}, 100) as decimal(18, 4)) as ceiling_points,
        coalesce({{ parse_boolean('include_customers') }}, false) as includes_customers
    from {{ ref('scorecards') }}

),

final as (

    select * from scorecards
    where scorecard_id is not null

)

select * from final
