"""What the commands show on the terminal."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import wraps
from typing import Any

import duckdb
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)
from rich.progress import Progress as Bar
from rich.table import Table

from leadscore.build import RulesError, Run
from leadscore.check import Finding
from leadscore.errors import LeadscoreError
from leadscore.forget import Forgotten
from leadscore.load import LoadedTable
from leadscore.thin import Thinned

# Without emoji, as rich takes the :100: of a finding for one.
console = Console(highlight=False, emoji=False)
errors = Console(stderr=True, highlight=False, emoji=False)


@contextmanager
def bar(title: str) -> Iterator[Bar]:
    """Shows a progress bar on standard error while something runs, with one task."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=30),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("[dim]{task.fields[now]}"),
    )
    with Bar(*columns, console=errors, transient=True) as shown:
        shown.add_task(title, total=None, now="")
        yield shown


@contextmanager
def dbt_progress(title: str) -> Iterator[Run]:
    """Shows how far a dbt run is."""
    with bar(title) as shown:

        def report(done: int, total: int, name: str) -> None:
            shown.update(shown.task_ids[0], completed=done, total=total or None, now=name)

        yield Run(report)


def show_loaded(tables: list[LoadedTable]) -> None:
    """Lists what was loaded, with what was left out."""
    table = Table("table", "file", box=None, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("rows", justify="right")
    table.add_column("left out", justify="right")
    for loaded in tables:
        table.add_row(
            loaded.table, loaded.file, f"{loaded.row_count:,}", f"{loaded.reject_count:,}"
        )
    console.print(table)
    for loaded in tables:
        if loaded.unknown_columns:
            names = ", ".join(loaded.unknown_columns)
            console.print(f"{loaded.file}: columns that are not used: {names}", markup=False)
    if any(loaded.reject_count for loaded in tables):
        console.print("Lines left out are listed with their reasons in raw.load_rejects.")


def show_findings(findings: list[Finding]) -> None:
    """Prints errors, then warnings by topic, one line each as file:line:column, and counts them."""
    errors_first = [finding for finding in findings if finding.severity == "error"]
    for finding in errors_first:
        console.print(f"[red]{escape(finding.place)}:[/] {escape(finding.message)}", soft_wrap=True)
    warnings: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.severity == "warning":
            warnings.setdefault(finding.topic, []).append(finding)
    for topic, found in warnings.items():
        console.print(f"[yellow]warning:[/] {topic}")
        for finding in found:
            console.print(f"  {escape(finding.place)}: {escape(finding.message)}", soft_wrap=True)
    warning_count = len(findings) - len(errors_first)
    console.print(f"{counted(len(errors_first), 'error')}, {counted(warning_count, 'warning')}")


def counted(count: int, thing: str) -> str:
    """Returns a number of things in words: 1 error, 2 errors."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def signed(points: Decimal) -> str:
    """Returns points with their sign, without needless zeros: +12.5, -3, 0."""
    text = f"{points:+.4f}".rstrip("0").rstrip(".")
    return "0" if text in {"+0", "-0"} else text


def show_forgotten(forgotten: Forgotten) -> None:
    """Lists what was taken out of which table, and what is left for people to do."""
    person = forgotten.person
    for path, traces in forgotten.traces.items():
        removed = Table("table", box=None, padding=(0, 2, 0, 0), header_style="bold")
        removed.add_column("rows removed", justify="right")
        removed.add_column("cells blotted out", justify="right")
        for trace in traces:
            cells = sum(trace.cells.values())
            removed.add_row(str(trace.table), f"{trace.rows:,}", f"{cells:,}" if cells else "")
        console.print(f"[bold]{escape(str(path))}[/]", soft_wrap=True)
        console.print(removed if traces else "nothing to remove")
    if forgotten.override_count:
        console.print(f"overrides.csv: {counted(forgotten.override_count, 'row')} removed")
    for file in forgotten.deleted:
        console.print(f"Deleted {escape(str(file))}", soft_wrap=True)
    console.print(
        f"Forgotten: {counted(len(person.lead_ids), 'lead')} with"
        f" {counted(len(person.visitor_ids), 'anonymous id')} and"
        f" {counted(len(person.event_ids), 'event')}. Every column of every table and"
        f" {forgotten.searched_bytes:,} bytes were searched: nothing is left."
    )
    if person.shared:
        console.print(
            f"Other leads have {escape(', '.join(sorted(person.shared)))}, too, and keep it."
            " If one of them is the same person, forget it as well.",
            soft_wrap=True,
        )
    for file in forgotten.unsearched:
        console.print(
            f"[yellow]{escape(str(file))} is open in another program and was not searched:"
            " delete it when it is closed.[/]",
            soft_wrap=True,
        )
    for file in forgotten.mentioned_in:
        console.print(f"[yellow]{escape(str(file))} mentions the person: edit it.[/]")
    for folder in forgotten.sources:
        console.print(
            f"{escape(str(folder))} was loaded: remove the person there, too, or the next load"
            " brings everything back.",
            soft_wrap=True,
        )


def show_thinned(thinned: Thinned) -> None:
    """Lists how many rows went from which history table."""
    if not thinned.removed_days:
        began = f" before {thinned.before}" if thinned.before else ""
        console.print(f"There is nothing to thin: no more than a day a month{began}.")
        return
    lines = [
        (str(table.database), table.table, table.row_count, table.removed_count)
        for table in thinned.tables
    ]
    console.print(table_of("Thinned", ["database", "table", "rows", "removed"], lines))
    console.print(
        f"{counted(len(thinned.removed_days), 'day')} removed, from {thinned.removed_days[0]} to"
        f" {thinned.removed_days[-1]}. Of months before {thinned.before} the last scored day"
        " is kept."
    )


def table_of(title: str, columns: list[str], lines: list[tuple[Any, ...]]) -> Table:
    """Returns a plain table; numbers are right-aligned."""
    table = Table(
        title=f"\n{title}", title_justify="left", title_style="bold", box=None, pad_edge=False
    )
    for position, column in enumerate(columns):
        is_number = bool(lines) and isinstance(lines[0][position], int | float | Decimal)
        table.add_column(column, justify="right" if is_number else "left", header_style="dim")
    for line in lines:
        table.add_row(*(written(cell) for cell in line))
    return table


def written(cell: object) -> str:
    """Returns a cell as it is shown: numbers with thousands separators, null as nothing."""
    if cell is None:
        return ""
    return f"{cell:,}" if isinstance(cell, int) else escape(str(cell))


def for_people(command: Callable[..., None]) -> Callable[..., None]:
    """Turns an error that a person can mend into its message and exit code 1."""

    @wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except RulesError as error:
            show_findings(error.findings)
            raise typer.Exit(1) from error
        except (LeadscoreError, duckdb.Error) as error:
            errors.print(f"[red]error[/] {escape(str(error))}", soft_wrap=True)
            raise typer.Exit(1) from error

    return run
