"""The rule report in short, on the terminal."""

from rich.markup import escape
from rich.table import Table

from leadscore.display import console, table_of
from leadscore.pages import count, percent
from leadscore.report import RuleReport, Scorecard
from leadscore.report.page import OBSTACLES

MOST = 5


def show_report(report: RuleReport) -> None:
    """Prints the rules that tell nobody apart, and of each scorecard those that decide most."""
    if report.never_fired:
        lines = [
            (
                row["rule_id"],
                row["scorecard_id"],
                ": ".join(filter(None, (row["cause"], OBSTACLES[row["obstacle"]]))),
            )
            for row in report.never_fired
        ]
        console.print(table_of("Never fired", ["rule", "scorecard", "why"], lines))
    if report.always_fired:
        always = [(row["rule_id"], row["scorecard_id"]) for row in report.always_fired]
        console.print(table_of("Always fired", ["rule", "scorecard"], always))
    if not report.without_effect:
        console.print("Every rule fires for somebody, and none for everybody.")
    for scorecard in report.scorecards:
        won = f"{scorecard.subjects_won:,} won"
        if not scorecard.has_enough_won:
            won += ", which says nothing yet"
        console.print(
            f"\n[bold]{escape(scorecard.scorecard_id)}[/]  {scorecard.subjects_scored:,}"
            f" {scorecard.subjects}, {won}",
            soft_wrap=True,
        )
        show_most_deciding(scorecard)


def show_most_deciding(scorecard: Scorecard) -> None:
    """Prints the rules that decide the bands of most, and who is won of those they fire for."""
    deciding = [rule for rule in scorecard.rules if rule.decided_count]
    deciding.sort(key=lambda rule: (-rule.decided_count, rule.rule_id))
    if not deciding:
        console.print("  No rule decides a band.")
        return
    table = Table(box=None, padding=(0, 2, 0, 2), header_style="dim")
    table.add_column("decide most bands", overflow="fold")
    table.add_column("bands", justify="right")
    table.add_column("fires for", justify="right")
    table.add_column("share", justify="right")
    table.add_column("who is won")
    for rule in deciding[:MOST]:
        table.add_row(
            escape(rule.rule_id),
            count(rule.decided_count),
            count(rule.statistics["subjects_matched"]),
            percent(rule.statistics["share_matched"]),
            rule.verdict if scorecard.has_enough_won else "",
        )
    console.print(table)
