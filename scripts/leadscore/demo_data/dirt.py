"""What goes wrong on the way into a warehouse: repeats, merges, and rows that cannot be right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

from leadscore.demo_data.chance import happens, stream, weighted
from leadscore.demo_data.people import Prospect
from leadscore.demo_data.tables import Company, Crm, Event, Lead, LeadMerge

_LOAD_DELAYS_MINUTES = ((3, 60), (30, 25), (240, 12), (5 * 1440, 3))
_FAR_FUTURE = datetime(2999, 12, 31, 23, 59, 59)


def merges(seed: int, prospects: list[Prospect]) -> Iterator[LeadMerge]:
    """Yield the merges of records of one person; with three records, they form a chain.

    Args:
        seed: Seed of the demo.
        prospects: All leads; those of one contact are one person.
    """
    rng = stream(seed, "merges")
    records: dict[str, list[Prospect]] = {}
    for prospect in prospects:
        records.setdefault(prospect.journey.contact_id, []).append(prospect)
    for same_person in records.values():
        if len(same_person) < 2 or not happens(rng, 0.7):
            continue
        by_age = sorted(same_person, key=lambda p: (p.journey.created_on, p.journey.lead_id))
        for older, newer in pairwise(by_age):
            yield LeadMerge(newer.journey.lead_id, older.journey.lead_id)


def number_and_load(seed: int, events: list[Event]) -> list[Event]:
    """Put events in order of time and give them the id and the time at which they were loaded."""
    rng = stream(seed, "loading")
    ordered = sorted(events, key=lambda event: event.occurred_at or _FAR_FUTURE)
    for number, event in enumerate(ordered, start=1):
        event.event_id = f"evt_{number:07d}"
        if event.occurred_at is not None:
            event.loaded_at = event.occurred_at + _load_delay(rng)
    return ordered


def spoil(seed: int, crm: Crm) -> None:
    """Add repeated rows and a few impossible ones to the tables, in place.

    Args:
        seed: Seed of the demo.
        crm: All tables, clean as far as keys go.
    """
    rng = stream(seed, "dirt")
    crm.leads += list(_repeated_leads(rng, crm.leads))
    crm.companies += list(_repeated_companies(rng, crm.companies))
    crm.events += list(_repeated_events(rng, crm.events))
    crm.identities += [i for i in crm.identities if happens(rng, 0.01)]
    _add_impossible_rows(crm)


def _load_delay(rng: Random) -> timedelta:
    return timedelta(seconds=60 * weighted(rng, _LOAD_DELAYS_MINUTES) + rng.randrange(60))


def _repeated_leads(rng: Random, leads: list[Lead]) -> Iterator[Lead]:
    """Yield older states of some records, as a log of changes delivers them."""
    for lead in leads:
        if happens(rng, 0.012) and lead.created_at is not None:
            yield replace(lead, updated_at=_days_before(rng, lead.created_at), job_title=None)


def _days_before(rng: Random, timestamp: str) -> str:
    earlier = datetime.fromisoformat(timestamp) - timedelta(days=rng.randrange(1, 90))
    return f"{earlier:%Y-%m-%d}"


def _repeated_companies(rng: Random, companies: list[Company]) -> Iterator[Company]:
    for company in companies:
        if happens(rng, 0.015):
            older = company.updated_at - timedelta(days=rng.randrange(30, 900))
            yield replace(company, updated_at=older, employee_count=None)


def _repeated_events(rng: Random, events: list[Event]) -> Iterator[Event]:
    """Yield events that were delivered twice: the same id, loaded later."""
    for event in events:
        if happens(rng, 0.007) and event.loaded_at is not None:
            yield replace(event, loaded_at=event.loaded_at + timedelta(hours=rng.randrange(1, 72)))


def _add_impossible_rows(crm: Crm) -> None:
    crm.leads += [
        Lead("lead_bad_date", email="bad.date@import.example", created_at="31/02/2026 25:61"),
        Lead("lead_bad_birth", email="bad.birth@import.example", birth_date="1985-02-30"),
    ]
    crm.companies.append(
        Company("acct_bad_size", "Import test", None, None, "-5", "n/a", None, None,
                datetime(2026, 1, 15))
    )  # fmt: skip
    lead_id = crm.leads[0].lead_id
    crm.events += [
        Event("page_view", None, lead_id=lead_id, event_id="evt_no_time_1"),
        Event("email_open", None, lead_id=lead_id, event_id="evt_no_time_2"),
        Event("form_submit", _FAR_FUTURE, lead_id=lead_id, event_id="evt_far_future"),
    ]
