"""Where a person stands in files: scratch files, which are deleted, and rules, which are edited."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path

from leadscore.check import RULE_FILES
from leadscore.check.reader import delimiter_of
from leadscore.database import connect
from leadscore.errors import LeadscoreError
from leadscore.forget.person import Person
from leadscore.forget.search import prepare, traces_in
from leadscore.project import ROOT, abandoned_folders
from leadscore.publish import remove_database

CHUNK = 1 << 24
MOST_EVENT_IDS = 100
# What dbt, the linters and the tests leave behind; all of it is made anew when it is needed.
SCRATCH = (ROOT / "target", ROOT / "logs")


def marks_in_bytes(person: Person) -> list[bytes]:
    """Returns what to look for in the bytes of files, in lower case, also as JSON escapes it."""
    texts = [*person.marks, *(text.lower() for text in person.telling_event_ids[:MOST_EVENT_IDS])]
    escaped = [json.dumps(text)[1:-1] for text in texts]
    return sorted({text.encode() for text in texts + escaped})


def found_in(file: Path, marks: list[bytes]) -> list[bytes]:
    """Returns which texts a file holds, in any case of plain letters."""
    found: set[bytes] = set()
    overlap = max(map(len, marks), default=0)
    tail = b""
    with file.open("rb") as content:
        while chunk := content.read(CHUNK):
            data = tail + chunk.lower()
            found |= {mark for mark in marks if mark in data}
            tail = data[-overlap:]
    return sorted(found)


def delete_scratch_files(
    person: Person, kept: list[Path], on_busy: Callable[[Path], None]
) -> list[Path]:
    """Deletes the scratch files that name a person, and what killed commands have left.

    Args:
        person: whom to look for.
        kept: databases that are not scratch, wherever they are.
        on_busy: called with a scratch database that another program has open: nobody can look in.

    Returns:
        What was deleted.
    """
    deleted = abandoned_folders()
    for folder in deleted:
        shutil.rmtree(folder)
    marks = marks_in_bytes(person)
    files = [file for folder in SCRATCH if folder.exists() for file in sorted(folder.rglob("*"))]
    for file in files:
        if not file.is_file() or any(file.name.startswith(path.name) for path in kept):
            continue
        if file.suffix == ".duckdb":
            try:
                names_person = database_names(file, person)
            except LeadscoreError:
                on_busy(file)
                continue
            if names_person:
                remove_database(file)
                deleted.append(file)
        elif found_in(file, marks):
            file.unlink()
            deleted.append(file)
    return deleted


def database_names(file: Path, person: Person) -> bool:
    """Tells whether a scratch database has a person; one that cannot be read is taken to."""
    try:
        with connect(file, read_only=True) as connection:
            prepare(connection, person)
            return bool(traces_in(connection, person))
    except LeadscoreError as error:
        if "open in another program" in str(error):
            raise
        return True


def delete_overrides(rules: Path, person: Person) -> int:
    """Takes a person out of overrides.csv, and returns how many rows were of that person."""
    file = rules / "overrides.csv"
    if not file.is_file():
        return 0
    data = file.read_bytes()
    text = data.decode("utf-8-sig")
    delimiter = delimiter_of(text, RULE_FILES["overrides.csv"])
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    if not rows or "lead_id" not in (names := [name.strip().lower() for name in rows[0]]):
        return 0
    position = names.index("lead_id")
    kept = [
        row for row in rows if len(row) <= position or row[position].strip() not in person.lead_ids
    ]
    if len(kept) < len(rows):
        written = io.StringIO(newline="")
        line_end = "\r\n" if b"\r\n" in data else "\n"
        csv.writer(written, delimiter=delimiter, lineterminator=line_end).writerows(kept)
        encoding = "utf-8-sig" if data.startswith(b"\xef\xbb\xbf") else "utf-8"
        copy = file.with_name(f".{file.name}.tmp")
        copy.write_bytes(written.getvalue().encode(encoding))
        copy.replace(file)
    return len(rows) - len(kept)


def rules_that_name(rules: Path, person: Person) -> list[Path]:
    """Returns the rule files that mention a person: what they mean is for their author to say."""
    marks = marks_in_bytes(person)
    return [file for file in sorted(rules.glob("*.csv")) if found_in(file, marks)]
