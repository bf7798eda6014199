-- One row per scorecard, rule and band: the leads or companies that are in the band because of this
-- rule. Without its line, and with all limits applied again, they would be in another one. Scores
-- that a person has set, and bands that a veto has set, do not hang on points.
--
-- No limit turns points round or makes more of them. So a line can only matter if its points alone
-- reach over the nearest end of the band, and most lines are out before anything is added up.
with scores as materialized (

    select
        scorecard_id, lead_id as subject_id, band, previous_band, score, score_points,
        fit_points, engagement_points, is_overridden, is_vetoed
    from marts.lead_scores
    union all by name
    select
        scorecard_id, company_id as subject_id, band, previous_band, score, score_points,
        fit_points, engagement_points, is_overridden, is_vetoed
    from marts.company_scores

),

lines as materialized (

    select scorecard_id, lead_id as subject_id, line_type, axis, rule_group, rule_id, points
    from marts.lead_score_ledger
    union all by name
    select scorecard_id, company_id as subject_id, line_type, axis, rule_group, rule_id, points
    from marts.company_score_ledger

),

bands as (

    select
        trim(scorecard_id) as scorecard_id,
        trim(band) as band,
        try_cast(lower as double) as lower_score,
        try_cast(upper as double) as upper_score,
        try_cast(exit_below as double) as exit_below,
        -- The outermost bands are open.
        case when lag(true) over ranked then try_cast(lower as double) else -1e12 end as from_score,
        case when lead(true) over ranked then try_cast(upper as double) else 1e12 end as to_score
    from rules.bands
    where lower(trim(measure)) = 'score'
    window ranked as (partition by trim(scorecard_id) order by try_cast(lower as double))

),

ranges as (

    select
        trim(scorecard_id) as scorecard_id,
        coalesce(try_cast("floor" as double)::decimal(18, 4), 0) as least,
        coalesce(try_cast(ceiling as double)::decimal(18, 4), 100) as most
    from rules.scorecards

),

-- A veto decides if it is the only one.
sole_vetoes as (

    select lines.scorecard_id, lines.subject_id, min(lines.rule_id) as rule_id
    from lines
    inner join audit.rules_in_force as rules using (scorecard_id, rule_id)
    where rules.effect = 'veto'
    group by lines.scorecard_id, lines.subject_id
    having count(*) = 1

),

candidates as materialized (

    select
        lines.scorecard_id, lines.subject_id, lines.axis, lines.rule_group, lines.rule_id,
        lines.points, scores.band, scores.fit_points, scores.engagement_points,
        previous.band as previous_band, previous.lower_score, previous.exit_below,
        coalesce(rules.group_min_points, -1e12) as group_least,
        coalesce(rules.group_max_points, 1e12) as group_most,
        coalesce(rules.axis_min_points, -1e12) as axis_least,
        coalesce(rules.axis_max_points, 1e12) as axis_most
    from lines
    inner join audit.rules_in_force as rules using (scorecard_id, rule_id)
    inner join scores using (scorecard_id, subject_id)
    inner join bands using (scorecard_id, band)
    left join bands as previous
        on
            scores.scorecard_id = previous.scorecard_id
            and scores.previous_band = previous.band
    where
        lines.line_type = 'rule'
        and not scores.is_overridden
        and not scores.is_vetoed
        and case
            when lines.points > 0 then scores.score_points - lines.points < bands.lower_score
            when lines.points < 0
                then scores.score_points - lines.points
                    >= least(bands.upper_score, previous.exit_below - 1)
        end

),

axis_sums as (

    select scorecard_id, subject_id, axis, sum(points) as axis_points
    from lines
    semi join candidates using (scorecard_id, subject_id)
    where line_type in ('rule', 'group_limit')
    group by scorecard_id, subject_id, axis

),

group_sums as (

    select scorecard_id, subject_id, axis, rule_group, sum(points) as group_points
    from lines
    semi join candidates using (scorecard_id, subject_id, axis, rule_group)
    where line_type = 'rule'
    group by scorecard_id, subject_id, axis, rule_group

),

-- A rule without a group has no group to be limited with.
limited as (

    select
        candidates.*,
        axis_sums.axis_points
        + case
            when candidates.rule_group is null then -candidates.points
            else
                greatest(group_least, least(group_most, group_points - candidates.points))
                - greatest(group_least, least(group_most, group_points))
        end as axis_points
    from candidates
    inner join axis_sums using (scorecard_id, subject_id, axis)
    left join group_sums using (scorecard_id, subject_id, axis, rule_group)

),

rescored as (

    select
        limited.*,
        round(greatest(ranges.least, least(
            ranges.most,
            greatest(axis_least, least(axis_most, axis_points))
            + case axis when 'fit' then engagement_points else fit_points end
        ))) as score_without
    from limited
    inner join ranges using (scorecard_id)

),

-- The band of the run day before is held as it is in any run.
decided as (

    select rescored.scorecard_id, rescored.rule_id, rescored.band
    from rescored
    inner join bands
        on
            rescored.scorecard_id = bands.scorecard_id
            and rescored.score_without between bands.from_score and bands.to_score
    where
        rescored.band <> case
            when
                rescored.score_without < rescored.lower_score
                and rescored.score_without >= rescored.exit_below
                then rescored.previous_band
            else bands.band
        end
    union all
    select scorecard_id, rule_id, 'disqualified' as band
    from sole_vetoes

)

select scorecard_id, rule_id, band, count(*) as decided_count
from decided
group by scorecard_id, rule_id, band
