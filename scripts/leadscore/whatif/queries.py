"""The questions that ``effects`` asks a trial, in SQL.

``standings`` are the scores of the day by tag, ``differences`` those that a step changes: step 0
are all edits, step n the n-th alone. Missing on one side is who is scored on the other side only.
"""

COMPARISON = (
    """
    create temp view standings as
    select
        tags.tag,
        tags.scorecard_id,
        scores.subject_type,
        scores.subject_key,
        scores.score,
        scores.band,
        scores.grade,
        scores.next_step
    from intermediate.int_score_history as scores
    inner join tags
        on scores.scorecard_id = tags.tagged_id
    where scores.as_of_date = {day}
    union all
    select
        'before' as tag,
        scorecard_id,
        subject_type,
        subject_key,
        score,
        band,
        grade,
        next_step
    from warehouse.intermediate.int_score_history
    where
        as_of_date = {day}
        and scorecard_id in (select tags.scorecard_id from tags)
    """,
    # Where a band stands among the others: as the rules to try say, else as those in force do.
    """
    create temp table positions as
    with bands as (
        select scorecard_id, band, lower_score, 1 as is_new from intermediate.int_bands
        where measure = 'score'
        union all
        select scorecard_id, band, lower_score, 0 as is_new
        from warehouse.intermediate.int_bands
        where measure = 'score'
    )
    select scorecard_id, band, arg_max(lower_score, is_new) as position
    from bands
    where scorecard_id in (select tags.scorecard_id from tags)
    group by scorecard_id, band
    union all
    select distinct scorecard_id, 'disqualified' as band, -1000000000 as position from tags
    """,
    """
    create temp table differences as
    with step_scorecards as (
        select distinct steps.number, steps.old_tag, steps.new_tag, tags.scorecard_id
        from steps
        inner join tags
            on steps.new_tag = tags.tag
    ),
    old as (
        select steps.number, standings.*
        from step_scorecards as steps
        inner join standings
            on steps.old_tag = standings.tag and steps.scorecard_id = standings.scorecard_id
    ),
    new as (
        select steps.number, standings.*
        from step_scorecards as steps
        inner join standings
            on steps.new_tag = standings.tag and steps.scorecard_id = standings.scorecard_id
    ),
    paired as (
        select
            coalesce(new.number, old.number) as number,
            coalesce(new.scorecard_id, old.scorecard_id) as scorecard_id,
            coalesce(new.subject_type, old.subject_type) as subject_type,
            coalesce(new.subject_key, old.subject_key) as subject_key,
            old.score as score_before,
            new.score as score_after,
            old.band as band_before,
            new.band as band_after,
            old.grade as grade_before,
            new.grade as grade_after,
            old.next_step as next_step_before,
            new.next_step as next_step_after,
            old.number is null as is_entered,
            new.number is null as is_left
        from old
        full outer join new
            on
                old.number = new.number
                and old.scorecard_id = new.scorecard_id
                and old.subject_key = new.subject_key
        where
            (old.score, old.band, old.grade, old.next_step)
            is distinct from (new.score, new.band, new.grade, new.next_step)
            or old.number is null
            or new.number is null
    )
    select
        paired.*,
        coalesce(paired.score_after - paired.score_before, 0) as change,
        paired.grade_before is distinct from paired.grade_after
        or paired.next_step_before is distinct from paired.next_step_after as is_redirected,
        case
            when paired.is_entered then 'enters'
            when paired.is_left then 'leaves'
            when paired.band_before is not distinct from paired.band_after then 'stays'
            when new_bands.position > old_bands.position then 'up'
            else 'down'
        end as direction
    from paired
    left join positions as old_bands
        on
            paired.scorecard_id = old_bands.scorecard_id
            and paired.band_before = old_bands.band
    left join positions as new_bands
        on
            paired.scorecard_id = new_bands.scorecard_id
            and paired.band_after = new_bands.band
    """,
    # Whom sales has won or else lost by the day; a company by the opportunities of its leads.
    """
    create temp table outcomes as
    with lost as (
        select leads.lead_key, leads.company_key
        from warehouse.staging.stg_outcomes as opportunities
        inner join warehouse.intermediate.int_lead_profiles as leads
            on opportunities.lead_id = leads.lead_id
        where
            not opportunities.is_won
            and cast(opportunities.closed_at as date) <= {day}
    ),
    subjects as (
        select subject_key, true as is_won from warehouse.intermediate.int_won_subjects
        union all
        select lead_key as subject_key, false as is_won from lost
        union all
        select company_key as subject_key, false as is_won from lost where company_key is not null
    )
    select subject_key, bool_or(is_won) as is_won from subjects
    group by subject_key
    """,
    """
    create temp view names as
    select lead_key as subject_key, lead_id as subject_id
    from warehouse.intermediate.int_lead_profiles
    union all
    select company_key as subject_key, company_id as subject_id
    from warehouse.intermediate.int_company_profiles
    """,
    """
    create temp view members as
    select list_tags.tag, list_tags.list_id, lists.lead_key
    from intermediate.int_list_history as lists
    inner join list_tags
        on lists.list_id = list_tags.tagged_id
    where lists.as_of_date = {day}
    union all
    select 'before' as tag, list_id, lead_key
    from warehouse.intermediate.int_list_history
    where
        as_of_date = {day}
        and list_id in (select list_tags.list_id from list_tags)
    """,
    """
    create temp table list_changes as
    with step_lists as (
        select distinct steps.number, steps.old_tag, steps.new_tag, list_tags.list_id
        from steps
        inner join list_tags
            on steps.new_tag = list_tags.tag
    ),
    old as (
        select steps.number, members.list_id, members.lead_key
        from step_lists as steps
        inner join members
            on steps.old_tag = members.tag and steps.list_id = members.list_id
    ),
    new as (
        select steps.number, members.list_id, members.lead_key
        from step_lists as steps
        inner join members
            on steps.new_tag = members.tag and steps.list_id = members.list_id
    )
    select
        coalesce(new.number, old.number) as number,
        coalesce(new.list_id, old.list_id) as list_id,
        new.number is not null as is_gained
    from old
    full outer join new
        on
            old.number = new.number
            and old.list_id = new.list_id
            and old.lead_key = new.lead_key
    where old.number is null or new.number is null
    """,
)

