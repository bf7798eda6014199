"""`leadscore thin` keeps a day a month of a long history, and everything of the last days."""

from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from conftest import run
from leadscore.errors import LeadscoreError
from leadscore.thin import history_full_days, superfluous, thin

NEWEST = date(2026, 11, 20)


def make_history(path: Path, days: list[date]) -> None:
    """Writes a database with a history of several days, a table of one day, and a raw one."""
    with duckdb.connect(path) as connection:
        connection.execute("create schema marts")
        connection.execute("create schema raw")
        values = ", ".join(f"(date '{day}')" for day in days)
        connection.execute(
            f"create table marts.history as select 'lead ' || number as lead_id, as_of_date"
            f" from range(3) as numbers (number), (values {values}) as days (as_of_date)"
        )
        connection.execute(
            "create table marts.present as select 'lead 1' as lead_id,"
            " date '2020-01-05' as as_of_date"
        )
        connection.execute("create table raw.own as from marts.history")
        connection.execute("create view marts.seen as from marts.history")


def days_of(path: Path, table: str) -> list[date]:
    """Returns the days of a table, with three rows each."""
    with duckdb.connect(path, read_only=True) as connection:
        found = connection.sql(
            f"select as_of_date, count(*) from {table} group by all order by all"
        ).fetchall()
    assert {count for _, count in found} == {3}
    return [day for day, _ in found]


def test_of_months_long_past_the_last_scored_day_stays(tmp_path: Path) -> None:
    """In the working database and in the published one, while somebody reads the latter."""
    warehouse, published = tmp_path / "warehouse.duckdb", tmp_path / "published.duckdb"
    days = [NEWEST - timedelta(days=number) for number in range(0, 500, 3)]
    for path in (warehouse, published):
        make_history(path, days)
    with duckdb.connect(published, read_only=True) as reader:
        done = thin(warehouse, published, 400)
        assert reader.sql("select count(*) from marts.history").fetchall() == [(3 * len(days),)]
    before = NEWEST - timedelta(days=400)
    expected = [day for day in days if day >= before]
    # The month in which the whole history begins has its last day there.
    expected += [date(2025, 9, 29), date(2025, 8, 30), date(2025, 7, 31)]
    assert before.month == 10
    for path in (warehouse, published):
        assert days_of(path, "marts.history") == sorted(expected)
        assert days_of(path, "marts.seen") == sorted(expected)
        assert days_of(path, "raw.own") == sorted(days)
        with duckdb.connect(path, read_only=True) as connection:
            assert connection.sql("select count(*) from marts.present").fetchall() == [(1,)]
    assert {(table.table, table.removed_count) for table in done.tables} == {
        ("marts.history", 3 * (len(days) - len(expected)))
    }
    assert set(done.removed_days) == set(days) - set(expected)
    assert thin(warehouse, published, 400).removed_days == []
    assert not list(tmp_path.glob(".*.tmp*"))


def test_the_command_says_what_went(tmp_path: Path) -> None:
    """A second time there is nothing to do."""
    warehouse = tmp_path / "warehouse.duckdb"
    make_history(warehouse, [date(2020, 1, 1), date(2020, 1, 31), NEWEST])
    options = ["--warehouse", warehouse, "--publish", tmp_path / "none.duckdb"]
    said = run("leadscore", "thin", *options)
    assert said.returncode == 0, said.stderr
    assert "1 day removed, from 2020-01-01 to 2020-01-01" in said.stdout
    assert days_of(warehouse, "marts.history") == [date(2020, 1, 31), NEWEST]
    assert "nothing to thin" in run("leadscore", "thin", *options).stdout
    assert run("leadscore", "thin", "--days", 0, *options).returncode == 2
    assert history_full_days() == 400


def test_there_has_to_be_a_history(tmp_path: Path) -> None:
    """No warehouse is an error, one without history is not."""
    warehouse, published = tmp_path / "warehouse.duckdb", tmp_path / "published.duckdb"
    with pytest.raises(LeadscoreError, match="does not exist"):
        thin(warehouse, published, 400)
    duckdb.connect(warehouse).close()
    assert thin(warehouse, published, 400).before is None


def test_a_month_whose_last_day_is_recent_needs_no_other() -> None:
    """One day a month stays, be it before the whole history or in it."""
    days = {date(2026, 1, 5), date(2026, 1, 30), date(2025, 12, 1), date(2025, 12, 31)}
    assert superfluous(days, date(2026, 1, 20)) == [date(2025, 12, 1), date(2026, 1, 5)]
    assert superfluous(days, date(2025, 1, 1)) == []
