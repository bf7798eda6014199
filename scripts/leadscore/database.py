"""Opening DuckDB files."""

from pathlib import Path

import duckdb

from leadscore.errors import LeadscoreError


def connect(path: Path, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """Opens a database whose sessions keep time in UTC.

    Raises:
        LeadscoreError: if another process holds the file, or it is no DuckDB database.
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
    return connection


def quote(name: str) -> str:
    """Returns a name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
