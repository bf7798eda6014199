"""Charts for pages: drawn by matplotlib as SVG, with text as text, in the colours of the page."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from markupsafe import Markup

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH = 5.0
"""Inches: the width of a phone, so that letters keep their size on it."""

LABEL = 60
"""Characters of a label that has the whole width for itself."""

# What matplotlib draws in, and what stands for it in page.css: colours that follow light and dark.
INK, QUIET, LINE = "#010101", "#020202", "#030303"
ACCENT, BEFORE = "#040404", "#050505"
PAGE_COLOURS = {
    INK: "var(--ink)",
    QUIET: "var(--quiet)",
    LINE: "var(--line)",
    ACCENT: "var(--accent)",
    BEFORE: "var(--before)",
}


SVG = "{http://www.w3.org/2000/svg}"
ElementTree.register_namespace("", SVG.strip("{}"))
ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")


@dataclass(frozen=True)
class Interval:
    """A value with the range in which it may lie, and what it is the value of."""

    label: str
    low: float
    value: float
    high: float


def svg_of(figure: Figure, salt: str = "leadscore") -> str:
    """Returns a figure as SVG: the same figure, the same text, whenever it is drawn.

    Args:
        figure: a figure of matplotlib.
        salt: tells the ids of figures apart that stand in one document.
    """
    import matplotlib as mpl

    drawn = io.StringIO()
    with mpl.rc_context(
        {"svg.hashsalt": salt, "svg.fonttype": "none", "font.sans-serif": ["DejaVu Sans"]}
    ):
        figure.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
    return drawn.getvalue()


def bars(title: str, labels: Sequence[str], values: Sequence[float], unit: str) -> Markup:
    """Returns a bar per label, from the top down.

    Args:
        title: says what the chart shows, for those who cannot see it.
        labels: what each bar stands for.
        values: as long as labels.
        unit: what the values count, e.g. "leads".
    """
    figure, axes = blank(0.9 + 0.34 * len(labels))
    drawn = axes.barh(range(len(labels)), values, color=ACCENT, height=0.65)
    axes.bar_label(drawn, fmt="{:,.0f}", padding=3, color=INK)
    axes.set_yticks(range(len(labels)), labels, color=INK, parse_math=False)
    axes.invert_yaxis()
    axes.set_xlabel(unit)
    axes.margins(x=0.15)
    axes.xaxis.set_major_formatter("{x:,.0f}")
    axes.grid(axis="x", color=LINE, linewidth=0.6)
    return inline(figure, title)


def before_and_after(
    title: str,
    labels: Sequence[str],
    before: Sequence[float],
    after: Sequence[float],
    unit: str,
    names: tuple[str, str] = ("before", "after"),
) -> Markup:
    """Returns two bars per label side by side, such as counts of scores under two sets of rules.

    Args:
        title: says what the chart shows, for those who cannot see it.
        labels: what each pair stands for, from left to right.
        before: the values of the paler bars, as long as labels.
        after: those of the others.
        unit: what the values count, e.g. "leads".
        names: what the two kinds of bars stand for.
    """
    figure, axes = blank(2.8)
    places = range(len(labels))
    for shift, values, colour, name in (
        (-0.2, before, BEFORE, names[0]),
        (0.2, after, ACCENT, names[1]),
    ):
        axes.bar([p + shift for p in places], values, width=0.4, color=colour, label=name)
    axes.set_xticks(places, labels, color=INK, parse_math=False)
    axes.set_ylabel(unit)
    axes.yaxis.set_major_formatter("{x:,.0f}")
    axes.grid(axis="y", color=LINE, linewidth=0.6)
    axes.legend(
        frameon=False, labelcolor=INK, ncols=2, loc="lower left", bbox_to_anchor=(0, 1), borderpad=0
    )
    return inline(figure, title)


def intervals(
    title: str, rows: Sequence[Interval], unit: str, reference: float | None = None
) -> Markup:
    """Returns a dot with its range per row, its label above it.

    Args:
        title: says what the chart shows, for those who cannot see it.
        rows: from the top down.
        unit: what the values are, e.g. "% won".
        reference: a value to compare with, drawn as a line through all rows.
    """
    figure, axes = blank(0.7 + 0.42 * len(rows))
    for place, row in enumerate(rows):
        axes.plot([row.low, row.high], [place, place], color=ACCENT, linewidth=2)
        axes.plot([row.value], [place], color=ACCENT, marker="o", markersize=5)
        label = row.label if len(row.label) <= LABEL else f"{row.label[: LABEL - 1]}…"
        axes.annotate(
            label,
            xy=(0, place),
            xytext=(0, 5),
            xycoords=axes.get_yaxis_transform(),
            textcoords="offset points",
            color=INK,
            parse_math=False,
            in_layout=False,
        )
    if reference is not None:
        axes.axvline(reference, color=QUIET, linewidth=1, linestyle="--")
    axes.set_ylim(len(rows) - 0.5, -0.9)
    axes.set_xlim(left=min([0, *(row.low for row in rows)]))
    axes.set_yticks([])
    axes.set_xlabel(unit)
    axes.grid(axis="x", color=LINE, linewidth=0.6)
    return inline(figure, title)


def blank(height: float) -> tuple[Figure, Axes]:
    """Returns a figure of a height in inches and its axes, in the colours of the page."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height), layout="constrained", facecolor="none")
    axes = figure.add_subplot(facecolor="none")
    axes.set_axisbelow(True)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, colors=QUIET, labelsize=9)
    axes.xaxis.label.set_color(QUIET)
    axes.yaxis.label.set_color(QUIET)
    return figure, axes


def inline(figure: Figure, title: str) -> Markup:
    """Returns a figure as an element of a page, which says its title to those who cannot see it."""
    drawn = svg_of(figure, title)
    for colour, name in PAGE_COLOURS.items():
        drawn = drawn.replace(colour, name)
    svg = ElementTree.fromstring(drawn)
    svg.attrib = {"role": "img", "aria-label": title, "viewBox": svg.attrib["viewBox"]}
    for needless in svg.findall(f"{SVG}metadata") + svg.findall(f"{SVG}defs[{SVG}style]"):
        svg.remove(needless)
    # Ids that nothing refers to would stand in the page once per chart.
    referred = set(re.findall(r"#([\w-]+)", drawn))
    for element in svg.iter():
        if element.get("id") not in referred:
            element.attrib.pop("id", None)
    return Markup(ElementTree.tostring(svg, encoding="unicode"))
