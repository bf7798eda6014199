{#
    The versions of a raw table, as runs have observed them: parts of stg_<thing>_versions, and of
    the models that read what was known on a day. A run observes raw unless a later day has been
    observed already; then it replays its day, and changes nothing here.
#}

{#
    A query: the rows of a model with this memory. A version counts from the day on which its
    updated_at says so, if that lies after the observation before, else from the day of the
    observation. A row without content says that the key was gone; one without ids, whose days
    are empty, that raw was observed on that day; one without observed_on, what a replay found in raw
    of a key that nobody has observed yet.

    rows: model of what raw says now. key: name of the integer key that is made of the ids of this
    kind of thing. columns: all that a version says.
#}
{% macro versions(rows, kind, key, ids, columns) -%}
{%- set said = ids + columns -%}
with raw_rows as (

    select
        *,
        {{ integer_key(["'" ~ kind ~ "'"] + ids) }} as {{ key }},
        {{ integer_key(columns) }} as content_key
    from {{ rows }}

),

{% if is_incremental() -%}
observations as (

    select
        max(observed_on) as last_observed_on,
        max(case when observed_on < {{ as_of_date() }} then observed_on end)
            as previous_observed_on,
        coalesce(max(observed_on) <= {{ as_of_date() }}, true) as is_open
    from {{ this }}
    where {{ ids[0] }} is null

),

latest as (

    select
        {{ key }},
        observed_on,
        content_key,
        {{ ids | join(',\n        ') }}
    from {{ this }}
    where valid_to is null

),

-- Keys of which raw says something else than the last version, and those whose last version comes
-- from an observation that does not count any more. A replay looks at those only that no run has
-- observed.
changed as materialized (

    select
        coalesce(raw_rows.{{ key }}, latest.{{ key }}) as {{ key }},
        observations.is_open,
        observations.last_observed_on,
        observations.previous_observed_on,
        raw_rows.content_key,
        {%- for id in ids %}
        coalesce(raw_rows.{{ id }}, latest.{{ id }}) as {{ id }},
        {%- endfor %}
        raw_rows.{{ columns | join(',\n        raw_rows.') }}
    from raw_rows
    full outer join latest
        on raw_rows.{{ key }} = latest.{{ key }}
    cross join observations
    where
        (
            (observations.is_open or latest.observed_on is null)
            and raw_rows.content_key is distinct from latest.content_key
        )
        or (
            observations.is_open
            and coalesce(latest.observed_on <> {{ as_of_date() }}, true)
            and coalesce(latest.observed_on > observations.previous_observed_on, true)
        )

),

-- What this day has observed before gives way to what it observes now.
candidates as (

    select
        stored.{{ key }},
        stored.observed_on,
        stored.valid_from,
        stored.content_key,
        stored.{{ said | join(',\n        stored.') }}
    from {{ this }} as stored
    inner join changed
        on stored.{{ key }} = changed.{{ key }}
    where stored.observed_on <= changed.previous_observed_on

    union all

    select
        {{ key }},
        case when is_open then {{ as_of_date() }} end as observed_on,
        case
            when is_open then {{ known_from('updated_at', 'previous_observed_on') }}
            else last_observed_on
        end as valid_from,
        content_key,
        {{ said | join(',\n        ') }}
    from changed

),

numbered as (

    select
        *,
        row_number() over (partition by {{ key }} order by valid_from) as version_number,
        lag(content_key) over (partition by {{ key }} order by valid_from) as content_key_before
    from candidates

),

-- A key that has never been there, as a correction has shown, keeps a row that says so, as if no run
-- had observed it: it takes the place of the one that said otherwise.
current_versions as (

    select
        {{ key }},
        case when version_number > 1 or content_key is not null then observed_on end
            as observed_on,
        min(case when content_key is not null then observed_on end) over (partition by {{ key }})
            as first_observed_on,
        valid_from,
        lead(valid_from) over (partition by {{ key }} order by valid_from) as valid_to,
        content_key,
        {{ said | join(',\n        ') }}
    from numbered
    where
        version_number = 1
        or content_key is distinct from content_key_before

),

this_observation as (

    select {{ as_of_date() }} as observed_on
    from observations
    where is_open

),
{%- else -%}
current_versions as (

    select
        {{ key }},
        {{ as_of_date() }} as observed_on,
        {{ as_of_date() }} as first_observed_on,
        {{ known_from('updated_at', 'cast(null as date)') }} as valid_from,
        cast(null as date) as valid_to,
        content_key,
        {{ said | join(',\n        ') }}
    from raw_rows

),

this_observation as (

    select {{ as_of_date() }} as observed_on

),
{%- endif %}

final as (

    select * from current_versions

    union all

    select
        {{ integer_key(["'observation'", 'observed_on']) }} as {{ key }},
        observed_on,
        observed_on as first_observed_on,
        observed_on as valid_from,
        observed_on as valid_to,
        null as content_key
        {%- for column in said %},
        null as {{ column }}
        {%- endfor %}
    from this_observation

)

select * from final
{%- endmacro %}


{# The day from which a version counts that this run observes, and the one before did not. #}
{% macro known_from(updated_at, previous_observed_on) -%}
    case
            when
                cast({{ updated_at }} as date) <= {{ as_of_date() }}
                and coalesce(cast({{ updated_at }} as date) > {{ previous_observed_on }}, true)
                then cast({{ updated_at }} as date)
            else {{ as_of_date() }}
        end
{%- endmacro %}


{#
    Is a version the one that was known on as_of_date? Before something was first observed, it is what
    that saw; before it is observed at all, what raw says.
#}
{% macro is_known_version(versions, first_observed_on) -%}
    {%- set day = 'greatest(' ~ as_of_date() ~ ', ' ~ first_observed_on ~ ')' -%}
    {{ versions }}.content_key is not null
        and (
            {{ versions }}.observed_on is null
            or (
                {{ versions }}.valid_from <= {{ day }}
                and coalesce({{ day }} < {{ versions }}.valid_to, true)
            )
        )
{%- endmacro %}
