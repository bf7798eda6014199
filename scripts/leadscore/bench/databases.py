"""Opening DuckDB for the benchmark."""

from pathlib import Path

import duckdb


def open_database(
    file: Path | None = None, *, memory_limit: str | None = None, read_only: bool = False
) -> duckdb.DuckDBPyConnection:
    """Opens a database, by default in memory, that keeps time in UTC and draws no bars."""
    connection = duckdb.connect(file or ":memory:", read_only=read_only)
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("set enable_progress_bar = false")
    if memory_limit:
        connection.execute("set memory_limit = ?", [memory_limit])
    return connection


def literal(path: Path) -> str:
    """Returns a path as SQL text."""
    return "'" + str(path).replace("'", "''") + "'"


def attach(connection: duckdb.DuckDBPyConnection, file: Path, name: str) -> None:
    """Attaches a database under a name, to read from."""
    connection.execute(f"attach {literal(file)} as {name} (read_only)")
