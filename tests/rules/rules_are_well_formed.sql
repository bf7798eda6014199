-- What: scorecards and rules say something the engine understands: known words, sensible numbers,
-- one version in force, on one scorecard that exists, about fields that its subject has; and
-- protected fields (age, gender) are looked at only where the var allow_protected_fields is true
-- and the label says why.
-- When it matters: where dbt runs without `leadscore check`, which says the same with line numbers.
-- How to resolve: mend the rule of that id in seeds/rules.
with scorecards as (

    select * from {{ ref('int_scorecards') }}

),

explicit_rules as (

    select * from {{ ref('int_explicit_rules') }}
    where rule_id is not null

),

implicit_rules as (

    select * from {{ ref('int_implicit_rules') }}

),

rules as (

    select
        'explicit' as kind,
        rule_id,
        rule_key,
        scorecard_id,
        field,
        label
    from explicit_rules
    union all
    select
        'implicit' as kind,
        rule_id,
        rule_key,
        scorecard_id,
        field,
        label
    from implicit_rules

),

scorecard_problems as (

    select
        scorecard_id as id,
        case
            when coalesce(subject, '') not in ('lead', 'company') then 'subject is lead or company'
            when audience not in ('b2b', 'b2c') then 'audience is b2b, b2c or blank'
            when half_life_days < 0 then 'half_life_days cannot be negative'
            when lookback_days < 1 then 'lookback_days is at least 1'
            when floor_points >= ceiling_points then 'floor is below ceiling'
        end as problem
    from scorecards

),

explicit_problems as (

    select
        explicit_rules.rule_id as id,
        case
            when scorecards.scorecard_id is null then 'its scorecard does not exist'
            when explicit_rules.effect not in ('points', 'veto', 'fast_track')
                then 'effect is points, veto or fast_track'
            when explicit_rules.field is null then 'a row has no field'
            when
                split_part(explicit_rules.field, '.', 1)
                not in ('lead', 'company', 'attribute', 'answer')
                then explicit_rules.field || ' is not a field of leads or companies'
            when
                scorecards.subject = 'company'
                and not starts_with(explicit_rules.field, 'company.')
                then explicit_rules.field || ' is not a field of companies'
        end as problem
    from explicit_rules
    left join scorecards
        on explicit_rules.scorecard_id = scorecards.scorecard_id

),

implicit_problems as (

    select
        rule_id as id,
        case
            when event_type is null then 'event_type is blank; * is any'
            when award not in ('each', 'once') then 'award is each or once'
            when count_operator not in ('at_least', 'more_than', 'exactly', 'at_most')
                then 'count_operator is at_least, more_than, exactly or at_most'
            when required_count < 0 then 'event_count cannot be negative'
            when window_days < 1 then 'window_days is at least 1'
            when max_per_day < 0 then 'max_per_day is not negative'
            when half_life_days < 0 then 'half_life_days cannot be negative'
            when field is null and coalesce(operator, value) is not null then 'a row has no field'
            when not starts_with(field, 'event.') then field || ' is not a field of events'
            when
                field is null
                and rule_key in (
                    select conditioned.rule_key from implicit_rules as conditioned
                    where conditioned.field is not null
                )
                then 'a row has no condition but the rule has others'
        end as problem
    from implicit_rules

),

-- int_implicit_rules leaves these out, so they are looked for in the file itself.
homeless_rules as (

    select
        rule_id as id,
        'its scorecard does not exist' as problem
    from {{ ref('implicit_rules') }}
    where
        {{ clean_text('rule_id') }} is not null
        and coalesce({{ clean_text('scorecard_id') }}, '') not in (
            select scorecards.scorecard_id from scorecards
        )

),

identity_problems as (

    select
        rule_id as id,
        case
            when count(distinct kind) > 1 then 'explicit and implicit rules share the id'
            when count(distinct scorecard_id) > 1 then 'rules of two scorecards share the id'
            when count(distinct rule_key) > 1 then 'two versions are in force on the same day'
        end as problem
    from rules
    group by rule_id

),

names as (

    select
        kind,
        rule_id as id
    from rules
    union all
    select
        'scorecard' as kind,
        scorecard_id as id
    from scorecards

),

-- Lists ask for rule_count.<rule_id> and score.<scorecard> without regard to case.
case_problems as (

    select
        min(id) as id,
        'another id differs from it in its case only' as problem
    from names
    group by kind, lower(id)
    having min(id) <> max(id)

),

protected_rules as (

    select
        rules.rule_id as id,
        case
            when rules.label is null then 'the label does not say why it looks at ' || rules.field
            {%- if not var('allow_protected_fields') %}
            else rules.field || ' is protected, and allow_protected_fields is not true'
            {%- endif %}
        end as problem
    from rules
    inner join {{ ref('int_fields') }} as fields
        on
            rules.field = fields.field
            and fields.is_protected

),

problems as (

    select * from scorecard_problems
    union all
    select * from explicit_problems
    union all
    select * from implicit_problems
    union all
    select * from homeless_rules
    union all
    select * from identity_problems
    union all
    select * from case_problems
    union all
    select * from protected_rules

)

select distinct * from problems
where problem is not null
