-- One row per rule in force that tells nobody apart, as it fires for nobody or for everybody, with
-- the first obstacle that facts and events show. Different facts and kinds of events are few.
{% set obstacles = [
    'nobody_scored', 'field_unknown', 'event_unseen', 'value_unseen', 'never_together',
    'out_of_window', 'too_few_events', 'not_in_audience',
] -%}

with rules as (

    select
        rules.rule_key,
        rules.rule_id,
        rules.valid_from,
        rules.scorecard_id,
        rules.label,
        rule_statistics.never_fired,
        rule_statistics.subjects_scored,
        rule_statistics.last_fired_on
    from {{ ref('rule_statistics') }} as rule_statistics
    inner join {{ ref('int_rules') }} as rules
        on
            rule_statistics.rule_id = rules.rule_id
            and rule_statistics.valid_from is not distinct from rules.valid_from
    where
        rule_statistics.never_fired
        or rule_statistics.always_fired

),

conditions as (

    {%- for model in ['int_explicit_rules', 'int_implicit_rules'] %}
    select
        rule_key,
        {{ 'event_type' if loop.last else 'cast(null as varchar)' }} as event_type,
        condition_key,
        field,
        operator,
        field || ' ' || operator || coalesce(' ' || value, '') as condition_text,
        count(*) over (partition by rule_key) > 1 as is_joint
    from {{ ref(model) }}
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

known_fields as (

    select field from {{ ref('int_facts') }}
    union
    select field from {{ ref('int_event_kind_facts') }}

),

met_conditions as (

    select distinct condition_key
    from {{ ref('int_conditions_met') }}

),

event_types as (

    select distinct event_type
    from {{ ref('int_event_kinds') }}

),

rules_with_kinds as (

    select distinct rule_key
    from {{ ref('int_rule_kinds') }}

),

rules_with_events as (

    select distinct rule_key
    from {{ ref('int_rule_activity') }}

),

causes as (

    select
        rules.rule_key,
        case
            when event_types.event_type is null and conditions.event_type <> '*'
                then conditions.event_type
            else coalesce(conditions.condition_text, conditions.event_type)
        end as cause,
        case
            when rules.subjects_scored = 0 then 'nobody_scored'
            when conditions.event_type <> '*' and event_types.event_type is null
                then 'event_unseen'
            when conditions.operator <> 'is_unknown' and known_fields.field is null
                then 'field_unknown'
            when conditions.operator <> 'is_unknown' and met_conditions.condition_key is null
                then 'value_unseen'
            when conditions.event_type is null and not conditions.is_joint then 'not_in_audience'
            when conditions.event_type is null or rules_with_kinds.rule_key is null
                then 'never_together'
            when rules_with_events.rule_key is null then 'out_of_window'
            else 'too_few_events'
        end as obstacle
    from rules
    inner join conditions
        on rules.rule_key = conditions.rule_key
    left join event_types
        on conditions.event_type = event_types.event_type
    left join known_fields
        on conditions.field = known_fields.field
    left join met_conditions
        on conditions.condition_key = met_conditions.condition_key
    left join rules_with_kinds
        on conditions.rule_key = rules_with_kinds.rule_key
    left join rules_with_events
        on conditions.rule_key = rules_with_events.rule_key
    where rules.never_fired

),

ranked as (

    select
        *,
        row_number() over (
            partition by rule_key
            order by
                case obstacle
                    {%- for obstacle in obstacles %}
                    when '{{ obstacle }}' then {{ loop.index }}
                    {%- endfor %}
                end,
                cause
        ) as obstacle_rank
    from causes

),

final as (

    select
        rules.rule_id,
        rules.valid_from,
        rules.scorecard_id,
        rules.label,
        rules.never_fired,
        case when rules.never_fired then coalesce(ranked.obstacle, 'no_component_points') end
            as obstacle,
        ranked.cause,
        rules.last_fired_on
    from rules
    left join ranked
        on
            rules.rule_key = ranked.rule_key
            and ranked.obstacle_rank = 1

)

select * from final
order by never_fired desc, scorecard_id asc, rule_id asc
