"""What consumers do in the shop: visits, carts, purchases, and what they ask for in the sale."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from leadscore.demo_data import vocabulary
from leadscore.demo_data.chance import happens, time_on, weighted
from leadscore.demo_data.people import Prospect
from leadscore.demo_data.tables import Event
from leadscore.demo_data.website import browse, channel_of, page_url, some_pages, web_event
from leadscore.demo_data.world import DATA_END, TRACKING_START

_SALE_DAYS = 21
_SALE_SECONDS = 300
# What somebody asks for in the sale, on which page, and how often.
_ERRANDS = (
    ("site_registration", "/shop/gift-card", 0.15),
    ("chatbot_interaction", "/shop", 0.1),
    ("information_request", "/contact", 0.1),
    ("quote_request", "/quote", 0.08),
)


def visits(prospect: Prospect) -> Iterator[Event]:
    """Yield all that a consumer does in the shop.

    Args:
        prospect: The lead; only consumers shop.

    Yields:
        Page views, forms, carts and purchases; times are not in order.
    """
    journey = prospect.journey
    if journey.kind != "b2c":
        return
    rng = prospect.stream("shop")
    for session in journey.sessions:
        channel = channel_of(rng, prospect)
        route = [*some_pages(rng, "shop", 3), *some_pages(rng, "blog", 1)]
        yield from browse(rng, prospect, session.on, session.seconds, channel, route)
        if happens(rng, 0.3):
            yield _cart(rng, prospect, session.on, channel, route[0])
    deal = journey.deal
    if deal is not None and deal.closed_on is not None and deal.is_won:
        yield from _purchase(rng, prospect, deal.closed_on, "direct")
    if happens(rng, 0.3):
        yield from _sale(rng, prospect)


def _cart(rng: Random, prospect: Prospect, day: date, channel: str, page: str) -> Event:
    return web_event(
        prospect, "add_to_cart", time_on(rng, day), channel, page_url(rng, page), page[6:]
    )


def _purchase(rng: Random, prospect: Prospect, day: date, channel: str) -> Iterator[Event]:
    """Yield a purchase, with the cart before and the mail after it."""
    if day < TRACKING_START:
        return
    at, page = time_on(rng, day), rng.choice(vocabulary.pages()["shop"])
    url = page_url(rng, page)
    content_id = page.rpartition("/")[2]
    for event_type in ("page_view", "add_to_cart", "purchase"):
        yield web_event(prospect, event_type, at, channel, url, content_id)
        at += timedelta(seconds=rng.randint(10, 300))
    at += timedelta(hours=rng.randint(1, 40))
    yield web_event(prospect, "transactional_click", at, "email", url, "order-confirmation")


def _sale(rng: Random, prospect: Prospect) -> Iterator[Event]:
    """Yield how somebody comes back in the sale at the end of the data, some of them every day."""
    age = (DATA_END - prospect.journey.created_on).days
    for _ in range(weighted(rng, ((1, 5), (2, 3), (4, 2), (7, 1)))):
        day = DATA_END - timedelta(days=rng.randrange(min(_SALE_DAYS, age)))
        channel = rng.choice(("direct", "direct", "organic", "email", "social"))
        route = [*some_pages(rng, "shop", 4), *some_pages(rng, "shop", 3)]
        yield from browse(rng, prospect, day, _SALE_SECONDS, channel, route)
        if happens(rng, 0.5):
            yield _cart(rng, prospect, day, channel, route[-1])
        for event_type, page, probability in _ERRANDS:
            if happens(rng, probability):
                yield web_event(
                    prospect, event_type, time_on(rng, day), channel, page_url(rng, page)
                )
        if happens(rng, 0.12):
            yield from _purchase(rng, prospect, day, channel)
