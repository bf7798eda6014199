"""`leadscore bench quality`: how well job titles are understood, against labels that people gave.

Every set has labels of its own. ``title_sets.csv`` says, for each label of a set, which of our
values mean it; a value that no label of the set means is wrong there, and so is unknown.
"""

import csv
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from leadscore.build import run_dbt
from leadscore.database import connect
from leadscore.display import console
from leadscore.errors import LeadscoreError

SETS = Path(__file__).with_name("title_sets.csv")
FIELDS = ("seniority", "job_function")
UNKNOWN = "unknown"

Reading = dict[str, str | None]
Readings = dict[str, Reading]


@dataclass(frozen=True)
class TitleSet:
    """A file of titles, and what its labels mean in our words.

    Attributes:
        file: its name.
        title_column: where the titles are.
        label_column: where the labels are; blank if it has none and shows coverage only.
        field: what the labels speak of, seniority or job_function.
        meanings: the set's label for each of our values.
    """

    file: str
    title_column: str
    label_column: str
    field: str
    meanings: dict[str, str]

    @property
    def labels(self) -> list[str]:
        """Its labels, as they stand in the mapping."""
        return list(dict.fromkeys(self.meanings.values()))

    def rows(self, folder: Path) -> list[tuple[str, str]]:
        """Returns its titles, blank ones left out, each with its label.

        Raises:
            LeadscoreError: if the file lacks a column, or has a label that the mapping does not.
        """
        with (folder / self.file).open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines))
        for column in filter(None, (self.title_column, self.label_column)):
            if rows and column not in rows[0]:
                raise LeadscoreError(f"{self.file} has no column {column}")
        label = self.label_column
        titled = [(row[self.title_column], row[label] if label else "") for row in rows]
        unmapped = {label for _, label in titled if label} - set(self.labels)
        if unmapped:
            raise LeadscoreError(f"{self.file}: {SETS.name} does not map {sorted(unmapped)}")
        return [(title, label) for title, label in titled if title.strip()]


@dataclass(frozen=True)
class Quality:
    """How well a labelled set is read.

    Attributes:
        confusions: rows by (label, what we say in the set's words, or unknown).
        examples: some titles of each confusion.
    """

    confusions: Counter[tuple[str, str]]
    examples: dict[tuple[str, str], list[str]]

    @property
    def total(self) -> int:
        """All rows."""
        return self.confusions.total()

    @property
    def known(self) -> int:
        """Rows of which something was said."""
        return sum(n for (_, said), n in self.confusions.items() if said != UNKNOWN)

    @property
    def right(self) -> int:
        """Rows that we read as their label says."""
        return sum(n for (label, said), n in self.confusions.items() if label == said)

    def f1(self, label: str) -> float:
        """The harmonic mean of precision and recall of a label, 0 if it was never found."""
        found = self.confusions[label, label]
        named = sum(n for (_, said), n in self.confusions.items() if said == label)
        there = sum(n for (real, _), n in self.confusions.items() if real == label)
        return 2 * found / (named + there) if named + there else 0.0

    @property
    def macro_f1(self) -> float:
        """The mean F1 of the labels that occur."""
        labels = sorted({label for label, _ in self.confusions})
        return sum(map(self.f1, labels)) / len(labels)

    def worst(self, count: int) -> list[tuple[tuple[str, str], int]]:
        """The most frequent confusions."""
        wrong = [(pair, n) for pair, n in self.confusions.items() if pair[0] != pair[1]]
        return sorted(wrong, key=lambda item: (-item[1], item[0]))[:count]


def read_sets() -> list[TitleSet]:
    """Returns the sets that ``title_sets.csv`` speaks of, in its order."""
    sets: dict[str, TitleSet] = {}
    with SETS.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            columns = row["file"], row["title_column"], row["label_column"], row["field"]
            titles = sets.setdefault(row["file"], TitleSet(*columns, meanings={}))
            titles.meanings.update(dict.fromkeys(row["values"].split(), row["label"]))
    return list(sets.values())


