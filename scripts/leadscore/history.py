"""What the history says: how a lead's score has moved, and which days have to be run again."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from leadscore.database import Row, connect, rows
from leadscore.errors import LeadscoreError
from leadscore.explain.reading import no_score, unknown_lead

CAUSES = {
    "new_events": "events",
    "decay": "decay",
    "facts": "facts",
    "rules": "rules",
    "limits": "limits",
    "override": "override",
}


@dataclass(frozen=True)
class Story:
    """How the score of one lead under one scorecard has moved.

    Attributes:
        scorecard_id: the scorecard.
        start: the score of the first day told, with its band.
        moves: the days on which score or band changed: rows of lead_score_movements, with the
            band of the day and the one before.
        day_count: run days told, those without a change too.
        unknown_days: days of which it is not known what moved the score.
    """

    scorecard_id: str
    start: Row
    moves: list[Row]
    day_count: int
    unknown_days: list[date]


@dataclass(frozen=True)
class LeadStory:
    """How the scores of a lead have moved, and its stays in lists: list_membership_history."""

    stories: list[Story]
    stays: list[Row]


def lead_story(
    database: Path, lead_id: str, since: date, scorecard_id: str | None = None
) -> LeadStory:
    """Reads what has moved a lead's scores since a day.

    Args:
        database: a published or working database.
        lead_id: the lead.
        since: the story begins with the last run day on or before it, else with the first there is.
        scorecard_id: one scorecard, or None for all that apply to the lead.

    Raises:
        LeadscoreError: if there is no such lead, or the scorecard does not apply to it.
    """
    with connect(database, read_only=True) as connection:
        if not rows(connection, "from marts.lead_profiles where lead_id = ?", lead_id):
            raise LeadscoreError(unknown_lead(connection, lead_id))
        days = rows(
            connection,
            """
            select
                scores.*, movements.* exclude (lead_id, scorecard_id, as_of_date, score)
            from marts.lead_score_history as scores
            left join marts.lead_score_movements as movements
                using (lead_id, scorecard_id, as_of_date)
            where
                lead_id = $1
                and coalesce(scorecard_id = $2, true)
                and as_of_date >= coalesce(
                    (
                        select max(as_of_date) from marts.lead_score_history
                        where lead_id = $1 and as_of_date <= $3
                    ),
                    $3
                )
            order by scorecard_id, as_of_date
            """,
            lead_id,
            scorecard_id,
            since,
        )
        stays = rows(
            connection,
            """
            from marts.list_membership_history
            where lead_id = ? and coalesce(left_on, entered_on) >= ?
            order by entered_on, list_id
            """,
            lead_id,
            since,
        )
        if not days:
            raise LeadscoreError(no_score(connection, lead_id, scorecard_id))
    by_scorecard: dict[str, list[Row]] = {}
    for day in days:
        by_scorecard.setdefault(day["scorecard_id"], []).append(day)
    return LeadStory([told(own) for own in by_scorecard.values()], stays)


def told(days: list[Row]) -> Story:
    """Returns the story of the days of one scorecard."""
    start, *later = days
    moves = [day for day in later if day["change"] or day["band"] != day["previous_band"]]
    return Story(
        scorecard_id=start["scorecard_id"],
        start=start,
        moves=moves,
        day_count=len(days),
        unknown_days=[day["as_of_date"] for day in later if day["change"] is None],
    )


def advice_on_days(database: Path) -> list[str]:
    """Returns what to run again, in words, after days were run out of their order."""
    with connect(database, read_only=True) as connection:
        again = rows(connection, "from audit.days_to_run_again order by as_of_date")
        dates = connection.execute(
            """
            select
                (select max(as_of_date) from marts.lead_scores),
                (select max(as_of_date) from marts.lead_score_history)
            """
        ).fetchone()
    said = [
        f"{period(days)} should be run again: {reason}. Run: leadscore build {options(days)}"
        for days, reason in periods(again)
    ]
    assert dates is not None
    published_day, latest_day = dates
    if published_day and published_day < latest_day:
        said.append(
            f"what is published are the scores of {published_day}; those of {latest_day}, the"
            f" latest day, come back with: leadscore build --as-of {latest_day}"
        )
    return said


def periods(days: list[Row]) -> list[tuple[list[date], str]]:
    """Returns days that follow one another together, with all their reasons."""
    found: list[tuple[list[date], list[str]]] = []
    for day in days:
        if not found or found[-1][0][-1] + timedelta(days=1) != day["as_of_date"]:
            found.append(([], []))
        found[-1][0].append(day["as_of_date"])
        found[-1][1].append(day["reason"])
    return [(dates, "; ".join(dict.fromkeys(reasons))) for dates, reasons in found]


def period(days: list[date]) -> str:
    """Returns days that follow one another in words."""
    return str(days[0]) if len(days) == 1 else f"{days[0]} to {days[-1]}"


def options(days: list[date]) -> str:
    """Returns the options of `leadscore build` that run days that follow one another."""
    return f"--as-of {days[0]}" if len(days) == 1 else f"--from {days[0]} --to {days[-1]}"
