"""The benchmark: its worlds are what they say, its alternatives come to the project's scores."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from leadscore.bench import arguments
from leadscore.bench.compare import only_in_one
from leadscore.bench.daily import COMPARED, differing_rows
from leadscore.bench.databases import literal, open_database
from leadscore.bench.events import SizeResult
from leadscore.bench.generate import (
    AS_OF,
    EVENT_TYPES,
    PAGES,
    Size,
    generate,
    generate_next_day,
    open_generator,
    titles_query,
)
from leadscore.bench.measure import Measured, measure
from leadscore.bench.nodes import covered
from leadscore.bench.report import rows_of, speed_markdown
from leadscore.bench.rulebook import RULES, read_rulebook
from leadscore.check import check_rules
from leadscore.cli import app
from leadscore.project import REFERENCE, raw_tables

SIZE = Size.of(events=30_000, leads=2_000)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small generated world."""
    folder = tmp_path_factory.mktemp("world") / "raw"
    generate(folder, SIZE, threads=1)
    return folder


def ask(sql: str, **files: Path) -> list[tuple[object, ...]]:
    """Asks Parquet files, each under a name."""
    with open_database() as connection:
        for name, file in files.items():
            connection.execute(f"create view {name} as from {literal(file)}")
        return connection.execute(sql).fetchall()


def number(sql: str, **files: Path) -> float:
    """Asks Parquet files for one number."""
    ((value,),) = ask(sql, **files)
    assert isinstance(value, int | float)
    return value


def digests(folder: Path) -> dict[str, str]:
    """Returns a digest of the rows of each file, in their order."""
    found = {}
    for file in sorted(folder.iterdir()):
        lines = f"read_parquet({literal(file)}, file_row_number = true) as line"
        ((digest,),) = ask(
            f"select md5(string_agg(line::varchar, chr(10) order by file_row_number)) from {lines}"
        )
        found[file.name] = str(digest)
    return found


def test_a_seed_makes_the_same_rows_with_any_number_of_threads(world: Path, tmp_path: Path) -> None:
    """And another seed others."""
    generate(tmp_path / "again", SIZE, threads=2)
    assert digests(tmp_path / "again") == digests(world)
    generate(tmp_path / "other", Size.of(30_000, 2_000, seed=2))
    other = digests(tmp_path / "other")
    assert other["events.parquet"] != digests(world)["events.parquet"]
    assert other["leads.parquet"] != digests(world)["leads.parquet"]


def test_a_world_has_the_size_and_shape_asked_for(world: Path) -> None:
    """Every file is a table of the input contract, with columns that it knows."""
    for file in world.iterdir():
        columns = {name for name, *_ in ask("describe rows", rows=file)}
        assert columns <= set(raw_tables()[file.stem].columns)
    assert number("select count(*) from rows", rows=world / "events.parquet") == SIZE.events
    assert number("select count(*) from rows", rows=world / "leads.parquet") == SIZE.leads
    assert number("select count(*) from rows", rows=world / "companies.parquet") == 200
    types = {name for (name,) in ask("select event_type from r", r=world / "events.parquet")}
    assert types == {*EVENT_TYPES, "email_delivered"}
    assert len(types) == 25
    titles = "select count(distinct job_title) from rows"
    assert number(titles, rows=world / "leads.parquet") == SIZE.titles


def test_events_are_skewed_ordered_and_dirty(world: Path) -> None:
    """As those of a company are."""
    events = world / "events.parquet"
    top = """
        select sum(n) filter (place <= 20) / sum(n)
        from (
            select count(*) as n, row_number() over (order by count(*) desc) as place
            from e group by coalesce(lead_id, replace(anonymous_id, 'visitor_', 'lead_'))
        )
    """
    assert 0.2 < number(top, e=events) < 0.6
    disorder = """
        select max(before - occurred_at) from (
            select occurred_at, max(occurred_at) over (order by file_row_number) as before
            from read_parquet({}, file_row_number = true)
            where loaded_at < occurred_at + interval 15 minutes
        )
    """
    ((most_disorder,),) = ask(disorder.format(literal(events)))
    assert str(most_disorder) == "0:00:01" or str(most_disorder) == "0:00:00"
    assert number("select count(*) - count(distinct event_id) from e", e=events) == 150
    assert 0.05 < number("select avg((lead_id is null)::int) from e", e=events) < 0.2
    assert 0.005 < number("select avg((user_agent ilike '%bot%')::int) from e", e=events) < 0.05
    pages = number("select count(distinct url) from e where event_type = 'page_view'", e=events)
    assert PAGES * 0.5 < pages <= PAGES
    strangers = """
        select count(*) from e as reaction
        left join e as delivery
            on
                delivery.event_type = 'email_delivered'
                and reaction.message_id = delivery.message_id
                and reaction.lead_id = delivery.lead_id
                and reaction.occurred_at >= delivery.occurred_at
        where
            reaction.event_type in ('email_open', 'email_click')
            and delivery.event_id is null
    """
    assert number(strangers, e=events) == 0


