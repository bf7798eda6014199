"""The words of the demo: what people, companies and pages are called, read from the CSVs here."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Country:
    """A country, its spellings in the CRM, its cities as (city, region), its legal forms."""

    code: str
    language: str
    share: float
    spellings: tuple[str, ...]
    cities: tuple[tuple[str, str], ...]
    legal_forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Industry:
    """An industry as leadforge names it, and how the CRM does."""

    industry: str
    in_market: bool
    spellings: tuple[str, ...]
    name_words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """Where leads come from: leadforge's source, our channel, the spellings in the CRM."""

    source: str
    channel: str
    share: float
    spellings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """A document, webinar or mail, and the page that it belongs to."""

    content_id: str
    kind: str
    page: str


def _rows(name: str) -> list[dict[str, str]]:
    text = files(__package__).joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _split(cell: str) -> tuple[str, ...]:
    return tuple(cell.split("|"))


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return {key: tuple(values) for key, values in groups.items()}


@cache
def countries() -> tuple[Country, ...]:
    """Return the countries of the market."""
    return tuple(
        Country(
            code=row["country_code"],
            language=row["language"],
            share=float(row["share"]),
            spellings=_split(row["spellings"]),
            cities=tuple(
                (city, region)
                for city, _, region in (c.partition("/") for c in _split(row["cities"]))
            ),
            legal_forms=_split(row["legal_forms"]),
        )
        for row in _rows("countries")
    )


@cache
def industries() -> tuple[Industry, ...]:
    """Return the industries; leadforge's own are those in the market."""
    return tuple(
        Industry(
            industry=row["industry"],
            in_market=row["in_market"] == "true",
            spellings=_split(row["spellings"]),
            name_words=_split(row["name_words"]),
        )
        for row in _rows("industries")
    )


@cache
def sources() -> tuple[Source, ...]:
    """Return the sources of leads."""
    return tuple(
        Source(row["source"], row["channel"], float(row["share"]), _split(row["spellings"]))
        for row in _rows("sources")
    )


@cache
def titles() -> dict[tuple[str, str, str, str], tuple[str, ...]]:
    """Return the job titles by (language, role, seniority, gender); gender is f, m or blank."""
    keyed: dict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for row in _rows("titles"):
        keyed[row["language"], row["role"], row["seniority"], row["gender"]].append(row["title"])
    return {key: tuple(values) for key, values in keyed.items()}


@cache
def first_names() -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the first names by (language, gender)."""
    rows = (row for row in _rows("names") if row["kind"] == "first")
    return {(row["language"], row["gender"]): _split(row["names"]) for row in rows}


@cache
def last_names() -> dict[str, tuple[str, ...]]:
    """Return the family names by language."""
    return {
        row["language"]: _split(row["names"]) for row in _rows("names") if row["kind"] == "last"
    }


@cache
def mail_domains(kind: str, language: str) -> tuple[str, ...]:
    """Return the mail domains of a kind that speakers of a language use; kinds as in the CSV."""
    return tuple(
        row["domain"]
        for row in _rows("mail_domains")
        if row["kind"] == kind and row["language"] in ("any", language)
    )


@cache
def pages() -> dict[str, tuple[str, ...]]:
    """Return the paths of the website by kind of page."""
    return _grouped((row["kind"], row["page"]) for row in _rows("pages"))


@cache
def contents(kind: str) -> tuple[Content, ...]:
    """Return the contents of a kind: download, webinar, nurture or transactional."""
    return tuple(Content(**row) for row in _rows("content") if row["kind"] == kind)


@cache
def user_agents() -> dict[str, tuple[str, ...]]:
    """Return the user agents by kind: browser, mail, crawler, scanner."""
    return _grouped((row["kind"], row["user_agent"]) for row in _rows("user_agents"))


@cache
def answers() -> dict[tuple[str, str], tuple[str, ...]]:
    """Return the answers by (question, mood); the mood is good, fair or bad."""
    return {(row["question"], row["mood"]): _split(row["answers"]) for row in _rows("questions")}
