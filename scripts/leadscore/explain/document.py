"""`leadscore explain --json`: the whole story of a lead as one document (docs/en/explain.md)."""

import json
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from leadscore.database import Row
from leadscore.explain.compare import Comparison, line_changes
from leadscore.explain.reading import Explanation, LeadExplanation
from leadscore.explain.story import Cut, Fading, Lift, Step, cuts, fadings, lift, remarks

SCORE_KEYS = (
    "scorecard_id",
    "score",
    "score_points",
    "raw_points",
    "fit_points",
    "engagement_points",
    "band",
    "previous_band",
    "grade",
    "next_step",
    "rank",
    "temperature",
    "lifecycle_stage",
    "is_overridden",
    "is_vetoed",
    "veto_reasons",
    "is_fast_tracked",
    "is_contactable",
    "last_event_at",
    "recycled_at",
    "recycle_reason",
    "rules_hash",
)
COMPARED_KEYS = ("score", "score_points", "fit_points", "engagement_points", "band", "grade")
NOT_COMPARED: Row = {"before": None, "changes": []}
LINE_KEYS = ("rule_id", "label", "axis", "rule_group", "points", "event_count", "last_event_date")
GAP_KEYS = ("field", "points_at_stake", "rule_id", "label")


def as_json(document: Row) -> str:
    """Returns a document as text: points as numbers of 4 places, dates in ISO format."""
    return json.dumps(document, default=written, ensure_ascii=False, indent=2)


def written(value: object) -> float | str:
    """Returns a value that JSON has no word for."""
    match value:
        case Decimal():
            return round(float(value), 4)
        case date() | datetime():
            return value.isoformat()
    raise TypeError(f"{value!r} has no place in a document")


def document(told: LeadExplanation | Comparison) -> Row:
    """Returns all that is known of a lead and its scores, and what supposed facts change of it."""
    pairs: list[tuple[Explanation | None, Explanation | None]]
    if isinstance(told, Comparison):
        lead, pairs = told.after, told.scores
        supposed = {fact.field: fact.value for fact in told.facts}
    else:
        lead, pairs = told, [(None, own) for own in told.explanations]
        supposed = {}
    scores = [own.score for pair in pairs for own in pair if own]
    return {
        "lead": lead.profile,
        "as_of_date": scores[0]["as_of_date"],
        "supposed": supposed,
        "unknown_fields": lead.unknown_fields,
        "scores": [
            score_document(after, comparison(before, after) if supposed else NOT_COMPARED)
            for before, after in pairs
            if after
        ],
        "lost_scores": [
            before.score["scorecard_id"] for before, after in pairs if before and not after
        ],
    }


def comparison(before: Explanation | None, after: Explanation) -> Row:
    """Returns a score before facts were supposed, and the lines that differ."""
    return {
        "before": {key: before.score[key] for key in COMPARED_KEYS} if before else None,
        "changes": line_changes(before, after),
    }


def score_document(explanation: Explanation, compared: Row) -> Row:
    """Returns one score: adds, subtracts and limits sum up to score_points."""
    lines = [line for line in explanation.lines if line["line_type"] == "rule"]
    fading = {found.line["rule_id"]: found for found in fadings(explanation)}

    def told(keep: Any) -> list[Row]:
        return [
            line_document(line, fading.get(line["rule_id"]))
            for line in lines
            if keep(line["points"])
        ]

    rise = lift(explanation)
    return {
        **{key: explanation.score[key] for key in SCORE_KEYS},
        "adds": told(lambda points: points > 0),
        "subtracts": told(lambda points: points < 0),
        "neutral": told(lambda points: points == 0),
        "limits": [cut_document(cut) for cut in cuts(explanation)],
        "missing_facts": [{key: gap[key] for key in GAP_KEYS} for gap in explanation.gaps],
        "next_band": lift_document(rise) if rise else None,
        "outlook": vars(explanation.outlook) if explanation.outlook else None,
        "remarks": remarks(explanation),
        **compared,
    }


def line_document(line: Row, fading: Fading | None) -> Row:
    """Returns a line of a rule, with its future if it fades."""
    return {
        **{key: line[key] for key in LINE_KEYS},
        "half_life_days": fading.half_life_days if fading else None,
        "half_by": fading.half_by if fading else None,
        "gone_by": fading.gone_by if fading else None,
    }


def cut_document(cut: Cut) -> Row:
    """Returns what a limit changes."""
    keys = ("line_type", "axis", "rule_group", "points")
    return {**{key: cut.line[key] for key in keys}, "before": cut.before, "after": cut.after}


def lift_document(rise: Lift) -> Row:
    """Returns what would lift the lead to the next band."""
    return {
        "band": rise.band,
        "lower_score": rise.lower_score,
        "points_needed": rise.points_needed,
        "enough_alone": [step_document(step) for step in rise.singles],
        "enough_together": [step_document(step) for step in rise.together],
        "best_score": rise.best_score,
        "at_maximum": [{"name": name, "max_points": most} for name, most in rise.full],
    }


def step_document(step: Step) -> Row:
    """Returns something that would give points."""
    return {
        "rule_id": step.rule["rule_id"],
        "label": step.rule["label"],
        "points": step.points,
        "field": step.field,
        "event_type": step.rule["event_type"],
        "event_count": step.event_count,
    }
