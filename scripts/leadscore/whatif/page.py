"""What a what-if shows as a page with charts that needs nothing else."""

from pathlib import Path

from leadscore.charts import before_and_after
from leadscore.pages import write_page
from leadscore.whatif.display import Section, details, is_changed, overview, span, summary
from leadscore.whatif.effects import ScorecardEffect, WhatIf


def write_what_if(file: Path, found: WhatIf) -> None:
    """Writes the page; the same what-if makes the same bytes."""
    write_page(
        file,
        "whatif.html.j2",
        summary=summary(found),
        overview=[table(section) for section in overview(found)],
        details=[table(section) for section in details(found)],
        charts=[
            chart for effect in found.scorecards if is_changed(effect) for chart in charts(effect)
        ],
    )


def table(section: Section) -> dict[str, object]:
    """Returns a section as the template wants it: columns with their kinds."""
    kinds = ["number" if isinstance(cell, int) else "text" for cell in section.lines[0]]
    return {
        "title": section.title,
        "columns": list(zip(section.columns, kinds, strict=True)),
        "rows": [
            [f"{cell:,}" if isinstance(cell, int) else cell for cell in line]
            for line in section.lines
        ],
        "note": section.note,
    }


def charts(effect: ScorecardEffect) -> list[tuple[object, str]]:
    """Returns charts of the bands and scores of a scorecard, with their captions."""
    plural = "leads" if effect.subject == "lead" else "companies"
    bands = [each for each in effect.bands if each["before"] or each["after"]]
    return [
        (
            before_and_after(
                f"{plural} of {effect.scorecard_id} by {what}",
                labels,
                [each["before"] for each in rows],
                [each["after"] for each in rows],
                plural,
            ),
            f"{effect.scorecard_id}: {plural} by {what}, before and after",
        )
        for what, labels, rows in (
            ("band", [each["band"] for each in bands], bands),
            ("score", [span(each) for each in effect.scores], effect.scores),
        )
    ]
