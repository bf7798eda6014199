-- One row per scorecard and lead or company: the sums of its ledger, its score, and what a person
-- or a rule decided about it whatever the points say.
with subjects as (

    select * from {{ ref('int_scored_subjects') }}

),

sums as (

    select
        scorecard_id,
        subject_key,
        fit_points + fit_correction as fit_points,
        engagement_points + engagement_correction as engagement_points,
        score_correction
    from {{ ref('int_score_points') }}

),

-- What disqualifies somebody under a component, or speeds them up, does so under its composite.
verdict_scorecards as (

    select
        scorecard_id,
        scorecard_id as judged_scorecard_id
    from {{ ref('int_rules') }}
    union
    select
        component_id as scorecard_id,
        scorecard_id as judged_scorecard_id
    from {{ ref('int_composites') }}

),

verdicts as (

    select
        verdict_scorecards.judged_scorecard_id as scorecard_id,
        rule_lines.subject_key,
        max(case when rules.effect = 'fast_track' then 1 else 0 end) = 1 as is_fast_tracked,
        {{ sorted_list("case when rules.effect = 'veto' then rules.reason end") }} as veto_reasons,
        max(case when rules.effect = 'veto' then 1 else 0 end) = 1 as is_vetoed
    from {{ ref('int_rule_lines') }} as rule_lines
    inner join {{ ref('int_rules') }} as rules
        on rule_lines.rule_key = rules.rule_key
    inner join verdict_scorecards
        on rules.scorecard_id = verdict_scorecards.scorecard_id
    where rules.effect in ('veto', 'fast_track')
    group by verdict_scorecards.judged_scorecard_id, rule_lines.subject_key

),

scored as (

    select
        subjects.scorecard_id,
        subjects.subject_key,
        subjects.subject_type,
        subjects.subject_id,
        cast(sums.fit_points as decimal(18, 4)) as fit_points,
        cast(sums.engagement_points as decimal(18, 4)) as engagement_points,
        cast(sums.fit_points + sums.engagement_points as decimal(18, 4)) as raw_points,
        cast(sums.fit_points + sums.engagement_points + sums.score_correction as decimal(18, 4))
            as score_points,
        overrides.score as override_score,
        coalesce(verdicts.is_vetoed, false) as is_vetoed,
        verdicts.veto_reasons,
        coalesce(verdicts.is_fast_tracked, false) as is_fast_tracked,
        rejections.lead_key is not null as is_rejected
    from subjects
    inner join sums
        on
            subjects.scorecard_id = sums.scorecard_id
            and subjects.subject_key = sums.subject_key
    left join verdicts
        on
            subjects.scorecard_id = verdicts.scorecard_id
            and subjects.subject_key = verdicts.subject_key
    left join {{ ref('int_overrides') }} as overrides
        on
            subjects.scorecard_id = overrides.scorecard_id
            and subjects.subject_type = 'lead'
            and subjects.subject_id = overrides.lead_id
    left join {{ ref('int_sales_events') }} as rejections
        on
            subjects.subject_key = rejections.lead_key
            and rejections.is_newest_rejection

),

final as (

    select
        scorecard_id,
        subject_key,
        subject_type,
        subject_id,
        fit_points,
        engagement_points,
        raw_points,
        score_points,
        {{ to_whole_points('fit_points') }} as fit_score,
        {{ to_whole_points('engagement_points') }} as engagement_score,
        coalesce(override_score, {{ to_whole_points('score_points') }}) as score,
        override_score is not null as is_overridden,
        is_vetoed,
        veto_reasons,
        is_fast_tracked,
        is_rejected
        and override_score is null
        and engagement_points <= 0 as is_sent_back
    from scored

)

select * from final
