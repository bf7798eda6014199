"""Conditions that no value can meet: out of the range of their field, or excluding each other."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from leadscore.check.conditions import (
    EXPLICIT,
    IMPLICIT,
    LIST_OPERATORS,
    LISTS,
    OPERATORS,
    Context,
    known_values,
    parser_of,
)
from leadscore.check.files import CONDITION
from leadscore.check.findings import normalise, quote
from leadscore.check.reach import Reach, reaches_of
from leadscore.check.tables import Row
from leadscore.check.values import Misfit, iso_date, number, truth

# What the numbers of a field can be, where that does not hang on rules.
RANGES: Mapping[str, Reach] = {
    "lead.completeness": Reach(0, 1),
    "lead.age": Reach(0, math.inf),
    "lead.experience_years": Reach(0, math.inf),
    "company.employee_count": Reach(0, math.inf),
    "company.annual_revenue": Reach(0, math.inf),
    "company.contact_count": Reach(0, math.inf),
}

_ANYTHING = (-math.inf, False, math.inf, False)  # from, whether without it, to, whether without it
_BOUNDS: Mapping[str, Callable[[float], tuple[float, bool, float, bool]]] = {
    "gt": lambda value: (value, True, math.inf, False),
    "gte": lambda value: (value, False, math.inf, False),
    "lt": lambda value: (-math.inf, False, value, True),
    "lte": lambda value: (-math.inf, False, value, False),
    "older_than_days": lambda days: (days, True, math.inf, False),
    "within_days": lambda days: (0, False, days, False),
}


@dataclass(frozen=True)
class Condition:
    """A condition that could be read.

    Attributes:
        row: where it stands.
        operator: how it compares.
        values: what it compares with: one value, the members of a list, or two ends.
    """

    row: Row
    operator: str
    values: tuple[object, ...]

    @property
    def bounds(self) -> tuple[float, bool, float, bool]:
        """The numbers that meet it; dates are counted in days, or in days of age."""
        if self.operator == "between":
            low, high = map(_as_number, self.values)
            return low, False, high, False
        if self.operator in _BOUNDS:
            return _BOUNDS[self.operator](_as_number(self.values[0]))
        return _ANYTHING

    @property
    def is_of_age(self) -> bool:
        """Whether it looks at how long ago a date is."""
        return self.operator in ("older_than_days", "within_days")

    def is_met_by(self, value: object) -> bool:
        """Whether a value meets it, or may."""
        if self.operator in ("equals", "in_list"):
            return value in self.values
        if self.operator in ("not_equals", "not_in_list"):
            return value not in self.values
        if isinstance(value, str) and self.operator in ("contains", "starts_with", "ends_with"):
            wanted = str(self.values[0])
            if self.operator == "contains":
                return wanted in value
            return value.startswith(wanted) if self.operator[0] == "s" else value.endswith(wanted)
        if isinstance(value, str) or self.is_of_age:
            return True
        return not _is_empty([self.bounds, (at := _as_number(value), False, at, False)])

    def __str__(self) -> str:
        """The condition as it is written."""
        return " ".join(self.row.texts("operator", "value")).strip()


def check_exclusions(context: Context) -> None:
    """The conditions of a rule leave some value of each field that they look at."""
    reaches = reaches_of(context)
    for file in (EXPLICIT, IMPLICIT, LISTS):
        noun = "list has no members" if file == LISTS else "rule never fires"
        for rows in context.tables[file].rules.values():
            fields: dict[str, list[Condition]] = {}
            for row in rows:
                condition = read_condition(context, row)
                if condition:
                    fields.setdefault(row.text("field"), []).append(condition)
            for name, conditions in fields.items():
                _check_field(context, name, conditions, _range_of(name, reaches), noun)


def _check_field(
    context: Context, name: str, conditions: list[Condition], limits: Reach | None, noun: str
) -> None:
    card = context.card(conditions[0].row.text("scorecard_id"))
    values = _values_of(context, name, conditions[0].row)
    for place, condition in enumerate(conditions):
        row = condition.row
        if not can_hold([condition], values, limits):
            # Words that a vocabulary lacks have been reported with the condition.
            if limits:
                message = f"{name} {condition} can never be: {name} is {limits}"
                context.report.warning(row, "value", f"{message}, so the {noun}")
            elif card and name in _ONLY_OF:
                message = f"{name} {condition} can never be: scorecard"
                message += f" {quote(card.text('scorecard_id'))} {_ONLY_OF[name]}"
                context.report.warning(row, "value", f"{message}, so the {noun}")
            return
        for other in conditions[:place]:
            if not can_hold([other, condition], values, limits):
                message = f"{name} {condition} excludes {other} on line {other.row.line}"
                context.report.warning(row, "operator", f"{message}, so the {noun}")
                return
    if not can_hold(conditions, values, limits):
        message = f"the conditions on {name} leave no value of it, so the {noun}"
        context.report.warning(conditions[-1].row, "operator", message)


def can_hold(
    conditions: Iterable[Condition], values: tuple[object, ...] = (), limits: Reach | None = None
) -> bool:
    """Whether some value of a field may meet all conditions.

    Args:
        conditions: conditions on one field.
        values: all values that it can have; nothing if they are not known.
        limits: what its numbers can be; None if that is open.
    """
    conditions = list(conditions)
    if any(condition.operator == "is_unknown" for condition in conditions):
        return all(condition.operator == "is_unknown" for condition in conditions)
    wanted = [each.values for each in conditions if each.operator in ("equals", "in_list")]
    candidates = min([*wanted, values] if values else wanted, key=len, default=())
    if candidates and not any(
        all(condition.is_met_by(value) for condition in conditions)
        and (not values or value in values)
        and (not limits or isinstance(value, str) or limits.low <= _as_number(value) <= limits.high)
        for value in candidates
    ):
        return False
    bounds = [condition.bounds for condition in conditions if not condition.is_of_age]
    if limits:
        bounds.append((limits.low, False, limits.high, False))
    ages = [condition.bounds for condition in conditions if condition.is_of_age]
    return not _is_empty(bounds) and not _is_empty(ages)


def read_condition(context: Context, row: Row) -> Condition | None:
    """The condition of a row, or None if there is none or it cannot be read."""
    name, operator, value = row.texts(*CONDITION)
    if not name or operator not in OPERATORS:
        return None
    entry = context.registry.find(name) if context.registry else None
    data_type = entry.data_type if entry else ""
    if operator in LIST_OPERATORS:
        members = context.members.get(value, [])
        values = tuple(_compared(member.text("value"), data_type) for member in members)
        return Condition(row, operator, values) if values else None
    if operator in ("is_known", "is_unknown", "matches"):
        return Condition(row, operator, ())
    try:
        meaning = parser_of(operator, data_type)(value)
    except Misfit:
        return None
    if isinstance(meaning, tuple):
        return Condition(row, operator, meaning)
    return Condition(row, operator, (normalise(meaning) if isinstance(meaning, str) else meaning,))


def _compared(text: str, data_type: str) -> object:
    """A text as values of that type compare."""
    parsers = {"number": number, "date": iso_date, "boolean": truth}
    try:
        return parsers.get(data_type, normalise)(text)
    except Misfit:
        return normalise(text)


# Fields that a scorecard itself holds to one value, and why.
_ONLY_OF = {
    "lead.is_customer": "leaves customers out (include_customers)",
    "lead.audience": "is of another audience",
}


def _values_of(context: Context, name: str, row: Row) -> tuple[object, ...]:
    card = context.card(row.text("scorecard_id"))
    if card and name == "lead.is_customer":
        return (True, False) if card.values.get("include_customers") else (False,)
    if card and name == "lead.audience" and card.text("audience"):
        return (card.text("audience"),)
    return tuple(map(normalise, known_values(context, name)))


def _range_of(name: str, reaches: Mapping[str, Mapping[str, Reach]]) -> Reach | None:
    stage, _, scorecard_id = name.partition(".")
    if stage == "rule_count":
        return Reach(0, math.inf)
    if stage in ("score", "fit", "engagement", "raw"):
        return reaches.get(scorecard_id, {}).get(stage)
    is_count = name.startswith("company.contact_count.")
    return RANGES["company.contact_count"] if is_count else RANGES.get(name)


def _as_number(value: object) -> float:
    if isinstance(value, date):
        return float(value.toordinal())
    return float(value) if isinstance(value, int | float) else math.nan


def _is_empty(bounds: Iterable[tuple[float, bool, float, bool]]) -> bool:
    """Whether no number is within all of some bounds."""
    bounds = [_ANYTHING, *bounds]
    low = max(bound[0] for bound in bounds)
    high = min(bound[2] for bound in bounds)
    excludes = any(
        (without_low and at_low == low) or (without_high and at_high == high)
        for at_low, without_low, at_high, without_high in bounds
    )
    return low > high or (low == high and excludes)
