"""`leadscore forget` leaves nothing of a person, and everything of the others."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from conftest import Scored, build, run
from leadscore.database import only_run_on, quote
from leadscore.demo_data import DEMO_AS_OF
from leadscore.errors import LeadscoreError
from leadscore.forget import forget
from leadscore.forget.files import found_in
from leadscore.load import load_folder
from leadscore.project import ROOT, RULES, abandoned_folders, scratch_folder

KILLS = 12
Tables = dict[str, list[tuple[object, ...]]]


def copied(demo: Scored, folder: Path) -> Scored:
    """Copies the databases of the demo."""
    shutil.copy(demo.warehouse, folder / "warehouse.duckdb")
    shutil.copy(demo.published, folder / "scores.duckdb")
    return Scored(demo.raw, folder / "warehouse.duckdb", folder / "scores.duckdb")


def tables_in(database: Path, condition: str = "true") -> Tables:
    """Returns the rows of all tables, but for the time of the run and the last bits of sums.

    Args:
        database: any of the two.
        condition: which rows, of tables that have a lead_id.
    """
    with duckdb.connect(database, read_only=True) as connection:
        tables = connection.sql(
            "select schema_name, table_name, list(column_name) from duckdb_columns()"
            " inner join duckdb_tables() using (database_name, schema_name, table_name)"
            " group by all order by all"
        ).fetchall()
        rows = {}
        for schema, table, columns in tables:
            where = condition if "lead_id" in columns else "true"
            rows[f"{schema}.{table}"] = connection.sql(
                "select columns(lambda name: name not in ('refreshed_at', 'duration_seconds'))"
                f" from {quote(schema)}.{quote(table)} where {where} order by all"
            ).fetchall()
        return {
            name: [
                tuple(round(cell, 9) if isinstance(cell, float) else cell for cell in row)
                for row in found
            ]
            for name, found in rows.items()
        }


def cells_with(database: Path, texts: set[str]) -> set[str]:
    """Returns the columns in which a text stands, be it in a list, a number or a longer text."""
    found = set()
    for name, rows in tables_in(database).items():
        for row in rows:
            for cell in row:
                said = str(cell).lower()
                found |= {f"{name}: {text}" for text in texts if text in said}
    return found


def one_person(demo: Scored) -> dict[str, set[str]]:
    """Returns what stands for a merged lead with visitors, answers and an address of its own."""
    with duckdb.connect(demo.warehouse, read_only=True) as connection:
        survivor, merged, email = connection.sql(
            """
            select leads.lead_id, merges.merged_lead_id, lower(leads.email)
            from staging.stg_leads as leads
            inner join staging.stg_lead_merges as merges on leads.lead_id = surviving_lead_id
            where leads.lead_id in (select lead_id from raw.identities)
                and leads.lead_id in (select lead_id from raw.lead_attributes)
                and leads.lead_id in (select lead_id from marts.sales_queue)
                and (select count(*) from raw.leads as others where lower(others.email)
                    = lower(leads.email) and others.lead_id not in (leads.lead_id, merged_lead_id)
                ) = 0
            order by all
            limit 1
            """
        ).fetchall()[0]
        leads = {survivor, merged}
        theirs = f"lead_id in ('{survivor}', '{merged}')"
        visitors = connection.sql(f"select anonymous_id from raw.identities where {theirs}")
        visitor_ids = {visitor for (visitor,) in visitors.fetchall()}
        events = connection.sql(
            f"select event_id from raw.events where {theirs} or anonymous_id in"
            f" (select anonymous_id from raw.identities where {theirs})"
        )
        event_ids = {event for (event,) in events.fetchall()}
        keys = connection.sql(
            f"select lead_key from intermediate.int_lead_profiles where {theirs} union all "
            "select event_key from staging.stg_event_log where person_key in (select lead_key"
            f" from intermediate.int_lead_profiles where {theirs})"
        )
        numbers = {str(key) for (key,) in keys.fetchall()}
    assert min(map(len, (leads, visitor_ids, event_ids, numbers))) > 0
    return {
        "leads": leads,
        "email": {email},
        "visitors": visitor_ids,
        "events": event_ids,
        "keys": numbers,
    }


def test_nothing_is_left_of_a_person_and_all_of_the_others(demo: Scored, tmp_path: Path) -> None:
    """Not in tables that nobody thought of either, nor in the bytes of the files."""
    scored, person = copied(demo, tmp_path), one_person(demo)
    lead_id, merged_id = sorted(person["leads"])
    (email,) = person["email"]
    event_id, visitor_id = min(person["events"]), min(person["visitors"])
    with duckdb.connect(scored.warehouse) as connection:
        key = "hash('lead', ?)"
        connection.execute("create schema odd")
        statements = {
            f"create table odd.history as select {key} as subject_key, 1 as score": [lead_id],
            "create table odd.who as select ? as who, 'x' as what": [lead_id],
            "create table odd.notes as select 'other' as lead_id, ? as note": [
                f"Met at the fair, with <{email.upper()}>, see {merged_id}."
            ],
            "create table odd.nested as select ['a', ?] as list, {'b': ?} as struct": [
                email,
                lead_id,
            ],
            "create table odd.names as select ? as source": [event_id],
            "insert into raw.load_rejects values ('leads', '7', null, ?, 'too many cells')": [
                f"x;Somebody;{email}"
            ],
            "create table odd.referred as select 'other' as lead_id, ? as by_lead_id": [merged_id],
            "create table odd.seen as select 'other' as lead_id, ? as anonymous_id": [visitor_id],
        }
        for statement, values in statements.items():
            connection.execute(statement, values)
    target = ROOT / "target"
    target.mkdir(exist_ok=True)
    scratch = target / "failures.json"
    scratch.write_text(f'{{"found": "{email}"}}', encoding="utf-8")
    scratch_database = target / "copy_of_one.duckdb"
    shutil.copy(scored.published, scratch_database)
    others = f"lead_id not in ('{lead_id}', '{merged_id}')"
    before = {path: tables_in(path, others) for path in (scored.warehouse, scored.published)}
    everything = set().union(*person.values())
    assert cells_with(scored.warehouse, everything)
    assert cells_with(scored.published, everything)

    said = run(
        "leadscore",
        "forget",
        merged_id,
        "--warehouse",
        scored.warehouse,
        "--publish",
        scored.published,
    )

    assert said.returncode == 0, said.stdout + said.stderr
    assert f"Forgotten: 2 leads with {len(person['visitors'])} anonymous id" in said.stdout
    assert f"{len(person['events'])} events" in said.stdout
    assert str(demo.raw) in said.stdout
    assert not scratch.exists()
    assert not scratch_database.exists()
    marks = [text.encode() for text in everything - person["keys"]]
    for path in (scored.warehouse, scored.published):
        assert cells_with(path, everything) == set()
        assert found_in(path, marks) == []
        after = tables_in(path, others)
        assert after.keys() == before[path].keys()
        for name in before[path]:
            if name.startswith("marts.") and name != "marts.rule_statistics":
                assert after[name] == before[path][name], name
    left = tables_in(scored.warehouse)
    assert left["odd.history"] == left["odd.who"][1:] == []
    assert left["odd.notes"] == [("other", "[forgotten]")]
    assert left["odd.nested"] == [(None, None)]
    assert left["odd.referred"] == left["odd.seen"] == [("other", "[forgotten]")]


def test_the_search_of_bytes_finds_what_is_there(tmp_path: Path) -> None:
    """Deleting leaves the bytes in the file: that is why it is written anew."""
    database = tmp_path / "one.duckdb"
    marks = [b"marker of one person 4711"]
    with duckdb.connect(database) as connection:
        connection.execute("set force_compression = 'uncompressed'")
        connection.execute("create table people as select 'Marker of one Person 4711' as name")
        connection.execute("insert into people select 'nobody ' || range from range(100000)")
    assert found_in(database, marks) == marks
    with duckdb.connect(database) as connection:
        connection.execute("delete from people where name = 'Marker of one Person 4711'")
    assert found_in(database, marks) == marks
    large = tmp_path / "large.bin"
    large.write_bytes(b"x" * ((1 << 24) - 5) + b"MARKER of one person 4711" + b"y" * 100)
    assert found_in(large, marks) == marks


def test_a_later_run_is_as_if_the_person_had_never_been(demo: Scored, tmp_path: Path) -> None:
    """No table that remembers earlier runs has anything left that such a run would show."""
    scored, person = copied(demo, tmp_path), one_person(demo)
    options: list[object] = ["--warehouse", scored.warehouse, "--publish", scored.published]
    said = run("leadscore", "forget", min(person["leads"]), *options)
    assert said.returncode == 0, said.stdout + said.stderr
    said = run("leadscore", "build", "--as-of", DEMO_AS_OF, *options)
    assert said.returncode == 0, said.stdout + said.stderr

    raw = tmp_path / "raw"
    raw.mkdir()
    with duckdb.connect(scored.warehouse, read_only=True) as connection:
        for (table,) in connection.sql(
            "select table_name from duckdb_tables() where schema_name = 'raw'"
            " and table_name not like 'load%'"
        ).fetchall():
            connection.execute(f"copy raw.{table} to '{raw / table}.parquet'")
    (tmp_path / "anew").mkdir()
    anew, said = build(tmp_path / "anew", raw, DEMO_AS_OF)
    assert said.returncode == 0, said.stdout + said.stderr
    found, expected = tables_in(scored.warehouse), tables_in(anew.warehouse)
    for table in ("raw.load_files", "raw.load_rejects", "audit.raw_rejects"):
        del found[table], expected[table]
    assert {name for name in expected if found.get(name) != expected[name]} == set()
    assert found.keys() == expected.keys()


def test_killed_at_any_moment_it_leaves_whole_files_and_can_be_run_again(
    demo: Scored, tmp_path: Path
) -> None:
    """Each file is the old one or the new one, and in the end nothing is left."""
    person = one_person(demo)
    lead_id = min(person["leads"])
    scored = copied(demo, tmp_path)
    command = [str(Path(sys.executable).with_name("leadscore")), "forget", lead_id]
    command += ["--warehouse", str(scored.warehouse), "--publish", str(scored.published)]
    began = time.monotonic()
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    duration = time.monotonic() - began
    new = {path: tables_in(path) for path in (scored.warehouse, scored.published)}
    shutil.copy(demo.warehouse, scored.warehouse)
    shutil.copy(demo.published, scored.published)
    old = {path: tables_in(path) for path in (scored.warehouse, scored.published)}

    dice = random.Random(2026)
    seen = set()
    killed = 0
    for moment in sorted(dice.uniform(0.3 * duration, duration) for _ in range(KILLS)):
        process = subprocess.Popen(
            command,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            process.wait(timeout=moment)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            killed += 1
        states = []
        for path in (scored.published, scored.warehouse):
            now = tables_in(path)
            assert now in (old[path], new[path])
            states.append("new" if now == new[path] else "old")
        seen.add(tuple(states))
        # The working database, which knows who the person is, is never ahead of the published one.
        assert states != ["old", "new"]
        if states == ["new", "new"]:
            shutil.copy(demo.warehouse, scored.warehouse)
            shutil.copy(demo.published, scored.published)
    print(f"{killed} runs killed, {killed} survived, files seen as {sorted(seen)}")
    assert killed

    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert {path: tables_in(path) for path in new} == new
    names = {"warehouse.duckdb", "scores.duckdb", ".warehouse.duckdb.lock", ".scores.duckdb.lock"}
    assert {file.name for file in tmp_path.iterdir()} == names


def test_it_refuses_what_it_cannot_do(demo: Scored, tmp_path: Path) -> None:
    """An unknown lead, another run, another program: nothing changes, and it says why."""
    scored = copied(demo, tmp_path)
    before = scored.warehouse.read_bytes(), scored.published.read_bytes()
    options: list[object] = ["--warehouse", scored.warehouse, "--publish", scored.published]
    said = run("leadscore", "forget", "nobody", *options)
    assert said.returncode == 1
    assert "There is no lead 'nobody'" in said.stderr
    lead_id = min(one_person(demo)["leads"])
    with only_run_on(scored.warehouse):
        said = run("leadscore", "forget", lead_id, *options)
    assert said.returncode == 1
    assert "another run is at work on" in said.stderr
    with duckdb.connect(scored.warehouse, read_only=True):
        said = run("leadscore", "forget", lead_id, *options)
    assert said.returncode == 1
    assert "is open in another program" in said.stderr
    assert (scored.warehouse.read_bytes(), scored.published.read_bytes()) == before


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a warehouse of raw tables whose ids are short numbers, and rules."""
    monkeypatch.setattr("leadscore.forget.files.SCRATCH", (tmp_path / "target",))
    raw = tmp_path / "raw"
    raw.mkdir()
    texts = {
        "leads": "lead_id,email,full_name,company_id,experience_years\n"
        "1,ana@acme.example,Ana García López,1,1\n"
        "12,bo@acme.example,Bo Berg,1,1\n"
        "2,info@acme.example,Director General,1,2\n"
        "3,info@acme.example,Cleo Cruz,1,2\n"
        ",ana@acme.example,,,\n",
        "companies": "company_id,name\n1,Acme\n2,Ana García López\n",
        "events": "event_id,lead_id,anonymous_id,event_type,occurred_at\n"
        "1,1,,page_view,2026-01-01\n"
        "2,,a1,page_view,2026-01-01\n"
        "3,12,a1,page_view,2026-01-01\n"
        "4,,a2,page_view,2026-01-01\n"
        "5,2,a2,page_view,2026-01-01\n"
        "6,1,b,page_view,2026-01-01\n"
        "7,,b,page_view,2026-01-01\n"
        "8,12,c,page_view,2026-01-01\n"
        "9,,c,page_view,2026-01-01\n"
        "10,1,c,page_view,2026-01-01\n",
        "identities": "anonymous_id,lead_id\na1,1\na2,2\n",
        "lead_attributes": "lead_id,field,value\n"
        "12,note,colleague of ANA GARCÍA LÓPEZ\n"
        "12,mail,juana@acme.example\n"
        "12,rank,1\n"
        "2,title,the director general\n",
    }
    for name, text in texts.items():
        (raw / f"{name}.csv").write_text(text, encoding="utf-8")
    load_folder(raw, tmp_path / "warehouse.duckdb")
    shutil.copytree(RULES, tmp_path / "rules")
    (tmp_path / "rules" / "overrides.csv").write_bytes(
        b"\xef\xbb\xbflead_id,scorecard_id,score,reason,author,valid_from,valid_to\r\n"
        b'1,b2b,90,"Met, at a fair",sales,,\r\n12,b2b,80,"Met, at a fair",sales,,\r\n'
    )
    return tmp_path


