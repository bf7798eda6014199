"""What the linter reports, and the words it says it with."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import lru_cache
from typing import Protocol


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong with a file of rules, and how to mend it.

    Attributes:
        file: name of the rule file.
        line: line where it is, from 1.
        column: character of that line where the cell begins, from 1.
        severity: ``error`` or ``warning``.
        message: what is wrong, and what to write instead.
        topic: what findings of its kind have in common.
    """

    file: str
    line: int
    column: int
    severity: str
    message: str
    topic: str = ""

    @property
    def place(self) -> str:
        """Where it is, as editors know it: ``file:line:column``."""
        return f"{self.file}:{self.line}:{self.column}"

    def __str__(self) -> str:
        """The finding as people know it from compilers: ``file:line:column: message``."""
        return f"{self.place}: {self.message}"


class Place(Protocol):
    """Anything that knows where in a file its cells begin, such as a row."""

    @property
    def file(self) -> str:
        """Name of the file."""

    def position(self, column: str) -> tuple[int, int]:
        """Line and character column, both from 1, where the cell of a column begins."""


@dataclass
class Report:
    """Collects findings while the checks run.

    Attributes:
        findings: what was found so far.
        topic: what the check at work is about.
    """

    findings: list[Finding] = field(default_factory=list)
    topic: str = ""

    def error_at(self, file: str, line: int, column: int, message: str) -> None:
        """Add an error at a place of a file."""
        finding = Finding(file, line, column, "error", one_line(message), self.topic)
        self.findings.append(finding)

    def warning_at(self, file: str, line: int, column: int, message: str) -> None:
        """Add a warning at a place of a file."""
        finding = Finding(file, line, column, "warning", one_line(message), self.topic)
        self.findings.append(finding)

    def error(self, place: Place, column: str, message: str) -> None:
        """Add an error about the cell of a row."""
        self.error_at(place.file, *place.position(column), message)

    def warning(self, place: Place, column: str, message: str) -> None:
        """Add a warning about the cell of a row."""
        self.warning_at(place.file, *place.position(column), message)


def one_line(text: str, limit: int = 500) -> str:
    """Text that can be shown on one line, cut where it gets too long."""
    short = text if len(text) <= limit else f"{text[: limit - 1]}…"
    if short.isprintable():
        return short
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in short)


def quote(text: str) -> str:
    """A cell in quotes, short enough to read."""
    return f"'{one_line(text, limit=60)}'"


def listed(words: Iterable[str]) -> str:
    """Words as a person lists them: ``fit or engagement``, ``a, b or c``."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def plural(count: int, noun: str) -> str:
    """``1 rule``, ``2 rules``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def normalise(text: str) -> str:
    """Text as rules compare it: lower case, no accents, single spaces, trimmed."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())


def did_you_mean(word: str, known: Collection[str], cutoff: float = 0.6) -> str:
    """``; did you mean 'x'?`` if some known word is near, else nothing."""
    near = nearest(word, tuple(sorted(known)), cutoff)
    return f"; did you mean {quote(near)}?" if near else ""


def known_are(known: Collection[str], limit: int = 10) -> str:
    """``; known are a, b, c`` if anything is known."""
    shown = [one_line(word, limit=40) for word in sorted(known)[:limit]]
    more = ", ..." if len(known) > limit else ""
    return f"; known are {', '.join(shown)}{more}" if shown else ""


@lru_cache(maxsize=4096)
def nearest(word: str, known: tuple[str, ...], cutoff: float = 0.6) -> str | None:
    """The known word that is spelt most like a word, if any is near."""
    if not word or len(word) > 100:
        return None
    by_spelling = {_spelling(each): each for each in reversed(known)}
    spelling = _spelling(word)
    # "city" is meant to be "lead.city", however few letters they share.
    ends = [each for each in by_spelling if each.endswith(f".{spelling}")]
    near = ends or get_close_matches(spelling, by_spelling, n=1, cutoff=cutoff)
    return by_spelling[near[0]] if near else None


def _spelling(word: str) -> str:
    return normalise(word).replace(" ", "_").replace("-", "_")
