"""The mails that leads get, and what they, or the scanners of their companies, do with them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from leadscore.demo_data import vocabulary
from leadscore.demo_data.chance import happens, time_on, weighted
from leadscore.demo_data.people import Prospect, is_customer
from leadscore.demo_data.tables import Event
from leadscore.demo_data.website import HOST, page_url, web_event
from leadscore.demo_data.world import DATA_END, TRACKING_START

_NEWSLETTER_DAY = 12
_NEWSLETTER_MONTHS = 8
_STALE_DAYS = 1095


@dataclass(frozen=True, slots=True)
class _Mail:
    """One mail to send: on which day, with which content, in which campaign, leading where."""

    on: date
    content_id: str
    campaign_id: str
    page: str


def mailings(prospect: Prospect) -> Iterator[Event]:
    """Yield the fate of all mails to a lead: delivered, bounced, opened, clicked, unsubscribed.

    Args:
        prospect: The lead, of any kind.

    Yields:
        Events of the mails and of the visits they lead to; times are not in order.
    """
    rng = prospect.stream("mail")
    if prospect.person.email is None:
        return
    mails = sorted(_mails(rng, prospect), key=lambda mail: (mail.on, mail.content_id))
    can_bounce = _can_bounce(rng, prospect)
    silent_until = date.min
    for number, mail in enumerate(mails, start=1):
        if mail.on < silent_until:
            continue
        message_id = f"msg-{prospect.journey.lead_id.rpartition('_')[2]}-{number:03d}"
        sent_at = time_on(rng, mail.on)
        if can_bounce:
            yield _event(prospect, "hard_bounce", sent_at, mail, message_id)
            return
        yield from _message(rng, prospect, sent_at, mail, message_id)
        if happens(rng, 0.03 if prospect.journey.kind == "email_only" else 0.006):
            yield from _goodbye(rng, prospect, sent_at, mail, message_id)
            if not happens(rng, 0.2):
                return
            regret = sent_at + timedelta(days=rng.randrange(2, 60), minutes=rng.randrange(600))
            silent_until = regret.date()
            yield web_event(prospect, "resubscribe", regret, "direct", page_url(rng, "/blog"))
    yield from _invoices(rng, prospect)


def _mails(rng: Random, prospect: Prospect) -> Iterator[_Mail]:
    nurture, webinars = vocabulary.contents("nurture"), vocabulary.contents("webinar")
    for touch in prospect.journey.touches:
        if touch.kind == "email":
            content = rng.choice(nurture)
            yield _Mail(touch.on, content.content_id, "nurture", content.page)
        elif touch.kind == "webinar" and happens(rng, 0.35):
            content = rng.choice(webinars)
            yield _Mail(touch.on, f"invitation-{content.content_id}", "webinars", content.page)
    if prospect.reads_newsletter:
        yield from _newsletters(rng, prospect)


def _newsletters(rng: Random, prospect: Prospect) -> Iterator[_Mail]:
    """Yield a newsletter a month, until the lead drops off the list."""
    year, month = DATA_END.year, DATA_END.month
    for _ in range(_NEWSLETTER_MONTHS):
        day = date(year, month, _NEWSLETTER_DAY)
        if day <= prospect.identified_on:
            return
        page = rng.choice(vocabulary.pages()["blog"])
        yield _Mail(day, f"newsletter-{year}-{month:02d}", "newsletter", page)
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)


def _can_bounce(rng: Random, prospect: Prospect) -> bool:
    """Whether nobody has that address, or not any more."""
    age = (DATA_END - prospect.journey.created_on).days
    domain = (prospect.person.email or "").partition("@")[2]
    return "." not in domain or happens(rng, 0.12 if age > _STALE_DAYS else 0.008)


def _event(
    prospect: Prospect,
    event_type: str,
    at: datetime,
    mail: _Mail,
    message_id: str,
    page: str | None = None,
    user_agent: str | None = None,
) -> Event:
    return Event(
        event_type=event_type,
        occurred_at=at,
        lead_id=prospect.journey.lead_id,
        channel="email",
        url=None if page is None else f"https://{HOST}{page}",
        campaign_id=mail.campaign_id,
        content_id=mail.content_id,
        message_id=message_id,
        user_agent=user_agent,
    )


def _message(
    rng: Random, prospect: Prospect, sent_at: datetime, mail: _Mail, message_id: str
) -> Iterator[Event]:
    yield _event(prospect, "email_delivered", sent_at, mail, message_id)
    if prospect.company is not None and prospect.company.has_mail_gateway:
        yield from _scan(rng, prospect, sent_at, mail, message_id)
    interest = 0.1 + 0.5 * prospect.journey.eagerness
    if (sent_at.date() - prospect.journey.created_on).days > 365:
        interest *= 0.5
    at = sent_at + timedelta(minutes=weighted(rng, ((5, 3), (60, 4), (600, 2), (3000, 1))))
    if happens(rng, interest):
        user_agent = rng.choice(vocabulary.user_agents()["mail"])
        for _ in range(weighted(rng, ((1, 75), (2, 18), (4, 7)))):
            at += timedelta(seconds=rng.randrange(20, 3600))
            yield _event(prospect, "email_open", at, mail, message_id, user_agent=user_agent)
        if happens(rng, 0.12 + 0.3 * prospect.journey.eagerness):
            yield from _click(rng, prospect, at, mail, message_id)
    elif happens(rng, 0.015):  # images were blocked: a click without an open
        yield from _click(rng, prospect, at, mail, message_id)


def _click(
    rng: Random, prospect: Prospect, opened_at: datetime, mail: _Mail, message_id: str
) -> Iterator[Event]:
    at = opened_at + timedelta(seconds=rng.randrange(4, 90))
    agent = prospect.user_agent
    yield _event(prospect, "email_click", at, mail, message_id, mail.page, agent)
    at += timedelta(seconds=rng.randrange(1, 4))
    yield web_event(prospect, "page_view", at, "email", page_url(rng, mail.page, "email"))


def _scan(
    rng: Random, prospect: Prospect, sent_at: datetime, mail: _Mail, message_id: str
) -> Iterator[Event]:
    """Yield what a mail gateway does: open and follow links, by name or in disguise."""
    agents = vocabulary.user_agents()
    agent = rng.choice(agents["scanner"] if happens(rng, 0.5) else agents["browser"])
    at = sent_at + timedelta(milliseconds=rng.randrange(300, 1200))
    if happens(rng, 0.6):
        yield _event(prospect, "email_open", at, mail, message_id, user_agent=agent)
        yield _event(prospect, "email_click", at, mail, message_id, mail.page, agent)
        return
    at = sent_at + timedelta(seconds=rng.randrange(5, 600))
    for page in (mail.page, "/legal/privacy", "/unsubscribe"):
        yield _event(prospect, "email_click", at, mail, message_id, page, agent)
        at += timedelta(milliseconds=rng.randrange(200, 900))


def _goodbye(
    rng: Random, prospect: Prospect, sent_at: datetime, mail: _Mail, message_id: str
) -> Iterator[Event]:
    """Yield how a lead stops the mails."""
    at = sent_at + timedelta(minutes=rng.randrange(10, 2000))
    if happens(rng, 0.2):
        yield _event(prospect, "spam_report", at, mail, message_id)
        return
    yield web_event(prospect, "page_view", at, "email", page_url(rng, "/unsubscribe", "email"))
    at += timedelta(seconds=rng.randrange(5, 60))
    yield _event(prospect, "unsubscribe", at, mail, message_id)


def _invoices(rng: Random, prospect: Prospect) -> Iterator[Event]:
    """Yield clicks of customers in mails about their contract."""
    if prospect.journey.kind != "b2b" or not is_customer(prospect):
        return
    for _ in range(rng.randrange(4)):
        day = DATA_END - timedelta(days=rng.randrange(1, 200))
        if day > max(prospect.journey.created_on, TRACKING_START):
            at, content = time_on(rng, day), vocabulary.contents("transactional")[0]
            url = page_url(rng, content.page)
            yield web_event(prospect, "transactional_click", at, "email", url, content.content_id)
