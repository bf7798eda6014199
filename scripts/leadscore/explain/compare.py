"""What supposed facts change: scores, bands and lines before and after."""

from dataclasses import dataclass
from decimal import Decimal

from leadscore.database import Row
from leadscore.explain.facts import Fact
from leadscore.explain.reading import Explanation, LeadExplanation

LINE_KEY = ("line_type", "axis", "rule_group", "rule_id")
# Columns of a profile that say where others come from, and do not count themselves.
BACKGROUND = {"facts_known_since", "seniority_phrase", "job_function_phrase", "job_title_language"}


@dataclass(frozen=True)
class Comparison:
    """A lead as it is, and as it would be.

    Attributes:
        facts: what is supposed.
        before: the lead as it is.
        after: the lead as it would be.
    """

    facts: list[Fact]
    before: LeadExplanation
    after: LeadExplanation

    @property
    def scores(self) -> list[tuple[Explanation | None, Explanation | None]]:
        """Its scores before and after, by scorecard; None where a scorecard does not apply."""
        before = {own.score["scorecard_id"]: own for own in self.before.explanations}
        after = {own.score["scorecard_id"]: own for own in self.after.explanations}
        return [(before.get(name), after.get(name)) for name in sorted({*before, *after})]

    @property
    def profile_changes(self) -> list[tuple[str, object, object]]:
        """What is known of the lead otherwise than before: column, before, after."""
        before, after = self.before.profile, self.after.profile
        return [
            (column, before[column], after[column])
            for column in after
            if column not in BACKGROUND and before[column] != after[column]
        ]


def line_changes(before: Explanation | None, after: Explanation | None) -> list[Row]:
    """Returns the lines that differ, those of rules first: their key, label, before and after.

    A line that is not there counts as 0 points. One that came or went with 0 points differs, too:
    it is a veto, a fast track, or a rule that only says something.
    """
    found: dict[tuple[object, ...], Row] = {}
    for name, explanation in (("before", before), ("after", after)):
        for line in explanation.lines if explanation else []:
            key = tuple(line[column] for column in LINE_KEY)
            told = {column: line[column] for column in (*LINE_KEY, "label")}
            found.setdefault(key, told | {"before": None, "after": None})[name] = line["points"]
    changes = [change for change in found.values() if change["before"] != change["after"]]
    return sorted(changes, key=lambda change: (change["line_type"] != "rule", -size(change)))


def size(change: Row) -> Decimal:
    """Returns by how many points a line differs."""
    before, after = (change[name] or Decimal(0) for name in ("before", "after"))
    return Decimal(abs(after - before))
