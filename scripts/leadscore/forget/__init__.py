"""`leadscore forget`: takes a person out of every table and file, and proves it by a search."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from leadscore.database import connect, quote
from leadscore.errors import LeadscoreError
from leadscore.forget.files import (
    delete_overrides,
    delete_scratch_files,
    found_in,
    marks_in_bytes,
    rules_that_name,
)
from leadscore.forget.person import Person, find_person
from leadscore.forget.search import Trace, prepare, traces_in
from leadscore.publish import remove_database
from leadscore.rewrite import Table, remove_spilled, rewrite, tables_of


@dataclass
class Forgotten:
    """What was taken out.

    Attributes:
        person: ids, addresses and names that were looked for.
        traces: what the tables had, by database.
        deleted: scratch files and folders.
        unsearched: scratch databases that another program has open.
        override_count: rows of overrides.csv.
        mentioned_in: rule files that still mention the person.
        sources: folders that were loaded and may bring the person back.
        searched_bytes: of the databases after it.
    """

    person: Person
    traces: dict[Path, list[Trace]] = field(default_factory=dict)
    deleted: list[Path] = field(default_factory=list)
    unsearched: list[Path] = field(default_factory=list)
    override_count: int = 0
    mentioned_in: list[Path] = field(default_factory=list)
    sources: list[Path] = field(default_factory=list)
    searched_bytes: int = 0


def forget(
    lead_id: str,
    warehouse: Path,
    published: Path,
    rules: Path,
    on_table: Callable[[str], None] = lambda _: None,
) -> Forgotten:
    """Removes the person that a lead is from the databases, the scratch files and the overrides.

    The working database comes last: it knows who the person is, so that a run that was killed can
    be started again. Each database is replaced as a whole, or not at all.

    Args:
        lead_id: any lead of the person.
        warehouse: the working database.
        published: the database for readers, who may have it open.
        rules: the folder of rule files.
        on_table: called with the name of each table before it is copied.

    Raises:
        LeadscoreError: if there is no such lead, another program holds the working database, or the
            search finds something afterwards.
    """
    databases = [path for path in (published, warehouse) if path.exists()]
    connections: dict[Path, duckdb.DuckDBPyConnection] = {}
    try:
        for path in databases:
            connections[path] = connect(path, read_only=path == published)
        person = find_person(list(connections.values()), lead_id)
        done = Forgotten(person)
        for path, connection in connections.items():
            prepare(connection, person)
            done.traces[path] = traces_in(connection, person)
            done.sources += [folder for folder in loaded_folders(connection) if folder.exists()]
        done.override_count = delete_overrides(rules, person)
        if not (any(done.traces.values()) or done.override_count):
            raise LeadscoreError(
                f"There is no lead {lead_id!r} in {' or '.join(map(str, databases)) or warehouse}: "
                "nothing was changed."
            )
        done.deleted = delete_scratch_files(person, [warehouse, published], done.unsearched.append)
        for path, connection in connections.items():
            remove_database(path.with_name(f".{path.name}.tmp"))
            if done.traces[path]:
                edits = {str(trace.table): trace.edit for trace in done.traces[path]}
                rewrite(path, connection, edits, on_table)
    finally:
        for connection in connections.values():
            connection.close()
    for path in databases:
        remove_spilled(path)
        done.searched_bytes += prove(path, person)
    done.mentioned_in = rules_that_name(rules, person)
    return done


def prove(database: Path, person: Person) -> int:
    """Searches every table of a database and every byte of its file for a person.

    Returns:
        The size of the file.

    Raises:
        LeadscoreError: if something is found.
    """
    with connect(database, read_only=True) as connection:
        prepare(connection, person)
        left = [str(trace) for trace in traces_in(connection, person)]
        left += [
            f"the bytes of the file ({mark.decode()})"
            for mark in found_in(database, marks_in_bytes(person))
            if not is_part_of_others(connection, mark.decode())
        ]
    if left:
        raise LeadscoreError(f"{database} still has the person in: {'; '.join(left)}.")
    return database.stat().st_size


def is_part_of_others(connection: duckdb.DuckDBPyConnection, text: str) -> bool:
    """Tells whether a text stands inside a longer one that speaks of somebody else."""

    def has_it(table: Table) -> bool:
        cells = [
            f"contains(lower({quote(column)}::varchar), $text)"
            for column, data_type in table.columns.items()
            if data_type == "VARCHAR"
        ]
        query = f"select 1 from {table.relation} where {' or '.join(cells)} limit 1"
        return bool(cells and connection.execute(query, {"text": text}).fetchall())

    return any(has_it(table) for table in tables_of(connection))


def loaded_folders(connection: duckdb.DuckDBPyConnection) -> list[Path]:
    """Returns the folders from which `leadscore load` has filled a database."""
    if not any(str(table) == "raw.load_files" for table in tables_of(connection)):
        return []
    files = connection.execute("select file from raw.load_files order by file").fetchall()
    return sorted({Path(file).parent for (file,) in files})
