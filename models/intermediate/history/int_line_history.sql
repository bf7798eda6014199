-- One row per run day and line of a rule that gave or took points. Lines are many, so that they are
-- kept for some run days only, as movements compare a day with the one before.
{{ config(
    unique_key='as_of_date',
    post_hook="delete from {{ this }} where as_of_date not in ("
        ~ "select as_of_date from {{ ref('int_run_days') }} where has_ledger_kept)",
) }}
-- depends_on: {{ ref('int_run_days') }}

with final as (

    select
        {{ as_of_date() }} as as_of_date,
        point_lines.subject_key,
        rules.version_id,
        point_lines.points
    from {{ ref('int_point_lines') }} as point_lines
    inner join {{ ref('int_rules') }} as rules
        on point_lines.rule_key = rules.rule_key
    where point_lines.points <> 0

)

select * from final
