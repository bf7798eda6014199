"""`leadscore explain`: the ledger of one lead, for a person to read."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from conftest import Scored, run
from leadscore.demo_data import DEMO_AS_OF
from leadscore.errors import LeadscoreError
from leadscore.explain.reading import explain_lead, published_date


def best_lead(demo: Scored) -> str:
    """Returns the lead of rank 1."""
    ((lead_id,),) = demo.query(
        "select lead_id from marts.lead_scores where scorecard_id = 'b2b' and rank = 1"
    )
    return str(lead_id)


def test_the_lines_shown_add_up_to_the_score(demo: Scored) -> None:
    """The sum of what is shown is the score, to the last decimal."""
    for explanation in explain_lead(demo.published, best_lead(demo)).explanations:
        total = sum((line["points"] for line in explanation.lines), Decimal(0))
        assert total == explanation.score["score_points"]


def test_a_person_reads_reasons_band_and_gaps(demo: Scored) -> None:
    """Labels, points, band, and what nobody knows are on the screen."""
    lead_id = best_lead(demo)
    said = run("leadscore", "explain", lead_id, "--publish", demo.published)
    assert said.returncode == 0, said.stderr
    ((label, band),) = demo.query(
        f"""
        select label, band
        from marts.lead_score_ledger
        inner join marts.lead_scores using (lead_id, scorecard_id)
        where lead_id = '{lead_id}' and scorecard_id = 'b2b' and line_type = 'rule'
        order by points desc, rule_id limit 1
        """
    )
    assert str(label) in said.stdout
    assert f"band {band}" in said.stdout
    assert "sum of all lines" in said.stdout


def test_all_scores_of_a_lead_are_told_in_short_first(demo: Scored) -> None:
    """Who has many scores sees them side by side before any ledger."""
    lead_id = best_lead(demo)
    said = run("leadscore", "explain", lead_id, "--publish", demo.published).stdout
    in_short = said[: said.index("sum of all lines")]
    scores = demo.query(
        f"select scorecard_id, score, band from marts.lead_scores where lead_id = '{lead_id}'"
    )
    assert len(scores) > 1
    for scorecard_id, score, band in scores:
        assert re.search(rf"^  {scorecard_id} +{score} +{band} ", in_short, re.MULTILINE)


def test_what_is_missing_shows_the_points_at_stake(demo: Scored) -> None:
    """The gaps of the audit table stand below the score, the costliest first."""
    ((lead_id,),) = demo.query(
        """
        select subject_id from audit.missing_facts
        where scorecard_id = 'b2b' and gap_rank = 3
        order by subject_id limit 1
        """
    )
    said = run("leadscore", "explain", lead_id, "--scorecard", "b2b", "--publish", demo.published)
    assert said.returncode == 0, said.stderr
    gaps = demo.query(
        f"""
        select points_at_stake, field, label from audit.missing_facts
        where subject_id = '{lead_id}' and scorecard_id = 'b2b' order by gap_rank
        """
    )
    assert len(gaps) == 3
    lines = [" ".join(line.split()) for line in said.stdout.splitlines()]
    for points, field, label in gaps:
        assert f"+{Decimal(str(points)).normalize():f} {field} {label}" in lines


def test_another_day_is_scored_anew_and_nothing_else_changes(demo: Scored) -> None:
    """--as-of replays the day in a copy: the warehouse keeps its own."""
    lead_id = best_lead(demo)
    before = demo.warehouse.read_bytes()
    day = DEMO_AS_OF.replace(year=DEMO_AS_OF.year - 1)
    said = run(
        "leadscore",
        "explain",
        lead_id,
        "--as-of",
        day,
        "--publish",
        demo.published,
        "--warehouse",
        demo.warehouse,
    )
    assert said.returncode == 0, said.stderr
    assert f"as of {day}" in said.stdout
    assert "if this were known" in said.stdout
    assert demo.warehouse.read_bytes() == before


def test_unknown_leads_and_scorecards_are_said_plainly(demo: Scored, tmp_path: Path) -> None:
    """With ids that look alike, and the scorecards that there are."""
    lead_id = best_lead(demo)
    with pytest.raises(LeadscoreError, match=f"Did you mean .*{lead_id[:-1]}"):
        explain_lead(demo.published, lead_id + "x")
    with pytest.raises(LeadscoreError, match="b2b"):
        explain_lead(demo.published, lead_id, "nonsense")
    with pytest.raises(LeadscoreError, match="nothing is published"):
        published_date(tmp_path / "none.duckdb")
