"""The simulated market: leadforge's leads, laid out over the calendar of the demo.

leadforge starts all its leads in one month. Here each keeps its own journey, day by day, but
starts on a day of its own: most of them lately, some years ago. What lies after the end of the
data has not happened yet; what lies before the website was tracked was never recorded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, Literal

from leadforge.api import Generator  # type: ignore[import-untyped]

from leadscore.demo_data.chance import happens, stream, weighted

DATA_END = date(2026, 10, 31)
TRACKING_START = date(2024, 11, 1)

RECIPE = "b2b_saas_procurement_v1"
HORIZON_DAYS = 60
# With leadforge's own 1,500 accounts for 5,000 leads; contacts are so few that some leads are
# the same person twice.
ACCOUNTS_PER_LEAD = 0.3
CONTACTS_PER_LEAD = 3

# (weight, first and last day of the age range): how long before the end a journey began.
_AGE_RANGES = (((1, 60), 20), ((60, 365), 42), ((365, 730), 20), ((730, 2500), 18))
_STALE_DEAL_DAYS = 180

Kind = Literal["b2b", "b2c", "email_only"]


@dataclass(frozen=True, slots=True)
class Account:
    """A company of leadforge; the bands are its text, e.g. 200-499 and $1M-$10M."""

    account_id: str
    industry: str
    employee_band: str
    revenue_band: str
    maturity: str


@dataclass(frozen=True, slots=True)
class Touch:
    """A marketing touch: email, call, linkedin_message, content_download or webinar."""

    on: date
    kind: str


@dataclass(frozen=True, slots=True)
class Session:
    """A visit of the website; views count pages, pricing and demo views among them."""

    on: date
    kind: str
    views: int
    pricing_views: int
    demo_views: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Activity:
    """Something sales did, and what came of it."""

    on: date
    kind: str
    outcome: str


@dataclass(frozen=True, slots=True)
class Deal:
    """The opportunity of a journey."""

    opportunity_id: str
    opened_on: date
    closed_on: date | None
    stage: str
    amount: float

    @property
    def is_won(self) -> bool:
        """Whether the lead bought."""
        return self.stage == "closed_won"


@dataclass(frozen=True, slots=True)
class Journey:
    """One lead of leadforge with all that happened to it, on the days of the demo.

    `eagerness` (0 to 1) is leadforge's hidden propensity of the contact to engage.
    """

    seed: int
    kind: Kind
    lead_id: str
    contact_id: str
    account: Account
    created_on: date
    source: str
    role: str
    seniority: str
    buyer_role: str
    mail_kind: str
    eagerness: float
    touches: tuple[Touch, ...]
    sessions: tuple[Session, ...]
    activities: tuple[Activity, ...]
    deal: Deal | None

    def stream(self, purpose: str) -> Random:
        """Return the random stream of this lead for a purpose."""
        return stream(self.seed, purpose, self.lead_id)

    def has_won_by(self, day: date) -> bool:
        """Whether the lead has bought on or before that day."""
        deal = self.deal
        return (
            deal is not None
            and deal.is_won
            and deal.closed_on is not None
            and (deal.closed_on <= day)
        )


@dataclass(frozen=True, slots=True)
class World:
    """The market: all accounts, and a journey for each lead."""

    accounts: tuple[Account, ...]
    journeys: tuple[Journey, ...]


class _Calendar:
    """Moves the days of one simulated lead to the days of the demo."""

    def __init__(self, simulated_start: str, created_on: date) -> None:
        self._shift = created_on - date.fromisoformat(simulated_start)

    def day(self, simulated: str) -> date:
        return date.fromisoformat(simulated) + self._shift

    def recorded(self, simulated: str) -> bool:
        return TRACKING_START <= self.day(simulated) <= DATA_END


def simulate(seed: int, lead_count: int) -> World:
    """Run leadforge and lay its journeys over the calendar.

    Args:
        seed: Seed of leadforge and of all else.
        lead_count: Number of leads.

    Returns:
        The accounts and journeys, in leadforge's order.
    """
    bundle = Generator.from_recipe(
        RECIPE,
        seed=seed,
        difficulty="intro",  # the only one in which seniority and revenue speak for the deal
        n_leads=lead_count,
        n_accounts=max(1, round(lead_count * ACCOUNTS_PER_LEAD)),
        n_contacts=lead_count * CONTACTS_PER_LEAD,
        horizon_days=HORIZON_DAYS,
        label_window_days=HORIZON_DAYS,
    ).generate()
    simulated = _Simulated(seed, bundle)
    journeys = tuple(simulated.journey(lead) for lead in bundle.simulation_result.leads)
    return World(tuple(simulated.accounts.values()), journeys)


class _Simulated:
    """The tables of a leadforge bundle, by key. Its rows are untyped."""

    def __init__(self, seed: int, bundle: Any) -> None:
        population, result = bundle.population, bundle.simulation_result
        self._seed = seed
        self.accounts = {row.account_id: _account(row) for row in population.accounts}
        self._contacts = {row.contact_id: row for row in population.contacts}
        self._latents = population.latent_state.contact_latents
        self._touches = _by_lead(result.touches)
        self._sessions = _by_lead(result.sessions)
        self._activities = _by_lead(result.sales_activities)
        self._deals = _by_lead(result.opportunities)

    def journey(self, lead: Any) -> Journey:
        contact = self._contacts[lead.contact_id]
        rng = stream(self._seed, "journey", lead.lead_id)
        created_on = _created_on(rng)
        calendar = _Calendar(lead.lead_created_at, created_on)
        deal = _deal(rng, calendar, self._deals.get(lead.lead_id, []))
        kind = "b2c" if _is_consumer(self._seed, contact) else _business_kind(rng, deal)
        return Journey(
            seed=self._seed,
            kind=kind,
            lead_id=lead.lead_id,
            contact_id=lead.contact_id,
            account=self.accounts[lead.account_id],
            created_on=created_on,
            source=lead.lead_source,
            role=contact.role_function,
            seniority=contact.seniority,
            buyer_role=contact.buyer_role,
            mail_kind=contact.email_domain_type,
            eagerness=self._latents[lead.contact_id]["latent_engagement_propensity"],
            touches=_touches(calendar, self._touches.get(lead.lead_id, [])),
            sessions=_sessions(kind, calendar, self._sessions.get(lead.lead_id, [])),
            activities=_activities(kind, calendar, self._activities.get(lead.lead_id, [])),
            deal=None if kind == "email_only" else deal,
        )


def _by_lead(rows: list[Any]) -> dict[str, list[Any]]:
    grouped: dict[str, list[Any]] = {}
    for row in rows:
        grouped.setdefault(row.lead_id, []).append(row)
    return grouped


def _account(row: Any) -> Account:
    return Account(
        account_id=row.account_id,
        industry=row.industry,
        employee_band=row.employee_band,
        revenue_band=row.estimated_revenue_band,
        maturity=row.process_maturity_band,
    )


def _created_on(rng: Random) -> date:
    low, high = weighted(rng, _AGE_RANGES)
    return DATA_END - timedelta(days=rng.randrange(low, high))


def _is_consumer(seed: int, contact: Any) -> bool:
    """Whether the contact buys for the household; then all records of the contact say so."""
    rng = stream(seed, "consumer", contact.contact_id)
    return contact.email_domain_type == "personal" and happens(rng, 0.45)


def _business_kind(rng: Random, deal: Deal | None) -> Kind:
    if (deal is None or not deal.is_won) and happens(rng, 0.095):
        return "email_only"
    return "b2b"


def _deal(rng: Random, calendar: _Calendar, rows: list[Any]) -> Deal | None:
    """Return the opportunity as the CRM sees it at the end of the data, if there is one yet."""
    if not rows or rows[0].stage == "sql":
        return None
    row = rows[0]
    opened_on = calendar.day(row.created_at)
    if opened_on > DATA_END:
        return None
    stage = row.stage
    closed_on = calendar.day(row.closed_at) if row.closed_at else None
    if closed_on is not None and closed_on > DATA_END:
        stage, closed_on = "negotiation", None
    # Somebody tidies up, but not everywhere: most deals that never closed are lost by now.
    is_stale = closed_on is None and (DATA_END - opened_on).days > _STALE_DEAL_DAYS
    if is_stale and happens(rng, 0.85):
        stage, closed_on = "closed_lost", opened_on + timedelta(days=rng.randrange(90, 180))
    return Deal(row.opportunity_id, opened_on, closed_on, stage, float(row.estimated_acv))


def _touches(calendar: _Calendar, rows: list[Any]) -> tuple[Touch, ...]:
    return tuple(
        Touch(calendar.day(row.touch_timestamp), row.touch_type)
        for row in rows
        if calendar.recorded(row.touch_timestamp)
    )


def _sessions(kind: Kind, calendar: _Calendar, rows: list[Any]) -> tuple[Session, ...]:
    if kind == "email_only":
        return ()
    return tuple(
        Session(
            calendar.day(row.session_timestamp),
            row.session_type,
            row.page_views,
            row.pricing_page_views,
            row.demo_page_views,
            row.session_duration_seconds,
        )
        for row in rows
        if calendar.recorded(row.session_timestamp)
    )


def _activities(kind: Kind, calendar: _Calendar, rows: list[Any]) -> tuple[Activity, ...]:
    if kind != "b2b":
        return ()
    return tuple(
        Activity(calendar.day(row.activity_timestamp), row.activity_type, row.activity_outcome)
        for row in rows
        if calendar.recorded(row.activity_timestamp)
    )
