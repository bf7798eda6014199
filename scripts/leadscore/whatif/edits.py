"""Rule files as data: what tells two folders of them apart, and what each edit alone would make.

A rulebook is the rows of all rule files, by file; cells are text as the engine reads it, blanks
are empty. Cells that mean the same, such as 5 and 5.0, are the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from pathlib import Path

import duckdb

from leadscore.check import RULE_FILES, SPECS
from leadscore.check.values import Misfit, Oddity

Row = Mapping[str, str]
Rulebook = dict[str, list[Row]]

# What makes an edit, where it is not the rows of a rule: bands of a measure move together, and a
# file without a name for its parts is edited as a whole.
EDITED_TOGETHER: Mapping[str, tuple[str, ...]] = {
    "bands.csv": ("scorecard_id", "measure"),
    "value_lists.csv": ("value_list",),
    "content_map.csv": (),
    "synonyms.csv": (),
    "service_levels.csv": (),
}
# They say what everybody is and did, not how it is scored: no scorecard has its own.
SHARED = ("content_map.csv", "synonyms.csv")

PERIOD = ("valid_from", "valid_to")
WORDS = ("purpose", "owner_team", "label", "description", "reason", "author")

MOST_DETAILS = 4
"""An edit of more cells than this is told by their number."""

MOST_EDITS = 30
"""More edits than this are put together by file, so that each needs no scoring of its own."""

MOST_SCORES = 5_000_000
"""So many scores are worked out side by side at most; the more leads, the fewer edits are alone."""


@dataclass(frozen=True)
class Edit:
    """A part of the rules that was added, changed or removed.

    Attributes:
        file: the rule file, or several of them.
        name: which rule, limit, band, list ... of the file; blank is the whole file.
        before: its rows as they are, by file.
        after: its rows as they would be.
        scorecards: whose scores it can change.
        idle: why it changes no score on the day; blank if it may.
        count: how many edits it stands for.
    """

    file: str
    name: str
    before: Rulebook
    after: Rulebook
    scorecards: frozenset[str] = frozenset()
    idle: str = ""
    count: int = 1

    @property
    def kind(self) -> str:
        """Whether it was added, changed or removed."""
        if not any(self.before.values()):
            return "added"
        return "changed" if any(self.after.values()) else "removed"

    @property
    def is_shared(self) -> bool:
        """Whether it is made in a file of which no scorecard has its own."""
        return any(file in SHARED for file in self.before)

    @property
    def title(self) -> str:
        """File and name, e.g. explicit_rules.csv: b2b_cfo."""
        return f"{self.file}: {self.name}" if self.name else self.file

    @property
    def details(self) -> str:
        """What has changed in words, where that is a cell or two: points 5 -> 8."""
        if self.count > 1:
            return f"{self.count} edits"
        (file,) = self.before if len(self.before) == 1 else [""]
        old, new = self.before.get(file, []), self.after.get(file, [])
        if self.kind != "changed" or len(self.before) > 1:
            return self.kind
        gone = [row for row in old if row not in new]
        come = [row for row in new if row not in old]
        if file == "value_lists.csv" and len(gone) + len(come) <= MOST_DETAILS:
            signed = [f"-{row['value']}" for row in gone] + [f"+{row['value']}" for row in come]
            return ", ".join(signed)
        if len(gone) != len(come):
            return f"{len(old)} -> {len(new)} rows"
        cells = [
            f"{column} {was[column] or 'blank'} -> {row[column] or 'blank'}"
            for was, row in zip(gone, come, strict=True)
            for column in RULE_FILES[file]
            if was[column] != row[column]
        ]
        if len(cells) > MOST_DETAILS:
            return f"{len(come)} rows changed"
        return ", ".join(dict.fromkeys(cells))


def read_files(files: Mapping[str, list[list[str]]]) -> Rulebook:
    """Reads rule files, header first, as the linter gives them; missing ones are empty."""
    book: Rulebook = {file: [] for file in RULE_FILES}
    for file, (header, *lines) in files.items():
        rows = (dict(zip(header, line, strict=True)) for line in lines)
        book[file] = [spelled(file, row) for row in rows]
    return book


def read_warehouse(connection: duckdb.DuckDBPyConnection) -> Rulebook:
    """Reads the rules that the last run scored by, from the schema rules."""
    book: Rulebook = {}
    tables = {
        name
        for (name,) in connection.execute(
            "select table_name from information_schema.tables where table_schema = 'rules'"
        ).fetchall()
    }
    for file in RULE_FILES:
        table = Path(file).stem
        found = connection.execute(f"from rules.{table}") if table in tables else None
        names = [column[0] for column in found.description] if found else []
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()] if found else []
        book[file] = [spelled(file, row) for row in rows]
    return book


def spelled(file: str, row: Mapping[str, str | None]) -> Row:
    """Returns a row with every cell in the one spelling that stands for what it means."""
    spec = SPECS[file]
    cells = {}
    for column, parse in spec.columns.items():
        cell = (row.get(column) or "").strip() or spec.defaults.get(column, "")
        with suppress(Misfit, Oddity):
            value = parse(cell) if cell else ""
            cell = f"{value:.15g}" if isinstance(value, float) else str(value)
        cells[column] = cell
    return cells


def find_edits(before: Rulebook, after: Rulebook, day: date) -> list[Edit]:
    """Returns what tells two rulebooks apart, in the order of the files.

    Args:
        before: the rules in force.
        after: the rules to try.
        day: the day to score; edits without effect on it are idle.
    """
    cards = [{row["scorecard_id"] for row in book["scorecards.csv"]} for book in (before, after)]
    whole_cards = cards[0] ^ cards[1]

    def part(file: str, row: Row) -> tuple[str, ...]:
        """Names the edit that a row would belong to: its file, then its name."""
        if row.get("scorecard_id") in whole_cards:
            return "scorecards.csv", row["scorecard_id"]
        spec = SPECS[file]
        key = EDITED_TOGETHER.get(file, spec.rule_key or spec.key)
        return file, *(row[column] for column in key if column not in PERIOD and row[column])

    parts: dict[tuple[str, ...], tuple[Rulebook, Rulebook]] = {}
    for file in RULE_FILES:
        for side, book in enumerate((before, after)):
            for row in book.get(file, []):
                parts.setdefault(part(file, row), ({}, {}))[side].setdefault(file, []).append(row)
    edits = []
    for (file, *name), sides in parts.items():
        files = sorted({*sides[0], *sides[1]})
        old, new = ({each: in_order(side.get(each, [])) for each in files} for side in sides)
        if old != new:
            edit = Edit(file, " ".join(name), old, new)
            scorecards = frozenset(touched(edit, before) | touched(edit, after))
            edits.append(replace(edit, scorecards=scorecards, idle=idleness(edit, day)))
    return edits


def in_order(rows: Iterable[Row]) -> list[Row]:
    """Returns rows in an order that does not hang on that of the file."""
    return sorted(rows, key=lambda row: tuple(row.values()))


def idleness(edit: Edit, day: date) -> str:
    """Returns why an edit changes no score on a day, or nothing."""
    if edit.file == "service_levels.csv":
        return "says when sales has to answer, changes no score"
    old, new = (
        {file: without(WORDS, rows) for file, rows in book.items()}
        for book in (edit.before, edit.after)
    )
    if old == new:
        return "words only"
    old, new = (
        {file: without(PERIOD, in_force(rows, day)) for file, rows in book.items()}
        for book in (old, new)
    )
    return f"no effect on {day}" if old == new else ""


def without(columns: Sequence[str], rows: Iterable[Row]) -> list[Row]:
    """Returns rows without some of their columns."""
    kept = ({name: cell for name, cell in row.items() if name not in columns} for row in rows)
    return in_order(kept)


def in_force(rows: Iterable[Row], day: date) -> list[Row]:
    """Returns the rows that count on a day."""
    text = day.isoformat()
    return [
        row
        for row in rows
        if row.get("valid_from", "") <= text and text < (row.get("valid_to") or "9999")
    ]


def touched(edit: Edit, book: Rulebook) -> set[str]:
    """Returns the scorecards of a rulebook whose scores an edit can change."""
    if edit.is_shared:
        return {row["scorecard_id"] for row in book["scorecards.csv"]}
    rows = [row for side in (edit.before, edit.after) for part in side.values() for row in part]
    lists = {row["value_list"] for row in rows if "value_list" in row}
    found = {row["scorecard_id"] for row in rows if "scorecard_id" in row}
    for file in ("explicit_rules.csv", "implicit_rules.csv"):
        found |= {row["scorecard_id"] for row in book[file] if value_list(row) in lists}
    composites = book["composites.csv"]
    return found | {row["scorecard_id"] for row in composites if row["component"] in found}


def value_list(row: Row) -> str | None:
    """Returns the value list that a condition of a rule or list asks, if it does."""
    return row["value"] if row.get("operator") in ("in_list", "not_in_list") else None


def grouped(edits: list[Edit], score_count: int) -> list[Edit]:
    """Returns the edits to score one at a time: those of shared files as one, many by file.

    Args:
        edits: those that can change a score.
        score_count: how many leads or companies the largest scorecard has.
    """
    shared = [edit for edit in edits if edit.is_shared]
    own = [edit for edit in edits if not edit.is_shared]
    # Two more are the rules with all edits and with none.
    most = min(MOST_EDITS, MOST_SCORES // max(score_count, 1) - 2)
    if len(own) > most:
        own = [merged(list(group)) for _, group in groupby(own, key=lambda edit: edit.file)]
    if len(own) > max(most, 1):
        own = [merged(own)]
    return [merged(shared), *own] if shared else own


def merged(edits: list[Edit]) -> Edit:
    """Returns one edit that does what several do."""
    if len(edits) == 1:
        return edits[0]
    before: Rulebook = {}
    after: Rulebook = {}
    for edit in edits:
        for whole, part in ((before, edit.before), (after, edit.after)):
            for file, rows in part.items():
                whole.setdefault(file, []).extend(rows)
    return Edit(
        file=" and ".join(dict.fromkeys(edit.file for edit in edits)),
        name="",
        before=before,
        after=after,
        scorecards=frozenset().union(*(edit.scorecards for edit in edits)),
        count=sum(edit.count for edit in edits),
    )


def applied(edit: Edit, book: Rulebook) -> Rulebook:
    """Returns a rulebook with one edit made in it."""
    return {
        file: [row for row in rows if row not in edit.before.get(file, [])]
        + edit.after.get(file, [])
        for file, rows in book.items()
    }
