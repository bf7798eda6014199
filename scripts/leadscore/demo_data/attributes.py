"""The properties that the users of the CRM added themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from leadscore.demo_data.chance import happens, time_on
from leadscore.demo_data.people import Prospect
from leadscore.demo_data.tables import LeadAttribute
from leadscore.demo_data.world import DATA_END

_PRODUCTS = {
    "ap_manager": "accounts payable",
    "procurement_manager": "procurement",
    "vp_finance": "analytics",
    "it_director": "integrations",
}
_TOPICS = ("procurement", "automation", "cash flow", "compras", "facturación electrónica")
_CONSUMER_INTERESTS = ("household budget", "receipts", "gift cards")
_ERP_SYSTEMS = ("SAP", "sap", "Oracle", "Dynamics", "Sage", "Odoo", "none", "Excel")


def attributes(prospect: Prospect) -> Iterator[LeadAttribute]:
    """Yield the custom properties that are known of a lead.

    Args:
        prospect: The lead, of any kind.
    """
    journey = prospect.journey
    if journey.kind == "email_only":
        return
    rng = prospect.stream("attributes")
    at = _noted_at(rng, prospect)
    for field, probability, value in _candidates(rng, prospect):
        if happens(rng, probability):
            yield LeadAttribute(journey.lead_id, field, value, at)


def _candidates(rng: Random, prospect: Prospect) -> list[tuple[str, float, str]]:
    """Return (field, probability that it is known, value)."""
    topics = ("newsletter_topics", 0.5 * prospect.reads_newsletter, rng.choice(_TOPICS))
    language = ("preferred_language", 0.3, prospect.person.country.language)
    if prospect.company is None:
        return [("product_interest", 0.5, rng.choice(_CONSUMER_INTERESTS)), topics, language]
    journey = prospect.journey
    return [
        ("product_interest", 0.45, _PRODUCTS[journey.role]),
        ("persona", 0.5, journey.buyer_role),
        ("process_maturity", 0.3, journey.account.maturity),
        ("erp_system", 0.25, rng.choice(_ERP_SYSTEMS)),
        ("product_fit", 0.03, "does not fit"),
        topics,
        language,
    ]


def _noted_at(rng: Random, prospect: Prospect) -> datetime:
    age = (DATA_END - prospect.journey.created_on).days
    return time_on(rng, prospect.journey.created_on + timedelta(days=rng.randrange(age)))