def test_two_draws_of_a_row_have_nothing_to_do_with_each_other() -> None:
    """Not even their lowest digits, which choose from lists."""
    with open_generator(SIZE) as connection:
        row = connection.execute(
            """
            select
                max(n) from (
                    select count(*) as n
                    from range(120000) as rows (r)
                    group by draw(r, 'one') % 12, draw(r, 'other') % 4
                )
            """
        ).fetchone()
    assert row is not None
    assert row[0] < 1.1 * 120_000 / 48


def test_two_hundred_thousand_titles_are_all_different() -> None:
    """In five languages, before and after the noise."""
    size = Size.of(events=1, leads=1_000_000)
    with open_generator(size) as connection:
        row = connection.execute(
            f"select count(distinct title), count(*) from ({titles_query(size)})"
        ).fetchone()
    assert row == (200_000, 200_000)


def test_the_next_day_brings_late_and_repeated_events(world: Path, tmp_path: Path) -> None:
    """The rest is of that day."""
    news = tmp_path / "news.parquet"
    generate_next_day(news, SIZE, 1_000)
    day = f"date '{AS_OF}' + 1"
    files = {"news": news, "old": world / "events.parquet"}
    assert number("select count(*) from news", **files) == 1_000
    known = "select count(*) from news where event_id in (select event_id from old)"
    assert 20 < number(known, **files) < 100
    fresh = "from news where event_id not in (select event_id from old)"
    late = f"select count(*) {fresh} and occurred_at::date < {day}"
    assert 50 < number(late, **files) < 200
    assert number(f"select count(*) {fresh} and occurred_at::date > {day}", **files) == 0
    assert (
        number(f"select count(*) {fresh} and occurred_at < {day} - interval 31 day", **files) == 0
    )


