-- One row per job title and phrase that counts in it, with what it means there: ranks that are
-- somebody else's (assistant to the CEO) or of another time (former CEO) are gone, the rank of a
-- deputy is that of deputies, and nothing is left of the employer's name.
with matches as (

    select * from {{ ref('int_job_title_matches') }}

),

effects as (

    select * from matches
    where effect is not null

),

seniorities as (

    select * from {{ ref('seniorities') }}

),

-- CEO (retired): a word that is alone in its part speaks of the part before it.
former_parts as (

    select
        effects.title_key,
        effects.part_number - case when count(*) = 1 then 1 else 0 end as part_number
    from effects
    inner join {{ ref('int_job_title_words') }} as words
        on
            effects.title_key = words.text_key
            and effects.part_number = words.part_number
    where effects.effect = 'former'
    group by effects.title_key, effects.part_number

),

-- Assistant to CEO, CFO: after a comma, only those who decide can be the bosses.
hidden as (

    select distinct
        matches.title_key,
        matches.first_position
    from matches
    inner join effects
        on
            matches.title_key = effects.title_key
            and matches.list_number = effects.list_number
            and matches.first_position > effects.first_position
    left join seniorities
        on matches.seniority = seniorities.seniority
    where
        (effects.effect = 'employer' and matches.part_number = effects.part_number)
        or (
            effects.effect = 'hides'
            and matches.seniority is not null
            and (matches.part_number = effects.part_number or seniorities.is_decision_maker)
        )

    union distinct

    select
        matches.title_key,
        matches.first_position
    from matches
    inner join former_parts
        on
            matches.title_key = former_parts.title_key
            and matches.part_number = former_parts.part_number
    where matches.seniority is not null

    union distinct

    -- Head of internships: a programme is a rank only where nothing else says one.
    select
        effects.title_key,
        effects.first_position
    from effects
    inner join matches
        on effects.title_key = matches.title_key
    where
        effects.effect = 'programme'
        and matches.seniority is not null
        and coalesce(matches.effect, '') <> 'programme'

),

lowered as (

    select distinct
        matches.title_key,
        matches.first_position
    from matches
    inner join effects
        on
            matches.title_key = effects.title_key
            and matches.part_number = effects.part_number
    where
        effects.effect = 'lowers'
        and matches.seniority is not null

),

final as (

    select
        matches.title_key,
        matches.first_position,
        matches.phrase,
        matches.is_own,
        case
            when lowered.title_key is null then matches.seniority
            else seniorities.deputy_seniority
        end as seniority,
        matches.seniority as said_seniority,
        matches.job_function,
        matches.precedence,
        lowered.title_key is not null as is_deputy,
        matches.canonical_title
    from matches
    left join hidden
        on
            matches.title_key = hidden.title_key
            and matches.first_position = hidden.first_position
    left join lowered
        on
            matches.title_key = lowered.title_key
            and matches.first_position = lowered.first_position
            and not matches.is_own
    left join seniorities
        on matches.seniority = seniorities.seniority
    where hidden.title_key is null

)

select * from final
