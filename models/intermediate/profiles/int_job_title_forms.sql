-- One row per form that a word takes alone or at the end of a compound, and what it stands for: the
-- word itself, what title_words says, or a word that one of the endings makes it (Leiterinnen).
with vocabulary as (

    select * from {{ ref('int_job_title_vocabulary') }}

),

words as (

    select
        word,
        max(case when is_compounded and length(word) >= 4 then 1 else 0 end) = 1 as is_compounded
    from vocabulary
    group by word

),

-- English words take the endings of every language (Managerin).
loan_words as (

    select distinct word
    from vocabulary
    where coalesce(language, 'en') = 'en'

),

heads as (

    select * from {{ ref('title_heads') }}

),

spellings as (

    select * from {{ ref('title_words') }}

),

endings as (

    select * from {{ ref('title_endings') }}
    where place = 'end'

),

joints as (

    select * from {{ ref('int_job_title_joints') }}

),

cuts as (

    {{ cuts_in_two('words', 'word', 3, 4) }}

),

-- Compounds in the vocabulary are taken apart, too: Projektleiter and Projekt-Leiter are one.
compounds as (

    select
        cuts.word,
        joints.word || '-' || heads.head as spelling,
        row_number() over (
            partition by cuts.word
            order by length(heads.head) desc
        ) as choice
    from cuts
    inner join heads
        on cuts.tail = heads.head
    inner join joints
        on cuts.front = joints.joint

),

spelled as (

    select
        words.word,
        coalesce(compounds.spelling, words.word) as spelling,
        coalesce(heads.head, compounds.word) is not null as is_head,
        words.is_compounded
    from words
    left join compounds
        on
            words.word = compounds.word
            and compounds.choice = 1
    left join heads
        on words.word = heads.head

),

forms as (

    select
        word as form,
        word,
        spelling,
        null as language,
        is_head,
        is_compounded,
        length(word) as ending_length
    from spelled

    union all

    select
        spellings.word as form,
        spellings.word,
        coalesce(spelled.spelling, spellings.replacement) as spelling,
        spellings.language,
        coalesce(spelled.is_head, false) as is_head,
        coalesce(spelled.is_compounded, false) as is_compounded,
        length(spellings.word) as ending_length
    from spellings
    left join spelled
        on spellings.replacement = spelled.word

    union all

    select
        {{ with_ending('spelled.word', 'endings') }} as form,
        spelled.word,
        spelled.spelling,
        endings.language,
        spelled.is_head,
        spelled.is_compounded,
        length(coalesce(endings.ending, '')) as ending_length
    from spelled
    inner join endings
        on {{ takes_ending('spelled.word', 'endings') }}

),

ranked as (

    select
        forms.*,
        row_number() over (
            partition by forms.form
            order by
                forms.form = forms.word desc,
                vocabulary.word is not null desc,
                forms.ending_length desc,
                forms.word asc,
                forms.language asc
        ) as choice
    from forms
    left join vocabulary
        on
            forms.word = vocabulary.word
            and forms.language = vocabulary.language
    left join loan_words
        on forms.word = loan_words.word
    where
        forms.form = forms.word
        or vocabulary.word is not null
        or loan_words.word is not null

),

final as (

    select
        form,
        spelling,
        language,
        is_head,
        is_compounded
    from ranked
    where choice = 1

)

select * from final
