"""Reading what explains a lead: its profile, scores, ledger and gaps, from the published tables."""

import csv
import difflib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from leadscore.database import Row, connect, rows
from leadscore.errors import LeadscoreError
from leadscore.project import REFERENCE


@dataclass(frozen=True)
class Outlook:
    """What becomes of a score if nothing more happens.

    Attributes:
        days: the days to come, each with its date, score and band.
        left: the first of them on which the band is another; None if it stays.
        ends: lines of today that are gone, with the date, rule_id and label.
        begins: lines that come, with the date, rule_id and label.
    """

    days: list[Row]
    left: Row | None
    ends: list[Row]
    begins: list[Row]


@dataclass(frozen=True)
class Explanation:
    """The score of one lead under one scorecard.

    Attributes:
        score: its row of marts.lead_scores.
        lines: its rows of marts.lead_score_ledger: rules by size, then the limits in their order.
        bands: the bands of the scorecard's score, from the lowest.
        gaps: its rows of audit.missing_facts: unknown fields that could bring points.
        rules: the rows of audit.rules_in_force of the scorecard.
        outlook: what becomes of it, if that was asked for.
    """

    score: Row
    lines: list[Row]
    bands: list[Row]
    gaps: list[Row]
    rules: list[Row]
    outlook: Outlook | None = None

    @property
    def next_band(self) -> Row | None:
        """The band above the present one; None at the top, or where points do not decide."""
        if self.score["is_vetoed"] or self.score["is_overridden"]:
            return None
        lowest = [band["lower_score"] for band in self.bands if band["band"] == self.score["band"]]
        reached = max([self.score["score"], *filter(None, lowest)])
        return next((band for band in self.bands if (band["lower_score"] or 0) > reached), None)


@dataclass(frozen=True)
class LeadExplanation:
    """What is known of a lead, and its score under each scorecard that applies to it."""

    profile: Row
    explanations: list[Explanation]

    @property
    def unknown_fields(self) -> list[str]:
        """The fields that count for the completeness of its audience and are not known."""
        with (REFERENCE / "fields.csv").open(encoding="utf-8", newline="") as lines:
            counting = [
                field["field"]
                for field in csv.DictReader(lines)
                if field["counts_for_completeness"] in {"all", self.profile["audience"]}
            ]
        columns = {
            name: name.removeprefix("lead.").replace("company.", "company_") for name in counting
        }
        return [
            name
            for name, column in columns.items()
            if column in self.profile and self.profile[column] is None
        ]


def published_date(published: Path) -> date:
    """Returns the as_of_date of the published scores.

    Raises:
        LeadscoreError: if nothing is published yet.
    """
    if not published.exists():
        raise LeadscoreError(
            f"{published} does not exist: nothing is published yet. "
            "Run leadscore build or leadscore demo."
        )
    with connect(published, read_only=True) as connection:
        row = connection.execute("select max(as_of_date) from marts.lead_scores").fetchone()
    assert row is not None
    day: date | None = row[0]
    if day is None:
        raise LeadscoreError(f"{published} holds no scores.")
    return day


def explain_lead(database: Path, lead_id: str, scorecard_id: str | None = None) -> LeadExplanation:
    """Reads everything that explains one lead's scores.

    Args:
        database: a published or working database.
        lead_id: the lead.
        scorecard_id: one scorecard, or None for all that apply to the lead.

    Raises:
        LeadscoreError: if there is no such lead, or the scorecard does not apply to it.
    """
    with connect(database, read_only=True) as connection:
        lead = read_lead(connection, lead_id, scorecard_id)
        if not lead.explanations:
            raise LeadscoreError(no_score(connection, lead_id, scorecard_id))
        return lead


def read_lead(
    connection: duckdb.DuckDBPyConnection, lead_id: str, scorecard_id: str | None = None
) -> LeadExplanation:
    """Reads the same from an open database; a lead may have no score there.

    Raises:
        LeadscoreError: if there is no such lead.
    """
    profiles = rows(connection, "from marts.lead_profiles where lead_id = ?", lead_id)
    if not profiles:
        raise LeadscoreError(unknown_lead(connection, lead_id))
    scores = rows(
        connection,
        """
        from marts.lead_scores
        where lead_id = ? and coalesce(scorecard_id = ?, true)
        order by scorecard_id
        """,
        lead_id,
        scorecard_id,
    )
    return LeadExplanation(
        profile=profiles[0],
        explanations=[explain_score(connection, score) for score in scores],
    )


def explain_score(connection: duckdb.DuckDBPyConnection, score: Row) -> Explanation:
    """Reads the ledger, the bands, the gaps and the rules behind one row of lead_scores."""
    return Explanation(
        score=score,
        lines=rows(
            connection,
            """
            from marts.lead_score_ledger
            where lead_id = ? and scorecard_id = ?
            order by
                list_position(['rule', 'group_limit', 'axis_limit', 'score_limit'], line_type),
                axis desc, abs(points) desc, rule_id, rule_group
            """,
            score["lead_id"],
            score["scorecard_id"],
        ),
        bands=rows(
            connection,
            """
            select band, try_cast(lower as integer) as lower_score, description
            from rules.bands
            where scorecard_id = ? and measure = 'score'
            order by lower_score nulls first
            """,
            score["scorecard_id"],
        ),
        gaps=rows(
            connection,
            """
            from audit.missing_facts
            where subject_type = 'lead' and subject_id = ? and scorecard_id = ?
            order by gap_rank
            """,
            score["lead_id"],
            score["scorecard_id"],
        ),
        rules=rows(
            connection,
            "from audit.rules_in_force where scorecard_id = ? order by rule_id",
            score["scorecard_id"],
        ),
    )


def unknown_lead(connection: duckdb.DuckDBPyConnection, lead_id: str) -> str:
    """Returns what to say of a lead that is not there, with ids that look like it."""
    ids = [row["lead_id"] for row in rows(connection, "select lead_id from marts.lead_profiles")]
    similar = difflib.get_close_matches(lead_id, ids, n=3)
    hint = f" Did you mean {', '.join(similar)}?" if similar else ""
    return f"There is no lead {lead_id!r}; it may have been merged into another one.{hint}"


def no_score(connection: duckdb.DuckDBPyConnection, lead_id: str, scorecard_id: str | None) -> str:
    """Returns what to say of a lead without a score."""
    found = rows(
        connection,
        "select scorecard_id from marts.lead_scores where lead_id = ? order by scorecard_id",
        lead_id,
    )
    ids = [row["scorecard_id"] for row in found]
    if ids:
        return (
            f"Lead {lead_id} has no score under {scorecard_id!r}; it has under: {', '.join(ids)}."
        )
    return (
        f"No scorecard applies to lead {lead_id}: "
        "see audience and include_customers in scorecards.csv."
    )
