"""What a ledger tells beyond its lines: what limits cut, what fades, what would lift the lead.

All of it follows from stored lines and the rules in force. What a line will be on a day to come
depends on the days of its events, which are not stored with it: what is said here is the day by
which it has halved or gone at the latest. Scoring the days to come says it exactly (ahead.py).
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from leadscore.database import Row
from leadscore.explain.reading import Explanation

NOTHING = Decimal("0.00005")
"""Points that round to 0.0000: a line that has come to less is left out."""

FEWEST_SHOWN = 3


@dataclass(frozen=True)
class Cut:
    """A limit that changes something.

    Attributes:
        line: its ledger line.
        before: points of the group, axis or score without it.
        after: points with it.
    """

    line: Row
    before: Decimal
    after: Decimal


@dataclass(frozen=True)
class Fading:
    """A ledger line that loses its points if nothing more happens.

    Attributes:
        line: the ledger line.
        half_life_days: days in which its points halve; None if they only end.
        half_by: the day by which half of it is gone, at the latest; None if unknown or never.
        gone_by: the day by which all of it is gone, at the latest; None if unknown or never.
    """

    line: Row
    half_life_days: float | None
    half_by: date | None
    gone_by: date | None


@dataclass(frozen=True)
class Step:
    """Something that would give points.

    Attributes:
        rule: the rule that would fire: its row of audit.rules_in_force.
        points: what its line would gain, before limits.
        field: the unknown field that it asks for; None if the lead would have to do something.
        event_count: how many events it takes; None for a field.
    """

    rule: Row
    points: Decimal
    field: str | None
    event_count: int | None


@dataclass(frozen=True)
class Lift:
    """What would lift a lead to the next band.

    Attributes:
        band: the band.
        lower_score: the score from which it is that band.
        points_needed: what raw_points lack.
        singles: steps of which each alone is enough, the smallest first.
        together: the fewest steps that are enough together; empty where one is, or none are.
        best_score: the score that all steps together would make; None without any.
        full: groups and axes at their most points, which give nothing more: name and that limit.
    """

    band: str
    lower_score: int
    points_needed: Decimal
    singles: list[Step]
    together: list[Step]
    best_score: int | None
    full: list[tuple[str, Decimal]]


def cuts(explanation: Explanation) -> list[Cut]:
    """Returns the limits that change something, in the order in which they do."""
    found = []
    earlier: list[Row] = []
    for line in explanation.lines:
        if line["line_type"] != "rule":
            before = sum((e["points"] for e in earlier if is_below(e, line)), Decimal(0))
            found.append(Cut(line, before, before + line["points"]))
        earlier.append(line)
    return found


def is_below(line: Row, limit: Row) -> bool:
    """Tells whether a line counts in the sum that a limit bounds."""
    if limit["line_type"] == "score_limit":
        return True
    is_same_axis: bool = line["axis"] == limit["axis"]
    if limit["line_type"] == "axis_limit":
        return is_same_axis
    return is_same_axis and line["rule_group"] == limit["rule_group"]


def fadings(explanation: Explanation) -> list[Fading]:
    """Returns the lines that lose points by the passing of days alone, in the order of the ledger.

    Lines of rules that fire for few events or none are left out: with time they come, not go.
    """
    rules = {rule["rule_id"]: rule for rule in explanation.rules}
    today: date = explanation.score["as_of_date"]
    found = []
    for line in explanation.lines:
        rule = rules.get(line["rule_id"])
        if not (rule and line["points"] and line["last_event_date"] and rule["required_count"]):
            continue
        half_by, gone_by = fading_days(line, rule, today)
        if half_by or gone_by or rule["half_life_days"]:
            found.append(Fading(line, rule["half_life_days"], half_by, gone_by))
    return found


def fading_days(line: Row, rule: Row, today: date) -> tuple[date | None, date | None]:
    """Returns the days by which half of a line, and all of it, are gone at the latest.

    A line at the most points of its rule may stand for more than it shows: when decay will halve it
    is unknown, and when it will have taken all, too, unless the rule counts one event only.
    """
    half_life: float | None = rule["half_life_days"]
    shown = abs(line["points"])
    is_at_most = rule["max_points"] is not None and shown >= rule["max_points"]
    ends = []
    if rule["window_days"] is not None:
        ends.append(line["last_event_date"] + timedelta(days=rule["window_days"]))
    if half_life and rule["award"] == "once":
        ends.append(line["last_event_date"] + days_to_nothing(abs(rule["points"]), half_life))
    elif half_life and not is_at_most:
        ends.append(today + days_to_nothing(shown + NOTHING, half_life))
    gone_by = min(ends, default=None)
    half_by = today + timedelta(math.ceil(half_life)) if half_life and not is_at_most else None
    return (half_by if half_by and (not gone_by or half_by < gone_by) else None), gone_by


def days_to_nothing(points: Decimal, half_life_days: float) -> timedelta:
    """Returns the days after which decayed points are written as 0.0000."""
    return timedelta(math.floor(half_life_days * math.log2(points / NOTHING)) + 1)


def lift(explanation: Explanation) -> Lift | None:
    """Returns what would lift a lead to the next band; None where there is none.

    Steps are unknown fields that could bring points, and things that the lead may do today.
    """
    band = explanation.next_band
    if band is None:
        return None
    limits = Limits.of(explanation)
    raw = limits.points([])
    lower = band["lower_score"]
    found = steps(explanation)
    singles = [step for step in found if whole(limits.points([step])) >= lower]
    singles.sort(key=lambda step: (step.points, step.rule["rule_id"]))
    together = [] if singles else fewest(found, limits, lower)
    return Lift(
        band=band["band"],
        lower_score=lower,
        points_needed=lower - Decimal("0.5") - raw,
        singles=singles[:FEWEST_SHOWN],
        together=together,
        best_score=whole(limits.points(found)) if found else None,
        full=limits.full(),
    )


def steps(explanation: Explanation) -> list[Step]:
    """Returns what would give points: facts to learn, and things that the lead may do again."""
    rules = {rule["rule_id"]: rule for rule in explanation.rules}
    lines = {line["rule_id"]: line["points"] for line in explanation.lines if line["rule_id"]}
    found = {
        gap["rule_id"]: Step(rules[gap["rule_id"]], gap["points_at_stake"], gap["field"], None)
        for gap in reversed(explanation.gaps)
    }
    for rule_id, rule in rules.items():
        if rule["points"] > 0 and rule["required_count"]:
            count = 1 if rule_id in lines else rule["required_count"]
            before = lines.get(rule_id, Decimal(0))
            after = rule["points"] if rule["award"] == "once" else before + count * rule["points"]
            if rule["max_points"] is not None:
                after = min(after, rule["max_points"])
            if after > before:
                found[rule_id] = Step(rule, after - before, None, count)
    return list(found.values())


def fewest(found: list[Step], limits: "Limits", lower: int) -> list[Step]:
    """Returns the fewest steps that together reach a score, or none if all of them do not.

    Of steps in one group, limits take from the later ones: always taking the one that gives most
    is best.
    """
    taken: list[Step] = []
    rest = sorted(found, key=lambda step: (-step.points, step.rule["rule_id"]))
    points = limits.points([])
    while whole(points) < lower and rest:
        best = max(rest, key=lambda step: limits.points([*taken, step]))
        if limits.points([*taken, best]) <= points:
            return []
        points = limits.points([*taken, best])
        taken.append(best)
        rest.remove(best)
    return taken


@dataclass(frozen=True)
class Limits:
    """The sums of a ledger under the limits of its groups and axes.

    Attributes:
        sums: points of rules by axis and group.
        bounds: fewest and most points by axis and group; of an axis by axis and None.
        fixed: by axis, what limits give to groups of which there is no rule.
    """

    sums: dict[tuple[str, str | None], Decimal]
    bounds: dict[tuple[str, str | None], tuple[Decimal | None, Decimal | None]]
    fixed: dict[str, Decimal]

    @classmethod
    def of(cls, explanation: Explanation) -> "Limits":
        """Returns the sums of a ledger, with groups that have no line yet."""
        limits = cls({}, {}, {"fit": Decimal(0), "engagement": Decimal(0)})
        for rule in explanation.rules:
            axis, group = rule["axis"], rule["rule_group"]
            limits.sums[axis, group] = Decimal(0)
            limits.bounds[axis, None] = rule["axis_min_points"], rule["axis_max_points"]
            if group is not None:
                limits.bounds[axis, group] = rule["group_min_points"], rule["group_max_points"]
        for line in explanation.lines:
            key = line["axis"], line["rule_group"]
            if line["line_type"] == "rule":
                limits.sums[key] += line["points"]
            elif line["line_type"] == "group_limit" and key not in limits.sums:
                limits.fixed[line["axis"]] += line["points"]
        return limits

    def points(self, taken: Iterable[Step]) -> Decimal:
        """Returns raw_points after some steps: groups and axes limited, the whole score not."""
        sums = dict(self.sums)
        for step in taken:
            sums[step.rule["axis"], step.rule["rule_group"]] += step.points
        axes = dict(self.fixed)
        for (axis, group), points in sums.items():
            axes[axis] += points if group is None else self.limited(points, axis, group)
        return sum((self.limited(points, axis, None) for axis, points in axes.items()), Decimal(0))

    def limited(self, points: Decimal, axis: str, group: str | None) -> Decimal:
        """Returns the points of a group, or of an axis, within its limits."""
        least, most = self.bounds.get((axis, group), (None, None))
        if least is not None and points < least:
            return least
        return most if most is not None and points > most else points

    def full(self) -> list[tuple[str, Decimal]]:
        """Returns the groups, then the axes, that are at their most points."""
        found = []
        axes = dict(self.fixed)
        for (axis, group), points in self.sums.items():
            most = self.bounds.get((axis, group), (None, None))[1]
            axes[axis] += points if group is None else self.limited(points, axis, group)
            if group is not None and most is not None and most > 0 and points >= most:
                found.append((f"group {group}", most))
        for axis, points in axes.items():
            most = self.bounds.get((axis, None), (None, None))[1]
            if most is not None and points >= most:
                found.append((f"axis {axis}", most))
        return found


def whole(points: Decimal) -> int:
    """Returns points as a score, halves rounded away from zero."""
    return int(points.quantize(Decimal(1), rounding=ROUND_HALF_UP))


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
    return said