EFFECTS = """
    with moves as (
        select
            number,
            count(*) filter (direction = 'up') as band_up,
            count(*) filter (direction = 'down') as band_down,
            count(*) filter (direction = 'enters') as entered,
            count(*) filter (direction = 'leaves') as "left",
            count(*) filter (change > 0) as score_up,
            count(*) filter (change < 0) as score_down,
            count(*) filter (is_redirected) as redirected,
            sum(change) as points
        from differences
        group by number
    ),
    memberships as (
        select
            number,
            count(*) filter (is_gained) as gained,
            count(*) filter (not is_gained) as lost
        from list_changes
        group by number
    )
    select
        steps.number,
        coalesce(moves.band_up, 0) as band_up,
        coalesce(moves.band_down, 0) as band_down,
        coalesce(moves.entered, 0) as entered,
        coalesce(moves.left, 0) as "left",
        coalesce(moves.score_up, 0) as score_up,
        coalesce(moves.score_down, 0) as score_down,
        coalesce(moves.redirected, 0) as redirected,
        cast(coalesce(moves.points, 0) as bigint) as points,
        coalesce(memberships.gained, 0) as gained,
        coalesce(memberships.lost, 0) as lost
    from steps
    left join moves
        on steps.number = moves.number
    left join memberships
        on steps.number = memberships.number
    order by steps.number
"""

TOGETHER = """
    with moved as (
        select
            scorecard_id,
            subject_key,
            bool_or(number = 0) as by_all,
            bool_or(number > 0) as by_one
        from differences
        where direction <> 'stays'
        group by scorecard_id, subject_key
    )
    select
        count(*) filter (by_all and not by_one) as only_together,
        count(*) filter (by_one and not by_all) as cancelled
    from moved
"""

COUNTS = """
    with scored as (
        select
            scorecard_id,
            max(subject_type) as subject_type,
            count(*) filter (tag = 'before') as scored_before,
            count(*) filter (tag = '') as scored_after,
            count(*) filter (tag = 'before' and outcomes.is_won) as won
        from standings
        left join outcomes
            on standings.subject_key = outcomes.subject_key
        where tag in ('before', '')
        group by scorecard_id
    ),
    changed as (
        select
            scorecard_id,
            count(*) filter (change > 0) as score_up,
            count(*) filter (change < 0) as score_down,
            count(*) filter (is_redirected) as redirected,
            count(*) filter (direction = 'up') as band_up,
            count(*) filter (direction = 'down') as band_down,
            count(*) filter (direction = 'enters') as entered,
            count(*) filter (direction = 'leaves') as "left",
            count(*) filter (
                next_step_after = 'sales' and next_step_before is distinct from 'sales'
            ) as sales_gained,
            count(*) filter (
                next_step_before = 'sales' and next_step_after is distinct from 'sales'
            ) as sales_lost
        from differences
        where number = 0
        group by scorecard_id
    )
    select
        scored.*,
        coalesce(changed.score_up, 0) as score_up,
        coalesce(changed.score_down, 0) as score_down,
        coalesce(changed.redirected, 0) as redirected,
        coalesce(changed.band_up, 0) as band_up,
        coalesce(changed.band_down, 0) as band_down,
        coalesce(changed.entered, 0) as entered,
        coalesce(changed.left, 0) as "left",
        coalesce(changed.sales_gained, 0) as sales_gained,
        coalesce(changed.sales_lost, 0) as sales_lost
    from scored
    left join changed
        on scored.scorecard_id = changed.scorecard_id
    order by scored.scorecard_id
"""

