"""Publishing: readers get a database of their own, and see a run whole or not at all."""

import os
from pathlib import Path

from leadscore.database import connect, quote

PUBLISHED_SCHEMAS = ("marts", "audit", "rules")


def publish(warehouse: Path, published: Path) -> None:
    """Replaces the published database by the marts, audit tables and rules of the warehouse.

    The copy is written beside it and renamed over it in one step: whoever has the old one open
    keeps reading it, whoever opens it later sees the new one.

    Args:
        warehouse: the working database, after a run of which all tests passed.
        published: the file that readers open.
    """
    published.parent.mkdir(parents=True, exist_ok=True)
    copy = published.with_name(f".publishing.{published.name}.tmp")
    remove_database(copy)
    try:
        copy_schemas(warehouse, copy)
        with copy.open("rb") as written:
            os.fsync(written.fileno())
        copy.replace(published)
    finally:
        remove_database(copy)


def remove_database(path: Path) -> None:
    """Deletes a database file, if it is there, and what a killed process left unwritten of it."""
    path.unlink(missing_ok=True)
    path.with_name(f"{path.name}.wal").unlink(missing_ok=True)


def copy_schemas(warehouse: Path, copy: Path) -> None:
    """Writes the tables of the published schemas into a new database file; views become tables."""
    connection = connect(copy)
    try:
        source = str(warehouse).replace("'", "''")
        connection.execute(f"attach '{source}' as warehouse (read_only)")
        tables = connection.execute(
            """
            select table_schema, table_name
            from information_schema.tables
            where table_catalog = 'warehouse' and list_contains(?, table_schema)
            order by table_schema, table_name
            """,
            [list(PUBLISHED_SCHEMAS)],
        ).fetchall()
        for schema, table in tables:
            name = f"{quote(schema)}.{quote(table)}"
            connection.execute(f"create schema if not exists {quote(schema)}")
            connection.execute(f"create table {name} as from warehouse.{name}")
        connection.execute("detach warehouse")
        connection.execute("checkpoint")
    finally:
        connection.close()
