"""The `leadscore` command. Exit codes: 0 ok, 1 the data or rules are wrong, 2 used wrongly."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from leadscore.bench import app as bench
from leadscore.build import Run
from leadscore.display import (
    bar,
    console,
    counted,
    dbt_progress,
    errors,
    for_people,
    show_findings,
    show_forgotten,
    show_loaded,
    show_thinned,
)
from leadscore.errors import LeadscoreError
from leadscore.explain.facts import Fact, parse_fact
from leadscore.project import RULES, published_path, warehouse_path

app = typer.Typer(
    help="Scores leads and companies by rules in CSV files, and explains every point.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(bench, name="bench")


def parse_day(text: str) -> date:
    """Reads an ISO date of the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"'{text}' is no date such as 2026-12-31") from None


def parse_supposed(text: str) -> Fact:
    """Reads a fact of the command line, such as lead.seniority=vp."""
    try:
        return parse_fact(text)
    except LeadscoreError as error:
        raise typer.BadParameter(str(error)) from None


AsOf = Annotated[
    date | None,
    typer.Option(
        "--as-of", parser=parse_day, metavar="DATE", help="The day to score; today in UTC."
    ),
]
From = Annotated[
    date | None,
    typer.Option(
        "--from", parser=parse_day, metavar="DATE", help="The first of several days to score."
    ),
]
To = Annotated[
    date | None,
    typer.Option("--to", parser=parse_day, metavar="DATE", help="The last of them; else today."),
]
Since = Annotated[
    date | None,
    typer.Option(
        "--since",
        parser=parse_day,
        metavar="DATE",
        help="Tell what has moved the score since then.",
    ),
]
InJson = Annotated[bool, typer.Option("--json", help="Print one JSON document instead of text.")]
Warehouse = Annotated[
    Path | None,
    typer.Option(help="Working database; else $LEADSCORE_WAREHOUSE or warehouse.duckdb."),
]
Published = Annotated[
    Path | None,
    typer.Option(
        "--publish",
        help="Database for readers; else $LEADSCORE_PUBLISHED or published/lead_scores.duckdb.",
    ),
]
Raw = Annotated[
    Path | None, typer.Option(help="Folder to load first.", exists=True, file_okay=False)
]
Rules = Annotated[
    Path,
    typer.Option(
        help="Folder of rule files.", show_default="seeds/rules", exists=True, file_okay=False
    ),
]


@app.command()
@for_people
def load(
    folder: Annotated[
        Path,
        typer.Argument(
            help="Folder of <table>.csv and <table>.parquet files.", exists=True, file_okay=False
        ),
    ],
    warehouse: Warehouse = None,
) -> None:
    """Fill the schema raw from a folder of CSV and Parquet files, replacing what is there."""
    from leadscore.database import only_run_on

    path = warehouse_path(warehouse)
    with only_run_on(path):
        run_load(folder, path)


def run_load(folder: Path, warehouse: Path) -> None:
    """Loads a folder and lists what came of it."""
    from leadscore.load import load_folder

    with bar("Loading") as shown:
        tables = load_folder(
            folder, warehouse, lambda table: shown.update(shown.task_ids[0], now=table)
        )
    show_loaded(tables)


@app.command()
@for_people
def check(
    rules: Rules = RULES,
    fix: Annotated[
        bool,
        typer.Option("--fix", help="Rewrite files that a spreadsheet saved in a way of its own."),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the findings as JSON, for editors and CI.")
    ] = False,
    publish: Published = None,
) -> None:
    """Lint the rule files without a warehouse: every error at once, with file, line and mend.

    Where there is a published database, bands are named that nobody was in.
    """
    from leadscore.build import lint, rewrite_rules
    from leadscore.quality import empty_bands

    for file in rewrite_rules(rules) if fix else ():
        errors.print(f"Rewritten: {escape(str(file))}", soft_wrap=True)
    checked, published = lint(rules), published_path(publish)
    findings = [*checked.findings]
    try:
        findings += empty_bands(rules, published) if published.exists() else []
    except LeadscoreError as error:
        said = f"bands that nobody is in are not looked for: {error}"
        errors.print(f"[yellow]warning[/] {escape(said)}", soft_wrap=True)
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        show_findings(findings)
    if checked.has_errors:
        raise typer.Exit(1)


@app.command()
@for_people
def build(
    raw: Raw = None,
    rules: Rules = RULES,
    as_of: AsOf = None,
    first: From = None,
    last: To = None,
    warehouse: Warehouse = None,
    publish: Published = None,
) -> None:
    """Load (with --raw), check the rules, run dbt build with all tests, then publish.

    With --from and --to every day of a range is scored, from the first to the last.
    """
    days = chosen_days(as_of, first, last)
    run_build(raw, rules, days, warehouse_path(warehouse), published_path(publish))


