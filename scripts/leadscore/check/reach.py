"""How far the points of rules can reach, and the limits and bands beyond."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from leadscore.check.conditions import EXPLICIT, IMPLICIT, Context
from leadscore.check.findings import quote
from leadscore.check.tables import Row

AXES = {EXPLICIT: "fit", IMPLICIT: "engagement"}


class Reach(NamedTuple):
    """The least and the most that points can come to."""

    low: float
    high: float

    def __str__(self) -> str:
        """In words, such as ``0 to 100`` or ``0 or more``."""
        if math.isinf(self.high):
            return f"{self.low:g} or more"
        return f"{self.low:g} to {self.high:g}" if self.low < self.high else f"{self.low:g}"


NOTHING = Reach(0, 0)


def total(reaches: Iterable[Reach]) -> Reach:
    """What several things reach together."""
    listed = list(reaches)
    return Reach(sum(each.low for each in listed), sum(each.high for each in listed))


def clipped(reach: Reach, low: float | None, high: float | None) -> Reach:
    """What is left of a reach between two ends, either of which may be open."""
    least, most = -math.inf if low is None else low, math.inf if high is None else high
    return Reach(*(min(max(end, least), most) for end in reach))


def limited(reach: Reach, limit: Row | None) -> Reach:
    """What a limit leaves, if there is one; without any points, there is nothing to limit."""
    if limit is None:
        return reach
    left = clipped(reach, limit.number("min_points"), limit.number("max_points"))
    return Reach(min(left.low, 0), max(left.high, 0))


class Points:
    """What the rules of a scorecard can come to, as far as the files tell.

    Attributes:
        groups: by axis and group, what each rule reaches.
        limits: by axis and group (blank: the axis), the row of score_limits.csv.
    """

    def __init__(self, card: Row) -> None:
        """Take the row of a scorecard."""
        self.card = card
        self.groups: dict[tuple[str, str], dict[str, Reach]] = defaultdict(dict)
        self.limits: dict[tuple[str, str], Row] = {}

    def add(self, row: Row) -> None:
        """Take a version of a rule; of versions one is in force, so the farthest counts."""
        rules = self.groups[AXES[row.file], row.text("rule_group")]
        most = most_points(row, self.card)
        before = rules.get(row.text("rule_id"), NOTHING)
        rules[row.text("rule_id")] = Reach(min(before.low, most), max(before.high, most))

    def of_group(self, axis: str, group: str, without: str = "") -> Reach:
        """What a group reaches, perhaps without one of its rules."""
        rules = self.groups.get((axis, group), {})
        reach = total(reach for rule_id, reach in rules.items() if rule_id != without)
        return limited(reach, self.limits.get((axis, group)) if group else None)

    def of_axis(self, axis: str) -> Reach:
        """What an axis reaches."""
        groups = (self.of_group(*key) for key in self.groups if key[0] == axis)
        return limited(total(groups), self.limits.get((axis, "")))

    @property
    def by_measure(self) -> dict[str, Reach]:
        """What the axes, the score before its floor and ceiling, and the score reach."""
        fit, engagement = self.of_axis("fit"), self.of_axis("engagement")
        raw = total((fit, engagement))
        score = clipped(raw, self.card.number("floor"), self.card.number("ceiling"))
        return {"fit": fit, "engagement": engagement, "raw": raw, "score": score}


def most_points(row: Row, card: Row) -> float:
    """The most that a rule can give, or the least if it takes."""
    points = row.number("points") or 0.0
    if row.file == EXPLICIT:
        return points if row.values.get("effect") == "points" else 0.0
    times = 1.0
    if row.values.get("award") == "each" and points:
        times = math.inf
        window = row.number("window_days") or card.number("lookback_days")
        per_day, count = row.number("max_per_day"), row.number("event_count")
        if window and per_day:
            times = window * per_day
        if row.text("count_operator") in ("exactly", "at_most"):
            times = min(times, max(1.0, 1.0 if count is None else count))
    most = points * times
    limit = row.number("max_points")
    return most if limit is None else math.copysign(min(abs(most), abs(limit)), points)


def points_of(context: Context) -> dict[str, Points]:
    """The points of each scorecard whose rules could all be read; those without rules left out."""
    tables = [context.tables[file] for file in AXES]
    limits = context.tables["score_limits.csv"]
    if any(table.misshapen or not table.is_whole for table in (*tables, limits)):
        return {}
    cards = context.tables["scorecards.csv"].names("scorecard_id")
    found: dict[str, Points] = {}
    unclear = set()
    for table in tables:
        for row in table.rows:
            scorecard_id = row.text("scorecard_id")
            if scorecard_id in cards:
                found.setdefault(scorecard_id, Points(cards[scorecard_id])).add(row)
            if any(map(row.is_wrong, row.cells)) or not row.text("rule_id"):
                unclear.add(scorecard_id)
    for row in limits.rows:
        if any(map(row.is_wrong, row.cells)):
            unclear.add(row.text("scorecard_id"))
        elif row.text("scorecard_id") in found:
            key = (row.text("axis"), row.text("rule_group"))
            found[row.text("scorecard_id")].limits[key] = row
    return {scorecard_id: found[scorecard_id] for scorecard_id in found.keys() - unclear}


def reaches_of(context: Context) -> Mapping[str, Mapping[str, Reach]]:
    """What each scorecard can reach, by its id in lower case and measure."""
    return {name.lower(): points.by_measure for name, points in points_of(context).items()}


def check_cut_points(context: Context) -> None:
    """The points of one rule fit into the limits of its group and its axis."""
    for points in points_of(context).values():
        for (axis, group), limit in points.limits.items():
            _check_limit(context, points, axis, group, limit)


def _check_limit(context: Context, points: Points, axis: str, group: str, limit: Row) -> None:
    scope = f"group {quote(group)}" if group else f"the axis {axis}"
    file = next(file for file, its_axis in AXES.items() if its_axis == axis)
    rows = [
        row
        for row, *_ in context.tables[file].rules.values()
        if row.text("scorecard_id") == points.card.text("scorecard_id")
        and (not group or row.text("rule_group") == group)
    ]
    for column, sign in (("max_points", 1), ("min_points", -1)):
        end = limit.number(column)
        if end is None or sign * end < 0:
            continue
        giving = [row for row in rows if sign * (row.number("points") or 0) > 0]
        too_far = [row for row in giving if _is_cut(points, axis, group, row, sign, sign * end)]
        verb = "adds" if sign > 0 else "takes"
        if len(too_far) == len(giving) and len({row.text("rule_id") for row in giving}) > 1:
            message = f"every rule of {scope} that {verb} points passes its {column}"
            message += f" {limit.text(column)}, alone; raise the limit or lower the points"
            context.report.warning(limit, column, message)
            continue
        for row in too_far:
            message = (
                f"points {row.text('points')} alone pass the {column} {limit.text(column)} of"
                f" {scope} (score_limits.csv:{limit.line}), which cuts the rest"
            )
            context.report.warning(row, "points", message)


def _is_cut(points: Points, axis: str, group: str, row: Row, sign: int, end: float) -> bool:
    """Whether one award of a rule passes a limit whatever the other rules do."""
    own_group, rule_id = row.text("rule_group"), row.text("rule_id")
    award = min(sign * (row.number("points") or 0.0), sign * most_points(row, points.card))
    if group:
        rules = points.groups[axis, group]
        others = total(reach for other, reach in rules.items() if other != rule_id)
    else:
        own_limit = points.limits.get((axis, own_group)) if own_group else None
        most = own_limit.number("max_points" if sign > 0 else "min_points") if own_limit else None
        award = award if most is None else min(award, sign * most)
        groups = [name for its_axis, name in points.groups if its_axis == axis]
        others = total(
            points.of_group(axis, name, rule_id if name == own_group else "") for name in groups
        )
    against = others.low if sign > 0 else -others.high
    return award + against > end


def check_reached_bands(context: Context) -> None:
    """Somebody may come into every band."""
    reaches = reaches_of(context)
    cards = context.tables["scorecards.csv"].names("scorecard_id")
    for row in context.tables["bands.csv"].rows:
        card, measure = cards.get(row.text("scorecard_id")), row.text("measure")
        lower, upper = row.number("lower"), row.number("upper")
        if card is None or lower is None or upper is None:
            continue
        floor, ceiling = card.number("floor"), card.number("ceiling")
        reach = reaches.get(row.text("scorecard_id").lower(), {}).get(measure)
        if reach is None and measure == "score" and floor is not None and ceiling is not None:
            reach = Reach(floor, ceiling)
        if reach and (upper < reach.low - 0.5 or lower > reach.high + 0.5):
            message = f"band {quote(row.text('band'))} is out of reach: {measure} goes from {reach}"
            context.report.warning(row, "band", message)
