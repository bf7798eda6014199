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
from leadscore.explain import Explanation, LeadExplanation
from leadscore.forget import Forgotten
from leadscore.history import CAUSES, LeadStory
from leadscore.load import LoadedTable
from leadscore.thin import Thinned

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

SECTIONS = {
    "fit": "fit: who they are",
    "engagement": "engagement: what they do",
    None: "whole score",
}


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
    """Prints errors and warnings, one line each as file:line: message, and counts them."""
    for finding in findings:
        place, message = escape(f"{finding.file}:{finding.line}:"), escape(finding.message)
        if finding.severity == "error":
            console.print(f"[red]{place}[/] {message}", soft_wrap=True)
        else:
            console.print(f"[yellow]{place} warning:[/] {message}", soft_wrap=True)
    error_count = sum(finding.severity == "error" for finding in findings)
    console.print(
        f"{counted(error_count, 'error')}, {counted(len(findings) - error_count, 'warning')}"
    )


def counted(count: int, thing: str) -> str:
    """Returns a number of things in words: 1 error, 2 errors."""
    return f"{count:,} {thing}" if count == 1 else f"{count:,} {thing}s"


def show_lead(lead: LeadExplanation) -> None:
    """Prints why a lead has its scores, for a person to read."""
    profile = lead.profile
    title = profile["job_title"] or "no job title"
    name = profile["full_name"] or profile["email"] or "no name"
    console.print(f"[bold]{escape(profile['lead_id'])}[/]  {escape(name)}, {escape(title)}")
    if profile["job_title_canonical"]:
        console.print(escape(f'job title  "{title}" -> {title_reading(profile)}'), soft_wrap=True)
    known = {
        "industry": profile["company_industry"],
        "employees": profile["company_employee_band"],
        "country": profile["country_code"],
        "e-mail": profile["email_kind"],
    }
    facts = [f"{name}: {value}" for name, value in known.items() if value]
    if facts:
        console.print(escape(" · ".join(facts)))
    for explanation in lead.explanations:
        show_explanation(explanation)
    if lead.unknown_fields:
        console.print(
            f"\n[bold]Missing[/]  {', '.join(lead.unknown_fields)}"
            f"  [dim](completeness {lead.profile['completeness']:.0%})[/]"
        )


def title_reading(profile: dict[str, Any]) -> str:
    """Returns how a job title is read, and which words of it decided."""
    why = [
        f"{name} {profile[column]} from '{profile[phrase]}'"
        for name, column, phrase in (
            ("seniority", "seniority", "seniority_phrase"),
            ("function", "job_function", "job_function_phrase"),
        )
        if profile[column]
    ]
    return f"{profile['job_title_canonical']} ({', '.join(why)})"


def show_explanation(explanation: Explanation) -> None:
    """Prints the ledger of one score and what comes of it."""
    score = explanation.score
    console.print(
        f"\n[bold]{escape(score['scorecard_id'])}[/]  score [bold]{score['score']}[/]"
        f", band [bold]{escape(score['band'] or '-')}[/]"
        f", next step {score['next_step']}, rank {score['rank']:,}"
        f", as of {score['as_of_date']}"
    )
    ledger = Table(box=None, padding=(0, 2, 0, 2), header_style="dim")
    ledger.add_column("points", justify="right")
    ledger.add_column("why")
    ledger.add_column("events", justify="right")
    ledger.add_column("last on", no_wrap=True)
    for axis, title in SECTIONS.items():
        lines = [line for line in explanation.lines if line["axis"] == axis]
        for line in lines:
            ledger.add_row(
                signed(line["points"]),
                escape(line["label"] or line["rule_id"] or line["line_type"]),
                "" if line["event_count"] is None else f"{line['event_count']:,}",
                str(line["last_event_date"] or ""),
            )
        if axis and lines:
            ledger.add_row(f"[bold]{signed(score[f'{axis}_points'])}[/]", f"[bold]{title}[/]")
    ledger.add_row(f"[bold]{signed(score['score_points'])}[/]", "[bold]sum of all lines[/]")
    console.print(ledger)
    for remark in remarks(explanation):
        console.print(f"  {escape(remark)}", soft_wrap=True)
    if explanation.gaps:
        gaps = Table(box=None, padding=(0, 2, 0, 2), header_style="dim")
        gaps.add_column("up to", justify="right")
        gaps.add_column("if this were known")
        gaps.add_column("and said")
        for gap in explanation.gaps:
            reason = gap["label"] or gap["rule_id"]
            gaps.add_row(signed(gap["points_at_stake"]), escape(gap["field"]), escape(reason))
        console.print()
        console.print(gaps)


