"""Parsers of cells: each takes trimmed text, returns a value or says what it needs instead."""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Callable
from datetime import date

from leadscore.check.findings import did_you_mean, listed, quote

Parser = Callable[[str], object]

LARGEST = 1e9  # points are decimal(18,4): far beyond any score, far below an overflow

_NUMBER = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,2})?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_IDENTIFIER = re.compile(r"[A-Za-z0-9_-]+")


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


def text(value: str) -> str:
    """Any text."""
    return value


def number(value: str) -> float:
    """A finite number with a decimal point."""
    if _NUMBER.fullmatch(value) and math.isfinite(parsed := float(value)):
        return parsed
    hint = ""
    if re.fullmatch(r"[+-]?[0-9]{1,3}(,[0-9]{3})+", value):
        hint = f"; write {value.replace(',', '')}"
    elif re.fullmatch(r"[+-]?[0-9]+,[0-9]+", value):
        hint = f"; write {value.replace(',', '.')}"
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


def nonzero(value: str) -> float:
    """A number other than 0."""
    parsed = numeric()(value)
    if parsed == 0:
        raise Misfit("a number other than 0", "; leave it blank for no limit")
    assert isinstance(parsed, float)
    return parsed


def iso_date(value: str) -> date:
    """An ISO date."""
    if _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise Misfit("a date of the calendar") from None
    raise Misfit("an ISO date such as 2026-01-31")


def truth(value: str) -> bool:
    """``true`` or ``false`` in any case, as spreadsheets like to write them."""
    if value.lower() not in ("true", "false"):
        raise Misfit("true or false")
    return value.lower() == "true"


def one_of(*words: str) -> Parser:
    """Parser of an enumeration."""

    def parse(value: str) -> str:
        if value not in words:
            raise Misfit(listed(words), did_you_mean(value, words))
        return value

    return parse


def identifier(value: str) -> str:
    """A name that can stand in field names, such as ``score.b2b``."""
    if not _IDENTIFIER.fullmatch(value):
        raise Misfit("letters, digits, _ and - only")
    return value


def page_prefix(value: str) -> str:
    """The beginning of a page, written as pages are compared."""
    if "://" in value or not value.startswith("/"):
        raise Misfit("a path that begins with '/', without scheme and host")
    if re.search(r"[?#]", value):
        raise Misfit("a path without query and fragment", f"; write {_page(value)}")
    if value != value.lower():
        raise Misfit("lower case", f"; write {_page(value)}")
    if value != "/" and value.endswith("/"):
        raise Misfit("no slash at its end", f"; write {_page(value)}")
    return value


def _page(value: str) -> str:
    return quote(re.split(r"[?#]", value.lower())[0].rstrip("/") or "/")


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


# What Python and RE2 read differently; everything else is left to re.compile.
_RE2_TOKEN = re.compile(
    r"""
    (?P<literal>    \\Q.*?(?:\\E|\Z) )
  | (?P<letters>    \\[pP](?:\{\^?\w+\}|\w) )
  | (?P<code>       \\x\{[0-9A-Fa-f]{1,6}\} )
  | (?P<set>        \[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*+\] )
  | (?P<backref>    \\[1-9]|\(\?P= )
  | (?P<escape>     \\. )
  | (?P<look>       \(\?<?[=!] )
  | (?P<perl_name>  \(\?<\w )
  | (?P<name>       \(\?P<\w+> )
  | (?P<flags>      \(\?[imsU-]*[:)] )
  | (?P<special>    \(\?[>#(|] )
  | (?P<possessive> (?:[*+?]|\{[0-9]+(?:,[0-9]*)?\})\+ )
  | (?P<repeat>     \{[0-9]+(?:,[0-9]*)?\} )
    """,
    re.VERBOSE | re.DOTALL,
)
_RE2_LACKS = {
    "backref": "back-references",
    "look": "look-ahead and look-behind",
    "special": "atomic groups, conditions and comments",
    "possessive": "possessive quantifiers",
}


def regex(value: str) -> str:
    """A regular expression of RE2, the dialect of DuckDB, Go and BigQuery."""
    need = "a regular expression that RE2 can read"
    if len(value) > 2000:
        raise Misfit(f"{need}, of at most 2000 characters")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(_RE2_TOKEN.sub(_as_python, value))
    except (re.error, OverflowError, RecursionError) as error:
        raise Misfit(need, f" ({error})") from None
    return value


def _as_python(token: re.Match[str]) -> str:
    kind, raw = token.lastgroup or "", token[0]
    if kind in _RE2_LACKS:
        raise Misfit(f"a regular expression without {_RE2_LACKS[kind]}, which RE2 lacks")
    if kind == "perl_name":
        raise Misfit("a regular expression whose groups are named as in (?P<name>...)")
    if kind == "repeat" and any(int(n) > 1000 for n in re.findall(r"[0-9]{1,9}", raw)):
        raise Misfit("a regular expression that repeats nothing more than 1000 times")
    if kind == "escape" and raw[1] in "ZuUN":
        raise Misfit(f"a regular expression without {raw}, which RE2 lacks")
    if kind == "set":
        return re.sub(r"\[:\^?\w+:\]|\\[pP](?:\{\^?\w+\}|\w)|\\x\{\w+\}", r"\\w", raw)
    if kind == "escape":
        return {"\\z": r"\Z", "\\C": "."}.get(raw, raw)
    if kind == "literal":
        return re.escape(raw.removeprefix("\\Q").removesuffix("\\E"))
    if kind == "flags":
        return "(?:" if raw.endswith(":") else ""
    return {"letters": r"\w", "code": "x", "name": "("}.get(kind, raw)
