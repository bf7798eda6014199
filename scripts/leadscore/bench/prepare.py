"""What the floor and the alternatives start from: clean events and leads, prepared for them.

They are spared the cleaning that the project does: duplicates, merges, visitors, bots, derived
events, pages and their content, normalised profiles, texts ready to compare. Leads have integer
keys beside their ids. Whoever beats the project from here has not yet read a raw row.
"""

import shutil
from pathlib import Path

import duckdb

from leadscore.bench.databases import attach, literal, open_database
from leadscore.bench.generate import read_vocabulary
from leadscore.bench.rulebook import RULES, Rulebook, read
from leadscore.database import quote
from leadscore.project import raw_tables

NUMBERS = (
    "lead.experience_years",
    "lead.data_age_days",
    "company.employee_count",
    "company.annual_revenue",
)
DATES = ("lead.created_at",)


def folded_sql(column: str) -> str:
    """Returns the SQL of a text as it is compared."""
    return rf"lower(strip_accents(trim(regexp_replace({column}, '\s+', ' ', 'g'))))"


def prepare(raw: Path, warehouse: Path, book: Rulebook, folder: Path) -> None:
    """Writes prepared.duckdb, events.parquet and leads.parquet into a folder.

    Args:
        raw: the generated world.
        warehouse: what the project built from it; its marts give the normalised profiles.
        book: the rules, which say what has to be known of leads.
        folder: where to; what is in it is replaced.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with open_database(folder / "prepared.duckdb", memory_limit="4GB") as connection:
        for table in raw_tables():
            file = raw / f"{table}.parquet"
            if file.exists():
                connection.execute(f"create temp view raw_{table} as from {literal(file)}")
        connection.execute(
            "create temp view survivors as "
            "select merged_lead_id as lead_id, surviving_lead_id from raw_lead_merges"
        )
        attach(connection, warehouse, "warehouse")
        prepare_leads(connection, book)
        connection.execute("detach warehouse")
        prepare_events(connection, book)
        for table, columns in {"leads": "*", "events": "* exclude (lead_id)"}.items():
            copied = literal(folder / f"{table}.parquet")
            connection.execute(
                f"copy (select {columns} from {table}) to {copied} (compression zstd)"
            )


def prepare_leads(connection: duckdb.DuckDBPyConnection, book: Rulebook) -> None:
    """Creates leads: one row per lead, a column per field that rules ask for."""
    columns = []
    for field in book.fields():
        kind, name = field.split(".", 1)
        if kind in ("attribute", "answer"):
            column = f"any_value(own.value) filter (own.field = '{field}')"
        else:
            column = f"any_value(profiles.{f'company_{name}' if kind == 'company' else name})"
        if field in NUMBERS:
            column = f"cast({column} as double)"
        elif field in DATES:
            # Days since the year 1, as rules give the bounds of dates.
            column = f"cast(cast({column} as date) - date '0001-01-01' + 1 as double)"
        else:
            column = folded_sql(f"cast({column} as varchar)")
        columns.append(f"{column} as {quote(field)}")
    connection.execute(
        f"""
        create table leads as
        with asked as (
            select
                coalesce(survivors.surviving_lead_id, told.lead_id) as lead_id,
                told.*exclude (lead_id),
                survivors.lead_id is not null as is_merged
            from (
                select lead_id, 'attribute.' || field as field, value, null as answered_at
                from raw_lead_attributes
                union all
                select lead_id, 'answer.' || question, answer, answered_at
                from raw_answers
                where cast(answered_at as date) <= date '{book.as_of}'
            ) as told
            left join survivors using (lead_id)
        ),
        own as (
            select lead_id, field, value
            from asked
            qualify row_number() over (
                partition by lead_id, field
                order by answered_at desc nulls last, is_merged
            ) = 1
        )
        select
            cast(row_number() over (order by profiles.lead_id) as integer) as lead_key,
            profiles.lead_id,
            {", ".join(columns)}
        from warehouse.marts.lead_profiles as profiles
        left join own using (lead_id)
        group by profiles.lead_id
        order by profiles.lead_id
        """
    )


def prepare_events(connection: duckdb.DuckDBPyConnection, book: Rulebook) -> None:
    """Creates events: one row per human event of a known lead up to the day, derived ones too."""
    bots = ", ".join(f"'{agent}'" for agent in read_vocabulary()["bot"])
    prefixes = ", ".join(
        "({})".format(
            ", ".join(
                f"nullif('{row[column]}', '')"
                for column in ("page_prefix", "page_group", "content_stage", "content_topic")
            )
        )
        for row in read(RULES, "content_map.csv")
    )
    connection.execute(
        f"""
        create temp table known_events as
        select
            leads.lead_key,
            leads.lead_id,
            events.event_type,
            events.occurred_at,
            {folded_sql("events.channel")} as channel,
            coalesce(nullif(rtrim(lower(regexp_replace(
                regexp_replace(events.url, '^https?://[^/]*', ''), '[?#].*$', ''
            )), '/'), ''), case when events.url is not null then '/' end) as page,
            events.campaign_id,
            events.content_id,
            events.message_id,
            events.user_agent
        from (
            select * from raw_events
            qualify row_number() over (
                partition by event_id
                order by loaded_at nulls last, occurred_at
            ) = 1
        ) as events
        left join raw_identities as identities using (anonymous_id)
        left join survivors
            on survivors.lead_id = coalesce(events.lead_id, identities.lead_id)
        inner join leads
            on leads.lead_id = coalesce(
                survivors.surviving_lead_id, events.lead_id, identities.lead_id
            )
        where cast(events.occurred_at as date) <= date '{book.as_of}'
        """
    )
    connection.execute(
        f"""
        create temp table human_events as
        select events.*
        from known_events as events
        left join (
            select lead_key, message_id, occurred_at as delivered_at
            from known_events
            where event_type = 'email_delivered'
        ) as deliveries
            on
                events.event_type in ('email_open', 'email_click')
                and events.lead_key = deliveries.lead_key
                and events.message_id = deliveries.message_id
                and events.occurred_at >= deliveries.delivered_at
                and events.occurred_at < deliveries.delivered_at + interval 2 seconds
        where
            deliveries.message_id is null
            and coalesce(events.user_agent not in ({bots}), true)
        """
    )
    connection.execute(
        f"""
        create table events as
        with messages as (
            select
                lead_key,
                message_id,
                any_value(lead_id) as lead_id,
                min(occurred_at) filter (event_type = 'email_delivered') as delivered_at,
                min(occurred_at) filter (event_type = 'email_open') as opened_at,
                min(occurred_at) filter (event_type <> 'email_delivered') as reacted_at,
                any_value(channel) as channel,
                any_value(page) filter (event_type = 'email_click') as page,
                any_value(campaign_id) as campaign_id,
                any_value(content_id) as content_id
            from human_events
            where event_type in ('email_delivered', 'email_open', 'email_click')
            group by lead_key, message_id
        ),
        completed as (
            select
                lead_key,
                message_id,
                coalesce(
                    min(events.occurred_at) filter (events.occurred_at >= messages.opened_at),
                    any_value(messages.opened_at)
                ) as occurred_at
            from human_events as events
            inner join messages using (lead_key, message_id)
            where events.event_type = 'email_click' and messages.opened_at is not null
            group by lead_key, message_id
        ),
        all_events as (
            select * exclude (message_id, user_agent) from human_events
            union all by name
            select
                lead_key, lead_id, 'email_ignored' as event_type,
                delivered_at + interval 7 days as occurred_at, channel, campaign_id, content_id
            from messages
            where
                delivered_at is not null
                and coalesce(reacted_at > delivered_at + interval 7 days, true)
                and cast(delivered_at + interval 7 days as date) <= date '{book.as_of}'
            union all by name
            select
                lead_key, lead_id, 'email_opened_and_clicked' as event_type, completed.occurred_at,
                channel, page, campaign_id, content_id
            from completed
            inner join messages using (lead_key, message_id)
        ),
        content_map (page_prefix, page_group, content_stage, content_topic) as (
            values {prefixes}
        ),
        pages as (
            select pages.page, content_map.* exclude (page_prefix)
            from (select distinct page from all_events) as pages
            inner join content_map
                on starts_with(pages.page || '/', content_map.page_prefix || '/')
            qualify row_number() over (
                partition by pages.page order by length(content_map.page_prefix) desc
            ) = 1
        )
        select
            all_events.lead_key, all_events.lead_id, all_events.event_type, all_events.occurred_at,
            all_events.channel, all_events.page, pages.page_group, pages.content_stage,
            pages.content_topic, all_events.campaign_id, all_events.content_id
        from all_events
        left join pages using (page)
        order by all_events.occurred_at
        """
    )
