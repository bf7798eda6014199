"""Loading a folder: dirt is read right or rejected with a reason, and the run goes on."""

from pathlib import Path

import duckdb
import pytest

from leadscore.database import connect
from leadscore.errors import LeadscoreError
from leadscore.load import load_folder

EVENTS = b"event_id,lead_id,event_type,occurred_at\n"


def load(folder: Path, **files: bytes) -> duckdb.DuckDBPyConnection:
    """Writes CSV files into a folder, loads it, and opens the warehouse."""
    raw = folder / "raw"
    raw.mkdir(exist_ok=True)
    for table, content in {"events": EVENTS, **files}.items():
        (raw / f"{table}.csv").write_bytes(content)
    load_folder(raw, folder / "warehouse.duckdb")
    return connect(folder / "warehouse.duckdb", read_only=True)


def leads(folder: Path, content: bytes) -> list[tuple[object, ...]]:
    """Loads leads.csv and returns lead_id and full_name of its rows."""
    with load(folder, leads=content) as warehouse:
        return warehouse.sql("select lead_id, full_name from raw.leads order by lead_id").fetchall()


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xef\xbb\xbflead_id,full_name\r\na,Ana\r\n", [("a", "Ana")]),
        (b"lead_id;full_name\na;Ana, B.\n", [("a", "Ana, B.")]),
        (b"lead_id\tfull_name\na\tAna\n", [("a", "Ana")]),
        (b'lead_id,full_name\na,"Ana\nB"\nb,"say ""hi"""\n', [("a", "Ana\nB"), ("b", 'say "hi"')]),
        (b'lead_id,full_name\r\na,"Ana\nB"\r\nb,Bo\r\n', [("a", "Ana\nB"), ("b", "Bo")]),
        (b"lead_id,full_name\r\na,Ana\nb,Bo\r\n", [("a", "Ana"), ("b", "Bo")]),
        ("lead_id,full_name\na,Íñigo\n".encode("latin-1"), [("a", "Íñigo")]),
        ("lead_id,full_name\na,Íñigo\n".encode() + b"b,Jos\xe9\n", [("a", "Íñigo"), ("b", "José")]),
        (b"lead_id,full_name\na," + b"x" * 10_000 + b"\n", [("a", "x" * 10_000)]),
        (b" Lead_ID , FULL_NAME\na,Ana\n\n,\nb,Bo\n", [("a", "Ana"), ("b", "Bo")]),
        (b"full_name,extra,lead_id\nAna,1,a", [("a", "Ana")]),
        (b"lead_id,full_name\n", []),
        (b"\n \nlead_id,full_name\na,Ana\n", [("a", "Ana")]),
        (b"lead_id,note,full_name,note,\na,1,Ana,2,\n", [("a", "Ana")]),
        ("lead_id\tfull_name\r\na\tÍñigo\r\n".encode("utf-16"), [("a", "Íñigo")]),
    ],
    ids=[
        "byte-order mark and CRLF",
        "semicolons",
        "tabs",
        "quotes and line breaks",
        "line break inside a CRLF file",
        "two kinds of line ends",
        "Latin-1",
        "one Latin-1 line among UTF-8",
        "a cell of 10,000 characters",
        "untidy header and empty lines",
        "another order, an unknown column, no last line end",
        "header only",
        "empty lines before the header",
        "unknown columns named twice or not at all",
        "UTF-16, as Excel writes Unicode text",
    ],
)
def test_dirty_files_are_read_right(
    tmp_path: Path, content: bytes, expected: list[tuple[object, ...]]
) -> None:
    """What a spreadsheet or an export tool writes arrives as it was meant."""
    assert leads(tmp_path, content) == expected


