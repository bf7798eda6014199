"""`leadscore thin`: keeps of long past months only the last day that was scored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import yaml

from leadscore.database import connect, quote
from leadscore.errors import LeadscoreError
from leadscore.project import ROOT
from leadscore.rewrite import Edit, Table, remove_spilled, rewrite, tables_of

DAY = "as_of_date"


@dataclass(frozen=True)
class ThinnedTable:
    """How many rows a history table had, and how many went."""

    database: Path
    table: str
    row_count: int
    removed_count: int


@dataclass(frozen=True)
class Thinned:
    """What became of the history.

    Attributes:
        before: the day from which on all is kept; None if there is no history.
        removed_days: days that were taken out.
        tables: the tables that had some of them.
    """

    before: date | None
    removed_days: list[date]
    tables: list[ThinnedTable]


def history_full_days() -> int:
    """Returns the var of dbt_project.yml: for how many days history is kept day by day."""
    settings = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))
    return int(settings["vars"]["history_full_days"])


def thin(
    warehouse: Path,
    published: Path,
    full_days: int,
    on_table: Callable[[str], None] = lambda _: None,
) -> Thinned:
    """Takes old days out of every history table, but for the last of each month.

    A table is history if it holds several days in its column as_of_date. Days are counted back from
    the newest one. Each database is replaced as a whole, or not at all.

    Args:
        warehouse: the working database.
        published: the database for readers, who may have it open.
        full_days: for how many days all is kept.
        on_table: called with the name of each table before it is copied.

    Raises:
        LeadscoreError: if there is no working database, or another program holds it.
    """
    if not warehouse.exists():
        raise LeadscoreError(f"{warehouse} does not exist: there is no history to thin.")
    connections: dict[Path, duckdb.DuckDBPyConnection] = {}
    try:
        for path in (published, warehouse):
            if path.exists():
                connections[path] = connect(path, read_only=path == published)
        days = {path: days_by_table(connection) for path, connection in connections.items()}
        known = set().union(*(found for tables in days.values() for found in tables.values()))
        if not known:
            return Thinned(None, [], [])
        before = max(known) - timedelta(days=full_days)
        removed = superfluous(known, before)
        thinned = []
        for path, connection in connections.items():
            condition = f"{DAY} in ({', '.join(f'date {str(day)!r}' for day in removed)})"
            affected = [table for table, found in days[path].items() if found & set(removed)]
            thinned += [count(path, connection, table, condition) for table in affected]
            if affected:
                edits = {str(table): Edit(condition) for table in affected}
                rewrite(path, connection, edits, on_table)
    finally:
        for connection in connections.values():
            connection.close()
    for path in connections:
        remove_spilled(path)
    return Thinned(before, removed, thinned)


def days_by_table(connection: duckdb.DuckDBPyConnection) -> dict[Table, set[date]]:
    """Returns the days of each history table; raw tables are the user's own."""
    days = {}
    for table in tables_of(connection):
        if table.schema != "raw" and table.columns.get(DAY) == "DATE":
            query = f"select distinct {quote(DAY)} from {table.relation} where {DAY} is not null"
            found = {day for (day,) in connection.execute(query).fetchall()}
            if len(found) > 1:
                days[table] = found
    return days


def superfluous(days: set[date], before: date) -> list[date]:
    """Returns the days before a day but for the last one of each month."""
    last_days = {(day.year, day.month): day for day in sorted(days)}
    return sorted(day for day in days if day < before and day != last_days[day.year, day.month])


def count(
    path: Path, connection: duckdb.DuckDBPyConnection, table: Table, condition: str
) -> ThinnedTable:
    """Returns how many rows a table has, and of how many a condition holds."""
    query = f"select count(*), count_if({condition}) from {table.relation}"
    ((rows, removed),) = connection.execute(query).fetchall()
    return ThinnedTable(path, str(table), rows, removed)