def test_short_ids_are_ids_only_where_they_are_meant(small: Path) -> None:
    """Lead 1 is not company 1, nor 1 year, nor lead 12."""
    warehouse = small / "warehouse.duckdb"
    done = forget("1", warehouse, small / "none.duckdb", small / "rules")
    assert done.person.lead_ids == {"1"}
    assert done.person.shared == set()
    left = tables_in(warehouse)
    assert [row[0] for row in left["raw.leads"]] == ["12", "2", "3"]
    assert {row[0] for row in left["raw.companies"]} == {"1", "2"}
    assert ("2", "[forgotten]") in left["raw.companies"]
    assert ("12", "note", "[forgotten]") in left["raw.lead_attributes"]
    assert ("12", "mail", "juana@acme.example") in left["raw.lead_attributes"]
    assert ("12", "rank", "1") in left["raw.lead_attributes"]
    assert done.override_count == 1
    overrides = (small / "rules" / "overrides.csv").read_bytes()
    assert overrides.startswith(b"\xef\xbb\xbflead_id")
    assert overrides.endswith(b'valid_to\r\n12,b2b,80,"Met, at a fair",sales,,\r\n')


def test_what_others_have_too_stays_and_is_named(small: Path) -> None:
    """A shared mailbox and a name that is a title tell nobody apart."""
    done = forget("2", small / "warehouse.duckdb", small / "none.duckdb", small / "rules")
    assert done.person.shared == {"info@acme.example"}
    left = tables_in(small / "warehouse.duckdb")
    assert "info@acme.example" in {row[1] for row in left["raw.leads"]}
    assert "2" not in {row[0] for row in left["raw.leads"]}
    assert {row[0] for row in left["raw.events"]} == {"1", "2", "3", "6", "7", "8", "9", "10"}