def test_lines_that_are_no_rows_are_reported_with_line_and_reason(tmp_path: Path) -> None:
    """Too few cells, too many, a stray quote: the other rows arrive."""
    content = b'lead_id,full_name,city\na,"A\nna",X\nb\nc,C,X,C\nd,"D"x,X\ne,Eva,X\n'
    with load(tmp_path, leads=content) as warehouse:
        kept = warehouse.sql("select lead_id from raw.leads order by lead_id").fetchall()
        rejects = warehouse.sql(
            "select row_locator, value, reason from raw.load_rejects order by row_locator"
        ).fetchall()
    assert kept == [("a",), ("e",)]
    assert rejects == [
        ("leads.csv:4", "b", "too few cells: the row is left out"),
        ("leads.csv:5", "c,C,X,C", "too many cells: the row is left out"),
        (
            "leads.csv:6",
            'd,"D"x,X',
            "a quote that does not end where the cell does: the row is left out",
        ),
    ]


def test_loading_replaces_everything_that_was_there(tmp_path: Path) -> None:
    """Tables without a file are gone, so that no old rows mix with new ones."""
    with load(tmp_path, leads=b"lead_id\na\n", answers=b"lead_id,question\na,q\n"):
        pass
    (tmp_path / "raw" / "answers.csv").unlink()
    with load(tmp_path, leads=b"lead_id\nb\n") as warehouse:
        tables = warehouse.sql(
            "select table_name from duckdb_tables() where schema_name = 'raw'"
        ).fetchall()
        assert warehouse.sql("select lead_id from raw.leads").fetchall() == [("b",)]
    assert ("answers",) not in tables


def test_a_load_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    """A broken file stops the whole load."""
    with load(tmp_path, leads=b"lead_id\na\n"):
        pass
    with pytest.raises(LeadscoreError, match="no column lead_id"):
        load(tmp_path, leads=b"id\nb\n")
    with connect(tmp_path / "warehouse.duckdb", read_only=True) as warehouse:
        assert warehouse.sql("select lead_id from raw.leads").fetchall() == [("a",)]


def test_parquet_files_keep_their_types(tmp_path: Path) -> None:
    """A Parquet file is taken as it is."""
    raw = tmp_path / "raw"
    raw.mkdir()
    with duckdb.connect() as connection:
        connection.execute(
            f"copy (select 'a' as lead_id, 3.5 as experience_years) to '{raw / 'leads.parquet'}'"
        )
    with load(tmp_path) as warehouse:
        assert warehouse.sql("select experience_years > 3 from raw.leads").fetchall() == [(True,)]


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"leads.csv": b"lead_id\n"}, r"no events\.csv or events\.parquet"),
        ({}, r"no leads\.csv or leads\.parquet and events\.csv or events\.parquet"),
        ({"leads.csv": b"lead_id\n", "leads.parquet": b"", "events.csv": EVENTS}, "Keep one"),
        ({"leads.csv": b"lead_id,lead_id\n", "events.csv": EVENTS}, "names lead_id twice"),
        ({"leads.parquet": b"nonsense", "events.csv": EVENTS}, r"leads\.parquet cannot be read"),
    ],
)
def test_what_cannot_be_loaded_is_said_plainly(
    tmp_path: Path, files: dict[str, bytes], message: str
) -> None:
    """Errors name the folder or file and what is missing."""
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(LeadscoreError, match=message):
        load_folder(tmp_path, tmp_path / "warehouse.duckdb")


def test_a_warehouse_in_use_is_said_plainly(tmp_path: Path) -> None:
    """A file that is no database is refused with its name."""
    (tmp_path / "warehouse.duckdb").write_bytes(b"not a database" * 1000)
    with pytest.raises(LeadscoreError, match=r"warehouse\.duckdb cannot be opened"):
        load(tmp_path, leads=b"lead_id\n")


def test_every_connection_keeps_to_the_memory_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And says which variable is wrong if it is no amount."""
    asked = "select current_setting('memory_limit')"
    monkeypatch.setenv("LEADSCORE_MEMORY_LIMIT", "512MiB")
    with connect(tmp_path / "warehouse.duckdb") as warehouse:
        assert warehouse.sql(asked).fetchall() == [("512.0 MiB",)]
    monkeypatch.setenv("LEADSCORE_MEMORY_LIMIT", "plenty")
    with pytest.raises(LeadscoreError, match="LEADSCORE_MEMORY_LIMIT is 'plenty'"):
        connect(tmp_path / "warehouse.duckdb")
