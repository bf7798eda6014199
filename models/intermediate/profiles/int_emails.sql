-- One row per e-mail address as typed, with its kind. The first that applies wins: invalid, what a
-- user's own rows say of the domain or else of the mailbox, disposable, personal (info@gmail.com
-- says that the company has no domain), role, business.
{%- set country = '[._-](ar|at|be|bo|br|ca|ch|cl|co|cr|de|do|ec|es|eu|fr|gb|gt|hn|ie|it|mx|nl|ni'
    ~ '|pa|pe|pr|pt|py|sv|uk|us|uy|ve)' %}
with typed as (

    select distinct
        email as email_raw,
        split_part(email, '@', 1) as local_part,
        lower(substr(email, length(split_part(email, '@', 1)) + 2)) as email_domain
    from {{ ref('stg_leads') }}
    where email is not null

),

-- A tag behind a plus, digits and the signs between words do not change who reads a mailbox:
-- info+news@ and info2@ are info@, no-reply@ is noreply@. Nor does a country: info-es@ is info@.
parts as (

    select
        email_raw,
        {{ replace_pattern('lower(local_part)', '[0-9]*([+].*)?$|[._-]', '') }} as mailbox,
        {{ replace_pattern('lower(local_part)', '[0-9]*(' ~ country ~ ')?([+].*)?$|[._-]', '') }}
            as general_mailbox,
        case
            when
                {{ matches_pattern('local_part', "'^[^\\s,;:<>()\"]+$'") }}
                and not {{ matches_pattern('local_part', "'^[.]|[.][.]|[.]$'") }}
                and {{ matches_pattern(
                    'email_domain', "'^[\\pL\\pN.-]+[.](\\pL{2,}|xn--[a-z0-9-]+)$'"
                ) }}
                and not {{ matches_pattern('email_domain', "'^[.-]|[.][.-]|-[.]'") }}
                then email_domain
        end as email_domain
    from typed

),

synonyms as (

    select
        synonym,
        {{ replace_pattern("replace(synonym, ' ', '')", '[0-9]+$', '') }} as mailbox,
        {{ fold_text('value') }} as email_kind
    from {{ ref('int_synonyms') }}
    where vocabulary = 'email_kind'

),

typed_domains as (

    select distinct email_domain
    from parts
    where email_domain is not null

),

-- A domain and those it is part of: the second one of x.mailinator.com is mailinator com.
suffixes as (

    {{ split_words('typed_domains', ['email_domain'], 'email_domain', '[^.]+', and_rest=true) }}

),

known_domains as (

    select
        suffixes.email_domain,
        suffixes.position,
        synonyms.email_kind,
        1 as precedence
    from suffixes
    inner join synonyms
        on {{ plain_words("replace(suffixes.words_from_here, ' ', '.')") }} = synonyms.synonym
    where contains(suffixes.words_from_here, ' ')

    union all

    select
        suffixes.email_domain,
        suffixes.position,
        domains.email_kind,
        2 as precedence
    from suffixes
    inner join {{ ref('email_domains') }} as domains
        on suffixes.words_from_here = replace(domains.email_domain, '.', ' ')

),

-- Only of disposable domains, what is below them is the same; corp.vodafone.es is a company.
ranked_domains as (

    select
        email_domain,
        email_kind,
        precedence = 1 as is_own,
        row_number() over (
            partition by email_domain
            order by precedence, position
        ) as choice
    from known_domains
    where
        position = 1
        or email_kind = 'disposable'

),

own_mailboxes as (

    select
        mailbox,
        min(email_kind) as email_kind
    from synonyms
    group by mailbox

),

final as (

    select
        parts.email_raw,
        parts.email_domain,
        case
            when parts.email_domain is null then 'invalid'
            when domains.is_own then domains.email_kind
            when own_mailboxes.email_kind is not null then own_mailboxes.email_kind
            when own_general_mailboxes.email_kind is not null
                then own_general_mailboxes.email_kind
            when domains.email_kind is not null then domains.email_kind
            when role_mailboxes.mailbox is not null then 'role'
            else 'business'
        end as email_kind
    from parts
    left join ranked_domains as domains
        on
            parts.email_domain = domains.email_domain
            and domains.choice = 1
    left join own_mailboxes
        on parts.mailbox = own_mailboxes.mailbox
    left join own_mailboxes as own_general_mailboxes
        on parts.general_mailbox = own_general_mailboxes.mailbox
    left join {{ ref('role_mailboxes') }} as role_mailboxes
        on parts.general_mailbox = role_mailboxes.mailbox

)

select * from final
