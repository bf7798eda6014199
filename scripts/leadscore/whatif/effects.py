"""What comes of edits, counted in a trial: who moves, by which edit, and who of them was won."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from leadscore.database import Row, rows
from leadscore.trial import Trial
from leadscore.whatif.edits import Edit
from leadscore.whatif.queries import (
    BANDS,
    CHANGES,
    COMPARISON,
    COUNTS,
    EFFECTS,
    LISTS,
    MOVES,
    SCORES,
    TOGETHER,
    WON_DOWN,
)
from leadscore.whatif.variants import ALL, NONE, Variant, tagged

BEFORE = "before"
"""Tag of what the last run says, beside those of the variants."""

MOST_NAMED = 20
"""Won leads that would drop are listed up to so many; the CSV file has all."""

MOST_BUCKETS = 12
WIDTHS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000)


@dataclass(frozen=True)
class EditEffect:
    """What one edit does if it alone is made.

    Attributes:
        edit: the edit.
        counts: band_up, band_down, entered, left, score_up, score_down, redirected (leads and
            companies by scorecard; the last are those with another grade or next step), points
            (sum of the changes of scores), gained and lost (memberships of lists).
    """

    edit: Edit
    counts: Row


@dataclass(frozen=True)
class ScorecardEffect:
    """What all edits do to the leads or companies of a scorecard.

    Attributes:
        scorecard_id: the scorecard.
        subject: lead or company.
        counts: scored_before, scored_after, won (of the former), score_up, score_down, redirected,
            band_up, band_down, entered, left, sales_gained, sales_lost.
        bands: band, before, after: how many are in it, the lowest band first.
        moves: band_before, band_after, direction, moved, won, lost, furthest: how many change from
            which band to which, how many of them were won or lost, and the ids of the three whose
            scores change most; the most first.
        scores: low, high, before, after: how many have a score in that range.
    """

    scorecard_id: str
    subject: str
    counts: Row
    bands: list[Row]
    moves: list[Row]
    scores: list[Row]


@dataclass(frozen=True)
class WhatIf:
    """What changed rules would do to everybody.

    Attributes:
        as_of: the day that is scored.
        edits: all edits, those that change no score too.
        effects: what each edit does alone; empty if none can change a score.
        total: what all do together, as the counts of an effect.
        together: only_together and cancelled, those who change band by several edits and by no
            single one, and the other way round; points, the rest of the sum of all changes.
        scorecards: what all edits do, by scorecard.
        lists: list_id, before, gained, lost, after: members of lists.
        won_down: won leads that would drop, at most MOST_NAMED: lead_id, scorecard_id and, before
            and after, score and band.
        won_down_count: how many they are.
    """

    as_of: date
    edits: list[Edit]
    effects: list[EditEffect]
    total: Row
    together: Row
    scorecards: list[ScorecardEffect]
    lists: list[Row]
    won_down: list[Row]
    won_down_count: int

    @property
    def changes_nothing(self) -> bool:
        """Whether no score, band, grade, next step or list would change."""
        return not any(count for name, count in self.total.items() if name != "number")


def read_effects(
    connection: duckdb.DuckDBPyConnection,
    trial: Trial,
    edits: list[Edit],
    tried: list[Edit],
    variants: list[Variant],
) -> WhatIf:
    """Counts what all edits and each of them do.

    Args:
        connection: of a trial in which the variants have been scored.
        trial: the trial.
        edits: all edits.
        tried: those that can change a score, the n-th of them under tag n.
        variants: what has been scored.
    """
    put_steps(connection, tried, variants)
    compare(connection, trial)
    alone = {row["number"]: row for row in rows(connection, EFFECTS)}
    total, *each = [alone[number] for number in range(len(tried) + 1)]
    (together,) = rows(connection, TOGETHER)
    together["points"] = total["points"] - sum(counts["points"] for counts in each)
    named = rows(connection, f"{WON_DOWN} limit {MOST_NAMED}")
    return WhatIf(
        as_of=trial.as_of,
        edits=edits,
        effects=[EditEffect(edit, counts) for edit, counts in zip(tried, each, strict=True)],
        total=total,
        together=together,
        scorecards=[scorecard_effect(connection, counts) for counts in rows(connection, COUNTS)],
        lists=rows(connection, LISTS),
        won_down=named,
        won_down_count=len(rows(connection, f"select lead_id from ({WON_DOWN})")),
    )


def put_steps(
    connection: duckdb.DuckDBPyConnection, tried: list[Edit], variants: list[Variant]
) -> None:
    """Writes down what is compared with what.

    Step 0 are all edits; step n is the n-th edit alone. Where a shared file is edited, it is the
    first edit, and the others are made on top of it.
    """
    tags = [(tagged(card, v.tag), card, v.tag) for v in variants for card in sorted(v.scorecards)]
    list_tags = [(tagged(name, v.tag), name, v.tag) for v in variants for name in sorted(v.lists)]
    steps = [(0, BEFORE, ALL)]
    for number, edit in enumerate(tried, start=1):
        if len(tried) == 1:
            steps.append((number, BEFORE, ALL))
        elif edit.is_shared:
            steps.append((number, BEFORE, NONE))
        else:
            steps.append((number, NONE, str(number)))
    for table, columns, values in (
        ("tags", "tagged_id varchar, scorecard_id varchar, tag varchar", tags),
        ("list_tags", "tagged_id varchar, list_id varchar, tag varchar", list_tags),
        ("steps", "number integer, old_tag varchar, new_tag varchar", steps),
    ):
        connection.execute(f"create temp table {table} ({columns})")
        if values:
            connection.executemany(f"insert into {table} values (?, ?, ?)", values)


def compare(connection: duckdb.DuckDBPyConnection, trial: Trial) -> None:
    """Makes temporary tables of who stands otherwise than before, by step."""
    for query in COMPARISON:
        connection.execute(query.format(day=f"date '{trial.as_of}'"))


def scorecard_effect(connection: duckdb.DuckDBPyConnection, counts: Row) -> ScorecardEffect:
    """Reads what all edits do to one scorecard, whose counts are known."""
    scorecard_id, subject = counts.pop("scorecard_id"), counts.pop("subject_type")
    lowest, highest = connection.execute(
        "select min(score), max(score) from standings where scorecard_id = ? and tag in (?, ?)",
        [scorecard_id, BEFORE, ALL],
    ).fetchall()[0]
    span = highest - lowest
    width = next((width for width in WIDTHS if span < width * MOST_BUCKETS), span)
    return ScorecardEffect(
        scorecard_id=scorecard_id,
        subject=subject,
        counts=counts,
        bands=rows(connection, BANDS, scorecard_id),
        moves=rows(connection, MOVES, scorecard_id),
        scores=rows(connection, SCORES, scorecard_id, width, lowest, highest),
    )


def write_changes(connection: duckdb.DuckDBPyConnection, tried: list[Edit], file: Path) -> None:
    """Writes a CSV file with a row per lead or company and scorecard that changes.

    Its last column are the edits any of which alone would change it, too.
    """
    connection.execute("create temp table edit_titles (number integer, title varchar)")
    for number, edit in enumerate(tried, start=1):
        connection.execute("insert into edit_titles values (?, ?)", [number, edit.title])
    file.parent.mkdir(parents=True, exist_ok=True)
    path = str(file).replace("'", "''")
    connection.execute(f"copy ({CHANGES}) to '{path}' (format csv, header)")
