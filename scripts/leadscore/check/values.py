"""Parsers of cells: each takes trimmed text, returns a value or says what it needs instead."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from leadscore.check.findings import did_you_mean, listed, normalise, quote

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

Parser = Callable[[str], object]

LARGEST = 1e9  # points are decimal(18,4): far beyond any score, far below an overflow

_FIRST_DAY_OF_SPREADSHEETS = date(1899, 12, 30)
_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,2})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]+")
_NOT_PAGE = re.compile(r"^([a-z][a-z0-9+.-]*:)?//[^/?#]*|^www[.][^/?#]*|[?#].*\Z")
_PAGE_OR_URL = re.compile(r"/|www[.]|[a-z][a-z0-9+.-]*://")


class Misfit(ValueError):  # noqa: N818 - not an error of the program
    """A value that does not parse: what is needed, and a hint how to mend it."""

    def __init__(self, need: str, hint: str = "") -> None:
        """Take the words that fit ``needs ...`` and, with its punctuation, a hint."""
        super().__init__(need)
        self.need = need
        self.hint = hint

    def about(self, subject: str, value: str) -> str:
        """The message, e.g. ``points needs a number, got 'ten'``."""
        return f"{subject} needs {self.need}, got {quote(value)}{self.hint}"


class Oddity(ValueError):  # noqa: N818 - not an error of the program
    """A value that the engine can use, though hardly what was meant: worth a warning."""

    def __init__(self, value: object, words: str) -> None:
        """Take what the value counts as, and words to follow the column and what stands there."""
        super().__init__(words)
        self.value = value


def text(value: str) -> str:
    """Any text."""
    return value


def word(value: str) -> str:
    """A word whose case does not matter."""
    return normalise(value)


def field_name(value: str) -> str:
    """A name of a field; the engine reads it in lower case."""
    return value.lower()


def number(value: str) -> float:
    """A finite number with a decimal point."""
    if _NUMBER.fullmatch(value) and math.isfinite(parsed := float(value)):
        return parsed
    hint = ""
    plain = re.sub(r"\s", "", value.replace("\u2212", "-"))
    if re.fullmatch(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?", plain):
        hint = f"; write {plain.replace(',', '')}"
    elif re.fullmatch(r"[+-]?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]+)?", plain):
        hint = f"; write {plain.replace('.', '').replace(',', '.')}"
    elif plain != value and _NUMBER.fullmatch(plain):
        hint = f"; write {plain}"
    elif value.endswith("%"):
        hint = "; write it without '%'"
    raise Misfit("a number", hint)


def numeric(
    *, whole: bool = False, at_least: float | None = None, above: float | None = None
) -> Parser:
    """Parser of numbers within a range, for the columns of rule files."""
    need = "a whole number" if whole else "a number"
    if at_least is not None:
        need += f" of {at_least:g} or more"
    if above is not None:
        need += f" above {above:g}"

    def parse(value: str) -> float:
        try:
            parsed = number(value)
        except Misfit as misfit:
            raise Misfit(need, misfit.hint) from None
        if abs(parsed) > LARGEST:
            raise Misfit(f"{need}, not beyond {LARGEST:,.0f}")
        if (
            (whole and not parsed.is_integer())
            or (at_least is not None and parsed < at_least)
            or (above is not None and parsed <= above)
        ):
            raise Misfit(need)
        return parsed

    return parse


def or_zero(parse: Parser) -> Parser:
    """Parser of limits, of which 0 is a strange one."""

    def parse_limit(value: str) -> object:
        if _NUMBER.fullmatch(value) and float(value) == 0:
            raise Oddity(0.0, "leaves nothing of the rule's points; leave it blank for no limit")
        return parse(value)

    return parse_limit


def iso_date(value: str) -> date:
    """An ISO date."""
    if _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise Misfit("a date of the calendar") from None
    hint = ""
    if re.fullmatch(r"[0-9]{1,2}[-/.][0-9]{1,2}[-/.][0-9]{2}", value):
        hint = "; write the year first, with four digits"
    elif re.fullmatch(r"[1-9][0-9]{4}", value):
        day = _FIRST_DAY_OF_SPREADSHEETS + timedelta(days=int(value))
        hint = f"; a spreadsheet means {day} by that"
    raise Misfit("an ISO date such as 2026-01-31", hint)


def truth(value: str) -> bool:
    """``true`` or ``false`` in any case, as spreadsheets like to write them."""
    if value.lower() not in ("true", "false"):
        raise Misfit("true or false")
    return value.lower() == "true"


def one_of(*words: str) -> Parser:
    """Parser of an enumeration; case does not matter."""

    def parse(value: str) -> str:
        if word(value) not in words:
            raise Misfit(listed(words), did_you_mean(value, words))
        return word(value)

    return parse


def identifier(value: str) -> str:
    """A name that is easy to write in field names, such as ``score.b2b``."""
    if not _IDENTIFIER.fullmatch(value):
        raise Oddity(value, "is easier to write elsewhere with letters, digits, _ and - only")
    return value


def page_prefix(value: str) -> str:
    """The beginning of a page, in the form in which the engine compares pages."""
    page = "/" + _NOT_PAGE.sub("", value.lower()).strip("/")
    if not _PAGE_OR_URL.match(value.lower()):
        raise Oddity(page, f"counts as {quote(page)}; write that")
    return page


def days(value: str) -> float:
    """A whole number of days."""
    parsed = numeric(whole=True, at_least=0)(value)
    assert isinstance(parsed, float)
    return parsed


def number_or_date(value: str) -> float | date:
    """What fields without a registered type can be ordered by."""
    try:
        return iso_date(value) if _DATE.fullmatch(value) else number(value)
    except Misfit as misfit:
        raise Misfit("a number or an ISO date", misfit.hint) from None


def span(parse: Callable[[str], float | date]) -> Parser:
    """Parser of ``low..high``, both inclusive."""

    def parse_span(value: str) -> tuple[float | date, float | date]:
        ends = [end.strip() for end in value.split("..")]
        if len(ends) != 2 or not all(ends):
            example = "2026-01-01..2026-01-31" if parse is iso_date else "10..50"
            raise Misfit("low..high", f"; for example {example}")
        try:
            low, high = parse(ends[0]), parse(ends[1])
            is_upside_down = low > high  # type: ignore[operator]
        except Misfit as misfit:
            raise Misfit(f"low..high, each {misfit.need}", misfit.hint) from None
        except TypeError:
            raise Misfit("low..high, both numbers or both dates") from None
        if is_upside_down:
            raise Misfit("low..high with the lower one first", f"; write {ends[1]}..{ends[0]}")
        return low, high

    return parse_span


# What RE2 complains of, and what a person calls it; {} is where.
_RE2_COMPLAINTS = {
    "missing )": "a '(' is not closed",
    "unexpected )": "a ')' was not opened",
    "missing ]": "a '[' is not closed",
    "trailing \\": "it ends in a lone '\\'",
    "no argument for repetition operator": "there is nothing to repeat before {}",
    "bad repetition operator": "RE2 lacks possessive and repeated repetitions such as {}",
    "invalid repetition size": "RE2 repeats at most 1000 times in all, not {}",
    "invalid escape sequence": "RE2 lacks back-references and other escapes such as {}",
    "invalid perl operator": "RE2 lacks look-ahead, look-behind and other groups such as {}",
    "invalid named capture group": "groups are named as in (?P<name>...), each once, not as in {}",
    "pattern too large - compile failed": "it is too large",
    "invalid character class range": "RE2 has no such class or range of characters as {}",
}


def regex(value: str) -> str:
    """A regular expression that DuckDB can run, as the engine runs it."""
    complaint = _complaint_of_duckdb(value)
    if complaint:
        kind, _, where = complaint.partition(": ")
        words = _RE2_COMPLAINTS.get(kind, "").format(quote(where)) or complaint
        raise Misfit("a regular expression that RE2 can read", f"; {words}")
    return value


def _complaint_of_duckdb(pattern: str) -> str:
    import duckdb  # here, for it is slow to start and few rules have patterns

    try:
        _connection().execute("select regexp_matches('', '(?i)' || strip_accents(?))", [pattern])
    except duckdb.Error as error:
        return str(error).removeprefix("Invalid Input Error: ").replace("(?i)", "", 1)
    return ""


@lru_cache
def _connection() -> DuckDBPyConnection:
    import duckdb

    return duckdb.connect()
