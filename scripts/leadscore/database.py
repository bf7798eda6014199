"""Opening DuckDB files, and holding them for a whole run."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
from filelock import FileLock, Timeout

from leadscore.errors import LeadscoreError

Row = dict[str, Any]
"""A row of a query by the names of its columns."""


def connect(path: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Opens a database whose sessions keep time in UTC and stay within LEADSCORE_MEMORY_LIMIT.

    Raises:
        LeadscoreError: if another process holds the file, it is no DuckDB database, or the limit
            is no amount of memory.
    """
    if not read_only:
        path.parent.mkdir(parents=True, exist_ok=True)
    try:
        connection = duckdb.connect(path, read_only=read_only)
    except duckdb.IOException as error:
        if "lock" in str(error):
            raise LeadscoreError(
                f"{path} is open in another program, perhaps a run that has not ended. "
                "Close it or wait, and run again; readers should open the published database."
            ) from error
        raise LeadscoreError(f"{path} cannot be opened as a DuckDB database: {error}") from error
    connection.execute("set TimeZone = 'UTC'")
    if limit := os.environ.get("LEADSCORE_MEMORY_LIMIT"):
        try:
            connection.execute("set memory_limit = ?", [limit])
        except duckdb.Error as error:
            connection.close()
            raise LeadscoreError(
                f"LEADSCORE_MEMORY_LIMIT is {limit!r}; give an amount such as 4GB or 80%."
            ) from error
    return connection


@contextmanager
def only_run_on(path: Path) -> Iterator[None]:
    """Keeps other commands off a database until a run of several steps is over.

    DuckDB's own lock lasts as long as a connection; between two steps, another run could begin.
    The system lets go of the lock when the process ends, however it ends.

    Raises:
        LeadscoreError: if another run holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path.with_name(f".{path.name}.lock"), timeout=0):
            yield
    except Timeout as error:
        raise LeadscoreError(
            f"another run is at work on {path}. Wait until it has ended, and run again."
        ) from error


def quote(name: str) -> str:
    """Returns a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def rows(connection: duckdb.DuckDBPyConnection, query: str, *parameters: object) -> list[Row]:
    """Returns the rows of a query as dictionaries."""
    cursor = connection.execute(query, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
