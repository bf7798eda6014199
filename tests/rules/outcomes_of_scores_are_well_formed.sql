-- What: limits, composites, bands, grades, lists, overrides and service levels say something the
-- engine understands: known words, scorecards and bands that exist, no row twice, and ranges that
-- have no gaps and no overlaps.
-- When it matters: where dbt runs without `leadscore check`, which says the same with line numbers.
-- A band, override or service level that stands twice would give a lead two rows.
-- How to resolve: mend the row in the file of seeds/rules that is named.
with scorecards as (

    select * from {{ ref('int_scorecards') }}

),

limits as (

    select * from {{ ref('int_score_limits') }}

),

bands as (

    select
        *,
        lag(upper_score) over (
            partition by scorecard_id, measure
            order by lower_score, upper_score
        ) as previous_upper_score
    from {{ ref('int_bands') }}

),

implicit_rules as (

    select lower({{ clean_text('rule_id') }}) as rule_id
    from {{ ref('implicit_rules') }}
    where {{ clean_text('rule_id') }} is not null

),

protected_fields as (

    select field from {{ ref('int_fields') }}
    where is_protected

),

lists as (

    select
        *,
        split_part(field, '.', 1) as field_prefix,
        substr(field, length(split_part(field, '.', 1)) + 2) as field_name
    from {{ ref('int_lists') }}

),

limit_problems as (

    select
        'score_limits.csv' as rule_file,
        scorecard_id || ', ' || coalesce(axis, '') || ', ' || coalesce(rule_group, '') as id,
        case
            when scorecard_id not in (select scorecards.scorecard_id from scorecards)
                then 'its scorecard does not exist'
            when coalesce(axis, '') not in ('fit', 'engagement') then 'axis is fit or engagement'
            when min(min_points) > max(max_points) then 'min_points is above max_points'
            when count(*) > 1 then 'the limit stands twice'
        end as problem
    from limits
    group by scorecard_id, axis, rule_group

),

composites as (

    select
        {{ clean_text('scorecard_id') }} as scorecard_id,
        {{ clean_text('component') }} as component_id,
        {{ parse_number('weight') }} as weight
    from {{ ref('composites') }}
    where {{ clean_text('scorecard_id') }} is not null

),

composite_problems as (

    select
        'composites.csv' as rule_file,
        composites.scorecard_id || ', ' || coalesce(composites.component_id, '') as id,
        case
            when max(scorecards.scorecard_id) is null then 'its scorecard does not exist'
            when max(components.scorecard_id) is null then 'its component does not exist'
            when
                composites.component_id in (select parts.scorecard_id from composites as parts)
                then 'its component is a composite'
            when
                max(scorecards.subject) = 'company'
                and max(components.subject) = 'lead'
                then 'its component scores leads, and it scores companies'
            when max(composites.weight) is null then 'weight is blank'
            when count(*) > 1 then 'the component stands twice'
        end as problem
    from composites
    left join scorecards
        on composites.scorecard_id = scorecards.scorecard_id
    left join scorecards as components
        on composites.component_id = components.scorecard_id
    group by composites.scorecard_id, composites.component_id
    union all
    select
        'composites.csv' as rule_file,
        scorecard_id as id,
        'a composite has no rules of its own, but there is ' || min(rule_id) as problem
    from (
        select
            scorecard_id,
            rule_id
        from {{ ref('int_explicit_rules') }}
        union all
        select
            scorecard_id,
            rule_id
        from {{ ref('int_implicit_rules') }}
    ) as rules
    where scorecard_id in (select composites.scorecard_id from composites)
    group by scorecard_id

),

