-- One row per composite scorecard, component and axis: how much of the component's points it takes.
-- A component is a line of the ledger like any rule, one on each axis. Composites of composites
-- have none: the order in which to score them would hang on data.
with composites as (

    select
        {{ clean_text('scorecard_id') }} as scorecard_id,
        {{ clean_text('component') }} as component_id,
        coalesce({{ parse_number('weight') }}, 0) as weight,
        {{ clean_text('label') }} as label
    from {{ ref('composites') }}

),

scorecards as (

    select * from {{ ref('int_scorecards') }}

),

axes as (

    {%- for axis in ['fit', 'engagement'] %}
    select
        *,
        '{{ axis }}' as axis
    from composites
    {% if not loop.last %}union all{% endif %}
    {%- endfor %}

),

final as (

    select
        {{ integer_key([
            "'component'", 'axes.scorecard_id', 'axes.component_id', 'axes.axis'
        ]) }} as rule_key,
        axes.scorecard_id || '.' || axes.axis || '.' || axes.component_id as rule_id,
        axes.scorecard_id,
        axes.component_id,
        components.subject as component_subject,
        axes.axis,
        axes.weight,
        case when axes.axis = 'engagement' then components.half_life_days else 0 end
            as half_life_days,
        coalesce(axes.label, axes.component_id) || ' (' || axes.axis || ')' as label
    from axes
    inner join scorecards
        on axes.scorecard_id = scorecards.scorecard_id
    inner join scorecards as components
        on
            axes.component_id = components.scorecard_id
            and (scorecards.subject = components.subject or components.subject = 'company')
    where axes.component_id not in (select composites.scorecard_id from composites)

)

select * from final
