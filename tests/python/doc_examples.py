"""The examples of the pages in docs, and one world that holds all of them.

All blocks under one heading are one example. A block is named by the line before it: a rule file or
a raw table in CSV, or a table of results, named after a mart. Of files and tables an example shows
the columns that it needs; the others are blank. A block `text` is what the linter says.

Examples have names of their own for scorecards, rules, leads and all else, so that they share one
world, and one run, without knowing of each other.
"""

import csv
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from leadscore.check import RULE_FILES
from leadscore.project import raw_tables
from reference import Record, Row, World

TODAY = date(2026, 11, 1)
"""The day of all examples, but for those that show several days."""

SCORECARD: Row = {"scorecard_id": "b2b", "subject": "lead", "lookback_days": "365"}
"""What an example without scorecards.csv has: points that do not fade, scores from 0 to 100."""

BANDS: list[Row] = [
    {"band": "visitor", "lower": "0", "upper": "0", "next_step": "none"},
    {"band": "prospect", "lower": "1", "upper": "25", "next_step": "nurture"},
    {"band": "mql", "lower": "26", "upper": "50", "next_step": "nurture"},
    {"band": "sql", "lower": "51", "upper": "100", "next_step": "sales"},
]
"""The bands of scorecards for which an example has none."""

NAMES = (
    *("scorecard_id", "component", "rule_id", "list_id", "exclusive_set", "value_list"),
    *("lead_id", "merged_lead_id", "surviving_lead_id", "company_id", "anonymous_id", "message_id"),
)
"""Columns that hold names which an example gives, here and in the marts."""

SECOND_STAGE = ("score", "fit", "engagement", "raw", "band", "rule_count")
BLOCK = re.compile(
    r"^(?P<marks>#+) (?P<heading>[^\n]+)$"
    r"|(?:^`(?P<name>[\w.]+)`\n\n)?"
    r"(?:^```(?P<language>\w+)\n(?P<code>.*?)^```$|(?P<table>(?:^\|[^\n]*\n)+))",
    flags=re.MULTILINE | re.DOTALL,
)


class Block(NamedTuple):
    """A block of code or a table: what its language is, what it is named, and its text."""

    heading: str
    language: str
    name: str
    text: str


@dataclass
class Example:
    """What stands under one heading of a page.

    Attributes:
        place: page and heading.
        rules: rows by rule file.
        raw: rows by raw table.
        results: by mart, the columns that are shown and the rows, as text.
        findings: what the linter says, or None where it is not asked.
    """

    place: str
    rules: dict[str, list[Row]] = field(default_factory=dict)
    raw: dict[str, list[Row]] = field(default_factory=dict)
    results: dict[str, tuple[list[str], list[list[str]]]] = field(default_factory=dict)
    findings: list[str] | None = None

    def all_rules(self) -> dict[str, list[Row]]:
        """Its rule files, with a scorecard and bands where it shows none."""
        cards, bands = self.rules.get("scorecards", [SCORECARD]), self.rules.get("bands", [])
        banded = {row["scorecard_id"] for row in bands if row["measure"] == "score"}
        added: list[Row] = [
            {**band, "scorecard_id": card["scorecard_id"], "measure": "score"}
            for card in cards
            for band in BANDS
            if card["scorecard_id"] not in banded
        ]
        return {**self.rules, "scorecards": cards, "bands": bands + added}

    def days(self) -> set[date]:
        """The days of which it shows results."""
        return {TODAY} | {
            date.fromisoformat(row[columns.index("as_of_date")])
            for columns, rows in self.results.values()
            for row in rows
            if "as_of_date" in columns
        }


def blocks(page: Path) -> Iterator[Block]:
    """Yields the headings, code blocks and tables of a page, in order."""
    heading = ""
    for found in BLOCK.finditer(page.read_text(encoding="utf-8")):
        heading = found["heading"] or heading
        language = found["language"] or ("table" if found["table"] else found["marks"])
        yield Block(heading, language, found["name"] or "", found["code"] or found["table"] or "")


