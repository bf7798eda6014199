"""What a ledger tells beyond its lines: limits, fading, and the way to the next band."""

import json
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from conftest import Scored, run
from leadscore.database import Row
from leadscore.explain.reading import Explanation, explain_lead
from leadscore.explain.story import Limits, cuts, fadings, lift
from leadscore.project import ROOT

TODAY = date(2026, 11, 1)
DOCS = (ROOT / "docs" / "en" / "explain.md").read_text(encoding="utf-8")


def rule(rule_id: str, points: int, **columns: Any) -> Row:
    """Returns a row of rules_in_force: one event, no limits, no decay."""
    row = {
        "rule_id": rule_id,
        "label": rule_id,
        "axis": "engagement",
        "rule_group": None,
        "points": Decimal(points),
        "event_type": "click",
        "required_count": 1,
        "award": "each",
        "window_days": None,
        "half_life_days": None,
        "max_points": None,
        "group_min_points": None,
        "group_max_points": None,
        "axis_min_points": None,
        "axis_max_points": None,
    }
    assert columns.keys() <= row.keys()
    return row | columns


def line(of: Row, points: str, last_event_date: date | None = TODAY) -> Row:
    """Returns the ledger line of a rule."""
    keys = ("rule_id", "label", "axis", "rule_group")
    return {
        **{key: of[key] for key in keys},
        "line_type": "rule",
        "points": Decimal(points),
        "last_event_date": last_event_date,
    }


def explained(
    rules: list[Row], lines: list[Row], score: int = 0, gaps: Sequence[Row] = ()
) -> Explanation:
    """Returns an explanation with bands from 0, 26 and 51."""
    bands: list[Row] = [
        {"band": "cold", "lower_score": 0},
        {"band": "warm", "lower_score": 26},
        {"band": "hot", "lower_score": 51},
    ]
    own = [band["band"] for band in bands if band["lower_score"] <= score][-1]
    row = {
        "score": score,
        "band": own,
        "as_of_date": TODAY,
        "is_vetoed": False,
        "is_overridden": False,
    }
    return Explanation(row, lines, bands, list(gaps), rules)


def leads_of(demo: Scored, count: int) -> list[str]:
    """Returns some leads, of all bands."""
    found = demo.query(
        f"""
        select lead_id from marts.lead_scores where scorecard_id = 'b2b'
        qualify row_number() over (partition by band order by rank) <= {count}
        order by lead_id
        """
    )
    return [str(lead_id) for (lead_id,) in found]


def test_limits_are_reckoned_as_the_engine_does(demo: Scored) -> None:
    """The sums of the stored rule lines, limited here, are the stored points."""
    lead_ids = leads_of(demo, 8)
    assert len(lead_ids) > 20
    was_cut = set()
    for lead_id in lead_ids:
        for explanation in explain_lead(demo.published, lead_id).explanations:
            score = explanation.score
            assert Limits.of(explanation).points([]) == score["raw_points"]
            found = cuts(explanation)
            was_cut |= {cut.line["line_type"] for cut in found}
            if found and found[-1].line["line_type"] == "score_limit":
                assert (found[-1].before, found[-1].after) == (
                    score["raw_points"],
                    score["score_points"],
                )
            for cut in found:
                if cut.line["line_type"] == "axis_limit":
                    assert cut.after == score[f"{cut.line['axis']}_points"]
    assert was_cut == {"group_limit", "axis_limit", "score_limit"}


def test_lines_fade_by_decay_or_when_their_last_event_leaves_the_window() -> None:
    """Whichever comes first; 5 points halve 16.6 times before they are written as 0.0000."""
    decays = rule("decays", 5, half_life_days=10)
    ends = rule("ends", 5, window_days=30)
    both = rule("both", 5, half_life_days=10, window_days=30)
    stays = rule("stays", 5)
    once = rule("once", 5, half_life_days=10, award="once", max_points=Decimal(4))
    full = rule("full", 5, half_life_days=10, max_points=Decimal(8))
    silent = rule("silent", 5, half_life_days=10, required_count=None)
    last = date(2026, 10, 22)
    rules = [decays, ends, both, stays, once, full, silent]
    points = ["2.5", "5", "2.5", "5", "2.5", "8", "5"]
    lines = [line(*pair, last) for pair in zip(rules, points, strict=True)]
    told = {f.line["rule_id"]: (f.half_by, f.gone_by) for f in fadings(explained(rules, lines))}
    halved = date(2026, 11, 11)
    assert told == {
        "decays": (halved, date(2027, 4, 7)),
        "ends": (None, date(2026, 11, 21)),
        "both": (halved, date(2026, 11, 21)),
        "once": (halved, date(2027, 4, 7)),
        "full": (None, None),
    }


