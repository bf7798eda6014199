"""The rule report in short, on the terminal."""

from rich.markup import escape
from rich.table import Table

from leadscore.display import console, table_of
from leadscore.pages import percent
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
        console.print(most_deciding(scorecard))


def most_deciding(scorecard: Scorecard) -> Table:
    """Returns the rules of a scorecard that decide the bands of most, and who of those is won."""
    deciding = [rule for rule in scorecard.rules if rule.decided_count]
    deciding.sort(key=lambda rule: (-rule.decided_count, rule.rule_id))
    columns = ["rule", "fires for", "share", "decides"]
    lines: list[tuple[object, ...]] = [
        (
            rule.rule_id,
            rule.statistics["subjects_matched"],
            percent(rule.statistics["share_matched"]),
            rule.decided_count,
            rule.verdict,
        )
        for rule in deciding[:MOST]
    ]
    won = f"{scorecard.subjects_won:,} won"
    if scorecard.has_enough_won:
        columns.append("who is won")
    else:
        won += " (says nothing yet)"
        lines = [line[:-1] for line in lines]
    table = table_of(
        f"{escape(scorecard.scorecard_id)}: {scorecard.subjects_scored:,} {scorecard.subjects},"
        f" {won}; rules that decide the bands of most",
        columns,
        lines,
    )
    table.columns[0].overflow = "fold"
    return table
