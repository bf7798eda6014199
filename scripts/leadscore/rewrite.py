"""Rewriting a database without some of its rows, so that its file holds nothing of them.

DuckDB only marks deleted rows as free: their bytes stay in the file until something else is written
over them. What has to be gone is therefore left out of a copy, which then takes the file's place.
"""

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from leadscore.database import quote
from leadscore.publish import remove_database


@dataclass(frozen=True, eq=False)
class Table:
    """A table of a database.

    Attributes:
        schema: its schema.
        name: its name.
        columns: type by column, as DuckDB names it.
    """

    schema: str
    name: str
    columns: dict[str, str]

    def __str__(self) -> str:
        """The name as people write it."""
        return f"{self.schema}.{self.name}"

    @property
    def relation(self) -> str:
        """The name as SQL reads it."""
        return f"{quote(self.schema)}.{quote(self.name)}"


@dataclass(frozen=True)
class Edit:
    """What becomes of a table.

    Attributes:
        dropped: SQL condition of the rows that are left out.
        replaced: by column, SQL expression of what stands there instead.
    """

    dropped: str = "false"
    replaced: tuple[tuple[str, str], ...] = ()


def tables_of(connection: duckdb.DuckDBPyConnection) -> list[Table]:
    """Returns all tables of the database that a connection has opened, views left out."""
    found = connection.execute(
        """
        select columns.schema_name, columns.table_name, columns.column_name, columns.data_type
        from duckdb_columns() as columns
        inner join duckdb_tables() as tables using (database_name, schema_name, table_name)
        where columns.database_name = current_database() and not tables.temporary
        order by columns.schema_name, columns.table_name, columns.column_index
        """
    ).fetchall()
    columns: dict[tuple[str, str], dict[str, str]] = {}
    for schema, name, column, data_type in found:
        columns.setdefault((schema, name), {})[column] = data_type
    return [Table(schema, name, types) for (schema, name), types in columns.items()]


def rewrite(
    path: Path,
    connection: duckdb.DuckDBPyConnection,
    edits: Mapping[str, Edit],
    on_table: Callable[[str], None] = lambda _: None,
) -> None:
    """Replaces a database by a copy of it in which some tables are edited.

    Whoever kills it finds the old file or the new one. A connection for writing keeps others off
    the file all the while; one for reading suffices where nobody writes. Either has to be closed
    afterwards, as it still sees the old file.

    Args:
        path: the database.
        connection: to that file.
        edits: what becomes of tables, by schema.name; the others stay as they are.
        on_table: called with the name of each table before it is copied.
    """
    copy = path.with_name(f".{path.name}.tmp")
    remove_database(copy)
    # What is not in the file yet must not be left in a log that would be played into the new one.
    is_writing = not connection.execute(
        "select readonly from duckdb_databases() where database_name = current_database()"
    ).fetchall()[0][0]
    if is_writing:
        connection.execute("checkpoint")
    target = str(copy).replace("'", "''")
    try:
        connection.execute(f"attach '{target}' as rewritten (read_write)")
        source = connection.execute("select current_database()").fetchall()[0][0]
        connection.execute(f"copy from database {quote(source)} to rewritten (schema)")
        for table in tables_of(connection):
            on_table(str(table))
            edited = edits.get(str(table), Edit())
            replaced = dict(edited.replaced)
            cells = ", ".join(
                f"{replaced[name]} as {quote(name)}" if name in replaced else quote(name)
                for name in table.columns
            )
            connection.execute(
                f"insert into rewritten.{table.relation} select {cells} from {table.relation} "
                f"where not coalesce({edited.dropped}, false)"
            )
        connection.execute("detach rewritten")
        sync(copy)
        copy.replace(path)
        sync(path.parent)
    finally:
        remove_database(copy)


def remove_spilled(path: Path) -> None:
    """Deletes what DuckDB has put aside for want of memory, of a database that nobody has open."""
    shutil.rmtree(path.with_name(f"{path.name}.tmp"), ignore_errors=True)


def sync(path: Path) -> None:
    """Makes sure that a file or folder is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