def test_the_rules_are_as_many_as_they_should_be_and_pass_the_linter() -> None:
    """Without a warning."""
    book = read_rulebook(RULES, AS_OF)
    assert (len(book.explicit), len(book.implicit)) == (80, 60)
    assert check_rules(RULES, REFERENCE) == []


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of `leadscore bench events` on a small world, its databases kept."""
    out = tmp_path_factory.mktemp("bench")
    command = ["bench", "events", "--events", "6k", "--leads", "1k", "--memory-limit", "2GB"]
    said = CliRunner().invoke(app, [*command, "--dbt-threads", "2", "--out", str(out), "--keep"])
    assert said.exit_code == 0, said.output
    return out


def test_plain_sql_polars_and_pandas_come_to_the_scores_of_the_project(measured: Path) -> None:
    """In every row of the ledger and of the scores, to the fourth decimal."""
    (result,) = json.loads((measured / "speed.json").read_text(encoding="utf-8"))["results"]
    assert result["compared"] == {"plain_sql": 0, "polars": 0, "pandas": 0}
    warehouse = measured / "events_6000" / "warehouse.duckdb"
    with open_database(warehouse, read_only=True) as connection:
        fired = connection.execute(
            "select count(*), count(*) filter (subjects_matched > 0) from marts.rule_statistics"
        ).fetchone()
        kinds = connection.execute(
            "select distinct line_type, axis from marts.lead_score_ledger"
        ).fetchall()
    assert fired is not None
    # Equal answers to questions that nobody asked would prove little.
    assert fired[0] == 140
    assert fired[1] > 130
    assert len(kinds) >= 5


def test_every_way_is_measured(measured: Path) -> None:
    """Its time, and the memory of those that run in a process of their own."""
    content = json.loads((measured / "speed.json").read_text(encoding="utf-8"))
    ways = content["results"][0]["ways"]
    assert not [way for way, figures in ways.items() if figures["error"]]
    assert ways["scoring"]["seconds"] < ways["build"]["seconds"]
    for way in ("build", "plain_sql", "polars", "pandas"):
        assert ways[way]["peak_bytes"] > 50_000_000
    assert ways["build"]["written_bytes"] is None or ways["build"]["written_bytes"] > 1_000_000
    assert content["settings"]["DuckDB memory limit"] == "2GB"
    groups = {group["name"]: group["count"] for group in content["results"][0]["groups"]}
    models = (RULES.parents[3] / "models" / "marts").rglob("*.sql")
    assert groups["marts"] == len(list(models))
    page = (measured / "speed.md").read_text(encoding="utf-8")
    assert "| 6k | dbt build |" in page
    assert (measured / "speed.csv").read_text(encoding="utf-8").count("\n") == len(ways) + 1
    assert "<svg" in (measured / "speed.svg").read_text(encoding="utf-8")


def test_a_row_that_differs_is_seen() -> None:
    """Also one that only one side has twice."""
    with open_database() as connection:
        same = "from (values (1, null), (2, 0.5))"
        assert only_in_one(connection, same, same) == 0
        assert only_in_one(connection, same, "from (values (1, null), (2, 0.5001))") == 2
        assert only_in_one(connection, same, "from (values (1, null), (1, null), (2, 0.5))") == 1


def test_two_builds_of_a_day_are_compared(tmp_path: Path) -> None:
    """By the columns that both know."""
    files = [tmp_path / "one.duckdb", tmp_path / "other.duckdb"]
    for points, file in zip((1, 2), files, strict=True):
        with open_database(file) as connection:
            connection.execute("create schema marts")
            for mart, columns in COMPARED.items():
                row = ", ".join(f"{points} as {column}" for column in columns.split(", "))
                connection.execute(f"create table marts.{mart} as select {row}, 'x' as band")
    assert differing_rows(*files) == 4


def test_a_job_that_fails_is_told_and_does_not_end_the_benchmark(tmp_path: Path) -> None:
    """The table says so, and its ratios are blank."""
    arguments = {"raw": str(tmp_path / "nowhere"), "warehouse": str(tmp_path / "w.duckdb")}
    failed = measure("load", tmp_path, arguments)
    assert "nowhere" in (failed.error or "")
    crashed = measure("load", tmp_path, {"no": "such argument"})
    assert "ended with code 1: TypeError" in (crashed.error or "")
    result = SizeResult(SIZE, {"floor": Measured(2.0), "build": failed})
    row = rows_of([result])[-1]
    assert (row.way, row.seconds, row.floors) == ("build", None, None)
    page = speed_markdown([result], {})
    assert "| 30k | dbt build | failed |" in page
    assert "nowhere" in page


def test_ratios_and_exponents_are_what_they_are_called() -> None:
    """Ten times the events in a hundred times the time grow with exponent 2."""
    small = SizeResult(Size.of(1_000, 10), {"floor": Measured(1.0), "polars": Measured(0.5)})
    large = SizeResult(Size.of(10_000, 10), {"floor": Measured(10.0), "polars": Measured(50.0)})
    large.ways["scoring"] = Measured(25.0)
    rows = {(row.way, row.events): row for row in rows_of([large, small])}
    assert rows["polars", 10_000].floors == 5.0
    assert rows["polars", 10_000].scorings == 2.0
    assert rows["polars", 10_000].exponent == pytest.approx(2.0)
    assert rows["floor", 10_000].exponent == pytest.approx(1.0)
    assert rows["floor", 1_000].exponent is None
    assert rows["polars", 1_000].scorings is None


def test_times_that_overlap_are_not_added_up() -> None:
    """Two models side by side for a second are a second."""
    spans = [("00", "10"), ("05", "12"), ("06", "07"), ("20", "21")]
    nodes = [
        {"started_at": f"2026-01-01T00:00:{start}Z", "finished_at": f"2026-01-01T00:00:{end}Z"}
        for start, end in spans
    ]
    assert covered(nodes) == 13.0
    assert covered([]) == 0.0


@pytest.mark.parametrize(
    "options",
    [
        ["events", "--events", "0"],
        ["events", "--events", "1x"],
        ["events", "--events", "1M,1000k"],
        ["events", "--events", ""],
        ["events", "--leads", "-5"],
        ["events", "--leads", "1.5"],
        ["events", "--memory-limit", "much"],
        ["events", "--memory-limit", "0GB"],
        ["events", "--without", "nothing"],
        ["events", "--dbt-threads", "0"],
        ["daily", "--events", "1M,2M"],
        ["daily", "--new-events", "0"],
    ],
)
def test_nonsense_is_refused(options: list[str], tmp_path: Path) -> None:
    """Before anything is made."""
    out = tmp_path / "out"
    said = CliRunner().invoke(app, ["bench", *options, "--out", str(out)])
    assert said.exit_code == 2, said.output
    assert options[1] in said.output
    assert not out.exists()


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """With the command that installs it."""
    monkeypatch.setattr(arguments, "find_spec", lambda name: None if name == "polars" else name)
    said = CliRunner().invoke(app, ["bench", "events", "--out", str(tmp_path)])
    assert said.exit_code == 1
    assert "needs polars" in said.output
    assert "make setup" in said.output