def chosen_days(as_of: date | None, first: date | None, last: date | None) -> list[date]:
    """Returns the days to score, in order."""
    today = datetime.now(UTC).date()
    if first is None:
        if last is not None:
            raise typer.BadParameter("--to needs a --from")
        return [as_of or today]
    if as_of is not None:
        raise typer.BadParameter("give either --as-of, or --from and --to")
    last = last or today
    if last < first:
        raise typer.BadParameter(f"--to {last} is before --from {first}")
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


def run_build(
    raw: Path | None, rules: Path, days: Sequence[date], warehouse: Path, published: Path
) -> None:
    """Does all that `leadscore build` does; on any failure the published file is untouched.

    Several days are published once, after the last.
    """
    from leadscore.build import checked_rules
    from leadscore.database import only_run_on
    from leadscore.history import advice_on_days
    from leadscore.publish import publish
    from leadscore.quality import data_quality

    if warehouse == published:
        raise LeadscoreError(f"{warehouse} cannot be both the working and the published database.")
    if warnings := checked_rules(rules).findings:
        console.print(f"The rules have {counted(len(warnings), 'warning')}: see leadscore check.")
    with only_run_on(warehouse), only_run_on(published):
        if raw:
            run_load(raw, warehouse)
        runs = [build_day(rules, days, number, warehouse) for number in range(len(days))]
        publish(warehouse, published)
    # Of days that have to be run again, the advice below says more.
    heard = {warning for run in runs for warning in run.warnings}
    for warning in sorted(heard) + advice_on_days(published):
        console.print(f"[yellow]warning[/] {escape(warning)}", soft_wrap=True)
    scored = f"as of {days[0]}" if len(days) == 1 else f"{len(days)} days to {days[-1]}"
    console.print(f"Scored {scored}: {runs[-1].done} models and tests passed.")
    if quality := data_quality(published):
        console.print(quality, soft_wrap=True)
    console.print(f"Published {escape(str(published))}")


def build_day(rules: Path, days: Sequence[date], number: int, warehouse: Path) -> Run:
    """Scores and tests one of several days, and returns what dbt said.

    Raises:
        LeadscoreError: if a model or test fails, saying what there is of the other days.
    """
    from leadscore.build import run_dbt

    day = days[number]
    place = f" ({number + 1} of {len(days)})" if len(days) > 1 else ""
    with dbt_progress(f"Scoring as of {day}{place}") as run:
        try:
            run_dbt(
                ["build", "--exclude-resource-type", "unit_test"],
                warehouse=warehouse,
                as_of=day,
                rules=rules,
                run=run,
            )
        except LeadscoreError as error:
            if len(days) == 1:
                raise
            raise LeadscoreError(
                f"{day} failed, and the days after it were not run; those before it are done. "
                f"Go on with: leadscore build --from {day} --to {days[-1]}\n{error}"
            ) from error
    return run


@app.command()
@for_people
def explain(
    lead_id: Annotated[str | None, typer.Argument(help="The lead to explain.")] = None,
    lead_file: Annotated[
        Path | None,
        typer.Option("--lead", help="A made-up lead instead, as JSON (docs/en/explain.md)."),
    ] = None,
    facts: Annotated[
        list[Fact] | None,
        typer.Option(
            "--set",
            parser=parse_supposed,
            metavar="FIELD=VALUE",
            help="Suppose a fact, e.g. lead.seniority=vp; may be repeated.",
        ),
    ] = None,
    scorecard: Annotated[str | None, typer.Option(help="One scorecard only.")] = None,
    as_of: AsOf = None,
    ahead: Annotated[
        int,
        typer.Option(min=0, metavar="DAYS", help="Score so many days to come, if nothing happens."),
    ] = 0,
    since: Since = None,
    in_json: InJson = False,
    warehouse: Warehouse = None,
    publish: Published = None,
) -> None:
    """Tell why a lead has its score: what adds, subtracts, is cut, fades, is missing, would lift.

    Another day, supposed facts and made-up leads are scored beside the warehouse, which stays as it
    is. With --since the days are told on which the score has moved, and by what.
    """
    from leadscore.explain.answer import Question, answer
    from leadscore.explain.display import show_answer, show_story
    from leadscore.explain.document import as_json, document
    from leadscore.explain.reading import published_date
    from leadscore.history import lead_story

    published = published_path(publish)
    lead = lead_id or lead_file
    if lead is None or (lead_id and lead_file):
        raise typer.BadParameter("give either a LEAD_ID or --lead FILE")
    if since is not None:
        if lead_id is None or as_of is not None or facts or ahead or in_json:
            raise typer.BadParameter("--since goes with a LEAD_ID and --scorecard only")
        published_date(published)
        show_story(lead_story(published, lead_id, since, scorecard))
        return
    if ahead and facts:
        raise typer.BadParameter("give either --ahead or --set")
    question = Question(lead, scorecard, as_of, facts or [], ahead)
    told = answer(question, warehouse_path(warehouse), published)
    if in_json:
        print(as_json(document(told)))
    else:
        show_answer(told)


