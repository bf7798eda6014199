"""`leadscore load`: fills the schema raw from a folder of CSV and Parquet files.

CSV files come as people make them: with a byte-order mark, semicolons or tabs, Windows line ends,
Latin-1 letters, quotes around line breaks. What cannot be read as a row goes to raw.load_rejects
with its line and the reason; what the values mean is for the staging models to say.
"""

import codecs
import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

from leadscore.database import connect, quote
from leadscore.errors import LeadscoreError
from leadscore.project import RawTable, raw_tables, scratch_folder

DELIMITERS = ",;\t|"
LARGEST_LINE = 64 * 1024 * 1024
REJECT_REASONS = {
    "MISSING COLUMNS": "too few cells",
    "TOO MANY COLUMNS": "too many cells",
    "UNQUOTED VALUE": "a quote that does not end where the cell does",
    "LINE SIZE OVER MAXIMUM": "a line of more than 64 MB",
}


@dataclass(frozen=True)
class LoadedTable:
    """What became of one file."""

    table: str
    file: str
    row_count: int
    reject_count: int
    unknown_columns: tuple[str, ...]


@dataclass(frozen=True)
class Header:
    """How a CSV file is written: its delimiter, its columns, and the empty lines before them."""

    delimiter: str
    columns: list[str]
    skipped_lines: int


def load_folder(
    folder: Path, warehouse: Path, on_table: Callable[[str], None] = lambda _: None
) -> list[LoadedTable]:
    """Replaces the tables of the schema raw by the files `<table>.csv` or `.parquet` of a folder.

    All tables change together or, on an error, none does. A table without a file is dropped.

    Args:
        folder: where the files are; files that are no table of the contract are left alone.
        warehouse: the working database, made if it does not exist.
        on_table: called with the name of each table before it is read.

    Returns:
        One entry per file, in the order of the contract.

    Raises:
        LeadscoreError: if a required table is missing, or a file cannot be read at all.
    """
    files = find_files(folder)
    connection = connect(warehouse)
    try:
        connection.begin()
        connection.execute("create schema if not exists raw")
        connection.execute(
            """
            create or replace table raw.load_rejects (
                table_name varchar, row_locator varchar, column_name varchar,
                value varchar, reason varchar
            )
            """
        )
        connection.execute(
            """
            create or replace table raw.load_files (
                table_name varchar, file varchar, row_count bigint
            )
            """
        )
        loaded = []
        for table in raw_tables().values():
            drop_table(connection, table)
            if file := files.get(table.name):
                on_table(table.name)
                loaded.append(load_file(connection, table, file))
        connection.commit()
    finally:
        connection.close()
    return loaded


def drop_table(connection: duckdb.DuckDBPyConnection, table: RawTable) -> None:
    """Drops a table of the schema raw, if it is there.

    Raises:
        LeadscoreError: if it is a view, which is somebody's work.
    """
    try:
        connection.execute(f"drop table if exists raw.{table.name}")
    except duckdb.CatalogException as error:
        raise LeadscoreError(
            f"raw.{table.name} is a view that another tool made; nothing was loaded. "
            "Drop the view, or load into another warehouse."
        ) from error


def find_files(folder: Path) -> dict[str, Path]:
    """Returns the file of each table that a folder has.

    Raises:
        LeadscoreError: if the folder or a required table is missing, or a table has two files.
    """
    if not folder.is_dir():
        raise LeadscoreError(
            f"{folder} is not a folder. Give the one with leads.csv and events.csv."
        )
    files: dict[str, Path] = {}
    for file in sorted(folder.iterdir()):
        table = file.stem.lower()
        if file.suffix.lower() in {".csv", ".parquet"} and table in raw_tables():
            if table in files:
                raise LeadscoreError(
                    f"{folder} has both {files[table].name} and {file.name}. Keep one of them."
                )
            files[table] = file
    missing = [t.name for t in raw_tables().values() if t.is_required and t.name not in files]
    if missing:
        wanted = " and ".join(f"{name}.csv or {name}.parquet" for name in missing)
        raise LeadscoreError(f"{folder} has no {wanted}, which every run needs.")
    return files


def load_file(connection: duckdb.DuckDBPyConnection, table: RawTable, file: Path) -> LoadedTable:
    """Creates raw.<table> from one file, with every column that the file has.

    Raises:
        LeadscoreError: if the file cannot be read at all.
    """
    try:
        if file.suffix.lower() == ".csv":
            columns, reject_count = load_csv(connection, table, file)
        else:
            columns, reject_count = load_parquet(connection, table, file), 0
    except (duckdb.Error, csv.Error) as error:
        first_line = str(error).splitlines()[0]
        raise LeadscoreError(f"{file} cannot be read: {first_line}") from error
    row = connection.execute(f"select count(*) from raw.{table.name}").fetchone()
    row_count = row[0] if row else 0
    connection.execute(
        "insert into raw.load_files values (?, ?, ?)", [table.name, str(file.resolve()), row_count]
    )
    return LoadedTable(
        table=table.name,
        file=file.name,
        row_count=row_count,
        reject_count=reject_count,
        unknown_columns=tuple(column for column in columns if column not in table.columns),
    )


def load_parquet(connection: duckdb.DuckDBPyConnection, table: RawTable, file: Path) -> list[str]:
    """Creates raw.<table> from a Parquet file and returns its columns."""
    connection.execute(f"create table raw.{table.name} as from read_parquet(?)", [str(file)])
    return [column[0].lower() for column in connection.sql(f"from raw.{table.name}").description]


