"""What leads do on the website, and the strangers and crawlers that come by."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from random import Random

from leadscore.demo_data import vocabulary
from leadscore.demo_data.chance import happens, stream, time_on, weighted
from leadscore.demo_data.people import Prospect
from leadscore.demo_data.tables import Event
from leadscore.demo_data.world import DATA_END, TRACKING_START, Session

HOST = "www.procura.example"
# leadforge counts up to ten pages a visit; the demo shows the first few.
_MOST_VIEWS = 3

_LANDINGS = {
    "ppc": (("product", 5), ("pricing", 3), ("decision", 2)),
    "organic": (("blog", 7), ("docs", 1), ("home", 2)),
    "social": (("blog", 6), ("webinar", 2), ("decision", 2)),
    "direct": (("home", 8), ("product", 2)),
    "referral": (("decision", 5), ("product", 3), ("home", 2)),
    "email": (("blog", 4), ("decision", 4), ("webinar", 2)),
}
_BROWSED = (("product", 35), ("blog", 25), ("decision", 20), ("docs", 10), ("about", 6),
            ("webinar", 4))  # fmt: skip
_UTM = {"ppc": "google", "social": "linkedin", "email": "newsletter", "referral": "partner"}


def web_event(
    prospect: Prospect,
    event_type: str,
    at: datetime,
    channel: str | None = None,
    url: str | None = None,
    content_id: str | None = None,
) -> Event:
    """Return an event of the website, anonymous until the visitor is identified."""
    is_known = at.date() >= prospect.identified_on
    return Event(
        event_type=event_type,
        occurred_at=at,
        lead_id=prospect.journey.lead_id if is_known else None,
        anonymous_id=prospect.anonymous_id,
        channel=channel,
        url=url,
        campaign_id=campaign(channel, at) if event_type == "page_view" else None,
        content_id=content_id,
        user_agent=prospect.user_agent,
        ip_address=prospect.ip_address,
    )


def campaign(channel: str | None, at: datetime) -> str | None:
    """Return the campaign that ran on a channel in that quarter, if one did."""
    if channel not in ("ppc", "social"):
        return None
    return f"{at.year}-q{(at.month + 2) // 3}-{channel}"


def page_url(rng: Random, page: str, channel: str | None = None) -> str:
    """Return one of the spellings in which the url of a page arrives, with utm tags at times."""
    path = page if page == "/" else page + weighted(rng, (("", 85), ("/", 15)))
    if happens(rng, 0.06):
        path = path.title()
    query = ""
    if channel in _UTM:
        query = f"?utm_source={_UTM[channel]}&utm_medium={channel}"
    elif happens(rng, 0.04):
        query = rng.choice(("?ref=nav", "?lang=es", "#plans", "?utm_source=&x=1#top"))
    prefix = weighted(
        rng, ((f"https://{HOST}", 88), (f"http://{HOST}", 4), (f"HTTPS://{HOST.upper()}", 3),
              ("", 5)),
    )  # fmt: skip
    return f"{prefix}{path}{query}"


def visits(prospect: Prospect) -> Iterator[Event]:
    """Yield what the lead does on the website; what consumers do in the shop is in `shop`.

    Args:
        prospect: The lead, of any kind.

    Yields:
        Page views and forms; times are not in order.
    """
    rng = prospect.stream("website")
    favourite = rng.choice(vocabulary.pages()["blog"])
    yield from _subscription(rng, prospect)
    if prospect.journey.kind != "email_only":
        yield from _first_looks(rng, prospect, favourite)
    for session in prospect.journey.sessions if prospect.journey.kind == "b2b" else ():
        channel = channel_of(rng, prospect)
        if _seeks_a_job(prospect):
            route = some_pages(rng, "careers", 3)
            yield from browse(rng, prospect, session.on, session.seconds, channel, route)
        else:
            route = _route(rng, session, channel, favourite)
            yield from browse(rng, prospect, session.on, session.seconds, channel, route)
            yield from _forms(rng, prospect, session, channel, route)


def _subscription(rng: Random, prospect: Prospect) -> Iterator[Event]:
    day = prospect.identified_on
    if prospect.reads_newsletter and TRACKING_START <= day <= DATA_END:
        at, channel = time_on(rng, day), prospect.source.channel
        url = page_url(rng, rng.choice(vocabulary.pages()["blog"]), channel)
        yield web_event(prospect, "newsletter_subscribe", at, channel, url)
        if happens(rng, 0.5):
            at += timedelta(seconds=rng.randrange(1, 5))
            yield web_event(prospect, "form_submit", at, channel, url, "newsletter-form")


def _first_looks(rng: Random, prospect: Prospect, favourite: str) -> Iterator[Event]:
    """Yield visits from before the CRM had the lead."""
    day = prospect.journey.created_on - timedelta(days=rng.randrange(1, 20))
    if day < TRACKING_START or not happens(rng, 0.3):
        return
    at, channel = time_on(rng, day), prospect.source.channel
    for page in ("/", favourite, "/product")[: rng.randint(1, 3)]:
        url = page_url(rng, page, channel)
        yield web_event(prospect, "page_view", at, channel, url)
        at += timedelta(seconds=rng.randrange(15, 200))


def channel_of(rng: Random, prospect: Prospect) -> str:
    """Return how the lead comes to the website this time."""
    first = prospect.source.channel
    return weighted(
        rng,
        ((first, 40), ("direct", 28), ("organic", 18), ("ppc", 5), ("social", 5), ("referral", 4)),
    )


def _seeks_a_job(prospect: Prospect) -> bool:
    junior = prospect.person.seniority in ("support", "individual_contributor")
    return junior and happens(prospect.stream("job seeker"), 0.08)


def some_pages(rng: Random, kind: str, count: int) -> list[str]:
    """Return one to `count` pages of a kind."""
    return [rng.choice(vocabulary.pages()[kind]) for _ in range(rng.randint(1, count))]


def _route(rng: Random, session: Session, channel: str, favourite: str) -> list[str]:
    """Return the pages of a visit: it lands, wanders about, and may end at prices or the demo."""
    ends = []
    if session.pricing_views or (session.kind == "pricing_page" and happens(rng, 0.3)):
        ends.append(weighted(rng, (("/pricing", 85), ("/pricing/enterprise", 15))))
    if session.demo_views or (session.kind == "demo_page" and happens(rng, 0.1)):
        ends.append("/demo")
    kinds = [weighted(rng, _LANDINGS[channel])]
    while len(kinds) + len(ends) < min(session.views, _MOST_VIEWS):
        kinds.append(weighted(rng, _BROWSED))
    pages = [
        favourite if kind == "blog" and happens(rng, 0.5) else rng.choice(vocabulary.pages()[kind])
        for kind in kinds
    ]
    return pages + ends


def browse(
    rng: Random, prospect: Prospect, day: date, seconds: int, channel: str, route: list[str]
) -> Iterator[Event]:
    """Yield the page views of a visit.

    Args:
        rng: The stream to draw from.
        prospect: Who comes.
        day: When.
        seconds: About how long the visit takes.
        channel: From where; the first page tells.
        route: The pages, one or more.
    """
    at = time_on(rng, day)
    pause = max(2, seconds // len(route))
    for number, page in enumerate(route):
        url = page_url(rng, page, channel if number == 0 else None)
        yield web_event(prospect, "page_view", at, channel, url)
        at += timedelta(seconds=rng.randint(1, pause))


def _forms(
    rng: Random, prospect: Prospect, session: Session, channel: str, route: list[str]
) -> Iterator[Event]:
    """Yield what the lead asks for at the end of a visit."""
    at = time_on(rng, session.on)
    is_cold = prospect.journey.source == "sdr_outbound"
    for event_type, page, probability in (
        ("demo_request", "/demo", 0.4 * ("/demo" in route) * bool(session.demo_views)),
        ("quote_request", "/quote", 0.16 * (session.pricing_views == 2)),
        ("information_request", "/contact", 0.035),
        ("site_registration", "/docs/getting-started", 0.025),
        ("form_submit", "/contact", 0.03 if is_cold else 0.08),
        ("chatbot_interaction", route[-1], 0.05),
    ):
        if not happens(rng, probability):
            continue
        url = page_url(rng, page)
        if page not in route:
            yield web_event(prospect, "page_view", at, channel, url)
        at += timedelta(seconds=rng.randint(20, 240))
        yield web_event(prospect, event_type, at, channel, url)
        if event_type in ("demo_request", "quote_request"):
            form = f"{page.strip('/')}-form"
            yield web_event(prospect, "form_submit", at, channel, url, form)


def strangers(seed: int, visitor_count: int) -> Iterator[Event]:
    """Yield visits of people that nobody ever identified.

    Args:
        seed: Seed of the demo.
        visitor_count: Number of visitors.
    """
    rng = stream(seed, "strangers")
    days = (DATA_END - TRACKING_START).days
    for _ in range(visitor_count):
        anonymous_id = f"anon-{rng.getrandbits(40):010x}"
        at = time_on(rng, DATA_END - timedelta(days=rng.randrange(days)))
        user_agent = rng.choice(vocabulary.user_agents()["browser"])
        channel = rng.choice(("organic", "direct", "ppc", "social"))
        for page in some_pages(rng, weighted(rng, _LANDINGS[channel]), 3):
            yield Event(
                "page_view",
                at,
                anonymous_id=anonymous_id,
                channel=channel,
                url=page_url(rng, page, channel),
                user_agent=user_agent,
                ip_address=f"198.51.100.{rng.randrange(256)}",
            )
            at += timedelta(seconds=rng.randrange(10, 120))


def crawlers(seed: int, visit_count: int) -> Iterator[Event]:
    """Yield page views of search engines and scripts.

    Args:
        seed: Seed of the demo.
        visit_count: Number of page views.
    """
    rng = stream(seed, "crawlers")
    days = (DATA_END - TRACKING_START).days
    every_page = [page for group in vocabulary.pages().values() for page in group]
    for _ in range(visit_count):
        yield Event(
            "page_view",
            time_on(rng, DATA_END - timedelta(days=rng.randrange(days))),
            anonymous_id=f"anon-bot-{rng.randrange(20):02d}",
            channel="direct",
            url=page_url(rng, rng.choice(every_page)),
            user_agent=rng.choice(vocabulary.user_agents()["crawler"]),
            ip_address=f"192.0.2.{rng.randrange(20)}",
        )
