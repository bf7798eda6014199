"""Whole runs on real, dirty exports, where the folder with them is at hand."""

from pathlib import Path

import duckdb
import pytest

from conftest import Scored, build
from leadscore.project import ROOT

CRM = ROOT.parent / "shared" / "data" / "crm"


def scored(folder: Path, name: str, as_of: str) -> Scored:
    """Scores an export with the shipped rules."""
    raw = CRM / name
    if not raw.is_dir():
        pytest.skip(f"the real data are not here: no folder {name} beside the project")
    result, said = build(folder, raw, as_of)
    assert said.returncode == 0, said.stdout + said.stderr
    return result


def test_marketstar_is_scored_whole(tmp_path: Path) -> None:
    """43,033 leads without events: every one has a score, most titles and industries are read."""
    crm = scored(tmp_path, "marketstar", "2022-09-30")
    ((leads, scores),) = crm.query(
        """
        select
            (select count(*) from marts.lead_profiles),
            (select count(distinct lead_id) from marts.lead_scores)
        """
    )
    assert leads == 43_033
    ((customers,),) = crm.query("select count(*) from marts.lead_profiles where is_customer")
    assert scores == leads or scores == leads - customers  # type: ignore[operator]
    with duckdb.connect() as connection:
        ((industries, sizes),) = connection.execute(
            "select count(industry), count(employee_count) from read_csv(?, all_varchar = true)",
            [str(CRM / "marketstar" / "companies.csv")],
        ).fetchall()
    ((known_industries, known_sizes),) = crm.query(
        "select count(company_industry), count(company_employee_band) from marts.lead_profiles"
    )
    assert known_industries >= 0.95 * industries
    assert known_sizes >= 0.95 * sizes


def test_yammer_events_reach_the_ledger(tmp_path: Path) -> None:
    """19,066 leads with e-mail events: opens and clicks give points, and the sums hold."""
    crm = scored(tmp_path, "yammer", "2022-08-31")
    assert crm.query("select count(*) from marts.lead_profiles") == [(19_066,)]
    ((leads_with_points,),) = crm.query(
        """
        select count(distinct lead_id) from marts.lead_score_ledger
        where axis = 'engagement' and event_count > 0
        """
    )
    assert leads_with_points > 1_000  # type: ignore[operator]
