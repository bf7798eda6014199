"""The rules of the benchmark as the alternatives read them: parsed once, by plain Python.

Only what the benchmark's rules use is here: one scorecard for leads, conditions of events that are
patterns of text. The project itself needs none of it.
"""

import csv
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

# 80 explicit and 60 implicit rules of one scorecard, in the headers of the contract.
RULES = Path(__file__).with_name("rules")
EVENT_FIELDS = (
    "channel",
    "page",
    "page_group",
    "content_stage",
    "content_topic",
    "campaign_id",
    "content_id",
)


@dataclass(frozen=True)
class Condition:
    """One condition of a rule, its values as the columns that it is compared with hold them.

    Attributes:
        field: the registered name, such as lead.city; without event. for events.
        operator: as in the rule file; days before as_of_date are turned into bounds.
        values: the values of a list, else at most one.
        lower: a bound of `range`, null for none.
        upper: the other one.
        is_open: whether the bounds themselves are outside.
    """

    field: str
    operator: str
    values: tuple[str, ...] = ()
    lower: float | None = None
    upper: float | None = None
    is_open: bool = False


@dataclass(frozen=True)
class ExplicitRule:
    """Points for who a lead is."""

    rule_id: str
    rule_group: str
    points: float
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class ImplicitRule:
    """Points for what a lead does, every default filled in."""

    rule_id: str
    rule_group: str
    event_type: str
    conditions: tuple[Condition, ...]
    points: float
    award: str
    count_operator: str
    event_count: int
    window_days: int
    max_per_day: int | None
    half_life_days: float
    max_points: float | None


@dataclass(frozen=True)
class Limit:
    """The least and most points of a group of rules, or of an axis where the group is blank."""

    axis: str
    rule_group: str
    minimum: float
    maximum: float


@dataclass(frozen=True)
class Rulebook:
    """All that an alternative has to know, beside the data."""

    as_of: date
    explicit: tuple[ExplicitRule, ...]
    implicit: tuple[ImplicitRule, ...]
    limits: tuple[Limit, ...]
    floor: float
    ceiling: float
    bands: tuple[tuple[str, int], ...]
    labels: dict[str, str]

    def rule_ids(self) -> list[str]:
        """Returns all rules by name: of reasons with equal points the first one comes first."""
        return sorted(self.labels)

    def fields(self) -> list[str]:
        """Returns the fields of leads that some rule asks for."""
        return sorted({c.field for rule in self.explicit for c in rule.conditions})


def folded(text: str) -> str:
    """Returns text as it is compared: lower case, single spaces, no accents."""
    parts = unicodedata.normalize("NFD", " ".join(text.lower().split()))
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


def read_rulebook(rules: Path, as_of: date) -> Rulebook:
    """Reads a folder of rule files such as RULES."""
    lists: dict[str, list[str]] = {}
    for row in read(rules, "value_lists.csv"):
        lists.setdefault(row["value_list"], []).append(folded(row["value"]))
    (scorecard,) = read(rules, "scorecards.csv")

    explicit, implicit = (
        grouped(read(rules, f"{kind}_rules.csv")) for kind in ("explicit", "implicit")
    )

    def conditions_of(rows: list[dict[str, str]]) -> tuple[Condition, ...]:
        return tuple(condition_of(row, lists, as_of) for row in rows if row["field"])

    return Rulebook(
        as_of=as_of,
        explicit=tuple(
            ExplicitRule(
                rule_id, rows[0]["rule_group"], float(rows[0]["points"]), conditions_of(rows)
            )
            for rule_id, rows in explicit.items()
        ),
        implicit=tuple(
            ImplicitRule(
                rule_id=rule_id,
                rule_group=rows[0]["rule_group"],
                event_type=rows[0]["event_type"],
                conditions=conditions_of(rows),
                points=float(rows[0]["points"]),
                award=rows[0]["award"],
                count_operator=rows[0]["count_operator"] or "at_least",
                event_count=int(rows[0]["event_count"] or 1),
                window_days=int(rows[0]["window_days"] or scorecard["lookback_days"]),
                max_per_day=int(rows[0]["max_per_day"]) if rows[0]["max_per_day"] else None,
                half_life_days=float(rows[0]["half_life_days"] or scorecard["half_life_days"]),
                max_points=float(rows[0]["max_points"]) if rows[0]["max_points"] else None,
            )
            for rule_id, rows in implicit.items()
        ),
        limits=tuple(
            Limit(
                row["axis"],
                row["rule_group"],
                float(row["min_points"] or "-inf"),
                float(row["max_points"] or "inf"),
            )
            for row in read(rules, "score_limits.csv")
        ),
        floor=float(scorecard["floor"]),
        ceiling=float(scorecard["ceiling"]),
        bands=tuple((row["band"], int(row["lower"])) for row in read(rules, "bands.csv")),
        labels={
            rule_id: rows[0]["label"] or rule_id for rule_id, rows in (explicit | implicit).items()
        },
    )


def read(rules: Path, name: str) -> list[dict[str, str]]:
    """Returns the rows of a rule file."""
    with (rules / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def grouped(rows: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    """Returns the rows of each rule."""
    rules: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        rules.setdefault(row["rule_id"], []).append(row)
    return rules


def condition_of(row: dict[str, str], lists: dict[str, list[str]], as_of: date) -> Condition:
    """Returns the condition of a row."""
    field, operator, value = row["field"].removeprefix("event."), row["operator"], row["value"]
    match operator:
        case "in_list" | "not_in_list":
            return Condition(field, operator, tuple(lists[value]))
        case "gte" | "gt":
            return Condition(field, "range", lower=float(value), is_open=operator == "gt")
        case "lte" | "lt":
            return Condition(field, "range", upper=float(value), is_open=operator == "lt")
        case "between":
            lower, upper = map(float, value.split(".."))
            return Condition(field, "range", lower=lower, upper=upper)
        case "within_days":
            since = as_of - timedelta(days=int(value))
            return Condition(field, "range", lower=since.toordinal(), upper=as_of.toordinal())
        case "older_than_days":
            before = as_of - timedelta(days=int(value))
            return Condition(field, "range", upper=before.toordinal(), is_open=True)
        case "matches":
            return Condition(field, operator, (value,))
        case _:
            return Condition(field, operator, (folded(value),) if value else ())
