-- One row per scorecard and lead or company with points: its three largest reasons for and
-- against.
with lines as (

    select
        scorecard_id,
        subject_key,
        points > 0 as is_positive,
        label || ' (' || case when points > 0 then '+' else '' end
        || cast(cast(round(points, 1) as decimal(18, 1)) as varchar) || ')' as reason,
        row_number() over (
            partition by scorecard_id, subject_key, points > 0
            order by abs(points) desc, rule_id
        ) as reason_rank
    from {{ ref('int_rule_lines') }}
    where points <> 0

),

final as (

    select
        scorecard_id,
        subject_key,
        {{ ordered_list('reason', 'reason_rank', 'is_positive') }} as top_positive_reasons,
        {{ ordered_list('reason', 'reason_rank', 'not is_positive') }} as top_negative_reasons
    from lines
    where reason_rank <= 3
    group by scorecard_id, subject_key

)

select * from final
