"""Rules beside each other: that contradict or repeat one another, or are worth the wrong way."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from datetime import date
from itertools import combinations

from leadscore.check.conditions import EXPLICIT, IMPLICIT, Context
from leadscore.check.files import CONDITION
from leadscore.check.findings import normalise, quote
from leadscore.check.tables import Row, Table


def check_rivals(context: Context) -> None:
    """No two rules ask the same of the same scorecard at the same time."""
    for file in (EXPLICIT, IMPLICIT):
        asked: dict[Hashable, list[Row]] = {}
        for rows in _readable(context.tables[file]):
            asked.setdefault(_question(context, rows), []).append(rows[0])
        for first, row in (pair for rows in asked.values() for pair in _together(rows)):
            first_points, points = first.number("points") or 0.0, row.number("points") or 0.0
            effects = (first.values.get("effect"), row.values.get("effect"))
            awards = (first.values.get("award"), row.values.get("award"))
            other = f"{quote(first.text('rule_id'))} on line {first.line}"
            if points * first_points < 0:
                message = (
                    f"{row.text('points')} points for what {other} gives {first.text('points')};"
                    " drop one, or let them ask for different things"
                )
                context.report.warning(row, "points", message)
            elif set(effects) == {"veto", "fast_track"}:
                message = f"a {effects[1]} of whom {other} gives a {effects[0]}; the veto wins"
                context.report.warning(row, "effect", message)
            elif len({*effects}) == len({*awards}) == 1 and (points or effects[0] != "points"):
                message = (
                    f"rule {quote(row.text('rule_id'))} asks the same as {other}, so that both"
                )
                context.report.warning(row, "rule_id", f"{message} fire; make them one rule")


def _readable(table: Table) -> Iterator[list[Row]]:
    """The rows of each rule of which every cell could be read."""
    for rows in table.rules.values():
        if not any(row.is_wrong(column) for row in rows for column in row.cells):
            yield rows


def _together(rows: list[Row]) -> Iterator[tuple[Row, Row]]:
    """Pairs of different rules that are in force on the same day."""
    for first, row in combinations(rows, 2):
        if row.text("rule_id") != first.text("rule_id") and _is_in_force_with(row, first):
            yield first, row


def _is_in_force_with(row: Row, other: Row) -> bool:
    starts = [each.date("valid_from") or date.min for each in (row, other)]
    ends = [each.date("valid_to") or date.max for each in (row, other)]
    return max(starts) < min(ends)


def _question(context: Context, rows: list[Row]) -> Hashable:
    """What a rule asks for; equal for rules that fire for the same subjects."""
    conditions = frozenset(
        (name, operator, value if operator == "matches" else normalise(value))
        for name, operator, value in (row.texts(*CONDITION) for row in rows)
    )
    row = rows[0]
    card = context.card(row.text("scorecard_id"))
    window = row.number("window_days") or (card and card.number("lookback_days"))
    count = row.text("count_operator") or "at_least", row.text("event_count") or "1"
    return row.text("scorecard_id"), row.text("event_type"), conditions, count, window


def check_order(context: Context) -> None:
    """What counts for more in its category of events gives no fewer points."""
    plain: dict[tuple[str, str], list[Row]] = {}
    for row, *_ in _readable(context.tables[IMPLICIT]):
        event_type = context.event_types.get(row.text("event_type"))
        asks_more = row.text("field") or row.text("count_operator") or row.text("event_count")
        if event_type and event_type.rank is not None and not asks_more:
            plain.setdefault((row.text("scorecard_id"), event_type.category), []).append(row)
    for rows in plain.values():
        for row in rows:
            weaker = [
                other
                for other in rows
                if _rank(context, other) < _rank(context, row)
                and _is_in_force_with(row, other)
                and _best_points(rows, row) < (other.number("points") or 0.0)
            ]
            if weaker:
                best = max(weaker, key=lambda other: other.number("points") or 0.0)
                message = (
                    f"{row.text('points')} points for {row.text('event_type')} are less than the"
                    f" {best.text('points')} for {best.text('event_type')} on line {best.line},"
                    " which counts for less (event_types.csv)"
                )
                context.report.warning(row, "points", message)


def _rank(context: Context, row: Row) -> float:
    return context.event_types[row.text("event_type")].rank or 0.0


def _best_points(rows: list[Row], row: Row) -> float:
    """The most points that a rule on the same events gives while this one is in force."""
    return max(
        other.number("points") or 0.0
        for other in rows
        if other.text("event_type") == row.text("event_type") and _is_in_force_with(row, other)
    )