BANDS = """
    select
        positions.band,
        count(*) filter (standings.tag = 'before') as before,
        count(*) filter (standings.tag = '') as after
    from positions
    left join standings
        on
            positions.scorecard_id = standings.scorecard_id
            and positions.band = standings.band
            and standings.tag in ('before', '')
    where positions.scorecard_id = ?
    group by positions.band, positions.position
    order by positions.position nulls first, positions.band
"""

MOVES = """
    select
        differences.band_before,
        differences.band_after,
        differences.direction,
        count(*) as moved,
        count(*) filter (outcomes.is_won) as won,
        count(*) filter (not outcomes.is_won) as lost,
        list(
            names.subject_id order by abs(differences.change) desc nulls last, names.subject_id
        )[:3] as furthest
    from differences
    left join names
        on differences.subject_key = names.subject_key
    left join outcomes
        on differences.subject_key = outcomes.subject_key
    where
        differences.number = 0
        and differences.direction <> 'stays'
        and differences.scorecard_id = ?
    group by differences.band_before, differences.band_after, differences.direction
    order by moved desc, differences.band_before nulls last, differences.band_after nulls last
"""

SCORES = """
    with buckets as (
        select
            tag,
            cast(floor(score / $2) * $2 as bigint) as low
        from standings
        where
            scorecard_id = $1
            and tag in ('before', '')
    )
    select
        greatest(low, $3) as low,
        least(cast(low + $2 - 1 as bigint), $4) as high,
        count(*) filter (tag = 'before') as before,
        count(*) filter (tag = '') as after
    from buckets
    group by buckets.low
    order by buckets.low
"""

LISTS = """
    with counts as (
        select
            list_tags.list_id,
            count(members.lead_key) filter (members.tag = 'before') as before,
            count(members.lead_key) filter (members.tag = '') as after
        from list_tags
        left join members
            on list_tags.list_id = members.list_id
        where list_tags.tag = ''
        group by list_tags.list_id
    ),
    changes as (
        select
            list_id,
            count(*) filter (is_gained) as gained,
            count(*) filter (not is_gained) as lost
        from list_changes
        where number = 0
        group by list_id
    )
    select counts.list_id, counts.before, changes.gained, changes.lost, counts.after
    from counts
    inner join changes
        on counts.list_id = changes.list_id
    order by counts.list_id
"""

WON_DOWN = """
    select
        names.subject_id as lead_id,
        differences.scorecard_id,
        differences.score_before,
        differences.score_after,
        differences.band_before,
        differences.band_after
    from differences
    inner join outcomes
        on differences.subject_key = outcomes.subject_key
    inner join names
        on differences.subject_key = names.subject_key
    where
        differences.number = 0
        and differences.direction in ('down', 'leaves')
        and differences.subject_type = 'lead'
        and outcomes.is_won
    order by
        differences.change, differences.score_before desc, differences.scorecard_id,
        names.subject_id
"""

CHANGES = """
    with causes as (
        select
            differences.scorecard_id,
            differences.subject_key,
            string_agg(edit_titles.title, '; ' order by edit_titles.number) as edits
        from differences
        inner join edit_titles
            on differences.number = edit_titles.number
        group by differences.scorecard_id, differences.subject_key
    )
    select
        differences.scorecard_id,
        differences.subject_type as subject,
        names.subject_id as id,
        differences.direction,
        differences.score_before,
        differences.score_after,
        differences.band_before,
        differences.band_after,
        differences.grade_before,
        differences.grade_after,
        differences.next_step_before,
        differences.next_step_after,
        case
            when outcomes.is_won then 'won'
            when not outcomes.is_won then 'lost'
        end as outcome,
        coalesce(causes.edits, 'several together') as edits
    from differences
    inner join names
        on differences.subject_key = names.subject_key
    left join outcomes
        on differences.subject_key = outcomes.subject_key
    left join causes
        on
            differences.scorecard_id = causes.scorecard_id
            and differences.subject_key = causes.subject_key
    where differences.number = 0
    order by differences.scorecard_id, names.subject_id
"""
