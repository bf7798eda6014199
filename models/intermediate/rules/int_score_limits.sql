-- One row per limit; without a rule group it limits the whole axis.
with final as (

    select
        {{ clean_text('scorecard_id') }} as scorecard_id,
        {{ fold_text('axis') }} as axis,
        {{ clean_text('rule_group') }} as rule_group,
        cast({{ parse_number('min_points') }} as decimal(18, 4)) as min_points,
        cast({{ parse_number('max_points') }} as decimal(18, 4)) as max_points
    from {{ ref('score_limits') }}
    where {{ clean_text('scorecard_id') }} is not null

)

select * from final
