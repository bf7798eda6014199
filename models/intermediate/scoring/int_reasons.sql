-- One row per scorecard and lead or company with points: its three largest reasons for and
-- against. Numbers are ranked; only the lines that remain are put into words.
with rules as (

    select
        rule_key,
        scorecard_id,
        reason,
        dense_rank() over (order by scorecard_id) as scorecard_rank,
        row_number() over (order by rule_id, rule_key) as rule_rank
    from {{ ref('int_rules') }}

),

ranked as (

    select
        rule_lines.subject_key,
        rule_lines.rule_key,
        rule_lines.points,
        row_number() over (
            partition by rule_lines.subject_key, rules.scorecard_rank, rule_lines.points > 0
            order by abs(rule_lines.points) desc, rules.rule_rank
        ) as reason_rank
    from {{ ref('int_rule_lines') }} as rule_lines
    inner join rules
        on rule_lines.rule_key = rules.rule_key
    where rule_lines.points <> 0

),

reasons as (

    select
        rules.scorecard_id,
        ranked.subject_key,
        ranked.points > 0 as is_positive,
        ranked.reason_rank,
        rules.reason || ' (' || case when ranked.points > 0 then '+' else '' end
        || cast(cast(round(ranked.points, 1) as decimal(18, 1)) as varchar) || ')' as reason
    from ranked
    inner join rules
        on ranked.rule_key = rules.rule_key
    where ranked.reason_rank <= 3

),

final as (

    select
        scorecard_id,
        subject_key,
        {{ first_three('reason', 'reason_rank', 'is_positive') }} as top_positive_reasons,
        {{ first_three('reason', 'reason_rank', 'not is_positive') }} as top_negative_reasons
    from reasons
    group by scorecard_id, subject_key

)

select * from final
