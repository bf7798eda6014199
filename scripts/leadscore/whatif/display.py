"""What a what-if shows on the terminal, and as Markdown for a review."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from rich.markup import escape

from leadscore.database import Row
from leadscore.display import console, counted, table_of
from leadscore.whatif.edits import Edit
from leadscore.whatif.effects import ScorecardEffect, WhatIf


@dataclass(frozen=True)
class Section:
    """A table with its title, and what has to be said of it.

    Attributes:
        title: what it is about.
        columns: its headings.
        lines: its rows, as long as the columns.
        note: a remark below it; blank if there is none.
    """

    title: str
    columns: list[str]
    lines: list[tuple[Any, ...]]
    note: str = ""


def summary(found: WhatIf) -> str:
    """Returns in a sentence or two what is compared, and whether anything changes."""
    if not found.edits:
        return f"The rules are those of the last run, as of {found.as_of}: nothing would change."
    compared = (
        f"{counted(len(found.edits), 'edit')} to the rules of the last run, as of {found.as_of}."
    )
    if found.changes_nothing:
        return f"{compared} No score, band, grade, next step or list would change."
    total = found.total
    return (
        f"{compared} {counted(total['score_up'] + total['score_down'], 'score')} would change"
        f" ({total['score_up']:,} up, {total['score_down']:,} down), and"
        f" {counted(total['band_up'] + total['band_down'], 'band')}"
        f" ({total['band_up']:,} up, {total['band_down']:,} down)."
    )


def overview(found: WhatIf) -> list[Section]:
    """Returns the tables that a reviewer has to see first, if they have rows."""
    changed = [effect for effect in found.scorecards if is_changed(effect)]
    return with_rows([scorecard_table(changed), won_table(found), edit_table(found)])


def details(found: WhatIf) -> list[Section]:
    """Returns the tables of each scorecard that changes, and of the lists, if they have rows."""
    tables = [
        table(effect)
        for effect in found.scorecards
        if is_changed(effect)
        for table in (move_table, band_table, score_table)
    ]
    return with_rows([*tables, list_table(found)])


def with_rows(tables: list[Section]) -> list[Section]:
    """Returns the tables that are not empty."""
    return [table for table in tables if table.lines]


def is_changed(effect: ScorecardEffect) -> bool:
    """Tells whether any score, band or next step under a scorecard changes."""
    kept = ("scored_before", "scored_after", "won")
    return any(count for name, count in effect.counts.items() if name not in kept)


def scorecard_table(changed: list[ScorecardEffect]) -> Section:
    """Returns what changes, a line per scorecard."""
    lines = [
        (
            each.scorecard_id,
            each.counts["scored_before"],
            each.counts["scored_after"],
            up_and_down(each.counts, "score_up", "score_down"),
            up_and_down(each.counts, "band_up", "band_down"),
            each.counts["redirected"],
            up_and_down(each.counts, "sales_gained", "sales_lost"),
            each.counts["won"],
        )
        for each in changed
    ]
    columns = ["scorecard", "scored", "then", "scores", "bands", "steps", "for sales", "won so far"]
    return Section("Scorecards", columns, lines, "Steps: with another grade or next step.")


def up_and_down(counts: Row, up: str, down: str) -> str:
    """Returns how many go up and how many down: +12 -3."""
    return f"+{counts[up]:,} -{counts[down]:,}" if counts[up] or counts[down] else ""


def won_table(found: WhatIf) -> Section:
    """Returns the won leads that would drop."""
    lines = [
        (
            each["lead_id"],
            each["scorecard_id"],
            arrow(each["score_before"], each["score_after"]),
            arrow(each["band_before"], each["band_after"]),
        )
        for each in found.won_down
    ]
    rest = found.won_down_count - len(lines)
    return Section(
        f"{counted(found.won_down_count, 'won lead')} would drop",
        ["lead", "scorecard", "score", "band"],
        lines,
        f"and {rest:,} more: --csv lists all" if rest else "",
    )


def edit_table(found: WhatIf) -> Section:
    """Returns what each edit does alone, then those that change no score."""
    lines = [
        (f"{effect.edit.title}, {effect.edit.details}", *effect_cells(effect.counts))
        for effect in found.effects
    ]
    if len(lines) > 1:
        lines.append(("all together", *effect_cells(found.total)))
    lines += [(f"{edit.title}, {edit.idle}", "", "", 0, 0, "") for edit in found.edits if edit.idle]
    columns = ["edit", "bands", "scores", "points", "steps", "lists"]
    return Section("Each edit alone", columns, lines, notes(found))


def effect_cells(counts: Row) -> tuple[Any, ...]:
    """Returns what an edit does, as cells: bands, scores, points, steps and lists."""
    return (
        up_and_down(counts, "band_up", "band_down"),
        up_and_down(counts, "score_up", "score_down"),
        counts["points"],
        counts["redirected"],
        up_and_down(counts, "gained", "lost"),
    )


def notes(found: WhatIf) -> str:
    """Returns what single edits do not explain, and how edits were put together."""
    said = []
    together = found.together
    if len(found.effects) > 1:
        said.append(
            f"{together['only_together']:,} change band only by several edits together,"
            f" {together['cancelled']:,} by one edit but not by all."
            f" {together['points']:+,} of the points come of several edits together."
        )
    if any(edit.count > 1 for edit in edits_tried(found)):
        said.append(
            "Edits of a file count as one where they are too many to be scored alone,"
            " and those of content_map.csv and synonyms.csv always do."
        )
    if any(edit.is_shared for edit in edits_tried(found)) and len(found.effects) > 1:
        said.append("The edits below the first are made on top of it.")
    return " ".join(said)


def edits_tried(found: WhatIf) -> Iterable[Edit]:
    """Returns the edits that were scored alone."""
    return (effect.edit for effect in found.effects)


def move_table(effect: ScorecardEffect) -> Section:
    """Returns from which band to which how many go, who goes furthest, and how they ended."""
    lines = [
        (
            band(each, "before", "enters"),
            band(each, "after", "leaves"),
            each["moved"],
            each["won"],
            each["lost"],
            the_first(each["furthest"], each["moved"]),
        )
        for each in effect.moves
    ]
    plural = "leads" if effect.subject == "lead" else "companies"
    all_named = all(each["moved"] == len(each["furthest"]) for each in effect.moves)
    return Section(
        f"{effect.scorecard_id}: from band to band",
        ["from", "to", plural, "won so far", "lost so far", "who"],
        lines,
        "" if all_named else "--csv lists everybody",
    )


def the_first(ids: list[str], count: int) -> str:
    """Returns who moves: some of them, and how many there are besides."""
    rest = count - len(ids)
    return ", ".join(ids) + (f" and {rest:,} more" if rest else "")


def band(move: Row, side: str, absent: str) -> str:
    """Returns the band on one side of a move."""
    if move["direction"] == absent:
        return "not scored"
    return move[f"band_{side}"] or "no band"


def band_table(effect: ScorecardEffect) -> Section:
    """Returns how many are in each band before and after."""
    lines = [
        (each["band"], each["before"], each["after"], each["after"] - each["before"])
        for each in effect.bands
        if each["before"] or each["after"]
    ]
    return Section(f"{effect.scorecard_id}: bands", ["band", "before", "after", "change"], lines)


def score_table(effect: ScorecardEffect) -> Section:
    """Returns how many have a score in each range before and after."""
    lines = [
        (span(each), each["before"], each["after"], each["after"] - each["before"])
        for each in effect.scores
    ]
    return Section(f"{effect.scorecard_id}: scores", ["score", "before", "after", "change"], lines)


def list_table(found: WhatIf) -> Section:
    """Returns the members that lists gain and lose."""
    lines = [tuple(each.values()) for each in found.lists]
    return Section("Lists", ["list", "before", "gained", "lost", "after"], lines)


def span(bucket: Row) -> str:
    """Returns a range of scores: 10-19."""
    low, high = bucket["low"], bucket["high"]
    return str(low) if low == high else f"{low} to {high}" if low < 0 else f"{low}-{high}"


def arrow(before: object, after: object) -> str:
    """Returns a change: 40 -> 30."""
    return f"{'-' if before is None else before} -> {'-' if after is None else after}"


def show_what_if(found: WhatIf) -> None:
    """Prints what changed rules would do."""
    console.print(summary(found), soft_wrap=True)
    for section in overview(found) + details(found):
        console.print(table_of(section.title, section.columns, section.lines))
        if section.note:
            console.print(escape(section.note), style="dim", soft_wrap=True)


def markdown(found: WhatIf) -> str:
    """Returns what changed rules would do as Markdown; the same input makes the same bytes."""
    parts = ["## What if", summary(found)]
    for section in overview(found) + details(found):
        lines = [section.columns, ["---"] * len(section.columns), *section.lines]
        parts += [f"### {plain(section.title)}", "\n".join(map(table_row, lines))]
        parts += [plain(section.note)] if section.note else []
    return "\n\n".join(parts) + "\n"


def table_row(cells: Iterable[object]) -> str:
    """Returns a row of a Markdown table."""
    written = (f"{cell:,}" if isinstance(cell, int) else plain(str(cell)) for cell in cells)
    return f"| {' | '.join(written)} |"


def plain(text: str) -> str:
    """Returns text in which nothing is markup."""
    for mark in "\\|*_`<[":
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\n", " ")
