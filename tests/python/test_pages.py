"""Pages and their charts stand alone, say what was put into them, and are the same each time."""

import re
from html.parser import HTMLParser

import pytest
from jinja2 import ChoiceLoader, DictLoader, Environment
from markupsafe import Markup

from leadscore.charts import Interval, bars, before_and_after, intervals
from leadscore.pages import count, environment, percent, points

LABEL = "<b>Budget</b> · $5 & more $"
PAGE = """
{% extends "page.html.j2" %}
{% import "parts.html.j2" as parts %}
{% block title %}{{ label }}{% endblock %}
{% block main %}
{{ parts.figures({label: 1234 | count}) }}
{{ parts.table(label, [(label, "text"), ("leads", "number")], [(label, none)]) }}
{% for drawn in charts %}{{ parts.chart(drawn, label) }}{% endfor %}
{% endblock %}
"""


def charts() -> list[Markup]:
    """One chart of each kind, with a label that means something to HTML and to matplotlib."""
    return [
        bars(LABEL, [LABEL, "b"], [3, 2500], "leads"),
        before_and_after("two kinds", [LABEL, "b"], [3, 2], [2, 3], "leads"),
        intervals("ranges", [Interval(LABEL, 1, 2, 4), Interval("b", 0, 0, 1)], "% won", 1.5),
    ]


@pytest.fixture
def page() -> str:
    """A page with everything that pages may have."""
    shipped = environment()
    templates = Environment(
        loader=ChoiceLoader([shipped.loader or DictLoader({}), DictLoader({"test": PAGE})]),
        autoescape=shipped.autoescape,
        undefined=shipped.undefined,
    )
    templates.filters.update(shipped.filters)
    return templates.get_template("test").render(label=LABEL, charts=charts())


class Outline(HTMLParser):
    """The elements of a page, with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        """Reads a page."""
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Takes an element."""
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        """Takes a text."""
        self.text += data


def test_a_page_needs_nothing_from_elsewhere(page: str) -> None:
    """No script, no link, no image, no address but names of XML."""
    outline = Outline(page)
    assert not {"script", "link", "img", "iframe", "image"} & set(outline.tags)
    assert not re.search(r"url\((?!#)|@import", page)
    references = [value or "" for name, value in outline.attributes if name in {"href", "src"}]
    references += [value or "" for name, value in outline.attributes if name == "xlink:href"]
    assert all(reference.startswith("#") for reference in references)
    assert ("lang", "en") in outline.attributes


def test_what_is_put_into_a_page_stays_text(page: str) -> None:
    """In title, heading, table, figures and charts alike; dollars do not become formulas."""
    outline = Outline(page)
    assert "b" not in outline.tags
    assert outline.text.count(LABEL) >= 9
    assert "1,234" in outline.text


def test_charts_are_named_and_follow_the_colours_of_the_page(page: str) -> None:
    """Each has a title for screen readers; no colour is fixed but white and black of masks."""
    for drawn, title in zip(charts(), (LABEL, "two kinds", "ranges"), strict=True):
        attributes = dict(Outline(drawn).attributes)
        assert attributes["role"] == "img"
        assert ("aria-label", title) in Outline(drawn).attributes
        assert not re.search(r"(fill|stroke): ?#", drawn)
    assert "var(--accent)" in page


def test_ids_are_unique_and_every_reference_has_one(page: str) -> None:
    """Also of charts that share a page."""
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids)) > 0
    assert set(re.findall(r'(?:url\(|href=")#([\w-]+)', page)) == set(ids)


def test_the_same_charts_have_the_same_bytes() -> None:
    """No date, no random id."""
    assert charts() == charts()


def test_numbers_are_written_for_people() -> None:
    """What is not nothing is never written as nothing."""
    assert [count(1234567), count(None)] == ["1,234,567", ""]
    assert [percent(share) for share in (0, 0.0001, 0.1234, 0.9999, 1, None)] == [
        "0.0 %",
        "< 0.1 %",
        "12.3 %",
        "> 99.9 %",
        "100.0 %",
        "",
    ]
    assert [points(number) for number in (12.5, -3, 0, -0.01, None)] == [
        "+12.5",
        "\N{MINUS SIGN}3",
        "0",
        "0",
        "",
    ]
