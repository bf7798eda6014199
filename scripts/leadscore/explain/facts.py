"""Facts that a person writes: what they may speak of, and how their values are read.

A fact is a field that rules look at (seeds/reference/fields.csv), or a column of the input contract
that such fields are read from: of a job title come seniority and job function.
"""

import math
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from leadscore.check.fields import Registry, read_registry
from leadscore.check.findings import Report, did_you_mean, listed, normalise, quote
from leadscore.errors import LeadscoreError
from leadscore.project import REFERENCE, raw_tables

TABLES = {"lead": "leads", "company": "companies"}
OWN_NAMES = ("attribute", "answer")
# Fields from which others are read, so that they count as they came: text such as 10k+ too.
READ_FURTHER = {
    "lead.updated_at",
    "company.industry",
    "company.employee_count",
    "company.annual_revenue",
}
NOT_TO_SET = {
    "lead.lead_id": "is the lead itself",
    "company.company_id": "is the company itself: set lead.company_id",
    "lead.completeness": "is counted from the other fields: set one of these",
}


@dataclass(frozen=True)
class Fact:
    """A fact as a person writes it.

    Attributes:
        subject: lead, company, attribute or answer.
        name: the rest of its name, such as seniority.
        value: its value, None for unknown.
    """

    subject: str
    name: str
    value: str | None

    @property
    def field(self) -> str:
        """Its whole name."""
        return f"{self.subject}.{self.name}"

    @property
    def is_raw(self) -> bool:
        """Whether the input contract has it."""
        table = TABLES.get(self.subject)
        return table is None or self.name in raw_tables()[table].columns

    @property
    def is_read(self) -> bool:
        """Whether the fields that rules look at are read from it, so that it has to come as raw."""
        is_asked = registry().find(self.field) is not None
        return self.is_raw and (self.field in READ_FURTHER or not is_asked)


@cache
def registry() -> Registry:
    """Returns the fields that rules may look at."""
    found = read_registry(REFERENCE, Report())
    if found is None:
        raise LeadscoreError(f"{REFERENCE / 'fields.csv'} is no registry of fields.")
    return found


def parse_fact(text: str) -> Fact:
    """Reads a fact such as lead.seniority=vp; nothing after the = makes it unknown.

    Raises:
        LeadscoreError: if there is no such field, or the value cannot be one of it.
    """
    name, equals, value = (part.strip() for part in text.partition("="))
    name = name.lower()
    if not equals:
        raise LeadscoreError(
            f"{quote(text)} says no value: write field=value, or field= for unknown"
        )
    subject, _, rest = name.partition(".")
    if name in NOT_TO_SET:
        raise LeadscoreError(f"{name} {NOT_TO_SET[name]}")
    if not rest or (subject not in OWN_NAMES and not is_known(name)):
        names = [*registry().fields, *raw_names()]
        known = [known for known in names if not known.startswith("event.")]
        hint = did_you_mean(name, known) or "; own ones are attribute.<field> and answer.<question>"
        raise LeadscoreError(f"there is no field {quote(name)}{hint}")
    return Fact(subject, rest, read_fact(name, value) if value else None)


def is_known(name: str) -> bool:
    """Tells whether a lead or its company has a field, or a column of that name."""
    is_theirs = name.startswith(tuple(f"{subject}." for subject in TABLES))
    return is_theirs and (registry().find(name) is not None or name in raw_names())


def raw_names() -> list[str]:
    """Returns the columns of leads and companies, named as fields are."""
    return [
        f"{subject}.{column}"
        for subject, table in TABLES.items()
        for column in raw_tables()[table].columns
        if f"{subject}.{column}" not in NOT_TO_SET
    ]


def read_fact(name: str, value: str) -> str:
    """Returns a value as the engine reads it.

    Raises:
        LeadscoreError: if it is not of the type of the field, or not one of its words.
    """
    words = registry().vocabularies.get(name, ())
    if words:
        if normalise(value) not in words:
            hint = did_you_mean(value, words) or f"; it is {listed(words)}"
            raise LeadscoreError(f"{name} is never {quote(value)}{hint}")
        return normalise(value)
    field = registry().find(name)
    subject, _, column = name.partition(".")
    if name in raw_names() and (field is None or name in READ_FURTHER):
        return read_value(name, raw_tables()[TABLES[subject]].data_types[column], value)
    return read_value(name, field.data_type if field else "", value)


def read_value(name: str, data_type: str, value: object) -> str:
    """Returns a value of a type as text.

    Args:
        name: what it is the value of, for the error.
        data_type: of fields.csv, or of the input contract.
        value: text, or a number or boolean of JSON.

    Raises:
        LeadscoreError: if it cannot be read as one.
    """
    text = str(value).strip()
    match data_type:
        case "boolean":
            if (word := normalise(text)) in {"true", "false"}:
                return word
            raise LeadscoreError(f"{name} is true or false, not {quote(text)}")
        case "number" | "double":
            if is_number(text):
                return text
            raise LeadscoreError(f"{name} is a number such as 12 or 1.5, not {quote(text)}")
        case "date" | "timestamp":
            try:
                datetime.fromisoformat(text)
            except ValueError:
                raise LeadscoreError(
                    f"{name} is a date such as 2026-12-31, not {quote(text)}"
                ) from None
    return text


def is_number(text: str) -> bool:
    """Tells whether a text is a finite number as rule files write them."""
    try:
        return math.isfinite(float(text)) and "_" not in text
    except ValueError:
        return False
