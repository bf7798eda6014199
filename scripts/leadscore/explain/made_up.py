"""`leadscore explain --lead FILE`: a lead that nobody has, as a JSON file (docs/en/explain.md)."""

import json
from pathlib import Path
from typing import Any

from leadscore.check.findings import did_you_mean, quote
from leadscore.database import Row
from leadscore.errors import LeadscoreError
from leadscore.explain.facts import read_value
from leadscore.project import raw_tables

RawRows = dict[str, list[Row]]
"""Rows of the input contract by table, all of it text."""

SECTIONS: dict[str, type] = {
    "lead": dict,
    "company": dict,
    "attributes": dict,
    "answers": dict,
    "events": list,
}
LEAD_ID = "made_up"
COMPANY_ID = "made_up_company"


def read_lead(file: Path) -> RawRows:
    """Reads a made-up lead into rows of the input contract.

    Answers have no day yet. Without ids, lead, company and events get some.

    Raises:
        LeadscoreError: if the file is no lead, naming all that is wrong with it.
    """
    try:
        said = json.loads(file.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        raise LeadscoreError(f"{file}:{error.lineno}: this is no JSON: {error.msg}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise LeadscoreError(f"{file} cannot be read: {error}") from error
    reader = Reader()
    rows = reader.rows(said)
    if reader.errors:
        raise LeadscoreError("\n".join(f"{file}: {error}" for error in reader.errors))
    return rows


class Reader:
    """Turns a document into rows, and collects what is wrong with it."""

    def __init__(self) -> None:
        """Begins without errors."""
        self.errors: list[str] = []

    def rows(self, said: Any) -> RawRows:
        """Returns the rows of a whole document."""
        if not isinstance(said, dict) or "lead" not in said:
            self.errors.append('a lead is {"lead": {...}}, with its fields between the brackets')
            return {}
        parts = {name: kind() for name, kind in SECTIONS.items()}
        for name, part in said.items():
            kind = SECTIONS.get(name)
            if kind is None:
                self.errors.append(f"there is no {quote(name)}{did_you_mean(name, [*SECTIONS])}")
            elif not isinstance(part, kind):
                brackets = "{...}" if kind is dict else "[...]"
                self.errors.append(f"{name} is written between brackets: {brackets}")
            else:
                parts[name] = part
        lead = self.row("lead", "leads", parts["lead"])
        lead["lead_id"] = lead_id = lead.get("lead_id") or LEAD_ID
        return {
            "leads": [lead],
            "companies": self.companies(lead, parts["company"]),
            "lead_attributes": [
                {"lead_id": lead_id, "field": name, "value": self.text(f"attributes.{name}", value)}
                for name, value in parts["attributes"].items()
            ],
            "answers": [
                {
                    "lead_id": lead_id,
                    "question": name,
                    "answer": self.text(f"answers.{name}", value),
                }
                for name, value in parts["answers"].items()
            ],
            "events": [
                self.event(lead_id, number, event)
                for number, event in enumerate(parts["events"], start=1)
            ],
        }

    def companies(self, lead: Row, said: dict[str, Any]) -> list[Row]:
        """Returns the company that a document describes, as the lead's."""
        if not said:
            return []
        company = self.row("company", "companies", said)
        company_id = company.get("company_id") or lead.get("company_id") or COMPANY_ID
        if lead.setdefault("company_id", company_id) not in {company_id, None}:
            self.errors.append("lead.company_id and company.company_id name two companies")
        lead["company_id"] = company["company_id"] = company_id
        return [company]

    def event(self, lead_id: str, number: int, said: object) -> Row:
        """Returns an event of the lead."""
        place = f"events[{number}]"
        if not isinstance(said, dict):
            self.errors.append(f"{place} is written between brackets: {{...}}")
            return {}
        row = self.row(place, "events", said)
        for column in ("lead_id", "anonymous_id"):
            if row.pop(column, None):
                self.errors.append(f"{place}.{column}: all events are those of the lead")
        for column in ("event_type", "occurred_at"):
            if not row.get(column):
                self.errors.append(f"{place} has no {column}")
        return {"event_id": f"{LEAD_ID}_{number}"} | row | {"lead_id": lead_id}

    def row(self, place: str, table: str, said: dict[str, Any]) -> Row:
        """Returns a row of a table of the input contract."""
        types = raw_tables()[table].data_types
        row: Row = {}
        for name, value in said.items():
            if name in types:
                row[name] = self.text(f"{place}.{name}", value, types[name])
            else:
                hint = did_you_mean(name, [*types])
                self.errors.append(f"{place}: there is no column {quote(name)}{hint}")
        return row

    def text(self, place: str, value: object, data_type: str = "varchar") -> str | None:
        """Returns a value as text, None for null."""
        if value is None or value == "":
            return None
        if isinstance(value, dict | list):
            self.errors.append(f"{place} is one value, not several")
            return None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        try:
            return read_value(place, data_type, value)
        except LeadscoreError as error:
            self.errors.append(str(error))
            return None
