"""The demo's CRM: the same every time, within the contract, and as dirty as a real one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from leadscore.demo_data import DEMO_AS_OF, write_demo_crm
from leadscore.demo_data.world import simulate

LEAD_COUNT = 1_000

CONTRACT = {
    "leads": "lead_id, email, full_name, job_title, company_id, company_name, country, region,"
    " city, lead_source, origin, audience, lifecycle_stage, is_customer, consent_status,"
    " birth_date, gender, purchasing_power, lifestyle, education, experience_years, created_at,"
    " updated_at",
    "lead_attributes": "lead_id, field, value, updated_at",
    "companies": "company_id, name, domain, industry, employee_count, annual_revenue,"
    " company_type, country, updated_at",
    "events": "event_id, lead_id, anonymous_id, event_type, occurred_at, loaded_at, channel, url,"
    " campaign_id, content_id, message_id, user_agent, ip_address",
    "identities": "anonymous_id, lead_id",
    "lead_merges": "merged_lead_id, surviving_lead_id",
    "answers": "lead_id, question, answer, answered_at",
    "outcomes": "opportunity_id, lead_id, stage, amount, opened_at, closed_at, is_won",
}

EVENT_TYPES = [
    "page_view",
    "form_submit",
    "information_request",
    "quote_request",
    "demo_request",
    "download",
    "newsletter_subscribe",
    "site_registration",
    "chatbot_interaction",
    "email_delivered",
    "email_open",
    "email_click",
    "transactional_click",
    "unsubscribe",
    "resubscribe",
    "spam_report",
    "hard_bounce",
    "webinar_registration",
    "webinar_attended",
    "event_booth_visit",
    "share",
    "add_to_cart",
    "purchase",
    "sales_call",
    "sales_meeting",
    "sales_email_reply",
    "sales_rejected",
    "whatsapp_message",
]

REFERENCES = (
    ("leads", "company_id", "companies", "company_id"),
    ("lead_attributes", "lead_id", "leads", "lead_id"),
    ("events", "lead_id", "leads", "lead_id"),
    ("identities", "lead_id", "leads", "lead_id"),
    ("identities", "anonymous_id", "events", "anonymous_id"),
    ("lead_merges", "merged_lead_id", "leads", "lead_id"),
    ("lead_merges", "surviving_lead_id", "leads", "lead_id"),
    ("answers", "lead_id", "leads", "lead_id"),
    ("outcomes", "lead_id", "leads", "lead_id"),
)

# What is dirty in a real CRM, and a query that finds it.
DIRT = {
    "repeated leads": "from leads group by lead_id having count(*) > 1",
    "repeated companies": "from companies group by company_id having count(*) > 1",
    "repeated events, loaded later": """from events group by event_id
        having count(*) > 1 and max(loaded_at) > min(loaded_at)""",
    "two records of one person that nobody merged": """from leads
        where lead_id not in (select merged_lead_id from lead_merges)
        group by lower(trim(email)) having count(distinct lead_id) > 1""",
    "chains of merges": """from lead_merges as older
        inner join lead_merges as newer on newer.surviving_lead_id = older.merged_lead_id""",
    "events of merged leads": """from events
        where lead_id in (select merged_lead_id from lead_merges)""",
    "anonymous visits stitched later": """from events where lead_id is null
        and anonymous_id in (select anonymous_id from identities)""",
    "visitors never identified": """from events where lead_id is null
        and anonymous_id not in (select anonymous_id from identities)""",
    "crawlers": "from events where user_agent ilike '%bot%'",
    "clicks within 2 seconds of delivery": """from events as clicks
        inner join events as deliveries using (message_id)
        where clicks.event_type = 'email_click' and deliveries.event_type = 'email_delivered'
            and clicks.occurred_at < deliveries.occurred_at + interval 2 seconds""",
    "three links of a mail clicked within 2 seconds": """from events
        where event_type = 'email_click' group by message_id
        having count(distinct url) >= 3
            and max(occurred_at) - min(occurred_at) <= interval 2 seconds""",
    "mails that nobody opened": """from events where message_id is not null group by message_id
        having bool_or(event_type = 'email_delivered')
            and not bool_or(event_type in ('email_open', 'email_click'))""",
    "leads who came back after unsubscribing": """from events as gone
        inner join events as back using (lead_id)
        where gone.event_type = 'unsubscribe' and back.event_type = 'resubscribe'
            and back.occurred_at > gone.occurred_at""",
    "free mail": "from leads where email ilike '%@gmail.com%'",
    "disposable mail": "from leads where email ilike '%@mailinator.com%'",
    "role addresses": "from leads where email ilike 'info@%'",
    "addresses that are none": "from leads where email not like '%@%.%'",
    "no address": "from leads where email is null",
    "records years old": "from leads where try_cast(updated_at as timestamp) < date '2023-01-01'",
    "times with a zone": "from leads where created_at like '%+02:00'",
    "no title": "from leads where job_title is null",
    "blank titles": "from leads where job_title = ''",
    "titles that say nothing": "from leads where lower(job_title) in ('n/a', '-', 'n/d', 'test')",
    "assistants of chiefs": """from leads
        where job_title ilike '%assist%' or job_title ilike '%asistente%'""",
    "Spanish titles": "from leads where job_title ilike '%director%de%'",
    "German titles": "from leads where job_title ilike '%leiter%'",
    "French titles": "from leads where job_title ilike '%directeur%' or job_title ilike '%achats%'",
    "Portuguese titles": "from leads where job_title ilike '%diretor%'",
    "shouted names": "from leads where full_name = upper(full_name)",
    "Spain in another spelling": "from leads where trim(country) in ('ES', 'ESP', 'Espana')",
    "an industry in another language": "from companies where industry in ('Logistik', 'Sanidad')",
    "sizes as a range": "from companies where employee_count like '%-%'",
    "sizes with a thousands point": "from companies where employee_count like '_.___'",
    "sizes rounded down": "from companies where employee_count like '%k+'",
    "revenue in words": "from companies where annual_revenue like '% Million'",
    "domains written as urls": "from companies where domain like 'https://%'",
    "consumers": "from leads where audience = 'b2c' and company_id is null",
    "customers to whom we sell more": "from leads where origin = 'cross_sell' and is_customer",
    "customers that never bought": """from leads where is_customer
        and lead_id not in (select lead_id from outcomes where is_won)""",
    "urls in another case": "from events where regexp_matches(url, '/(Pricing|Product|Blog)')",
    "urls with a slash at the end": "from events where regexp_matches(url, '[a-z]/(\\?|$)')",
    "urls without a host": "from events where url like '/pricing%'",
    "deals won": "from outcomes where is_won",
    "deals lost": "from outcomes where not is_won",
    "open deals": "from outcomes where is_won is null and closed_at is null",
}

IMPOSSIBLE = {
    "a lead whose date cannot be read": """from leads where created_at is not null
        and try_cast(created_at as timestamptz) is null""",
    "a lead born on a day that never was": """from leads where birth_date is not null
        and try_cast(birth_date as date) is null""",
    "a company with fewer than no employees": "from companies where employee_count like '-%'",
    "events without a time": "from events where occurred_at is null",
    "events in the year 2999": "from events where year(occurred_at) = 2999",
}


def _paths(directory: Path) -> dict[str, Path]:
    return {path.stem: path for path in sorted(directory.iterdir())}


@pytest.fixture(scope="module")
def crm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection in which each table of a small demo is a table."""
    directory = tmp_path_factory.mktemp("crm")
    write_demo_crm(directory, lead_count=LEAD_COUNT)
    with duckdb.connect() as connection:
        for table, path in _paths(directory).items():
            reader = "read_csv" if path.suffix == ".csv" else "read_parquet"
            connection.execute(f"create table {table} as from {reader}('{path}')").fetchall()
        yield connection


