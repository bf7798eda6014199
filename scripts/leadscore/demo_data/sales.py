"""What happens away from website and inbox: content, fairs, and the talks with sales."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from leadscore.demo_data import vocabulary
from leadscore.demo_data.chance import happens, sometimes, time_on, weighted
from leadscore.demo_data.people import Prospect
from leadscore.demo_data.tables import Answer, Event, Outcome
from leadscore.demo_data.website import page_url, web_event
from leadscore.demo_data.world import DATA_END, Activity, Touch

FAIRS = (date(2025, 3, 18), date(2025, 10, 7), date(2026, 3, 17), date(2026, 10, 6))
_FAIR_REACH_DAYS = 90
# What sales did and came to nothing (voicemail, no answer) says nothing about the lead.
_TALKS = {
    ("call", "connected"): "sales_call",
    ("call", "meeting_set"): "sales_call",
    ("meeting", "connected"): "sales_meeting",
    ("demo", "demo_completed"): "sales_meeting",
    ("email", "connected"): "sales_email_reply",
}
# How the answers sound, by how the deal went: (good, fair, bad).
_MOODS = {
    "won": (("good", 70), ("fair", 22), ("bad", 8)),
    "lost": (("good", 18), ("fair", 37), ("bad", 45)),
    "open": (("good", 40), ("fair", 40), ("bad", 20)),
}
# Why sales sends a lead back, as it is chosen from a list or typed.
_REJECTIONS = (("not_ready", 40), ("Not ready", 10), ("no_fit", 30), ("too_long", 20))
_QUESTIONS = ("budget", "timeline", "authority", "need")


def encounters(prospect: Prospect) -> Iterator[Event]:
    """Yield what a lead does with content, at fairs and with sales.

    Args:
        prospect: The lead, of any kind.

    Yields:
        Events; times are not in order.
    """
    rng = prospect.stream("sales")
    for touch in prospect.journey.touches:
        yield from _answered_touch(rng, prospect, touch)
    for activity in prospect.journey.activities:
        yield from _talk(rng, prospect, activity)
    if prospect.journey.kind == "b2b":
        yield from _fairs(rng, prospect)
    yield from _rejection(prospect)


def answers(prospect: Prospect) -> Iterator[Answer]:
    """Yield what the lead answered when sales called; some think again later.

    Args:
        prospect: The lead, of any kind.
    """
    rng = prospect.stream("answers")
    calls = [a.on for a in prospect.journey.activities if _TALKS.get((a.kind, a.outcome))]
    if not calls or not happens(rng, 0.15):
        return
    moods = _MOODS[_result(prospect)]
    for question in _QUESTIONS:
        for day in calls[: 1 + happens(rng, 0.15)]:
            if happens(rng, 0.7):
                words = vocabulary.answers()[question, weighted(rng, moods)]
                yield Answer(
                    prospect.journey.lead_id, question, rng.choice(words), time_on(rng, day)
                )


def outcomes(prospect: Prospect) -> Iterator[Outcome]:
    """Yield the opportunities of a business lead.

    Args:
        prospect: The lead, of any kind.
    """
    rng = prospect.stream("outcomes")
    journey = prospect.journey
    if prospect.is_cross_sell:
        yield _earlier_purchase(rng, prospect)
    deal = journey.deal
    if journey.kind != "b2b" or deal is None:
        return
    yield Outcome(
        opportunity_id=deal.opportunity_id,
        lead_id=journey.lead_id,
        stage=deal.stage,
        amount=sometimes(rng, 0.95, deal.amount),
        opened_at=_midnight(deal.opened_on),
        closed_at=None if deal.closed_on is None else _midnight(deal.closed_on),
        is_won=None if deal.closed_on is None else deal.is_won,
    )


def _answered_touch(rng: Random, prospect: Prospect, touch: Touch) -> Iterator[Event]:
    if prospect.journey.kind != "b2b":
        if prospect.journey.kind == "b2c" and happens(rng, 0.03):
            yield _share(rng, prospect, touch.on)
        return
    if touch.kind == "content_download" and happens(rng, 0.15 + 0.4 * prospect.journey.eagerness):
        yield from _download(rng, prospect, touch.on)
    elif touch.kind == "webinar" and happens(rng, 0.1 + 0.35 * prospect.journey.eagerness):
        yield from _webinar(rng, prospect, touch.on)
    elif touch.kind == "linkedin_message" and happens(rng, 0.06):
        yield _share(rng, prospect, touch.on)
    elif touch.kind == "call" and happens(rng, 0.03):
        # No event type of the registry: a new channel that nobody has told us of.
        yield _offline(prospect, "whatsapp_message", time_on(rng, touch.on))


def _share(rng: Random, prospect: Prospect, day: date) -> Event:
    url = page_url(rng, rng.choice(vocabulary.pages()["blog"]), "social")
    return web_event(prospect, "share", time_on(rng, day), "social", url)


def _download(rng: Random, prospect: Prospect, day: date) -> Iterator[Event]:
    at, content = time_on(rng, day), rng.choice(vocabulary.contents("download"))
    channel = rng.choice((prospect.source.channel, "organic", "email"))
    url = page_url(rng, content.page, channel)
    if happens(rng, 0.5):
        form = f"form-{content.content_id}"
        yield web_event(prospect, "form_submit", at, channel, url, form)
        at += timedelta(seconds=rng.randrange(2, 30))
    yield web_event(prospect, "download", at, channel, url, content.content_id)


def _webinar(rng: Random, prospect: Prospect, day: date) -> Iterator[Event]:
    at, content = time_on(rng, day), rng.choice(vocabulary.contents("webinar"))
    channel = rng.choice((prospect.source.channel, "email", "social"))
    url = page_url(rng, content.page, channel)
    yield web_event(prospect, "webinar_registration", at, channel, url, content.content_id)
    if happens(rng, 0.55):
        at += timedelta(days=rng.randrange(1, 9))
        yield _offline(prospect, "webinar_attended", at, content.content_id)


def _talk(rng: Random, prospect: Prospect, activity: Activity) -> Iterator[Event]:
    event_type = _TALKS.get((activity.kind, activity.outcome))
    if event_type is not None:
        yield _offline(prospect, event_type, time_on(rng, activity.on))


def _rejection(prospect: Prospect) -> Iterator[Event]:
    """Yield that sales sends the lead back, as it says of some deals that are lost."""
    rng, deal = prospect.stream("sent back"), prospect.journey.deal
    is_lost = deal is not None and deal.closed_on is not None and not deal.is_won
    if prospect.journey.kind == "b2b" and is_lost and happens(rng, 0.15):
        assert deal is not None
        assert deal.closed_on is not None
        yield _offline(
            prospect, "sales_rejected", time_on(rng, deal.closed_on), weighted(rng, _REJECTIONS)
        )


def _fairs(rng: Random, prospect: Prospect) -> Iterator[Event]:
    met_there = "Trade fair" in prospect.source.spellings
    for day in FAIRS:
        distance = abs((day - prospect.journey.created_on).days)
        if distance < _FAIR_REACH_DAYS and happens(rng, 0.5 if met_there else 0.04):
            fair = f"procurement-expo-{day.year}-{day.month:02d}"
            yield _offline(prospect, "event_booth_visit", time_on(rng, day), fair)


def _offline(
    prospect: Prospect, event_type: str, at: datetime, content_id: str | None = None
) -> Event:
    return Event(event_type, at, lead_id=prospect.journey.lead_id, content_id=content_id)


def _result(prospect: Prospect) -> str:
    deal = prospect.journey.deal
    if deal is None or deal.closed_on is None:
        return "open"
    return "won" if deal.is_won else "lost"


def _earlier_purchase(rng: Random, prospect: Prospect) -> Outcome:
    """Return the deal that made a customer of a lead whom we now offer more."""
    closed_on = min(prospect.journey.created_on, DATA_END) - timedelta(days=rng.randrange(60, 900))
    return Outcome(
        opportunity_id=f"opp_first_{prospect.journey.lead_id.rpartition('_')[2]}",
        lead_id=prospect.journey.lead_id,
        stage="closed_won",
        amount=float(rng.randrange(8_000, 60_000)),
        opened_at=_midnight(closed_on - timedelta(days=rng.randrange(30, 120))),
        closed_at=_midnight(closed_on),
        is_won=True,
    )


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)
