-- One row per band of a scorecard's measure. The outermost bands are open, so that an axis sum
-- beyond the declared range still falls into the nearest band.
with bands as (

    select
        {{ clean_text('scorecard_id') }} as scorecard_id,
        {{ fold_text('measure') }} as measure,
        {{ clean_text('band') }} as band,
        cast({{ parse_number('lower') }} as integer) as lower_score,
        cast({{ parse_number('upper') }} as integer) as upper_score,
        cast({{ parse_number('exit_below') }} as integer) as exit_below,
        {{ clean_text('temperature') }} as temperature,
        {{ clean_text('lifecycle_stage') }} as lifecycle_stage,
        {{ fold_text('next_step') }} as next_step,
        {{ clean_text('content_key') }} as content_key
    from {{ ref('bands') }}
    where {{ clean_text('scorecard_id') }} is not null

),

ranked as (

    select
        *,
        row_number() over (
            partition by scorecard_id, measure
            order by lower_score nulls first
        ) as rank_from_bottom,
        row_number() over (
            partition by scorecard_id, measure
            order by upper_score desc nulls first
        ) as rank_from_top
    from bands

),

final as (

    select
        scorecard_id,
        measure,
        band,
        lower_score,
        upper_score,
        case when rank_from_bottom > 1 then lower_score end as from_score,
        case when rank_from_top > 1 then upper_score end as to_score,
        exit_below,
        temperature,
        lifecycle_stage,
        next_step,
        content_key
    from ranked

)

select * from final
