"""Randomness that repeats: every lead, company and purpose draws from a stream of its own.

A stream depends on its name alone, so a change to one purpose moves no other draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import TypeVar

T = TypeVar("T")

# Share of the day's activity by UTC hour, from 06:00 to 21:00.
_HOURS = range(6, 22)
_HOUR_WEIGHTS = (1, 3, 7, 9, 9, 8, 6, 5, 7, 9, 8, 7, 5, 4, 3, 2)


def stream(seed: int, *names: str) -> Random:
    """Return the random stream of that name; text seeds do not hang on the machine."""
    return Random(":".join((str(seed), *names)))


def happens(rng: Random, probability: float) -> bool:
    """Return True with that probability."""
    return rng.random() < probability


def sometimes(rng: Random, probability: float, value: T) -> T | None:
    """Return the value with that probability, else None: a field that somebody left empty."""
    return value if rng.random() < probability else None


def weighted(rng: Random, options: Sequence[tuple[T, float]]) -> T:
    """Return one of the (option, weight) pairs' options."""
    return rng.choices([o for o, _ in options], weights=[w for _, w in options])[0]


def time_on(rng: Random, day: date) -> datetime:
    """Return a moment of that day, mostly in office hours."""
    hour = rng.choices(_HOURS, weights=_HOUR_WEIGHTS)[0]
    midnight = datetime(day.year, day.month, day.day)
    return midnight + timedelta(hours=hour, minutes=rng.randrange(60), seconds=rng.randrange(60))
