"""A CRM to try the project on: leadforge's market, with the dirt of a real one.

leadforge simulates accounts, contacts, their touches, sessions and deals, consistently: seniority
and revenue speak for a deal. The modules here lay that over a calendar (`world`), give it people
and companies in five languages (`people`, `companies`), turn it into events (`website`, `shop`,
`mail`, `sales`), and then do to it what happens to data on the way into a warehouse (`dirt`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import get_args, get_type_hints

from leadscore.demo_data import (
    attributes,
    companies,
    dirt,
    files,
    mail,
    people,
    sales,
    shop,
    website,
)
from leadscore.demo_data.people import Prospect
from leadscore.demo_data.tables import Crm, Event, Identity
from leadscore.demo_data.world import DATA_END, simulate

__all__ = ["DEMO_AS_OF", "make_demo_crm", "write_demo_crm"]

DEMO_AS_OF = DATA_END + timedelta(days=1)
# A market in which the authority of the contact decides; see `world`.
DEFAULT_SEED = 7
LEAD_COUNT = 5_000

# Tables that people keep in spreadsheets; all others come as parquet.
_SPREADSHEETS = ("answers", "lead_merges")


def _silent(_: str) -> None:
    pass


def write_demo_crm(
    directory: Path,
    seed: int = DEFAULT_SEED,
    lead_count: int = LEAD_COUNT,
    advance: Callable[[str], None] = _silent,
) -> None:
    """Write the demo's tables into a directory, in the shape of the input contract.

    Args:
        directory: Where to write `<table>.parquet` and `<table>.csv`; made if absent.
        seed: The same seed gives the same rows.
        lead_count: Number of leads; there are about 14 events for each.
        advance: Called with a few words when a step begins.
    """
    crm = make_demo_crm(seed, lead_count, advance)
    advance("writing the tables")
    directory.mkdir(parents=True, exist_ok=True)
    hints = get_type_hints(Crm)
    for field in fields(Crm):
        rows, (row_type,) = getattr(crm, field.name), get_args(hints[field.name])
        if field.name in _SPREADSHEETS:
            files.write_csv(directory / f"{field.name}.csv", rows, row_type)
        else:
            files.write_parquet(directory / f"{field.name}.parquet", rows, row_type)


def make_demo_crm(
    seed: int = DEFAULT_SEED,
    lead_count: int = LEAD_COUNT,
    advance: Callable[[str], None] = _silent,
) -> Crm:
    """Return the demo's tables; arguments as for `write_demo_crm`."""
    advance("simulating a market")
    world = simulate(seed, lead_count)
    advance("naming companies and people")
    profiles = {a.account_id: companies.profile(seed, a) for a in world.accounts}
    prospects = [people.prospect(journey, profiles) for journey in world.journeys]
    advance("recording what they do")
    events = dirt.number_and_load(seed, _events(seed, prospects))
    crm = Crm(
        leads=[people.lead_row(p) for p in prospects],
        lead_attributes=[row for p in prospects for row in attributes.attributes(p)],
        companies=[companies.company_row(seed, c) for c in profiles.values()],
        events=events,
        identities=_identities(prospects, events),
        lead_merges=list(dirt.merges(seed, prospects)),
        answers=[row for p in prospects for row in sales.answers(p)],
        outcomes=[row for p in prospects for row in sales.outcomes(p)],
    )
    advance("adding the dirt of a real CRM")
    dirt.spoil(seed, crm)
    return crm


def _events(seed: int, prospects: list[Prospect]) -> list[Event]:
    """Return what happened up to the end of the data."""
    events = [*website.strangers(seed, len(prospects) // 8)]
    events += website.crawlers(seed, len(prospects) // 12)
    for prospect in prospects:
        events += website.visits(prospect)
        events += shop.visits(prospect)
        events += mail.mailings(prospect)
        events += sales.encounters(prospect)
    return [e for e in events if e.occurred_at is not None and e.occurred_at.date() <= DATA_END]


def _identities(prospects: list[Prospect], events: list[Event]) -> list[Identity]:
    """Return who the visitors were that have identified themselves by now."""
    seen = {event.anonymous_id for event in events if event.lead_id is None}
    return [
        Identity(p.anonymous_id, p.journey.lead_id)
        for p in prospects
        if p.anonymous_id in seen and p.identified_on <= DATA_END
    ]
