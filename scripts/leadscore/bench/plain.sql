-- The scores as straightforward SQL computes them: events joined to the patterns of rules, window
-- functions for daily limits, a table per step. Tables of rules, conditions and limits, and the
-- variables as_of_date, floor_points and ceiling_points, are there; so are events and leads.

-- Events and the rules that they match.
create table matched_events as
select
    events.lead_id,
    patterns.rule_id,
    cast(events.occurred_at as date) as event_date,
    date_diff('day', cast(events.occurred_at as date), getvariable('as_of_date')) as age_days,
    events.occurred_at
from events
inner join patterns
    on events.event_type = patterns.event_type
where
    coalesce(events.channel like patterns.channel, patterns.channel is null)
    and coalesce(events.page like patterns.page, patterns.page is null)
    and coalesce(events.page_group like patterns.page_group, patterns.page_group is null)
    and coalesce(events.content_stage like patterns.content_stage, patterns.content_stage is null)
    and coalesce(events.content_topic like patterns.content_topic, patterns.content_topic is null)
    and coalesce(events.campaign_id like patterns.campaign_id, patterns.campaign_id is null)
    and coalesce(events.content_id like patterns.content_id, patterns.content_id is null)
    and age_days < patterns.window_days
union all
select
    events.lead_id,
    patterns.rule_id,
    cast(events.occurred_at as date) as event_date,
    date_diff('day', cast(events.occurred_at as date), getvariable('as_of_date')) as age_days,
    events.occurred_at
from events
inner join patterns
    on
        patterns.event_type = '*'
        and date_diff('day', cast(events.occurred_at as date), getvariable('as_of_date'))
        < patterns.window_days;

-- Which event of its day and which from the newest an event is, and what it weighs.
create table weighted_events as
select
    matched_events.lead_id,
    matched_events.rule_id,
    matched_events.event_date,
    case
        when rules.half_life_days > 0
            then pow(0.5, matched_events.age_days / rules.half_life_days)
        else 1
    end as weight,
    row_number() over (
        partition by matched_events.lead_id, matched_events.rule_id, matched_events.event_date
        order by matched_events.occurred_at
    ) as number_of_day,
    row_number() over (
        partition by matched_events.lead_id, matched_events.rule_id
        order by matched_events.occurred_at desc
    ) as number_from_newest
from matched_events
inner join rules
    on matched_events.rule_id = rules.rule_id;

create table lead_rules as
select
    weighted_events.lead_id,
    weighted_events.rule_id,
    count(*) as event_count,
    max(weighted_events.event_date) as last_event_date,
    sum(
        case
            when coalesce(weighted_events.number_of_day <= rules.max_per_day, true)
                then weighted_events.weight
        end
    ) as weighted_count,
    max(case when weighted_events.number_from_newest = 1 then weighted_events.weight end)
        as newest_weight
from weighted_events
inner join rules
    on weighted_events.rule_id = rules.rule_id
group by weighted_events.lead_id, weighted_events.rule_id;

-- Rules that silence can fulfil look at every lead.
create table engagement_lines as
with counted as (
    select
        leads.lead_id,
        rules.rule_id,
        coalesce(lead_rules.event_count, 0) as event_count,
        lead_rules.last_event_date,
        rules.points as rule_points,
        rules.max_points,
        rules.rule_group,
        case
            when lead_rules.event_count is null then rules.points
            when rules.award = 'once' then rules.points * lead_rules.newest_weight
            else rules.points * lead_rules.weighted_count
        end as points,
        rules.count_operator,
        rules.event_count as required_count
    from leads
    cross join rules
    left join lead_rules
        on
            leads.lead_id = lead_rules.lead_id
            and rules.rule_id = lead_rules.rule_id
    where
        lead_rules.event_count is not null
        or rules.count_operator = 'at_most'
        or rules.count_operator = 'exactly'
)

select
    lead_id,
    'engagement' as axis,
    rule_group,
    rule_id,
    rule_points,
    coalesce(greatest(-max_points, least(max_points, points)), points) as points,
    event_count,
    last_event_date
