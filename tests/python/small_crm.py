"""A CRM of a few leads, made for what a test wants to see, in the shape of the input contract."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from conftest import write_csv
from leadscore.project import raw_tables

Row = dict[str, object]


@dataclass(frozen=True)
class Happened:
    """Something that a lead does `days_ago`; columns are those of the table `events`."""

    event_type: str
    days_ago: int
    columns: Row


def did(event_type: str, days_ago: int = 0, **columns: object) -> Happened:
    """Returns an event of a lead."""
    return Happened(event_type, days_ago, columns)


def saw(page: str, days_ago: int = 0, channel: str = "referral", times: int = 1) -> list[Happened]:
    """Returns views of a page."""
    url = f"https://www.procura.example{page}"
    return [did("page_view", days_ago, url=url, channel=channel) for _ in range(times)]


def got(message_id: str, *deeds: str, days_ago: int = 0, content_id: str = "") -> list[Happened]:
    """Returns the delivery of a message and what is done with it, e.g. `email_open`."""
    return [
        did(event_type, days_ago, message_id=message_id, content_id=content_id, channel="email")
        for event_type in ("email_delivered", *deeds)
    ]


@dataclass
class SmallCrm:
    """The tables of a CRM as of a day; events of a lead follow each other minute by minute."""

    as_of_date: date
    tables: dict[str, list[Row]] = field(default_factory=dict)

    def lead(
        self,
        lead_id: str,
        *events: Happened | list[Happened],
        answers: dict[str, str] | None = None,
        attributes: dict[str, str] | None = None,
        **columns: object,
    ) -> str:
        """Adds a lead, whose record was kept yesterday, and returns its lead_id."""
        yesterday = self.as_of_date - timedelta(days=1)
        of_lead: Row = {"lead_id": lead_id}
        self._add("leads", {"updated_at": yesterday, **columns, **of_lead})
        for question, answer in (answers or {}).items():
            answered: Row = {"question": question, "answer": answer, "answered_at": yesterday}
            self._add("answers", of_lead | answered)
        for name, value in (attributes or {}).items():
            noted: Row = {"field": name, "value": value, "updated_at": yesterday}
            self._add("lead_attributes", of_lead | noted)
        happened = [e for each in events for e in (each if isinstance(each, list) else [each])]
        for number, event in enumerate(happened):
            day = self.as_of_date - timedelta(days=event.days_ago)
            at = datetime(day.year, day.month, day.day, 9) + timedelta(minutes=number)
            told: Row = {"event_id": f"{lead_id}-{number}", "occurred_at": at}
            self._add("events", of_lead | told | {"event_type": event.event_type} | event.columns)
        return lead_id

    def company(self, company_id: str, **columns: object) -> str:
        """Adds a company and returns its company_id."""
        named: Row = {"company_id": company_id, "name": company_id, "updated_at": self.as_of_date}
        self._add("companies", named | columns)
        return company_id

    def write(self, folder: Path) -> Path:
        """Writes a file for each table that has rows, and returns the folder."""
        folder.mkdir()
        for name, rows in self.tables.items():
            blank: Row = dict.fromkeys(raw_tables()[name].columns, "")
            write_csv(folder / f"{name}.csv", [blank | row for row in rows])
        return folder

    def _add(self, table: str, row: Row) -> None:
        self.tables.setdefault(table, []).append(row)