def read_titles(titles: Iterable[str]) -> Readings:
    """Returns what the project says of each title, by the models and vocabularies as they are.

    Raises:
        LeadscoreError: if dbt cannot run.
    """
    with tempfile.TemporaryDirectory(prefix="leadscore-") as folder:
        warehouse = Path(folder) / "titles.duckdb"
        with connect(warehouse) as connection:
            connection.execute("create schema raw")
            connection.execute("create table raw.events (event_id varchar, lead_id varchar)")
            connection.execute(
                "create table raw.leads as"
                " select row_number() over (order by job_title)::varchar as lead_id, job_title"
                " from (select distinct unnest(?::varchar[]) as job_title)",
                [list(titles)],
            )
        select = [
            "--select",
            "+int_job_titles",
            "--resource-type",
            "seed",
            "--resource-type",
            "model",
        ]
        run_dbt(["build", *select], warehouse=warehouse, as_of=date(2026, 1, 1))
        with connect(warehouse, read_only=True) as connection:
            rows = connection.sql(
                "select typed.job_title, titles.seniority, titles.job_function"
                " from raw.leads as typed"
                " inner join staging.stg_leads as leads on typed.lead_id = leads.lead_id"
                " left join intermediate.int_job_titles as titles"
                " on leads.job_title = titles.job_title_raw"
            ).fetchall()
    return {title: dict(zip(FIELDS, said, strict=True)) for title, *said in rows}


def judge(titles: TitleSet, rows: list[tuple[str, str]], readings: Readings) -> Quality:
    """Compares what we say of the titles of a set with its labels."""
    confusions: Counter[tuple[str, str]] = Counter()
    examples: dict[tuple[str, str], list[str]] = defaultdict(list)
    for title, label in rows:
        value = readings[title][titles.field]
        said = titles.meanings.get(value, f"({value})") if value else UNKNOWN
        confusions[label, said] += 1
        examples[label, said].append(title)
    return Quality(confusions, examples)


def command(
    folder: Annotated[Path, typer.Argument(help="Folder with files that title_sets.csv names.")],
    worst: Annotated[int, typer.Option(min=0, help="How many confusions to show per set.")] = 10,
    errors_to: Annotated[
        Path | None, typer.Option(help="Write every title that is read otherwise to this CSV file.")
    ] = None,
) -> None:
    """Measure how well job titles are understood, on sets that people labelled."""
    sets = [titles for titles in read_sets() if (folder / titles.file).is_file()]
    if not sets:
        names = ", ".join(titles.file for titles in read_sets())
        raise typer.BadParameter(f"{folder} has none of {names}")
    rows = {titles.file: titles.rows(folder) for titles in sets}
    readings = read_titles({title for titled in rows.values() for title, _ in titled})
    mistakes = []
    for titles in sets:
        if titles.label_column:
            quality = judge(titles, rows[titles.file], readings)
            show_quality(titles, quality, worst)
            mistakes += [
                (titles.file, title, label, said)
                for (label, said), found in quality.examples.items()
                for title in found
                if label != said
            ]
        else:
            mistakes += show_coverage(titles, rows[titles.file], readings)
    if errors_to:
        with errors_to.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("file", "title", "label", "said"), *mistakes])


def show_quality(titles: TitleSet, quality: Quality, worst: int) -> None:
    """Prints the figures of a labelled set."""
    console.print(
        f"\n[bold]{titles.file}[/]: {titles.field}, {quality.total:,} titles\n"
        f"accuracy {quality.right / quality.total:.3f} (of the known"
        f" {quality.right / max(quality.known, 1):.3f}; known {quality.known / quality.total:.3f}),"
        f" macro-F1 {quality.macro_f1:.3f}"
    )
    table = Table("label", "means", "titles", "F1", box=None)
    for label in titles.labels:
        values = " ".join(value for value, means in titles.meanings.items() if means == label)
        there = sum(n for (real, _), n in quality.confusions.items() if real == label)
        table.add_row(label, values, f"{there:,}", f"{quality.f1(label):.3f}")
    console.print(table)
    for (label, said), n in quality.worst(worst):
        examples = quality.examples[label, said]
        shown = " · ".join(examples[:: max(1, n // 4)][:4])
        console.print(f"{n:6,}  {label} read as {said}: [dim]{escape(shown)}[/]", soft_wrap=True)


def show_coverage(
    titles: TitleSet, rows: list[tuple[str, str]], readings: Readings
) -> list[tuple[str, str, str, str]]:
    """Prints the share of titles that say something, and returns those that do not."""
    known = {
        field: sum(readings[title][field] is not None for title, _ in rows) / len(rows)
        for field in FIELDS
    }
    shares = ", ".join(f"{share:.1%} with a {field}" for field, share in known.items())
    console.print(f"\n[bold]{titles.file}[/]: {len(rows):,} titles, {shares}")
    return [
        (titles.file, title, field, UNKNOWN)
        for title, _ in rows
        for field in FIELDS
        if readings[title][field] is None
    ]
