-- One row per word of titles that no form of the vocabulary is, but that is made of such forms:
-- Verkaufsleiterin is verkauf-leiter. From its end, the longest known word is split off; the front
-- may be one or two words more, and if it is neither, a head counts alone (Bezirksleiter).
with forms as (

    select * from {{ ref('int_job_title_forms') }}
    where spelling is not null

),

-- A front may be a compound itself (Regionalvertriebs-): it is spelled as the vocabulary spells it.
joints as (

    select
        joints.joint,
        forms.spelling as word
    from {{ ref('int_job_title_joints') }} as joints
    inner join forms
        on joints.word = forms.form

),

unknown_words as (

    select distinct tokens.token
    from {{ ref('int_job_title_tokens') }} as tokens
    left join {{ ref('int_job_title_forms') }} as forms
        on tokens.token = forms.form
    where
        tokens.text_kind = 'title'
        and forms.form is null
        and length(tokens.token) >= 7

),

cuts as (

    {{ cuts_in_two('unknown_words', 'token', 3, 4) }}

),

tails as (

    select
        cuts.token,
        cuts.front as rest,
        joints.word as front,
        forms.spelling as tail,
        row_number() over (
            partition by cuts.token
            order by joints.word is not null desc, length(cuts.tail) desc
        ) as choice
    from cuts
    inner join forms
        on cuts.tail = forms.form
    left join joints
        on cuts.front = joints.joint
    where
        (forms.is_compounded or forms.is_head)
        and (joints.word is not null or forms.is_head)
        and (forms.is_head or length(cuts.front) >= 4)
        and (joints.word is not null or length(cuts.front) >= 4)

),

rests as (

    select distinct rest
    from tails
    where
        choice = 1
        and front is null

),

rest_cuts as (

    {{ cuts_in_two('rests', 'rest', 3, 3) }}

),

fronts as (

    select
        rest_cuts.rest,
        coalesce(firsts.word || '-', '') || coalesce(seconds.word, '') as front,
        row_number() over (
            partition by rest_cuts.rest
            order by
                firsts.word is not null and seconds.word is not null desc,
                seconds.word is not null desc,
                case when seconds.word is null then -1 else 1 end * length(rest_cuts.tail) desc
        ) as choice
    from rest_cuts
    left join joints as firsts
        on rest_cuts.front = firsts.joint
    left join joints as seconds
        on rest_cuts.tail = seconds.joint
    where
        (firsts.word is not null and seconds.word is not null)
        or (seconds.word is not null and length(rest_cuts.tail) >= 5)
        or (firsts.word is not null and length(rest_cuts.front) >= 5)

),

final as (

    select
        tails.token,
        coalesce(rtrim(coalesce(tails.front, fronts.front), '-') || '-', '') || tails.tail
            as spelling
    from tails
    left join fronts
        on
            tails.rest = fronts.rest
            and tails.front is null
            and fronts.choice = 1
    where tails.choice = 1

)

select * from final
