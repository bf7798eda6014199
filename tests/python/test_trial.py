"""Trials: models run on other rules or facts, while the warehouse is only read."""

import hashlib
from pathlib import Path

import pytest

from conftest import Scored
from leadscore.errors import LeadscoreError
from leadscore.trial import SCRATCH, open_trial, put


def test_a_trial_of_one_lead_scores_it_as_the_build_did(demo: Scored) -> None:
    """Only its rows are there, and they are those of the warehouse, which stays as it was."""
    before = hashlib.sha256(demo.warehouse.read_bytes()).digest()
    ((lead_id,),) = demo.query(
        "select min(lead_id) from marts.lead_scores where scorecard_id = 'b2b' and score > 50"
    )
    with open_trial(demo.warehouse) as trial:
        with trial.connect() as connection:
            put(
                connection,
                "intermediate.int_lead_profiles",
                "from intermediate.int_lead_profiles where lead_id = $lead_id",
                {"lead_id": lead_id},
            )
        trial.run(changed=["int_lead_profiles"], wanted=["int_subject_scores"])
        with trial.connect() as connection:
            columns = (
                "subject_id, scorecard_id, score, band, grade, next_step, top_positive_reasons"
            )
            query = "select {} from {}intermediate.int_subject_scores {} order by all"
            tried = connection.execute(
                query.format(columns, "", "where subject_type = 'lead'")
            ).fetchall()
            built = connection.execute(
                query.format(columns, "warehouse.", "where subject_id = ?"), [lead_id]
            ).fetchall()

    assert tried == built != []
    assert hashlib.sha256(demo.warehouse.read_bytes()).digest() == before
    assert not SCRATCH.exists()


def test_a_trial_needs_a_warehouse_with_scores(tmp_path: Path) -> None:
    """Nothing is built yet: it says what to run."""
    with pytest.raises(LeadscoreError, match="leadscore build"), open_trial(tmp_path / "no.duckdb"):
        pass
