"""A seeded world of any size: leads, companies and events in order, as `leadscore load` reads them.

Every cell is a function of its row's number and the seed, so that DuckDB streams the tables to
Parquet in constant memory, and any number of threads writes the same rows. A message is opened by
the lead to whom it was delivered because an opening row can compute the row of its delivery.
"""

import csv
import shutil
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb

from leadscore.bench.databases import literal, open_database

FIRST_DAY = date(2024, 11, 1)
DAYS = 730
AS_OF = FIRST_DAY + timedelta(days=DAYS - 1)
PAGES = 1_000
LANGUAGES = 5

# The types of events between the deliveries, per thousand.
EVENT_TYPES = {
    "page_view": 640,
    "email_open": 150,
    "email_click": 50,
    "download": 30,
    "form_submit": 20,
    "chatbot_interaction": 15,
    "webinar_registration": 12,
    "webinar_attended": 8,
    "share": 8,
    "site_registration": 6,
    "newsletter_subscribe": 6,
    "information_request": 6,
    "event_booth_visit": 6,
    "add_to_cart": 6,
    "sales_call": 6,
    "sales_meeting": 3,
    "sales_email_reply": 5,
    "transactional_click": 6,
    "purchase": 3,
    "demo_request": 4,
    "quote_request": 3,
    "unsubscribe": 3,
    "resubscribe": 2,
    "partner_referral": 2,
}
REACTIONS = ("email_open", "email_click")
ANONYMOUS = ("page_view", "download", "form_submit", "chatbot_interaction")
# One row in so many is the delivery of a message, or repeats an earlier row under the same id.
DELIVERY_EVERY = 8
DUPLICATE_EVERY = 200
# One lead in so many is merged into its neighbour.
MERGED_EVERY = 200