from counted
where
    case count_operator
        when 'at_least' then event_count >= required_count
        when 'more_than' then event_count > required_count
        when 'exactly' then event_count = required_count
        when 'at_most' then event_count <= required_count
    end;

-- What is known of each lead, a row per field, and the conditions that it meets.
create table lead_texts as
select lead_id, cast(columns(* exclude (lead_id)) as varchar) from leads;

create table lead_facts as
from lead_texts
unpivot include nulls (value for field in (columns(* exclude (lead_id))));

create table conditions_met as
select
    lead_facts.lead_id,
    condition_values.rule_id,
    condition_values.condition_number
from lead_facts
inner join condition_values
    on
        lead_facts.field = condition_values.field
        and lead_facts.value = condition_values.value
where condition_values.operator in ('equals', 'in_list')
union all
select
    lead_facts.lead_id,
    conditions.rule_id,
    conditions.condition_number
from lead_facts
inner join conditions
    on lead_facts.field = conditions.field
where
    conditions.operator in ('not_equals', 'not_in_list')
    and lead_facts.value is not null
    and not exists (
        select 1
        from condition_values
        where
            condition_values.rule_id = conditions.rule_id
            and condition_values.condition_number = conditions.condition_number
            and condition_values.value = lead_facts.value
    )
union all
select
    lead_facts.lead_id,
    conditions.rule_id,
    conditions.condition_number
from lead_facts
inner join conditions
    on lead_facts.field = conditions.field
where
    case conditions.operator
        when 'contains' then lead_facts.value like '%' || conditions.value || '%'
        when 'starts_with' then lead_facts.value like conditions.value || '%'
        when 'ends_with' then lead_facts.value like '%' || conditions.value
        when 'matches' then regexp_matches(lead_facts.value, conditions.value)
        when 'is_known' then lead_facts.value is not null
        when 'is_unknown' then lead_facts.value is null
    end
union all
select
    lead_facts.lead_id,
    conditions.rule_id,
    conditions.condition_number
from lead_facts
inner join conditions
    on lead_facts.field = conditions.field
where
    conditions.operator = 'range'
    and try_cast(lead_facts.value as double) is not null
    and coalesce(try_cast(lead_facts.value as double) >= conditions.lower_bound, true)
    and coalesce(try_cast(lead_facts.value as double) <= conditions.upper_bound, true)
    and not (
        conditions.is_open
        and (
            coalesce(try_cast(lead_facts.value as double) = conditions.lower_bound, false)
            or coalesce(try_cast(lead_facts.value as double) = conditions.upper_bound, false)
        )
    );

create table fit_lines as
select
    conditions_met.lead_id,
    'fit' as axis,
    explicit_rules.rule_group,
    explicit_rules.rule_id,
    explicit_rules.points as rule_points,
    explicit_rules.points,
    cast(null as bigint) as event_count,
    cast(null as date) as last_event_date
from conditions_met
inner join explicit_rules
    on conditions_met.rule_id = explicit_rules.rule_id
group by
    conditions_met.lead_id,
    explicit_rules.rule_group,
    explicit_rules.rule_id,
    explicit_rules.points,
    explicit_rules.condition_count
having count(*) = explicit_rules.condition_count;

create table rule_lines as
with rounded as (
    select
        * exclude (points),
        cast(round(points + sign(points) * 1e-9, 4) as decimal(18, 4)) as points
    from (
        select * from fit_lines
        union all
        select * from engagement_lines
    )
)

select * from rounded
where points <> 0 or rule_points = 0;

-- Limits of groups, then of axes, then of the whole score.
create table group_limits as
with summed as (
    select
        leads.lead_id,
        limits.axis,
        limits.rule_group,
        coalesce(sum(rule_lines.points), 0) as points,
        any_value(limits.minimum) as minimum,
        any_value(limits.maximum) as maximum
    from leads
    cross join limits
    left join rule_lines
        on
            leads.lead_id = rule_lines.lead_id
            and limits.axis = rule_lines.axis
            and limits.rule_group = rule_lines.rule_group
    where limits.rule_group <> ''
    group by leads.lead_id, limits.axis, limits.rule_group
)

