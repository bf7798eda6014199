"""What `leadscore explain` is asked, and where the answer comes from.

A saved lead on the published day is read from the published database. Another day, other facts or a
made-up lead are scored in a trial beside the warehouse.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from leadscore.display import bar, dbt_progress
from leadscore.explain.ahead import with_outlook
from leadscore.explain.compare import Comparison
from leadscore.explain.facts import Fact
from leadscore.explain.made_up import read_lead as read_made_up
from leadscore.explain.reading import LeadExplanation, explain_lead, published_date
from leadscore.explain.trials import (
    WANTED,
    read_tried,
    score_another_day,
    score_made_up,
    score_supposed,
)
from leadscore.trial import open_trial


@dataclass(frozen=True)
class Question:
    """What is asked.

    Attributes:
        lead: the id of a saved lead, or the file of a made-up one.
        scorecard_id: one scorecard, or None for all that apply to the lead.
        as_of: the day, or None for the one that was scored last.
        facts: what is supposed of the lead.
        day_count: how many days to look ahead, 0 for none.
    """

    lead: str | Path
    scorecard_id: str | None
    as_of: date | None
    facts: list[Fact]
    day_count: int


def answer(question: Question, warehouse: Path, published: Path) -> LeadExplanation | Comparison:
    """Returns a lead with its scores, and with facts supposed as it is and as it would be.

    Raises:
        LeadscoreError: if there is no such lead, scorecard or company, nothing is built yet, or the
            warehouse is in use.
    """
    lead = question.lead
    if isinstance(lead, str) and not (question.facts or question.day_count):
        day = question.as_of
        if day is None or (published.exists() and day == published_date(published)):
            published_date(published)
            return explain_lead(published, lead, question.scorecard_id)
    made_up = read_made_up(lead) if isinstance(lead, Path) else None
    with open_trial(warehouse, question.as_of) as trial:

        def score(changed: Iterable[str]) -> None:
            with dbt_progress(f"Scoring as of {trial.as_of}") as run:
                trial.run(changed, WANTED, run, is_recorded=question.day_count > 0)

        if made_up:
            lead_id = made_up["leads"][0]["lead_id"]
            score_made_up(trial, made_up, score)
        else:
            lead_id = str(lead)
            if question.as_of or question.day_count:
                score_another_day(trial, lead_id, score)
        before = read_tried(trial, lead_id, question.scorecard_id, may_lack=bool(question.facts))
        if question.day_count:
            with bar("Looking ahead") as shown:
                task = shown.task_ids[0]
                shown.update(task, total=question.day_count)
                return with_outlook(
                    trial,
                    before,
                    question.day_count,
                    lambda day: shown.update(task, advance=1, now=str(day)),
                )
        if not question.facts:
            return before
        score_supposed(trial, lead_id, question.facts, score)
        may_lack = bool(before.explanations)
        after = read_tried(trial, lead_id, question.scorecard_id, may_lack=may_lack)
        return Comparison(question.facts, before, after)