@app.command()
@for_people
def report(
    html: Annotated[
        Path | None, typer.Option(help="Write the whole report into this page.", dir_okay=False)
    ] = None,
    scorecard: Annotated[str | None, typer.Option(help="One scorecard only.")] = None,
    publish: Published = None,
) -> None:
    """Show what each rule does: rules without effect first, then who they fire for and decide on.

    The page tells more: points, who is won of those a rule fires for, and rules that are alike.
    """
    from leadscore.report import rule_report
    from leadscore.report.page import write_report
    from leadscore.report.terminal import show_report

    found = rule_report(published_path(publish), scorecard)
    show_report(found)
    if html:
        write_report(found, html)
        console.print(f"\nWrote {escape(str(html))}", soft_wrap=True)


@app.command()
@for_people
def whatif(
    rules: Annotated[
        Path,
        typer.Option(help="Folder of rule files to try.", exists=True, file_okay=False),
    ],
    html: Annotated[
        Path | None,
        typer.Option(help="Write a page with charts that needs no network.", dir_okay=False),
    ] = None,
    csv: Annotated[
        Path | None,
        typer.Option(help="Write a row per lead and scorecard that changes.", dir_okay=False),
    ] = None,
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print Markdown, for a review of the change.")
    ] = False,
    warehouse: Warehouse = None,
) -> None:
    """Score everybody with changed rules beside those of the last run, and show what differs.

    Who changes band, by which edit, and who of them was won or lost before. Writes nothing to the
    warehouse or the published database.
    """
    from leadscore.whatif import what_if
    from leadscore.whatif.display import markdown as markdown_of
    from leadscore.whatif.display import show_what_if

    with dbt_progress("Trying the rules") as run:
        found = what_if(warehouse_path(warehouse), rules, csv, run)
    if markdown:
        print(markdown_of(found), end="")
    else:
        show_what_if(found)
    if html:
        from leadscore.whatif.page import write_what_if

        write_what_if(html, found)
    for file in filter(None, (html, csv)):
        errors.print(f"Wrote {escape(str(file))}", soft_wrap=True)


@app.command()
@for_people
def forget(
    lead_id: Annotated[str, typer.Argument(help="Any lead of the person.")],
    rules: Rules = RULES,
    warehouse: Warehouse = None,
    publish: Published = None,
) -> None:
    """Remove a person from every table, file and published database, and prove it by a search.

    Leads merged into each other are one person. There is no way back.
    """
    from leadscore.database import only_run_on
    from leadscore.forget import forget as forget_person

    working, published = warehouse_path(warehouse), published_path(publish)
    with only_run_on(working), only_run_on(published), bar("Forgetting") as shown:
        forgotten = forget_person(
            lead_id,
            working,
            published,
            rules,
            lambda table: shown.update(shown.task_ids[0], now=table),
        )
    show_forgotten(forgotten)


@app.command()
@for_people
def thin(
    days: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="Days of history to keep whole; else the var history_full_days.",
        ),
    ] = None,
    warehouse: Warehouse = None,
    publish: Published = None,
) -> None:
    """Keep of the months of a longer history only the last day that was scored.

    Takes rows out of every table that holds several days, here and in the published database.
    """
    from leadscore.database import only_run_on
    from leadscore.thin import history_full_days
    from leadscore.thin import thin as thin_history

    working, published = warehouse_path(warehouse), published_path(publish)
    full_days = days or history_full_days()
    with only_run_on(working), only_run_on(published), bar("Thinning") as shown:
        thinned = thin_history(
            working, published, full_days, lambda table: shown.update(shown.task_ids[0], now=table)
        )
    show_thinned(thinned)


@app.command()
@for_people
def demo(warehouse: Warehouse = None, publish: Published = None) -> None:
    """Make a realistic CRM, score it, test it, publish it, and say what to look at next."""
    from leadscore.demo import make_crm, refuse_to_replace_data, show_results
    from leadscore.demo_data import DEMO_AS_OF

    working, published = warehouse_path(warehouse), published_path(publish)
    refuse_to_replace_data(working)
    run_build(make_crm(), RULES, [DEMO_AS_OF], working, published)
    show_results(published)
