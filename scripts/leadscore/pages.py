"""Pages of HTML that need nothing else: no network, no scripts, in light, dark and on paper.

A page is a template of its own that extends `page.html.j2` and puts its content together by the
macros of `parts.html.j2`. All that is put into it is escaped, charts aside.
"""

from decimal import Decimal
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined


def page(template: str, **content: object) -> str:
    """Returns a page; the same content makes the same bytes.

    Args:
        template: a file of leadscore/templates that extends page.html.j2.
        content: what the template names.

    Raises:
        jinja2.UndefinedError: if the template names what was not given.
    """
    return environment().get_template(template).render(content)


def write_page(file: Path, template: str, **content: object) -> None:
    """Writes a page, and the folder for it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(page(template, **content), encoding="utf-8", newline="\n")


@cache
def environment() -> Environment:
    """Returns the templates with the ways in which they write numbers."""
    found = Environment(
        loader=PackageLoader("leadscore"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    found.filters.update(count=count, percent=percent, points=points)
    return found


def count(number: int | None) -> str:
    """Returns a whole number with thousands separators; nothing for None."""
    return "" if number is None else f"{number:,}"


def percent(share: float | Decimal | None) -> str:
    """Returns a share (0 to 1) as a percentage; nothing for None.

    A share that is not 0 or 1 is never written as 0 or 100 %.
    """
    if share is None:
        return ""
    hundredths = float(share) * 100
    if 0 < hundredths < 0.1:
        return "< 0.1 %"
    if 99.9 < hundredths < 100:
        return "> 99.9 %"
    return f"{hundredths:.1f} %"


def points(number: float | Decimal | None) -> str:
    """Returns points with their sign and at most one decimal, e.g. +12.5; nothing for None."""
    if number is None:
        return ""
    text = f"{number:+,.1f}".removesuffix(".0").replace("-", "\N{MINUS SIGN}")
    return "0" if text[1:] == "0" else text