def test_a_step_that_is_enough_alone_is_told_before_several() -> None:
    """The smallest first; a fact that is missing is a step, too."""
    rules = [rule("small", 9), rule("enough", 26), rule("plenty", 40)]
    rules.append(rule("asks", 30, axis="fit", required_count=None))
    gap = {"rule_id": "asks", "points_at_stake": Decimal(30), "field": "answer.need"}
    rise = lift(explained(rules, [], gaps=[gap]))
    assert rise is not None
    assert (rise.band, rise.lower_score, rise.points_needed) == ("warm", 26, Decimal("25.5"))
    assert [step.rule["rule_id"] for step in rise.singles] == ["enough", "asks", "plenty"]
    assert [step.field for step in rise.singles] == [None, "answer.need", None]
    assert rise.together == []


def test_what_a_group_at_its_maximum_gives_does_not_count() -> None:
    """Two steps of a full group would do by their points; the way leads past it."""
    web = {"rule_group": "web", "group_max_points": Decimal(10)}
    seen = rule("seen", 10, **web)
    rules = [seen, rule("again", 20, **web), rule("form", 9), rule("call", 8), rule("mail", 1)]
    rise = lift(explained(rules, [line(seen, "10")], score=10))
    assert rise is not None
    assert [step.rule["rule_id"] for step in rise.together] == ["form", "call"]
    assert rise.full == [("group web", Decimal(10))]
    shut = [row | {"axis_max_points": Decimal(20)} for row in rules]
    rise = lift(explained(shut, [line(seen, "10")], score=10))
    assert rise is not None
    assert (rise.singles, rise.together, rise.best_score) == ([], [], 20)


def test_once_more_gives_what_has_faded_and_no_more_than_the_rule_allows() -> None:
    """Awarded once: the full points again. Each: as many as its maximum leaves."""
    once = rule("once", 30, award="once", half_life_days=10)
    each = rule("each", 30, max_points=Decimal(34))
    thrice = rule("thrice", 10, required_count=3)
    rise = lift(explained([once, each, thrice], [line(once, "7.5"), line(each, "8")], score=16))
    assert rise is not None
    steps = {step.rule["rule_id"]: (step.points, step.event_count) for step in rise.singles}
    assert steps == {
        "once": (Decimal("22.5"), 1),
        "each": (Decimal(26), 1),
        "thrice": (Decimal(30), 3),
    }


@pytest.mark.parametrize("reason", ["is_vetoed", "is_overridden"])
def test_points_lift_nobody_whose_band_is_not_made_of_points(reason: str) -> None:
    """A veto stands, and so does what a person has set."""
    explanation = explained([rule("enough", 26)], [])
    explanation.score[reason] = True
    assert lift(explanation) is None


def test_a_lead_held_in_a_band_is_lifted_to_the_one_above() -> None:
    """It has less than its band asks of who enters, and need not enter again."""
    explanation = explained([rule("enough", 40)], [], score=20)
    explanation.score["band"] = "warm"
    rise = lift(explanation)
    assert rise is not None
    assert rise.band == "hot"


def test_the_document_is_all_there_is_and_adds_up(demo: Scored) -> None:
    """One JSON document on standard output; its points add up, its keys are in the docs."""
    for lead_id in leads_of(demo, 1):
        said = run("leadscore", "explain", lead_id, "--json", "--publish", demo.published)
        assert said.returncode == 0, said.stderr
        document = json.loads(said.stdout, parse_float=Decimal)
        assert document["lead"]["lead_id"] == lead_id
        for score in document["scores"]:
            parts = ("adds", "subtracts", "neutral", "limits")
            points = [Decimal(part["points"]) for name in parts for part in score[name]]
            assert sum(points) == score["score_points"]
            assert all(part["points"] > 0 for part in score["adds"])
            assert all(part["points"] < 0 for part in score["subtracts"])
            before = sum(part["before"] - part["after"] for part in score["limits"])
            assert before == -sum(part["points"] for part in score["limits"])
        assert [name for name in keys_of(document) if f"`{name}`" not in DOCS] == []


def keys_of(document: Any) -> set[str]:
    """Returns the keys of a document and all that is in it, but for the profile's columns."""
    if isinstance(document, list):
        return {key for part in document for key in keys_of(part)}
    if not isinstance(document, dict):
        return set()
    parts = {name: part for name, part in document.items() if name != "lead"}
    return {*document, *keys_of(list(parts.values()))}
