"""The fields that rules may look at, and the values that some of them can have."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from leadscore.check.files import AUDIENCES, CONTENT_STAGES
from leadscore.check.findings import Report, did_you_mean, listed, nearest, normalise
from leadscore.check.reader import read_reference

ANY_NAME = ("attribute.", "answer.")
CONTACT_COUNT = "company.contact_count"
VOCABULARIES: Mapping[str, tuple[str, ...]] = {
    "lead.email_kind": ("business", "personal", "disposable", "role", "invalid"),
    "lead.audience": AUDIENCES,
    "lead.origin": ("inbound", "outbound", "cross_sell"),
    "lead.consent_status": ("subscribed", "unsubscribed", "unknown"),
    "event.content_stage": CONTENT_STAGES,
}
# Fields whose values are in the reference folder: in which file and column.
REFERENCES: Mapping[str, tuple[str, str]] = {
    "lead.job_function": ("job_functions.csv", "job_function"),
    "lead.seniority": ("seniorities.csv", "seniority"),
    "company.employee_band": ("employee_bands.csv", "employee_band"),
    "company.revenue_band": ("revenue_bands.csv", "revenue_band"),
}
DERIVED_EVENT_TYPES = {"email_ignored", "email_opened_and_clicked"}
COUNTRY_FIELDS = ("lead.country_code", "company.country_code")

# How a value of a vocabulary and the value of a condition meet, operator by operator.
_CAN_MEET: Mapping[str, Callable[[str, str], bool]] = {
    "equals": operator.eq,
    "not_equals": operator.eq,
    "in_list": operator.eq,
    "not_in_list": operator.eq,
    "contains": operator.contains,
    "starts_with": lambda word, value: word.startswith(value),
    "ends_with": lambda word, value: word.endswith(value),
}


@dataclass(frozen=True)
class Field:
    """One field; data_type is blank if the registry does not know it."""

    name: str
    data_type: str
    is_protected: bool = False


@dataclass(frozen=True)
class Registry:
    """The fields of ``fields.csv``.

    Attributes:
        fields: fields by name.
        second_stage: fields that lists alone may use, by their prefix, such as ``score.``.
        vocabularies: the values that a field can have, of those where they are known.
    """

    fields: Mapping[str, Field] = field(default_factory=dict)
    second_stage: Mapping[str, Field] = field(default_factory=dict)
    vocabularies: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: VOCABULARIES)

    @property
    def job_functions(self) -> tuple[str, ...]:
        """What contacts are counted by; empty if it cannot be told."""
        return self.vocabularies.get("lead.job_function", ())

    def find(self, name: str) -> Field | None:
        """The field of that name, or None if rules cannot look at it."""
        if name in self.fields:
            return self.fields[name]
        prefix, _, rest = name.partition(".")
        if rest and f"{prefix}." in ANY_NAME:
            return Field(name, "")
        if rest and f"{prefix}." in self.second_stage:
            return self.second_stage[f"{prefix}."]
        function = name.removeprefix(f"{CONTACT_COUNT}.")
        if function in ("", name) or (self.job_functions and function not in self.job_functions):
            return None
        return self.fields.get(CONTACT_COUNT)

    def suggest(self, name: str, prefixes: tuple[str, ...] = ("",)) -> str:
        """A hint at the nearest field that begins with one of the prefixes."""
        if name.startswith(f"{CONTACT_COUNT}.") and self.job_functions:
            function = nearest(name.removeprefix(f"{CONTACT_COUNT}."), self.job_functions)
            if function:
                return f"; did you mean '{CONTACT_COUNT}.{function}'?"
            return f"; job functions are {', '.join(self.job_functions)}"
        return did_you_mean(name, [each for each in self.fields if each.startswith(prefixes)])


def read_registry(reference: Path, report: Report) -> Registry | None:
    """Read ``fields.csv``; reports and returns None if it is no registry of fields."""
    rows = read_reference(reference / "fields.csv")
    if not rows or not {"field", "data_type", "is_protected"} <= rows[0].keys():
        message = f"no registry of fields in {reference}, so the fields of rules go unchecked"
        report.error_at("fields.csv", 1, 1, message)
        return None
    fields, second_stage = {}, {}
    for row in rows:
        name = row.get("field", "").lower()
        protected = row.get("is_protected", "").lower() == "true"
        entry = Field(name, row.get("data_type", "").lower(), protected)
        if "<" in name:
            second_stage[name.partition("<")[0]] = entry
        else:
            fields[name] = entry
    vocabularies = {
        name: tuple(read_column(reference / file, column))
        for name, (file, column) in REFERENCES.items()
    }
    return Registry(fields, second_stage, {**VOCABULARIES, **vocabularies})


@dataclass(frozen=True)
class EventType:
    """A known type of events: its category, and how much it counts there, if that can be said."""

    category: str = ""
    rank: float | None = None


def read_event_types(reference: Path) -> dict[str, EventType]:
    """Known event types; none if there is no list of them, for types are open anyway."""
    known = {}
    for row in read_reference(reference / "event_types.csv") or ():
        rank = row.get("rank_in_category", "")
        category = normalise(row.get("event_category", ""))
        if name := normalise(row.get("event_type", "")):
            known[name] = EventType(category, float(rank) if rank.isdecimal() else None)
    return {**dict.fromkeys(DERIVED_EVENT_TYPES, EventType()), **known} if known else {}


def read_column(path: Path, column: str) -> list[str]:
    """The words in a column of a vocabulary; none if there is no such file or column."""
    words = (normalise(row.get(column, "")) for row in read_reference(path) or ())
    return [word for word in words if word]


def why_never(field_name: str, comparison: str, value: str, words: tuple[str, ...]) -> str:
    """Why a field can never meet a value, with a suggestion; empty if it can.

    Args:
        field_name: qualified name of a field.
        comparison: a known operator.
        value: the value of the condition, or one value of its list.
        words: the values that the field can have; none if that is open.
    """
    meets = _CAN_MEET.get(comparison)
    if meets is None:
        return ""
    wanted = normalise(value)
    if field_name in COUNTRY_FIELDS:
        is_code = re.fullmatch("[a-z]{2}", wanted) and wanted != "uk"
        if is_code or not comparison.endswith(("equals", "in_list")):
            return ""
        return "is a code of two letters" + ("; write GB" if wanted == "uk" else ", such as ES")
    if field_name == "event.page" and comparison.endswith(("equals", "in_list")):
        is_page = wanted == "/" or re.fullmatch(r"/[^?#]*[^?#/]", wanted)
        return "" if is_page else "is a path such as /pricing: no host, query or slash at its end"
    if not words or any(meets(normalise(word), wanted) for word in words):
        return ""
    hint = did_you_mean(value, words)
    return f"is never that{hint}" if hint else f"is {listed(words)}"