def load_csv(
    connection: duckdb.DuckDBPyConnection, table: RawTable, file: Path
) -> tuple[list[str], int]:
    """Creates raw.<table> from a CSV file, all of it text.

    Returns:
        The columns, and how many lines are no rows.
    """
    with readable(file) as mended:
        header = read_header(mended, table)
        if not header.columns:
            connection.execute(f"create table raw.{table.name} ({table.columns[0]} varchar)")
            return [], 0
        read_rows(connection, table, mended, header)
        # A line that lacks several cells is one line that is no row.
        errors = connection.execute(
            """
            select
                line_byte_position, any_value(csv_line order by column_idx),
                min(error_type), min(error_message)
            from reject_errors
            group by line_byte_position
            order by line_byte_position
            """
        ).fetchall()
        lines = physical_lines(mended, [position for position, *_ in errors])
    if errors:
        connection.executemany(
            "insert into raw.load_rejects values (?, ?, null, ?, ?)",
            [
                [
                    table.name,
                    f"{file.name}:{line}",
                    text,
                    f"{REJECT_REASONS.get(kind, message)}: the row is left out",
                ]
                for line, (_, text, kind, message) in zip(lines, errors, strict=True)
            ],
        )
    connection.execute("drop table reject_errors")
    connection.execute("drop table reject_scans")
    return header.columns, len(errors)


def physical_lines(file: Path, positions: list[int]) -> list[int]:
    """Returns the numbers, from 1, of the lines in which ascending byte positions lie."""
    numbers, line, before = [], 1, 0
    with file.open("rb") as content:
        for position in positions:
            line += content.read(position - before).count(b"\n")
            before = position
            numbers.append(line)
    return numbers


def read_rows(
    connection: duckdb.DuckDBPyConnection, table: RawTable, file: Path, header: Header
) -> None:
    """Creates raw.<table> from a CSV file of known shape; empty lines are no rows."""
    names = [column.replace("'", "''") for column in header.columns]
    types = ", ".join(f"'{name}': 'varchar'" for name in names)
    is_row = " or ".join(f"{quote(column)} is not null" for column in header.columns)
    connection.execute(
        f"""
        create or replace table raw.{table.name} as
        select *
        from read_csv(
            ?, auto_detect = false, header = true, columns = {{{types}}}, delim = ?, skip = ?,
            quote = '"', escape = '"', store_rejects = true, max_line_size = {LARGEST_LINE}
        )
        where {is_row}
        """,
        [str(file), header.delimiter, header.skipped_lines],
    )


def read_header(file: Path, table: RawTable) -> Header:
    """Finds the header, the first line with anything on it, and the delimiter that fits it best.

    Raises:
        LeadscoreError: if the header lacks the key of the table, or names one of its columns twice.
    """
    skipped, text = 0, ""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for text in lines:
            if text.strip():
                break
            skipped += 1
    if not text.strip():
        return Header(",", [], 0)
    readings = {
        delimiter: [
            name.strip().lower() for name in next(csv.reader([text], delimiter=delimiter), [])
        ]
        for delimiter in DELIMITERS
    }
    delimiter = max(readings, key=lambda d: (len({*readings[d]} & {*table.columns}), d == ","))
    names = readings[delimiter]
    place = f"{file.name}:{skipped + 1}"
    if table.columns[0] not in names:
        raise LeadscoreError(
            f"{place}: the header has no column {table.columns[0]}, it says: {text.strip()[:200]}"
        )
    for name in table.columns:
        if names.count(name) > 1:
            raise LeadscoreError(f"{place}: the header names {name} twice. Keep one.")
    return Header(delimiter, without_twins(names), skipped)


def without_twins(names: list[str]) -> list[str]:
    """Returns names for all columns, made different where they are blank or the same."""
    different: list[str] = []
    for number, name in enumerate(names, start=1):
        is_free = name and name not in different
        different.append(name if is_free else f"{name or 'column'}_{number}")
    return different


@contextmanager
def readable(file: Path) -> Iterator[Path]:
    """Gives a file that DuckDB can read: itself, or a copy in UTF-8 with one kind of line ends.

    In the copy, a line that is not UTF-8 is read as Latin-1 (Windows-1252, as Excel writes it);
    UTF-16, which Excel calls Unicode text, tells itself by its byte-order mark.
    """
    if is_clean(file):
        yield file
        return
    with scratch_folder() as folder:
        copy = folder / file.name
        with file.open("rb") as content:
            is_utf16 = content.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
        if is_utf16:
            with (
                file.open(encoding="utf-16", newline=None) as texts,
                copy.open("w", encoding="utf-8", newline="\n") as written_texts,
            ):
                written_texts.writelines(texts)
            yield copy
            return
        with file.open("rb") as lines, copy.open("wb") as written:
            for line in lines:
                ended = line[:-2] + b"\n" if line.endswith(b"\r\n") else line
                try:
                    ended.decode()
                except UnicodeDecodeError:
                    ended = ended.decode("cp1252", errors="replace").encode()
                written.write(ended)
        yield copy


def is_clean(file: Path) -> bool:
    """Tells whether all of a file is UTF-8 and its lines end in one way."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    feeds = windows_ends = 0
    last = b""
    with file.open("rb") as content:
        try:
            while chunk := content.read(1 << 20):
                decoder.decode(chunk)
                feeds += chunk.count(b"\n")
                windows_ends += chunk.count(b"\r\n") + (last == b"\r" and chunk[:1] == b"\n")
                last = chunk[-1:]
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return windows_ends in {0, feeds}
