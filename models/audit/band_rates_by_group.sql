-- One row per scorecard of leads, protected field, group and band: how many of the group reach the
-- band, beside the group that does best. Rules do not look at these fields; what they look at may
-- stand for them. Of groups smaller than min_group_size nothing is shown.
with scores as (

    select
        scorecard_id,
        subject_key,
        band
    from {{ ref('int_score_history') }}
    where
        as_of_date = {{ as_of_date() }}
        and subject_type = 'lead'

),

-- Bands from the worst, which are those that are not declared (disqualified), upwards.
bands as (

    select
        scores.scorecard_id,
        scores.band,
        row_number() over (
            partition by scores.scorecard_id
            order by max(bands.lower_score) nulls first, scores.band
        ) as band_rank
    from scores
    left join {{ ref('int_bands') }} as bands
        on
            scores.scorecard_id = bands.scorecard_id
            and scores.band = bands.band
            and bands.measure = 'score'
    where scores.band is not null
    group by scores.scorecard_id, scores.band

),

counts as (

    select
        scores.scorecard_id,
        members.field,
        members.group_name,
        scores.band,
        count(*) as lead_count
    from scores
    inner join {{ ref('int_protected_groups') }} as members
        on scores.subject_key = members.lead_key
    group by scores.scorecard_id, members.field, members.group_name, scores.band

),

group_sizes as (

    select
        scorecard_id,
        field,
        group_name,
        sum(lead_count) as group_size
    from counts
    group by scorecard_id, field, group_name

),

reached as (

    select
        group_sizes.scorecard_id,
        group_sizes.field,
        group_sizes.group_name,
        bands.band,
        bands.band_rank,
        group_sizes.group_size < {{ var('min_group_size') }} as is_too_small,
        group_sizes.group_size,
        coalesce(counts.lead_count, 0) as lead_count,
        sum(coalesce(counts.lead_count, 0)) over (
            partition by group_sizes.scorecard_id, group_sizes.field, group_sizes.group_name
            order by bands.band_rank desc
        ) as reached_count
    from group_sizes
    inner join bands
        on group_sizes.scorecard_id = bands.scorecard_id
    left join counts
        on
            group_sizes.scorecard_id = counts.scorecard_id
            and group_sizes.field = counts.field
            and group_sizes.group_name = counts.group_name
            and bands.band = counts.band

),

-- The group that does best is a known one, and large enough to tell.
compared as (

    select
        *,
        cast(reached_count as double) / group_size as reached_share,
        max(
            case
                when not is_too_small and group_name <> 'unknown'
                    then cast(reached_count as double) / group_size
            end
        ) over (
            partition by scorecard_id, field, band
        ) as best_share
    from reached

),

final as (

    select
        scorecard_id,
        field,
        group_name,
        band,
        band_rank,
        is_too_small,
        {%- for column, expression in {
            'group_size': 'cast(group_size as bigint)',
            'lead_count': 'cast(lead_count as bigint)',
            'share': share_of('lead_count', 'group_size'),
            'reached_share': share_of('reached_count', 'group_size'),
            'reached_low': wilson_bound('reached_count', 'group_size', -1),
            'reached_high': wilson_bound('reached_count', 'group_size', 1),
            'ratio_to_best': 'round(reached_share / nullif(best_share, 0), 4)',
            'is_below_four_fifths': 'coalesce(reached_share < 0.8 * best_share, false)',
        }.items() %}
        case when not is_too_small then {{ expression }} end as {{ column }},
        {%- endfor %}
        {{ as_of_date() }} as as_of_date
    from compared

)

select * from final
order by scorecard_id asc, field asc, band_rank desc, group_name asc