band_problems as (

    select
        'bands.csv' as rule_file,
        scorecard_id || ', ' || coalesce(measure, '') || ', ' || coalesce(band, '') as id,
        case
            when scorecard_id not in (select scorecards.scorecard_id from scorecards)
                then 'its scorecard does not exist'
            when coalesce(measure, '') not in ('score', 'fit', 'engagement')
                then 'measure is score, fit or engagement'
            when coalesce(lower(band), 'disqualified') = 'disqualified'
                then 'band needs a name, and not that of vetoed leads'
            when lower_score is null or upper_score is null then 'lower or upper is blank'
            when lower_score > upper_score then 'lower is above upper'
            when lower_score <= previous_upper_score then 'it overlaps the band before'
            when lower_score > previous_upper_score + 1
                then 'there is a gap between it and the band before'
            when exit_below > lower_score then 'exit_below is above lower'
            when next_step not in ('none', 'nurture', 'sales')
                then 'next_step is none, nurture or sales'
        end as problem
    from bands
    union all
    select
        'bands.csv' as rule_file,
        scorecard_id || ', ' || measure || ', ' || band as id,
        'the band stands twice' as problem
    from bands
    group by scorecard_id, measure, band
    having count(*) > 1
    union all
    select
        'bands.csv' as rule_file,
        scorecard_id as id,
        'the scorecard has no bands for its score' as problem
    from scorecards
    where
        scorecard_id not in (
            select bands.scorecard_id from bands
            where bands.measure = 'score'
        )

),

grade_problems as (

    select
        'grades.csv' as rule_file,
        grades.scorecard_id || ', ' || coalesce(grades.fit_band, '') || ', '
        || coalesce(grades.engagement_band, '') as id,
        case
            when min(fit_bands.band) is null then 'its fit band does not exist'
            when min(engagement_bands.band) is null then 'its engagement band does not exist'
            when min(grades.grade) is null then 'grade is blank'
            when count(*) > 1 then 'the grade stands twice'
            when max(grades.next_step) not in ('none', 'nurture', 'sales')
                then 'next_step is none, nurture or sales'
        end as problem
    from {{ ref('int_grades') }} as grades
    left join bands as fit_bands
        on
            grades.scorecard_id = fit_bands.scorecard_id
            and fit_bands.measure = 'fit'
            and grades.fit_band = fit_bands.band
    left join bands as engagement_bands
        on
            grades.scorecard_id = engagement_bands.scorecard_id
            and engagement_bands.measure = 'engagement'
            and grades.engagement_band = engagement_bands.band
    group by grades.scorecard_id, grades.fit_band, grades.engagement_band

),

list_problems as (

    select
        'lists.csv' as rule_file,
        list_id as id,
        case
            when field is null then 'a row has no field'
            when field_prefix = 'event' then field || ' is of events; count them with rule_count'
            when
                field_prefix in ('score', 'fit', 'engagement', 'raw', 'band')
                and field_name not in (select lower(scorecards.scorecard_id) from scorecards)
                then 'the scorecard of ' || field || ' does not exist'
            when
                field_prefix = 'rule_count'
                and field_name not in (select implicit_rules.rule_id from implicit_rules)
                then 'the implicit rule of ' || field || ' does not exist'
            when exclusive_set is not null and priority is null
                then 'a list of an exclusive set needs a priority'
            {%- if not var('allow_protected_fields') %}
            when field in (select protected_fields.field from protected_fields)
                then field || ' is protected, and allow_protected_fields is not true'
            {%- endif %}
        end as problem
    from lists

),

override_problems as (

    select
        'overrides.csv' as rule_file,
        coalesce(lead_id, '') || ', ' || coalesce(scorecard_id, '') as id,
        case
            when lead_id is null then 'lead_id is blank'
            when coalesce(scorecard_id, '') not in (select scorecards.scorecard_id from scorecards)
                then 'its scorecard does not exist'
            when count(*) > 1 then 'two of them are in force on the same day'
        end as problem
    from {{ ref('int_overrides') }}
    group by lead_id, scorecard_id

),

service_level_problems as (

    select
        'service_levels.csv' as rule_file,
        temperature as id,
        case
            when count(*) > 1 then 'the temperature stands twice'
            when coalesce(min(response_hours), 0) <= 0 then 'response_hours is above 0'
        end as problem
    from {{ ref('int_service_levels') }}
    group by temperature

),

content_problems as (

    select
        'content_map.csv' as rule_file,
        page_prefix as id,
        'content_stage is tofu, mofu, bofu or blank' as problem
    from {{ ref('int_content_map') }}
    where content_stage not in ('tofu', 'mofu', 'bofu')

),

problems as (

    select * from limit_problems
    union all
    select * from composite_problems
    union all
    select * from band_problems
    union all
    select * from grade_problems
    union all
    select * from list_problems
    union all
    select * from override_problems
    union all
    select * from service_level_problems
    union all
    select * from content_problems

)

select distinct * from problems
where problem is not null
