"""What spreadsheets make of cells: read where there is one reading, else refused.

Excel and LibreOffice write numbers, dates and truth values as the language of the computer wants,
and turn some texts into dates or numbers on their own. What a cell can mean is listed here; the
parser of its column says which of the meanings fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import product

from leadscore.check.findings import listed, normalise, quote
from leadscore.check.values import Misfit, Oddity, Parser

_DECIMAL_COMMA = re.compile(r"([+-]?)([0-9]*),([0-9]+)([eE][+-]?[0-9]{1,2})?")
_POINT_AND_THREE_DIGITS = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")
_MIDNIGHT = r"(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?)?"
_YEAR_FIRST = re.compile(rf"([0-9]{{4}})([-/.])([0-9]{{1,2}})\2([0-9]{{1,2}}){_MIDNIGHT}")
_YEAR_LAST = re.compile(rf"([0-9]{{1,2}})([-/.])([0-9]{{1,2}})\2([0-9]{{4}}){_MIDNIGHT}")
_TRUTHS = {
    **dict.fromkeys(("true", "verdadero", "wahr", "vrai", "vero", "verdadeiro", "waar"), "true"),
    **dict.fromkeys(("false", "falso", "falsch", "faux", "onwaar"), "false"),
}

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan ene gen janv",
            "feb fev fevr",
            "mar mrz marz mars",
            "apr abr avr",
            "may mai mag",
            "jun giu juin",
            "jul lug juil",
            "aug ago aout",
            "sep sept set",
            "oct okt ott out",
            "nov",
            "dec dic dez",
        ),
        start=1,
    )
    for name in names.split()
}
_DAY_AND_MONTH = re.compile(r"([0-9]{1,2})[-./ ]{1,2}([a-z]{3,4})\.?")
_MONTH_AND_YEAR = re.compile(r"([a-z]{3,4})\.?[-./ ]{1,2}([0-9]{2})")
_SHORTENED = re.compile(r"[0-9]([.,][0-9]+)?E\+[0-9]{2,}")
_FORMULA_ERROR = re.compile(r"#[¿¡]?[^\W_a-z/]+(/0)?[?!]|#N/[ADV]|#{3,}")
_NEEDLESS_APOSTROPHE = re.compile(r"'(?=[0-9.=+@-])")


@dataclass(frozen=True)
class Style:
    """How a file is written.

    Attributes:
        delimiter: what stands between cells.
        is_day_first: whether its dates have the day before the month; None if none of them tells.
    """

    delimiter: str = ","
    is_day_first: bool | None = None


def is_day_first(cells: Iterable[str]) -> bool | None:
    """Whether the dates of a file have the day first, by those that can be read in one way only."""
    seen = set()
    for cell in cells:
        for text in cell.split(".."):
            found = _YEAR_LAST.fullmatch(text.strip())
            first, last = (int(found[1]), int(found[3])) if found else (1, 1)
            if max(first, last) > 12:
                seen.add(first > 12)
    return seen.pop() if len(seen) == 1 else None


def read_cell(parse: Parser, text: str, style: Style) -> tuple[str, object]:
    """What a cell means, and how the contract writes that.

    Raises:
        Misfit: if the cell fits the parser in no reading, or in two that differ.
        Oddity: as the parser does.
    """
    try:
        value = parse(text)
        if isinstance(value, str):
            return text, value
        misfit = None
    except Misfit as complaint:
        misfit = complaint
    meanings: dict[object, str] = {}
    for reading in _readings(text, style):
        try:
            meanings.setdefault(parse(reading), reading)
        except (Misfit, Oddity):
            continue
    if len(meanings) > 1:
        words = listed(quote(reading) for reading in meanings.values())
        raise Misfit("one meaning", f"; write {words}")
    if not meanings:
        if misfit:
            raise misfit
        return text, parse(text)
    ((value, reading),) = meanings.items()
    return reading, value


def _readings(text: str, style: Style) -> list[str]:
    """The numbers, dates or truth values that a cell may mean, as the contract writes them."""
    ends = text.split("..")
    if len(ends) == 2:
        return ["..".join(each) for each in product(*(_readings(e.strip(), style) for e in ends))]
    if found := _DECIMAL_COMMA.fullmatch(text):
        sign, whole, fraction, exponent = found.groups(default="")
        decimal = f"{sign}{whole or 0}.{fraction}{exponent}"
        may_group = len(fraction) == 3 and re.fullmatch("[1-9][0-9]{0,2}", whole) and not exponent
        return [_decimal(decimal, style), f"{sign}{whole}{fraction}"] if may_group else [decimal]
    if style.delimiter != "," and _POINT_AND_THREE_DIGITS.fullmatch(text):
        return [_decimal(text, style), text.replace(".", "")]
    if found := _YEAR_FIRST.fullmatch(text):
        return _dates((found[1], found[3], found[4]))
    if found := _YEAR_LAST.fullmatch(text):
        day_first, month_first = (found[4], found[3], found[1]), (found[4], found[1], found[3])
        if found[2] == "." or style.is_day_first:
            return _dates(day_first) or _dates(month_first)
        if style.is_day_first is False:
            return _dates(month_first) or _dates(day_first)
        return _dates(day_first, month_first)
    return [_TRUTHS.get(normalise(text), text)]


def _decimal(text: str, style: Style) -> str:
    """A decimal number that nobody takes for thousands in a file of that style."""
    return text if style.delimiter == "," else f"{text}0"


def _dates(*candidates: tuple[str, str, str]) -> list[str]:
    found = []
    for candidate in candidates:
        try:
            found.append(date(*map(int, candidate)).isoformat())
        except ValueError:
            continue
    return found


def without_apostrophe(text: str) -> str:
    """A cell without the apostrophe that keeps spreadsheets from changing it."""
    return _NEEDLESS_APOSTROPHE.sub("", text, count=1) if text.startswith("'") else text


def why_broken(text: str) -> str:
    """Why a text is not what was typed but what a formula has come to; empty if it is not."""
    if _FORMULA_ERROR.fullmatch(text):
        return "is the error of a spreadsheet's formula; write what was meant, in a cell of text"
    return ""


def why_turned(text: str) -> str:
    """Why a text is not what was typed but what a spreadsheet made of it; empty if it is not."""
    folded = normalise(text)
    typed = ""
    if found := _DAY_AND_MONTH.fullmatch(folded):
        typed = _typed(found[1], found[2])
    elif found := _MONTH_AND_YEAR.fullmatch(folded):
        typed = _typed(found[2], found[1])
    if typed:
        return f"is what spreadsheets make of {quote(typed)}; write that, in a cell of text"
    if _SHORTENED.fullmatch(text):
        return "is a number that a spreadsheet has shortened; write all of it, in a cell of text"
    if text.isupper() and _TRUTHS.get(folded, folded) != folded:
        return f"is what spreadsheets make of {quote(_TRUTHS[folded])}; write that"
    if _YEAR_LAST.fullmatch(text):
        return "is what spreadsheets make of dates; write what was typed, such as 2026-12-31"
    return ""


def _typed(number: str, month: str) -> str:
    if month not in _MONTHS:
        return ""
    low, high = sorted((int(number), _MONTHS[month]))
    return f"{low}-{high}"
