"""Checks of rules that need several rows or several files to agree."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date

from leadscore.check.conditions import EXPLICIT, IMPLICIT, Context
from leadscore.check.findings import did_you_mean, known_are, quote
from leadscore.check.tables import Row

FEWEST_RULES = 5


def check_scorecards_exist(context: Context) -> None:
    """Every scorecard that a file speaks of is in scorecards.csv."""
    known = context.known("scorecards.csv", "scorecard_id")
    if known is None:
        return
    for file, table in context.tables.items():
        for row in table.rows if file != "scorecards.csv" else ():
            scorecard_id = row.text("scorecard_id")
            if scorecard_id and scorecard_id not in known:
                hint = did_you_mean(scorecard_id, known) or known_are(known)
                message = f"unknown scorecard {quote(scorecard_id)}{hint}"
                context.report.error(row, "scorecard_id", message)


def check_explicit_points(context: Context) -> None:
    """Rules that give points have some; vetoes and fast tracks have none."""
    for row in context.tables[EXPLICIT].rows:
        effect, points = row.values.get("effect"), row.number("points")
        if effect == "points" and not row.text("points"):
            message = "points is blank; a rule with effect points needs some, if only 0"
            context.report.error(row, "points", message)
        elif effect in ("veto", "fast_track") and points:
            message = f"a {effect} has no points, got {quote(row.text('points'))}; write 0"
            context.report.warning(row, "points", message)


def check_counts(context: Context) -> None:
    """count_operator and event_count make sense together; blank means at_least 1."""
    for row in context.tables[IMPLICIT].rows:
        operator, count = row.text("count_operator") or "at_least", row.text("event_count")
        if operator == "at_least" and row.number("event_count") == 0:
            message = "at_least 0 counts as at_least 1; write that, or exactly 0 for no such event"
            context.report.warning(row, "event_count", message)
        elif operator != "at_least" and not count and not row.is_wrong("count_operator"):
            message = f"event_count is blank and counts as 1, so {operator} 1; write what is meant"
            context.report.warning(row, "event_count", message)
        if row.values.get("award") == "once" and row.text("max_per_day"):
            message = "max_per_day limits award each only, and this rule counts once; drop it"
            context.report.warning(row, "max_per_day", message)


def check_event_types(context: Context) -> None:
    """Event types are open, but one letter away from a known one is a slip."""
    for row in context.tables[IMPLICIT].rows:
        event_type = row.text("event_type")
        if event_type and event_type != "*" and event_type not in context.event_types:
            hint = did_you_mean(event_type, context.event_types, cutoff=0.85)
            if hint:
                message = f"event type {quote(event_type)} is not in event_types.csv{hint}"
                context.report.warning(row, "event_type", message)


def check_labels(context: Context) -> None:
    """A reason without words helps nobody."""
    label = "say the reason in words, for scores are explained by it"
    advised = (
        (EXPLICIT, "label", label),
        (IMPLICIT, "label", label),
        ("overrides.csv", "reason", "say why the score is set by hand"),
        ("overrides.csv", "author", "say who set the score"),
    )
    for file, column, advice in advised:
        for row in context.tables[file].rows:
            if column in row.cells and not row.text(column):
                context.report.warning(row, column, f"{column} is blank; {advice}")


def check_rule_ids(context: Context) -> None:
    """A rule_id is one rule: on one axis, and of one scorecard, at least at a time."""
    first_rows: dict[str, Row] = {}
    for file in (EXPLICIT, IMPLICIT):
        for row in context.tables[file].rows:
            rule_id, scorecard_id = row.texts("rule_id", "scorecard_id")
            if not rule_id:
                continue
            first = first_rows.setdefault(rule_id, row)
            where = f"{first.file}:{first.line}"
            if first.file != file:
                message = f"rule {quote(rule_id)} is in {where} too; rename one"
                context.report.error(row, "rule_id", message)
                first_rows[rule_id] = row
            elif scorecard_id != first.text("scorecard_id") and scorecard_id:
                message = (
                    f"rule {quote(rule_id)} is of scorecard {quote(first.text('scorecard_id'))}"
                    f" in {where}; give it another rule_id for {quote(scorecard_id)}"
                )
                is_version = row.text("valid_from") != first.text("valid_from")
                report = context.report.warning if is_version else context.report.error
                report(row, "scorecard_id", message)


def check_cases(context: Context) -> None:
    """Names that lists ask for do not differ in their case alone, for fields have none."""
    for file, column in (
        ("scorecards.csv", "scorecard_id"),
        (EXPLICIT, "rule_id"),
        (IMPLICIT, "rule_id"),
    ):
        first_rows: dict[str, Row] = {}
        for name, row in context.tables[file].names(column).items():
            first = first_rows.setdefault(name.lower(), row)
            if first is not row:
                message = (
                    f"{column} {quote(name)} differs from {quote(first.text(column))} on line"
                    f" {first.line} in its case only; write both alike, or give one another name"
                )
                context.report.error(row, column, message)


def check_versions(context: Context) -> None:
    """On any day, a rule and an override have one version in force."""
    things = ((EXPLICIT, ("rule_id",), "rule"), (IMPLICIT, ("rule_id",), "rule"))
    overrides = ("overrides.csv", ("lead_id", "scorecard_id"), "override of lead")
    for file, columns, noun in (*things, overrides):
        versions: dict[tuple[str, ...], dict[str, Row]] = defaultdict(dict)
        for row in context.tables[file].rows:
            is_dated = not (row.is_wrong("valid_from") or row.is_wrong("valid_to"))
            is_never = row.text("valid_from") and row.text("valid_from") == row.text("valid_to")
            if row.text(columns[0]) and is_dated and not is_never:
                versions[row.texts(*columns)].setdefault(row.text("valid_from"), row)
        for key, rows in versions.items():
            _check_overlaps(context, f"{noun} {quote(key[0])}", rows.values())


def _check_overlaps(context: Context, what: str, rows: Iterable[Row]) -> None:
    ordered = sorted(rows, key=lambda row: row.date("valid_from") or date.min)
    longest = ordered[0]
    for row in ordered[1:]:
        start, end = row.date("valid_from") or date.min, longest.date("valid_to") or date.max
        if start < end:
            message = (
                f"this version of {what} begins before the one on line {longest.line} ends;"
                f" end that one with valid_to {start}"
            )
            if not longest.text("valid_from"):
                message += ", or give it the same valid_from if both are rows of one rule"
            context.report.error(row, "valid_from", message)
        if (row.date("valid_to") or date.max) > end:
            longest = row


def check_balance(context: Context) -> None:
    """A scorecard has enough rules of both signs to tell leads apart."""
    files = (context.tables[EXPLICIT], context.tables[IMPLICIT])
    if any(table.misshapen or not table.is_whole for table in files):
        return
    adding: dict[str, set[str]] = defaultdict(set)
    subtracting: dict[str, set[str]] = defaultdict(set)
    for row in (row for table in files for row in table.rows):
        points, (scorecard_id, rule_id) = row.number("points"), row.texts("scorecard_id", "rule_id")
        if points:
            (adding if points > 0 else subtracting)[scorecard_id].add(rule_id)
    composites = context.tables["composites.csv"].names("scorecard_id")
    for scorecard_id, row in context.tables["scorecards.csv"].names("scorecard_id").items():
        if scorecard_id in composites:
            continue
        plus, minus = len(adding[scorecard_id]), len(subtracting[scorecard_id])
        if min(plus, minus) < FEWEST_RULES:
            message = (
                f"scorecard {quote(scorecard_id)} has {plus} rules that add and {minus} that"
                f" subtract points; {FEWEST_RULES} of each tell leads apart well"
            )
            context.report.warning(row, "scorecard_id", message)