def examples(page: Path) -> list[Example]:
    """Returns the examples of a page."""
    found: dict[str, Example] = {}
    for block in blocks(page):
        example = found.setdefault(block.heading, Example(f"{page.stem}: {block.heading}"))
        name = block.name.removesuffix(".csv")
        if block.language == "text":
            example.findings = block.text.splitlines()
        elif block.language == "csv":
            part = example.rules if f"{name}.csv" in RULE_FILES else example.raw
            part[name] = read_csv(block.text)
        elif block.language == "table" and name:
            header, _, *rows = [cells(line) for line in block.text.splitlines()]
            example.results[name] = (header, rows)
    return [each for each in found.values() if each.results or each.findings is not None]


def read_csv(text: str) -> list[Row]:
    """Returns the rows of a CSV text; blanks are None."""
    reader = csv.DictReader(text.splitlines(), strict=True)
    return [{name: cell or None for name, cell in row.items()} for row in reader]


def cells(line: str) -> list[str]:
    """Returns the cells of a line of a table."""
    return [cell.strip().strip("`") for cell in line.strip().strip("|").split("|")]


def world_of(shown: Iterable[Example]) -> World:
    """Returns one world with all examples, each under names of its own."""
    raw: dict[str, list[Row]] = {table: [] for table in raw_tables()}
    rules: dict[str, list[Row]] = {file.removesuffix(".csv"): [] for file in RULE_FILES}
    for number, example in enumerate(shown):
        for world, tables in ((raw, with_leads(example.raw)), (rules, example.all_rules())):
            for name, rows in tables.items():
                new = [renamed(row, prefix(number)) for row in rows]
                world[name] += [row for row in new if row not in world[name]]
    for number, event in enumerate(raw["events"]):
        event["event_id"] = str(number)
    return World(TODAY, raw, rules)


def with_leads(raw: dict[str, list[Row]]) -> dict[str, list[Row]]:
    """Adds the leads of whom an example only says what they did: nothing else is known of them."""
    leads = raw.get("leads", [])
    known = {row["lead_id"] for row in leads}
    others = dict.fromkeys(
        row["lead_id"]
        for table in ("events", "answers", "lead_attributes")
        for row in raw.get(table, [])
        if row["lead_id"] not in known
    )
    return {**raw, "leads": leads + [{"lead_id": lead_id} for lead_id in others]}


def prefix(number: int) -> str:
    """What the names of an example begin with."""
    return f"x{number}_"


def renamed(row: Row, own: str) -> Row:
    """Returns a row with the names of an example made its own."""
    new = {name: own + cell if cell and name in NAMES else cell for name, cell in row.items()}
    if row.get("operator") in ("in_list", "not_in_list"):
        new["value"] = f"{own}{row['value']}"
    stage, _, name = (row.get("field") or "").partition(".")
    if stage in SECOND_STAGE:
        new["field"] = f"{stage}.{own}{name}"
    return new


def shown_rows(
    records: Iterable[Record], columns: list[str], own: str, days: Collection[str] = ()
) -> list[list[str]]:
    """Returns the rows of a mart that are an example's, as the example would show them.

    Args:
        records: all rows of the mart.
        columns: those that are shown.
        own: what the names of the example begin with.
        days: the days that are shown, of a mart that has several.
    """
    found = []
    for record in records:
        names = [str(record[name]) for name in NAMES if record.get(name) is not None]
        is_of_day = not days or str(record["as_of_date"]) in days
        is_limit = record.get("line_type", "rule") != "rule"
        is_shown = is_of_day and ("line_type" in columns or not is_limit)
        if is_shown and all(name.startswith(own) for name in names):
            texts = {name: as_text(value) for name, value in record.items()}
            found.append([texts[name].replace(own, "") for name in columns])
    return found


def as_text(value: object) -> str:
    """Returns a value as a page shows it: no zeros at the end of a fraction, blank for null."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)