select
    lead_id,
    axis,
    rule_group,
    greatest(minimum, least(maximum, points)) - points as points
from summed
where points not between minimum and maximum;

create table axis_limits as
with summed as (
    select
        leads.lead_id,
        limits.axis,
        coalesce(sum(lines.points), 0) as points,
        any_value(limits.minimum) as minimum,
        any_value(limits.maximum) as maximum
    from leads
    cross join limits
    left join (
        select lead_id, axis, points from rule_lines
        union all
        select lead_id, axis, points from group_limits
    ) as lines
        on
            leads.lead_id = lines.lead_id
            and limits.axis = lines.axis
    where limits.rule_group = ''
    group by leads.lead_id, limits.axis
)

select
    lead_id,
    axis,
    greatest(minimum, least(maximum, points)) - points as points
from summed
where points not between minimum and maximum;

create table ledger as
with lines as (
    select
        lead_id, 'rule' as line_type, axis, rule_group, rule_id, points, event_count,
        last_event_date
    from rule_lines
    union all by name
    select lead_id, 'group_limit' as line_type, axis, rule_group, points from group_limits
    union all by name
    select lead_id, 'axis_limit' as line_type, axis, points from axis_limits
),

score_limits as (
    select
        lead_id,
        'score_limit' as line_type,
        greatest(getvariable('floor_points'), least(getvariable('ceiling_points'), sum(points)))
        - sum(points) as points
    from lines
    group by lead_id
    having sum(points) not between getvariable('floor_points') and getvariable('ceiling_points')
)

select * from lines
union all by name
select * from score_limits;

create table reasons as
with ranked as (
    select
        ledger.lead_id,
        ledger.points,
        labels.label || ' (' || case when ledger.points > 0 then '+' else '-' end
        || cast(cast(round(abs(ledger.points), 1) as decimal(18, 1)) as varchar) || ')' as reason,
        row_number() over (
            partition by ledger.lead_id, ledger.points > 0
            order by abs(ledger.points) desc, ledger.rule_id
        ) as place
    from ledger
    inner join labels
        on ledger.rule_id = labels.rule_id
    where
        ledger.line_type = 'rule'
        and ledger.points <> 0
)

select
    lead_id,
    string_agg(reason, '; ' order by place) filter (points > 0) as top_positive_reasons,
    string_agg(reason, '; ' order by place) filter (points < 0) as top_negative_reasons
from ranked
where place <= 3
group by lead_id;

create table scores as
with summed as (
    select
        leads.lead_id,
        coalesce(sum(ledger.points) filter (ledger.axis = 'fit'), 0) as fit_points,
        coalesce(sum(ledger.points) filter (ledger.axis = 'engagement'), 0) as engagement_points,
        coalesce(sum(ledger.points) filter (ledger.line_type <> 'score_limit'), 0) as raw_points,
        coalesce(sum(ledger.points), 0) as score_points,
        any_value(activity.last_event_at) as last_event_at
    from leads
    left join ledger
        on leads.lead_id = ledger.lead_id
    left join (
        select lead_id, max(occurred_at) as last_event_at from events group by lead_id
    ) as activity
        on leads.lead_id = activity.lead_id
    group by leads.lead_id
),

rounded as (
    select
        *,
        cast(round(score_points, 0) as integer) as score
    from summed
)

select
    rounded.* exclude (last_event_at),
    reasons.top_positive_reasons,
    reasons.top_negative_reasons,
    bands.band,
    row_number() over (
        order by
            rounded.score desc,
            rounded.engagement_points desc,
            rounded.last_event_at desc nulls last,
            rounded.lead_id
    ) as rank
from rounded
left join reasons
    on rounded.lead_id = reasons.lead_id
asof inner join bands
    on rounded.score >= bands.lower_bound;