def test_visits_belong_to_whom_they_name_then_to_whom_the_visitor_was_stitched(small: Path) -> None:
    """A visit of another lead stays without the visitor; what both have used stays as it is."""
    done = forget("1", small / "warehouse.duckdb", small / "none.duckdb", small / "rules")
    assert done.person.visitor_ids == {"a1", "b"}
    events = {row[0]: row[2] for row in tables_in(small / "warehouse.duckdb")["raw.events"]}
    assert events == {"3": "[forgotten]", "4": "a2", "5": "a2", "8": "c", "9": "c"}


def test_scratch_folders_of_killed_commands_are_deleted(small: Path) -> None:
    """Those of commands at work are not."""
    abandoned = Path(f"/tmp/leadscore-{2**22 + 1}-test")
    abandoned.mkdir(exist_ok=True)
    with scratch_folder() as folder:
        assert abandoned in abandoned_folders()
        assert folder not in abandoned_folders()
        done = forget("12", small / "warehouse.duckdb", small / "none.duckdb", small / "rules")
        assert folder.exists()
    assert abandoned in done.deleted
    assert not abandoned.exists()
    with pytest.raises(LeadscoreError, match="There is no lead '12'"):
        forget("12", small / "warehouse.duckdb", small / "none.duckdb", small / "rules")
