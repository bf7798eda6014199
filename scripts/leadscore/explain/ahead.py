"""The days to come: what a lead's scores will be if nothing more happens.

A trial has scored the lead on its day; the same queries, told another day, score it on that one.
Whatever hangs on the day is in them: decay, windows, rules that begin or end, e-mails that become
ignored, silence that becomes long.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import duckdb

from leadscore.database import Row, rows
from leadscore.explain.reading import Explanation, LeadExplanation, Outlook
from leadscore.trial import FOLDER, Trial

MODELS = ("int_scores", "int_own_bands", "int_ledger")
"""What is read of a day, without the history that follows from it."""


@dataclass(frozen=True)
class Step:
    """A model as it ran in the trial.

    Attributes:
        name: its id in dbt.
        relation: the table that it makes.
        query: what it makes it of.
        is_view: whether it is a view so far.
        names_day: whether the query names the day.
        parents: ids of what it reads.
    """

    name: str
    relation: str
    query: str
    is_view: bool
    names_day: bool
    parents: frozenset[str]


def with_outlook(
    trial: Trial,
    lead: LeadExplanation,
    day_count: int,
    on_day: Callable[[date], None] = lambda _: None,
) -> LeadExplanation:
    """Returns a lead with what its scores will be on the days after that of the trial.

    Args:
        trial: it has just run the models that follow from the lead's rows, and recorded it.
        lead: the lead as the trial has scored it.
        day_count: how many days to look ahead.
        on_day: called with each day when it has been scored.
    """
    lead_id = lead.profile["lead_id"]
    with trial.connect() as connection:
        thresholds = rows(connection, "from intermediate.int_bands where measure = 'score'")
        days = []
        for found in days_ahead(connection, trial.as_of, lead_id, day_count):
            on_day(found[0])
            days.append(found)
    return LeadExplanation(
        lead.profile,
        [replace(own, outlook=outlook(own, days, thresholds)) for own in lead.explanations],
    )


def days_ahead(
    connection: duckdb.DuckDBPyConnection, today: date, lead_id: str, day_count: int
) -> Iterator[tuple[date, list[Row], list[Row]]]:
    """Yields days with the scores and the ledger lines of a lead; nothing is kept of them."""
    steps = steps_of_day(today)
    for step in steps:
        if step.is_view:
            connection.execute(f"drop view {step.relation}")
            connection.execute(f"create table {step.relation} as {step.query}")
    stored = {step.name: contents(connection, step) for step in steps}
    for number in range(1, day_count + 1):
        day = today + timedelta(days=number)
        changed: set[str] = set()
        for step in steps:
            # Most of what could hang on the day, such as the reading of a title, does not change.
            if step.names_day or changed & step.parents:
                query = step.query.replace(f"'{today}'", f"'{day}'")
                connection.execute(f"create or replace table {step.relation} as {query}")
                found = contents(connection, step)
                if found != stored[step.name]:
                    stored[step.name] = found
                    changed.add(step.name)
        scores = rows(
            connection,
            """
            select scores.*, own_bands.band as own_band
            from intermediate.int_scores as scores
            inner join intermediate.int_own_bands as own_bands using (scorecard_id, subject_key)
            where scores.subject_type = 'lead' and scores.subject_id = ?
            """,
            lead_id,
        )
        lines = rows(
            connection,
            """
            select scorecard_id, line_type, axis, rule_group, rule_id, points, label
            from intermediate.int_ledger
            where subject_key in (
                select subject_key from intermediate.int_scores
                where subject_type = 'lead' and subject_id = ?
            )
            """,
            lead_id,
        )
        yield day, scores, lines


def contents(connection: duckdb.DuckDBPyConnection, step: Step) -> object:
    """Returns what tells the rows of a table from others."""
    return connection.execute(
        f"select count(*), sum(hash(step)::hugeint) from {step.relation} as step"
    ).fetchall()


def steps_of_day(today: date) -> list[Step]:
    """Returns what the last run of a trial did that may hang on its day, in order."""
    manifest = json.loads((FOLDER / "manifest.json").read_text(encoding="utf-8"))
    results = json.loads((FOLDER / "run_results.json").read_text(encoding="utf-8"))["results"]
    parents: dict[str, list[str]] = manifest["parent_map"]
    wanted = {f"model.leadscore.{name}" for name in MODELS}
    waiting = list(wanted)
    while waiting:
        found = set(parents.get(waiting.pop(), ())) - wanted
        wanted |= found
        waiting += found
    steps: dict[str, Step] = {}
    for result in results:
        name, query = result["unique_id"], result["compiled_code"]
        kind = manifest["nodes"][name]["config"]["materialized"]
        names_day = f"'{today}'" in query
        hangs_on_day = names_day or steps.keys() & parents[name]
        if name in wanted and kind != "incremental" and hangs_on_day:
            steps[name] = Step(
                name=name,
                relation=result["relation_name"],
                query=query,
                is_view=kind == "view",
                names_day=names_day,
                parents=frozenset(parents[name]),
            )
    return list(steps.values())


def outlook(
    own: Explanation, days: list[tuple[date, list[Row], list[Row]]], thresholds: list[Row]
) -> Outlook:
    """Returns what is to be told of the days to come under one scorecard."""
    scorecard_id, present = own.score["scorecard_id"], own.score["band"]
    held = [
        band
        for band in thresholds
        if band["scorecard_id"] == scorecard_id and band["band"] == present
    ]
    scores: list[Row] = []
    today = {line["rule_id"]: line for line in own.lines if line["rule_id"]}
    ends: dict[str, Row] = {}
    begins: dict[str, Row] = {}
    for day, day_scores, day_lines in days:
        scores += [
            {"date": day, "score": score["score"], "band": band_of(score, held)}
            for score in day_scores
            if score["scorecard_id"] == scorecard_id
        ]
        lines = {
            line["rule_id"]: line
            for line in day_lines
            if line["scorecard_id"] == scorecard_id and line["rule_id"]
        }
        for found, named, others in ((ends, today, lines), (begins, lines, today)):
            for rule_id in sorted(named.keys() - others.keys() - found.keys()):
                label = named[rule_id]["label"]
                found[rule_id] = {"date": day, "rule_id": rule_id, "label": label}
    left = next((score for score in scores if score["band"] != present), None)
    return Outlook(scores, left, list(ends.values()), list(begins.values()))


def band_of(score: Row, held: list[Row]) -> Any:
    """Returns the band of a day: that of its points, unless the lead is held in its present one.

    Args:
        score: the score of the day.
        held: the thresholds of the present band.
    """
    if score["is_vetoed"]:
        return "disqualified"
    for band in held:
        bounds = band["exit_below"], band["lower_score"]
        if None not in bounds and bounds[0] <= score["score"] < bounds[1]:
            return band["band"]
    return score["own_band"]
