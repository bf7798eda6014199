"""The rule report in short, on the terminal."""

from rich.markup import escape

from leadscore.display import console, table_of
from leadscore.pages import percent
from leadscore.report import RuleReport
from leadscore.report.page import OBSTACLES

MOST = 5


def show_report(report: RuleReport) -> None:
    """Prints the rules that tell nobody apart, and of each scorecard those that decide most."""
    if report.never_fired:
        lines = [
            (
                row["rule_id"],
                row["scorecard_id"],
                f"{row['cause']}: {OBSTACLES[row['obstacle']]}" if row["obstacle"] else "not known",
            )
            for row in report.never_fired
        ]
        console.print(table_of("Never fired", ["rule", "scorecard", "why"], lines))
    if report.always_fired:
        always = [(row["rule_id"], row["scorecard_id"]) for row in report.always_fired]
        console.print(table_of("Always fired", ["rule", "scorecard"], always))
    if not report.without_effect:
        console.print("Every rule fires for somebody, and none for everybody.")
    columns = ["rule", "fires for", "share", "decides the band of", "who is won"]
    for scorecard in report.scorecards:
        deciding = [rule for rule in scorecard.rules if rule.decided_count]
        deciding.sort(key=lambda rule: (-rule.decided_count, rule.rule_id))
        most = [
            (
                rule.rule_id,
                rule.statistics["subjects_matched"],
                percent(rule.statistics["share_matched"]),
                rule.decided_count,
                rule.verdict,
            )
            for rule in deciding[:MOST]
        ]
        title = (
            f"{escape(scorecard.scorecard_id)}: {scorecard.subjects_scored:,}"
            f" {scorecard.subjects}, {scorecard.subjects_won:,} won; the rules that decide most"
        )
        console.print(table_of(title, columns, most))
