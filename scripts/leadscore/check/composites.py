"""Checks of composites.csv: what a composite scorecard may be made of."""

from __future__ import annotations

from leadscore.check.conditions import EXPLICIT, IMPLICIT, Context
from leadscore.check.findings import did_you_mean, known_are, quote

COMPOSITES = "composites.csv"


def check_composites(context: Context) -> None:
    """Components exist, are no composites, and score the same or the company of the same."""
    table = context.tables[COMPOSITES]
    composites = table.names("scorecard_id")
    known = context.known("scorecards.csv", "scorecard_id")
    cards = context.tables["scorecards.csv"].names("scorecard_id")
    for row in table.rows:
        scorecard_id, component = row.texts("scorecard_id", "component")
        if not component or known is None:
            continue
        card, part = cards.get(scorecard_id), cards.get(component)
        if component not in known:
            hint = did_you_mean(component, known) or known_are(known)
            message = f"unknown scorecard {quote(component)}{hint}"
            context.report.error(row, "component", message)
        elif component in composites:
            message = (
                f"{quote(component)} is a composite (line {composites[component].line}), and"
                " composites are made of scorecards with rules; name its components instead"
            )
            context.report.error(row, "component", message)
        elif card and part and card.text("subject") == "company" != part.text("subject"):
            message = (
                f"{quote(component)} scores leads, and {quote(scorecard_id)} companies;"
                " name a scorecard of companies"
            )
            context.report.error(row, "component", message)
        if row.number("weight") == 0:
            message = "weight 0 takes nothing of the component; drop the row or give it a weight"
            context.report.warning(row, "weight", message)


def check_composites_have_no_rules(context: Context) -> None:
    """Rules of a composite would never fire."""
    composites = context.tables[COMPOSITES].names("scorecard_id")
    for file in (EXPLICIT, IMPLICIT):
        for row in context.tables[file].rows:
            scorecard_id = row.text("scorecard_id")
            if scorecard_id in composites:
                message = (
                    f"{quote(scorecard_id)} is a composite ({COMPOSITES}:"
                    f"{composites[scorecard_id].line}) and has no rules of its own;"
                    " give the rule to one of its components"
                )
                context.report.error(row, "scorecard_id", message)
