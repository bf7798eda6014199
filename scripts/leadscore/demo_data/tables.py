"""The rows of the demo's tables: the columns of the input contract, no more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(slots=True)
class Lead:
    """One record of a person. Dates are text, as a CRM exports them."""

    lead_id: str
    email: str | None = None
    full_name: str | None = None
    job_title: str | None = None
    company_id: str | None = None
    company_name: str | None = None
    country: str | None = None
    region: str | None = None
    city: str | None = None
    lead_source: str | None = None
    origin: str | None = None
    audience: str | None = None
    lifecycle_stage: str | None = None
    is_customer: bool | None = None
    consent_status: str | None = None
    birth_date: str | None = None
    gender: str | None = None
    purchasing_power: str | None = None
    lifestyle: str | None = None
    education: str | None = None
    experience_years: int | None = None
    created_at: str | None = None
    updated_at: str | None = None


@dataclass(slots=True)
class LeadAttribute:
    """One property that the users of the CRM added themselves."""

    lead_id: str
    field: str
    value: str | None
    updated_at: datetime


@dataclass(slots=True)
class Company:
    """One company. Sizes are text, as people type them."""

    company_id: str
    name: str | None
    domain: str | None
    industry: str | None
    employee_count: str | None
    annual_revenue: str | None
    company_type: str | None
    country: str | None
    updated_at: datetime


@dataclass(slots=True)
class Event:
    """One thing that a lead or an anonymous visitor did; times are UTC."""

    event_type: str
    occurred_at: datetime | None
    lead_id: str | None = None
    anonymous_id: str | None = None
    channel: str | None = None
    url: str | None = None
    campaign_id: str | None = None
    content_id: str | None = None
    message_id: str | None = None
    user_agent: str | None = None
    ip_address: str | None = None
    loaded_at: datetime | None = None
    event_id: str | None = None


@dataclass(slots=True)
class Identity:
    """Who an anonymous visitor turned out to be."""

    anonymous_id: str
    lead_id: str


@dataclass(slots=True)
class LeadMerge:
    """A record that was merged into another one."""

    merged_lead_id: str
    surviving_lead_id: str


@dataclass(slots=True)
class Answer:
    """What a lead answered to a question that qualifies."""

    lead_id: str
    question: str
    answer: str
    answered_at: datetime


@dataclass(slots=True)
class Outcome:
    """One opportunity."""

    opportunity_id: str
    lead_id: str
    stage: str
    amount: float | None
    opened_at: datetime
    closed_at: datetime | None
    is_won: bool | None


@dataclass(slots=True)
class Crm:
    """All tables; the names of the fields are those of the tables."""

    leads: list[Lead]
    lead_attributes: list[LeadAttribute]
    companies: list[Company]
    events: list[Event]
    identities: list[Identity]
    lead_merges: list[LeadMerge]
    answers: list[Answer]
    outcomes: list[Outcome]
