"""`leadscore report`: what each rule does, from the published tables alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from math import sqrt
from pathlib import Path

import duckdb

from leadscore.database import Row, connect, rows
from leadscore.errors import LeadscoreError
from leadscore.explain.reading import published_date

ENOUGH = 10
"""Fewer won leads, or fewer that a rule fires for, say nothing yet of who is won."""


@dataclass(frozen=True)
class Overlap:
    """Another rule of the scorecard that fires for some of the same leads.

    Attributes:
        rule_id: the other rule.
        both_count: leads for which both fire.
        share: of all those for which either fires, 0 to 1 (Jaccard).
    """

    rule_id: str
    both_count: int
    share: float


@dataclass(frozen=True)
class Rule:
    """A rule in force and what it does.

    Attributes:
        statistics: its row of marts.rule_statistics.
        decided: by band, the leads that would be in another one without this rule.
        overlaps: other rules of the scorecard, the most alike first.
    """

    statistics: Row
    decided: dict[str, int]
    overlaps: list[Overlap]

    @property
    def rule_id(self) -> str:
        """Its name in the rule files."""
        return str(self.statistics["rule_id"])

    @property
    def decided_count(self) -> int:
        """All leads whose band it decides."""
        return sum(self.decided.values())

    @property
    def verdict(self) -> str:
        """What can be said of who is won among those it fires for, in words."""
        found = self.statistics
        won = found["subjects_won"] + found["rest_won"]
        matched, rest = (
            found["subjects_matched"],
            found["subjects_scored"] - found["subjects_matched"],
        )
        if won < ENOUGH:
            return f"{won} won: says nothing yet"
        if min(matched, rest) < ENOUGH:
            side = "fires for" if matched < ENOUGH else "does not fire for"
            return f"{side} {min(matched, rest)}: says nothing yet"
        low, high = difference(found)
        if low > 0:
            return "won more often"
        return "won less often" if high < 0 else "may be chance"

    @property
    def is_telling(self) -> bool:
        """Whether those it fires for are won more or less often than chance alone explains."""
        return self.verdict in {"won more often", "won less often"}


@dataclass(frozen=True)
class Scorecard:
    """A scorecard with its rules, the farthest-reaching first, and the bands of its leads.

    Attributes:
        scorecard_id: its name in scorecards.csv.
        subject: lead or company.
        description: what it is for.
        leaves_customers_out: whether customers have no score under it.
        bands: by band, from the best, how many are in it.
        rules: its rules.
        group_rates: its rows of audit.band_rates_by_group.
    """

    scorecard_id: str
    subject: str
    description: str
    leaves_customers_out: bool
    bands: dict[str, int]
    rules: list[Rule]
    group_rates: list[Row]

    @property
    def subjects(self) -> str:
        """What it scores, as a word for several of them."""
        return "companies" if self.subject == "company" else "leads"

    @property
    def subjects_scored(self) -> int:
        """How many have a score."""
        return sum(self.bands.values())

    @property
    def subjects_won(self) -> int:
        """How many of those were won."""
        return max(
            (rule.statistics["subjects_won"] + rule.statistics["rest_won"] for rule in self.rules),
            default=0,
        )

    @property
    def has_enough_won(self) -> bool:
        """Whether anything can be said of who is won."""
        return self.subjects_won >= ENOUGH


@dataclass(frozen=True)
class RuleReport:
    """All scorecards, and before them the rules that tell nobody apart.

    Attributes:
        as_of_date: the day that was scored.
        without_effect: rows of audit.rules_without_effect.
        scorecards: in the order of their names.
    """

    as_of_date: date
    without_effect: list[Row]
    scorecards: list[Scorecard]

    @property
    def never_fired(self) -> list[Row]:
        """Rules that fire for nobody."""
        return [row for row in self.without_effect if row["never_fired"]]

    @property
    def always_fired(self) -> list[Row]:
        """Rules that fire for everybody."""
        return [row for row in self.without_effect if not row["never_fired"]]


def difference(statistics: Row) -> tuple[float, float]:
    """Returns by how much more often those are won that a rule fires for, as a 95 % interval.

    It is Newcombe's for two shares, made of the Wilson interval of each.

    Args:
        statistics: a row of marts.rule_statistics of a rule that fires for some, but not for all.
    """
    rate, low, high = (statistics[f"conversion_{end}"] for end in ("rate", "low", "high"))
    other, least, most = (statistics[f"rest_conversion_{end}"] for end in ("rate", "low", "high"))
    return (
        rate - other - sqrt((rate - low) ** 2 + (most - other) ** 2),
        rate - other + sqrt((high - rate) ** 2 + (other - least) ** 2),
    )


def rule_report(published: Path, scorecard_id: str | None = None) -> RuleReport:
    """Reads what each rule does.

    Args:
        published: a published database.
        scorecard_id: one scorecard, or None for all.

    Raises:
        LeadscoreError: if nothing is published, or there is no such scorecard.
    """
    day = published_date(published)
    with connect(published, read_only=True) as connection:
        found = rows(
            connection,
            """
            select trim(scorecard_id) as scorecard_id, description,
                case lower(trim(subject)) when 'company' then 'company' else 'lead' end as subject,
                not coalesce(try_cast(trim(include_customers) as boolean), false)
                    as leaves_customers_out
            from rules.scorecards
            order by scorecard_id
            """,
        )
        known = [row["scorecard_id"] for row in found]
        if scorecard_id is not None and scorecard_id not in known:
            raise LeadscoreError(
                f"There is no scorecard {scorecard_id!r}; there are: {', '.join(known)}."
            )
        wanted = [row for row in found if scorecard_id in (None, row["scorecard_id"])]
        without_effect = rows(
            connection,
            """
            from audit.rules_without_effect
            where coalesce(scorecard_id = ?, true)
            order by never_fired desc, scorecard_id, rule_id
            """,
            scorecard_id,
        )
        decided = bands_decided(connection)
        scorecards = [read_scorecard(connection, row, decided) for row in wanted]
    return RuleReport(day, without_effect, scorecards)


def query(name: str) -> str:
    """Returns a query that stands in a file beside this one."""
    return files(__package__).joinpath(f"{name}.sql").read_text(encoding="utf-8")


def bands_decided(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], dict[str, int]]:
    """Returns by scorecard and rule how many leads it decides the band of, by band."""
    decided: dict[tuple[str, str], dict[str, int]] = {}
    for row in rows(connection, query("bands")):
        bands = decided.setdefault((row["scorecard_id"], row["rule_id"]), {})
        bands[row["band"]] = row["decided_count"]
    return decided


def read_scorecard(
    connection: duckdb.DuckDBPyConnection,
    scorecard: Row,
    decided: dict[tuple[str, str], dict[str, int]],
) -> Scorecard:
    """Reads the rules of a scorecard."""
    scorecard_id = scorecard["scorecard_id"]
    bands = rows(
        connection,
        f"""
        select coalesce(band, 'no band') as band, count(*) as subject_count
        from marts.{scorecard["subject"]}_scores
        where scorecard_id = ?
        group by band
        order by bool_and(is_vetoed), max(score) desc, band
        """,
        scorecard_id,
    )
    subject_count = sum(row["subject_count"] for row in bands)
    overlaps: dict[str, list[Overlap]] = {}
    for row in rows(connection, query("overlaps"), scorecard_id, scorecard_id, subject_count):
        overlap = Overlap(row["other_rule_id"], row["both_count"], row["share"])
        overlaps.setdefault(row["rule_id"], []).append(overlap)
    rules = rows(
        connection,
        """
        from marts.rule_statistics
        where scorecard_id = ?
        order by subjects_matched desc, abs(points_total) desc, rule_id
        """,
        scorecard_id,
    )
    return Scorecard(
        scorecard_id=scorecard_id,
        subject=scorecard["subject"],
        description=scorecard["description"] or "",
        leaves_customers_out=scorecard["leaves_customers_out"],
        bands={row["band"]: row["subject_count"] for row in bands},
        rules=[
            Rule(
                row,
                decided.get((scorecard_id, row["rule_id"]), {}),
                overlaps.get(row["rule_id"], []),
            )
            for row in rules
        ],
        group_rates=rows(
            connection,
            """
            from audit.band_rates_by_group
            where scorecard_id = ?
            order by field, group_name = 'unknown', group_name, band_rank desc
            """,
            scorecard_id,
        ),
    )