def _count(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    rows = connection.execute(f"select count(*) from (select 1 {query})").fetchall()
    return int(rows[0][0])


def test_same_seed_gives_the_same_rows_and_another_seed_others(tmp_path: Path) -> None:
    """Two runs agree in every byte; another seed makes other events."""
    for name, seed in (("first", 7), ("second", 7), ("other", 8)):
        write_demo_crm(tmp_path / name, seed=seed, lead_count=200)
    first, second, other = (_paths(tmp_path / name) for name in ("first", "second", "other"))
    assert first.keys() == second.keys() == CONTRACT.keys()
    for table, path in first.items():
        assert path.read_bytes() == second[table].read_bytes(), table
    assert first["events"].read_bytes() != other["events"].read_bytes()


def test_each_table_has_the_columns_of_the_contract(crm: duckdb.DuckDBPyConnection) -> None:
    """No column is missing and none is invented."""
    for table, columns in CONTRACT.items():
        found = {row[0] for row in crm.execute(f"describe {table}").fetchall()}
        assert found == set(columns.split(", ")), table


def test_spreadsheets_have_a_byte_order_mark_and_crlf(tmp_path: Path) -> None:
    """The csv files are as a spreadsheet program leaves them."""
    write_demo_crm(tmp_path, lead_count=50)
    for path in tmp_path.glob("*.csv"):
        content = path.read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        assert content.count(b"\r\n") == content.count(b"\n") > 0
    assert len(list(tmp_path.glob("*.csv"))) == 2


@pytest.mark.parametrize(("table", "column", "parent", "key"), REFERENCES)
def test_keys_refer_to_rows_that_exist(
    crm: duckdb.DuckDBPyConnection, table: str, column: str, parent: str, key: str
) -> None:
    """No row speaks of a lead, company or visitor that is not there."""
    orphans = f"""from {table} where {column} is not null
        and {column} not in (select {key} from {parent} where {key} is not null)"""
    assert _count(crm, orphans) == 0


def test_merges_end_somewhere(crm: duckdb.DuckDBPyConnection) -> None:
    """Each lead is merged into one other, and no chain bites its tail."""
    merges = dict(crm.execute("from lead_merges").fetchall())
    assert len(merges) == _count(crm, "from lead_merges")
    for start in merges:
        seen = {start}
        while (survivor := merges.get(start)) is not None:
            assert survivor not in seen
            seen.add(survivor)
            start = survivor


@pytest.mark.parametrize("event_type", EVENT_TYPES)
def test_each_type_of_event_happens(crm: duckdb.DuckDBPyConnection, event_type: str) -> None:
    """No rule of the shipped kind waits for an event that the demo never has."""
    assert _count(crm, f"from events where event_type = '{event_type}'") > 0


@pytest.mark.parametrize("kind", DIRT)
def test_dirt_of_each_kind_is_there(crm: duckdb.DuckDBPyConnection, kind: str) -> None:
    """What a real CRM gets wrong, the demo gets wrong too."""
    assert _count(crm, DIRT[kind]) > 0


@pytest.mark.parametrize("kind", IMPOSSIBLE)
def test_impossible_rows_are_there_and_few(crm: duckdb.DuckDBPyConnection, kind: str) -> None:
    """The rejects have something to show, but not the run of the mill."""
    assert 1 <= _count(crm, IMPOSSIBLE[kind]) <= 3


def test_of_some_leads_nothing_but_the_email_is_known(crm: duckdb.DuckDBPyConnection) -> None:
    """About seven in a hundred."""
    nameless = """from leads where email is not null and coalesce(full_name, job_title,
        company_id, company_name, country, city, lead_source, origin, audience, lifecycle_stage,
        consent_status, gender, education) is null and is_customer is null"""
    assert 0.05 < _count(crm, nameless) / LEAD_COUNT < 0.09


def test_events_end_shortly_before_the_demo_date(crm: duckdb.DuckDBPyConnection) -> None:
    """Scoring on the demo date finds fresh events and none of tomorrow."""
    query = "select max(occurred_at)::date from events where year(occurred_at) < 2999"
    newest = crm.execute(query).fetchall()[0][0]
    assert DEMO_AS_OF - timedelta(days=7) <= newest < DEMO_AS_OF


def test_each_lead_has_about_fourteen_events(crm: duckdb.DuckDBPyConnection) -> None:
    """So that 5,000 leads make about 70,000 events."""
    assert 12 < _count(crm, "from events") / LEAD_COUNT < 16


def test_executives_buy_more_often_than_their_staff() -> None:
    """The signal of leadforge survives: who decides, buys."""
    journeys = simulate(seed=7, lead_count=1_500).journeys
    won = {
        is_executive: [
            journey.deal is not None and journey.deal.is_won
            for journey in journeys
            if (journey.seniority in ("vp", "c_suite")) == is_executive
        ]
        for is_executive in (True, False)
    }
    executives, others = (sum(deals) / len(deals) for deals in (won[True], won[False]))
    assert executives > 1.2 * others


def test_progress_is_told_step_by_step(tmp_path: Path) -> None:
    """A caller can show what is going on."""
    steps: list[str] = []
    write_demo_crm(tmp_path, lead_count=20, advance=steps.append)
    assert len(steps) == len(set(steps)) > 2