@dataclass(frozen=True)
class Size:
    """How large a world is."""

    events: int
    leads: int
    companies: int
    titles: int
    seed: int = 1

    @classmethod
    def of(cls, events: int, leads: int, seed: int = 1) -> "Size":
        """Returns a size: ten leads per company, five per job title up to 200,000 titles."""
        return cls(events, leads, max(1, leads // 10), max(1, min(200_000, leads // 5)), seed)


def read_vocabulary() -> dict[str, list[str]]:
    """Returns the values of each list of vocabulary.csv; a value that stands twice comes twice."""
    lists: dict[str, list[str]] = {}
    file = Path(__file__).with_name("vocabulary.csv")
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            lists.setdefault(row["list"], []).append(row["value"])
    return lists


def quoted(values: list[str]) -> str:
    """Returns texts as an SQL list."""
    return "[" + ", ".join("'" + value.replace("'", "''") + "'" for value in values) + "]"


def open_generator(size: Size, threads: int | None = None) -> duckdb.DuckDBPyConnection:
    """Opens a database in memory with the macros that every table is written with."""
    connection = open_database(memory_limit="2GB")
    if threads:
        connection.execute(f"set threads = {threads}")
    scale = f"{size.leads}::double"
    types = [name for name, share in EVENT_TYPES.items() for _ in range(share)]
    span = DAYS * 86_400_000_000
    # Reactions come up to three days after the delivery, most of them soon.
    reach = max(1, size.events * 3 // DAYS)
    macros = {
        # Hashed twice: the hashes of two columns are combined bit by bit, so that the low bits of
        # two draws of one row would follow each other.
        "draw(n, what)": f"(hash(hash(n, what, {size.seed})) >> 1)::bigint",
        "share(n, what)": "draw(n, what) / 9223372036854775808.0",
        "one_in(n, what, count)": "draw(n, what) % count = 0",
        "pick(list, n, what)": "list[1 + draw(n, what) % len(list)]",
        # Zipf-Mandelbrot: rank r with a probability in proportion to 1 / (r + offset).
        "zipf(n, what, count, flat)": (
            "least(count - 1, floor(flat * (pow(count / flat + 1, share(n, what)) - 1)))::bigint"
        ),
        "lead_number(n)": (
            f"(zipf(n, 'lead', {scale}, {max(1.0, size.leads / 1000)}) * 7368787 + 12345)"
            f" % {size.leads}"
        ),
        "lead_name(l)": "'lead_' || lpad(l::varchar, 7, '0')",
        "company_name(c)": "'company_' || lpad(c::varchar, 6, '0')",
        # A scanner follows the link one second after the delivery, which is the row before.
        "is_scanner(n)": f"n % {DELIVERY_EVERY} = 1 and one_in(n, 'scanner', 20)",
        "event_type_of(n)": (
            f"case when n % {DELIVERY_EVERY} = 0 then 'email_delivered'"
            f" when is_scanner(n) then 'email_click'"
            f" else pick({quoted(types)}, n, 'type') end"
        ),
        "delivery_of(n)": (
            f"case when is_scanner(n) then n - 1 else {DELIVERY_EVERY} * (greatest(0, n"
            f" - {DELIVERY_EVERY} - (pow(share(n, 'delay'), 3) * {reach})::bigint)"
            f" // {DELIVERY_EVERY}) end"
        ),
        "spread(n)": (
            f"timestamp '{FIRST_DAY}' + to_microseconds(((n * {span}::hugeint)"
            f" // {size.events})::bigint)"
        ),
        "page_path(p)": (
            "case when p = 0 then '/' else pick("
            f"{quoted(read_vocabulary()['section'])}, p, 'section') || '/' || p end"
        ),
    }
    for name, body in macros.items():
        connection.execute(f"create macro {name} as {body}")
    return connection


def events_query(rows: str, arrival: str) -> str:
    """Returns the query of events.

    Args:
        rows: a query of (n, number), the row and the one of which it is a copy, in order.
        arrival: when row `n` was loaded, as SQL of `n` and `occurred_at`.
    """
    words = {name: quoted(values) for name, values in read_vocabulary().items()}
    reactions, anonymous = quoted(list(REACTIONS)), quoted(list(ANONYMOUS))
    return f"""
    with numbered as ({rows}),
    typed as (
        select *, event_type_of(number) as event_type from numbered
    ),
    sent as (
        select
            *,
            event_type in {reactions} as is_reaction,
            case
                when event_type = 'email_delivered' then number
                when event_type in {reactions} then delivery_of(number)
            end as delivery,
            event_type in {anonymous} and one_in(number, 'anonymous', 6) as is_anonymous,
            zipf(number, 'page', {PAGES}, 5.0) as page
        from typed
    ),
    told as (
        select
            *,
            lead_number(coalesce(delivery, number)) as lead,
            case when delivery is null then pick({words["channel"]}, number, 'channel') end
                as channel
        from sent
    )
    select
        'evt_' || number as event_id,
        case when not is_anonymous then lead_name(lead) end as lead_id,
        case when is_anonymous then 'visitor_' || lead end as anonymous_id,
        event_type,
        occurred_at,
        {arrival} as loaded_at,
        coalesce(channel, 'email') as channel,
        case
            when event_type = 'email_click'
                then 'https://www.example.com' || page_path(draw(delivery, 'mail') % 200)
            when event_type = 'page_view' and page % 7 = 3
                then 'http://example.com' || upper(page_path(page)) || '/?utm_source=mail#top'
            when event_type = 'page_view' then 'https://www.example.com' || page_path(page)
        end as url,
        case
            when delivery is not null then 'mail-' || draw(delivery, 'mail') % 40
            when event_type = 'page_view' and channel = 'ppc' then 'ad-' || page % 10
        end as campaign_id,
        case
            when delivery is not null then 'letter-' || draw(delivery, 'mail') % 200
            when event_type in ('download', 'webinar_registration', 'webinar_attended')
                then 'asset-' || zipf(number, 'asset', 60, 5.0)
        end as content_id,
        'msg_' || delivery as message_id,
        case
            when event_type in ('page_view', 'email_click') and one_in(number, 'bot', 60)
                then pick({words["bot"]}, number, 'agent')
            when event_type in ('page_view', 'email_open', 'email_click', 'download')
                then pick({words["browser"]}, lead, 'agent')
        end as user_agent,
        '10.' || lead % 250 || '.' || lead // 250 % 250 || '.' || lead % 97 as ip_address
    from told
    """


def history_query(size: Size) -> str:
    """Returns the query of the events of two years, in time order."""
    return events_query(
        f"""
        select
            n,
            case when n % {DUPLICATE_EVERY} = 101 then n - 1 - draw(n, 'copy') % 50 else n end
                as number,
            case
                when is_scanner(number) then spread(number - 1) + interval 1 second
                else spread(number)
            end as occurred_at
        from range({size.events}) as rows (n)
        """,
        "spread(n) + to_seconds(30 + draw(n, 'arrival') % 600)",
    )


def next_day_query(size: Size, count: int, day: date) -> str:
    """Returns the query of the events of one more day.

    Of twenty, two are late by up to thirty days and one repeats an event of the last month.
    """
    month = max(1, size.events * 30 // DAYS)
    return events_query(
        f"""
        select
            n,
            case
                when one_in(n, 'again', 20)
                    then greatest(0, {size.events} - 1 - draw(n, 'old') % {month})
                else n
            end as number,
            case
                when number < {size.events} and is_scanner(number)
                    then spread(number - 1) + interval 1 second
                when number < {size.events} then spread(number)
                else timestamp '{day}'
                    + to_microseconds((n - {size.events}) * 86400000000 // {count})
                    - case
                        when one_in(n, 'late', 10) then to_hours((draw(n, 'lag') % 720)::bigint)
                        else interval 0 second
                    end
            end as occurred_at
        from range({size.events}, {size.events + count}) as rows (n)
        """,
        f"timestamp '{day + timedelta(days=1)}'",
    )


def titles_query(size: Size) -> str:
    """Returns the query of (title_number, title): all different, in five languages, untidy."""
    words = {name: quoted(values) for name, values in read_vocabulary().items()}
    roles = ", ".join(words[f"title_role_{language}"] for language in range(1, LANGUAGES + 1))
    areas = ", ".join(words[f"title_area_{language}"] for language in range(1, LANGUAGES + 1))
    return f"""
    with composed as (
        select
            t as title_number,
            [{roles}][1 + t % 5][1 + t // 5 % 20] || ' ' || [{areas}][1 + t % 5][1 + t // 100 % 25]
                as core,
            {words["title_scope"]}[1 + t // 2500 % 8] as scope,
            {words["title_detail"]}[1 + t // 20000 % 10] as detail
        from range({size.titles}) as titles (t)
    ),
    joined as (
        select
            title_number,
            concat_ws(' - ', core, nullif(scope, ''), nullif(detail, '')) as title
        from composed
    )
    select
        title_number,
        case draw(title_number, 'noise') % 12
            when 0 then upper(title)
            when 1 then lower(title)
            when 2 then strip_accents(title) || '.'
            when 3 then '  ' || title || ' '
            when 4 then title || ' (m/w/d)'
            else title
        end as title
    from joined
    """


def leads_query(size: Size) -> str:
    """Returns the query of leads; every job title has at least one lead."""
    words = {name: quoted(values) for name, values in read_vocabulary().items()}
    last = FIRST_DAY + timedelta(days=DAYS)
    return f"""
    with numbered as (
        select
            l,
            case when l % 20 < 17 then draw(l, 'company') % {size.companies} end as company,
            case
                when l < {size.titles} then l
                when l % 10 < 8 then zipf(l, 'title', {size.titles}, 50.0)
            end as title_number,
            pick({words["given_name"]}, l, 'given') as given_name,
            pick({words["surname"]}, l, 'surname') as surname,
            draw(l, 'updated') % 1500 as age
        from range({size.leads}) as leads (l)
    )
    select
        lead_name(l) as lead_id,
        case
            when l % 50 = 13 then null
            when l % 50 = 14 then 'no address'
            when company is null or l % 9 = 0
                then 'p' || l || '@' || pick({words["personal_domain"]}, l, 'domain')
            when l % 40 = 1 then pick({words["mailbox"]}, l, 'box') || '@firma' || company || '.es'
            else 'p' || l || '@firma' || company || '.es'
        end as email,
        given_name || ' ' || surname as full_name,
        titles.title as job_title,
        company_name(company) as company_id,
        case when company is not null then 'Firma ' || company end as company_name,
        case when l % 30 <> 0 then pick({words["country"]}, l, 'country') end as country,
        case when l % 3 = 0 then pick({words["region"]}, l, 'region') end as region,
        case when l % 3 <> 1 then pick({words["city"]}, l, 'city') end as city,
        case when l % 12 <> 0 then pick({words["lead_source"]}, l, 'source') end as lead_source,
        pick({words["origin"]}, l, 'origin') as origin,
        case when l % 25 = 0 then 'b2c' end as audience,
        pick({words["lifecycle_stage"]}, l, 'stage') as lifecycle_stage,
        one_in(l, 'customer', 20) as is_customer,
        pick({words["consent_status"]}, l, 'consent') as consent_status,
        case when l % 4 = 0 then date '1960-01-01' + (draw(l, 'birth') % 16000)::integer end
            as birth_date,
        case when l % 5 = 0 then pick({words["purchasing_power"]}, l, 'power') end
            as purchasing_power,
        case when l % 5 = 1 then pick({words["lifestyle"]}, l, 'lifestyle') end as lifestyle,
        case when l % 5 = 2 then pick({words["education"]}, l, 'education') end as education,
        case when l % 5 = 3 then draw(l, 'experience') % 35 end as experience_years,
        timestamp '{last}' - to_days((age + draw(l, 'created') % 700)::integer) as created_at,
        timestamp '{last}' - to_days((1 + age)::integer) as updated_at
    from numbered
    left join titles using (title_number)
    order by l
    """


def small_queries(size: Size) -> dict[str, str]:
    """Returns the queries of all other tables, by table."""
    words = {name: quoted(values) for name, values in read_vocabulary().items()}
    last = FIRST_DAY + timedelta(days=DAYS)
    properties = " union all ".join(
        f"select l, '{name}' as field, pick({words[name]}, l, '{name}') as value "
        f"from range({size.leads}) as leads (l) where one_in(l, 'has {name}', {rarity})"
        for name, rarity in (("erp_system", 3), ("persona", 3), ("product_interest", 4))
    )
    answers = " union all ".join(
        f"select l, '{name}' as question, pick({words[name]}, l, '{name}') as answer "
        f"from range({size.leads}) as leads (l) where one_in(l, 'told {name}', 12)"
        for name in ("budget", "timeline")
    )
    return {
        "companies": f"""
            select
                company_name(c) as company_id,
                'Firma ' || c as name,
                'firma' || c || '.es' as domain,
                case when c % 15 <> 0 then pick({words["industry"]}, c, 'industry') end as industry,
                case when c % 10 <> 0 then pick({words["employee_count"]}, c, 'size') end
                    as employee_count,
                case when c % 3 <> 0 then pick({words["annual_revenue"]}, c, 'revenue') end
                    as annual_revenue,
                case when c % 4 <> 0 then pick({words["company_type"]}, c, 'type') end
                    as company_type,
                pick({words["country"]}, c, 'company country') as country,
                timestamp '{last}' - to_days((1 + draw(c, 'updated') % 1500)::integer)
                    as updated_at
            from range({size.companies}) as companies (c)
            """,
        "lead_attributes": f"""
            select lead_name(l) as lead_id, field, value, timestamp '{FIRST_DAY}' as updated_at
            from ({properties}) order by field, l
            """,
        "answers": f"""
            select
                lead_name(l) as lead_id, question, answer,
                timestamp '{FIRST_DAY}' + to_days((draw(l, 'asked') % {DAYS})::integer)
                    as answered_at
            from ({answers}) order by question, l
            """,
        "identities": f"""
            select 'visitor_' || l as anonymous_id, lead_name(l) as lead_id
            from range({size.leads}) as leads (l) where one_in(l, 'identified', 2)
            """,
        "lead_merges": f"""
            select lead_name(l) as merged_lead_id, lead_name(l + 1) as surviving_lead_id
            from range({size.leads}) as leads (l)
            where l % {MERGED_EVERY} = 7 and l + 1 < {size.leads}
            """,
    }


def write(connection: duckdb.DuckDBPyConnection, query: str, file: Path) -> None:
    """Streams a query to a Parquet file, in its order."""
    connection.execute(f"copy ({query}) to {literal(file)} (format parquet, compression zstd)")


def generate(folder: Path, size: Size, threads: int | None = None) -> None:
    """Writes a world into a folder, a Parquet file per raw table; what is in it is replaced.

    Args:
        folder: where to; made if it is not there.
        size: how much; the same size and seed make the same rows.
        threads: how many DuckDB uses, all cores by default.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with open_generator(size, threads) as connection:
        connection.execute(f"create table titles as {titles_query(size)}")
        queries = {"events": history_query(size), "leads": leads_query(size), **small_queries(size)}
        for table, query in queries.items():
            write(connection, query, folder / f"{table}.parquet")


def generate_next_day(file: Path, size: Size, count: int) -> None:
    """Writes the events that come in on the day after the history, some late, some repeated."""
    with open_generator(size) as connection:
        write(connection, next_day_query(size, count, AS_OF + timedelta(days=1)), file)