def remarks(explanation: Explanation) -> list[str]:
    """Returns what the ledger alone does not say of a score."""
    score = explanation.score
    said = []
    if score["is_overridden"]:
        said.append(f"A person has set the score to {score['score']}; the ledger stays as it is.")
    if score["is_vetoed"]:
        said.append(f"Disqualified: {score['veto_reasons']}")
    if score["is_fast_tracked"] and not score["is_vetoed"]:
        said.append("On the fast track: goes to sales whatever the score.")
    if not score["is_contactable"]:
        said.append("Must not be contacted: unsubscribed, complained or bounced.")
    if score["recycled_at"]:
        said.append(
            f"Sales sent it back on {score['recycled_at']:%Y-%m-%d}"
            f" ({score['recycle_reason'] or 'no reason given'}): what it did until then gives no"
            " points any more."
        )
    if score["is_stale"]:
        said.append(f"The record is old: last updated {score['data_age_days']:,} days ago.")
    above = explanation.next_band
    if above and not score["is_vetoed"]:
        gap = above["lower_score"] - score["score"]
        said.append(f"{gap} more points lift it to {above['band']} (from {above['lower_score']}).")
    return said


def show_story(told: LeadStory) -> None:
    """Prints, scorecard by scorecard, the days on which a score has moved, and by what."""
    for story in told.stories:
        start, moves = story.start, story.moves
        end = moves[-1] if moves else start
        console.print(
            f"\n[bold]{escape(story.scorecard_id)}[/]  {start['score']} on {start['as_of_date']}"
            f" (band {escape(start['band'] or '-')}), {end['score']} now"
            f" (band {escape(end['band'] or '-')}); {counted(story.day_count, 'day')} scored,"
            f" {counted(len(moves), 'day')} with a change",
            soft_wrap=True,
        )
        table = Table(box=None, padding=(0, 2, 0, 2), header_style="dim")
        table.add_column("day", no_wrap=True)
        table.add_column("score", justify="right")
        table.add_column("change", justify="right")
        table.add_column("by")
        table.add_column("band")
        for move in moves:
            is_new = move["band"] != move["previous_band"]
            table.add_row(
                str(move["as_of_date"]),
                str(move["score"]),
                "" if move["change"] is None else signed(Decimal(move["change"])),
                causes_of(move),
                f"-> {escape(move['band'] or '-')}" if is_new else "",
            )
        if moves:
            console.print(table)
        if story.unknown_days:
            days = ", ".join(map(str, story.unknown_days))
            console.print(f"  Not known is what moved the score on {days}.", soft_wrap=True)
    if told.stays:
        console.print("\n[bold]Lists[/]")
    for stay in told.stays:
        until = f"left on {stay['left_on']}" if stay["left_on"] else "is in it now"
        console.print(
            f"  {escape(stay['list_id'])}: entered on {stay['entered_on']}, {until}", soft_wrap=True
        )


def causes_of(move: dict[str, Any]) -> str:
    """Returns what brought a change, the largest first: events +10, decay -2.5."""
    causes = [(name, move[column]) for column, name in CAUSES.items() if move[column]]
    causes.sort(key=lambda cause: -abs(cause[1]))
    return ", ".join(f"{name} {signed(points)}" for name, points in causes)


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
