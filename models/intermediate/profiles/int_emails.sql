-- One row per e-mail address as typed, with its kind. The first that applies wins: invalid,
-- disposable, personal (info@gmail.com says that the company has no domain), role, business.
with typed as (

    select distinct
        email as email_raw,
        split_part(email, '@', 1) as local_part,
        lower(substr(email, length(split_part(email, '@', 1)) + 2)) as email_domain
    from {{ ref('stg_leads') }}
    where email is not null

),

-- Digits at the end and what follows a plus do not change who reads a mailbox: info2@, info+news@.
parts as (

    select
        email_raw,
        lower({{ replace_pattern('local_part', '[0-9]*([+].*)?$', '') }}) as mailbox,
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

final as (

    select
        parts.email_raw,
        parts.email_domain,
        case
            when parts.email_domain is null then 'invalid'
            when domains.email_kind is not null then domains.email_kind
            when role_mailboxes.mailbox is not null then 'role'
            else 'business'
        end as email_kind
    from parts
    left join {{ ref('email_domains') }} as domains
        on parts.email_domain = domains.email_domain
    left join {{ ref('role_mailboxes') }} as role_mailboxes
        on parts.mailbox = role_mailboxes.mailbox

)

select * from final
