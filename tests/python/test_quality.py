"""What is said of the data is what the published tables say."""

import csv
import re
import shutil
from pathlib import Path

import duckdb
from typer.testing import CliRunner

from conftest import Scored
from leadscore.cli import app
from leadscore.project import RULES
from leadscore.quality import data_quality


def test_the_summary_of_a_run_tells_how_filled_and_fresh_the_records_are(demo: Scored) -> None:
    """Of all leads, whatever their audience."""
    ((leads, complete, stale),) = demo.query(
        """
        select
            count(*),
            avg(completeness),
            avg(case when data_age_days > 1095 then 1 else 0 end)
        from marts.lead_profiles
        """
    )
    said = data_quality(demo.published)
    assert f"{leads:,} leads, {complete:.0%} complete" in said
    assert f"{stale:.0%} of the records stale" in said


def test_the_first_gap_of_a_lead_is_a_field_that_is_unknown_and_worth_its_points(
    demo: Scored,
) -> None:
    """Seniority is the field of one condition only: who lacks it may win what the rule gives."""
    lacking = demo.query(
        """
        select count(*)
        from marts.lead_scores
        inner join marts.lead_profiles using (lead_id)
        where scorecard_id = 'b2b' and seniority is null
        """
    )
    at_stake = demo.query(
        """
        select subjects_without
        from audit.fields_to_fill
        where scorecard_id = 'b2b' and field = 'lead.seniority' and most_points_at_stake = 5
        """
    )
    assert lacking == at_stake


def test_every_stale_record_waits_for_its_review_once(demo: Scored) -> None:
    """And nobody else does."""
    stale = demo.query(
        "select distinct lead_id from marts.lead_scores where is_stale order by lead_id"
    )
    assert stale == demo.query("select lead_id from audit.records_to_verify order by lead_id")
    assert stale


def test_check_names_bands_that_nobody_was_in(tmp_path: Path) -> None:
    """Of scorecards that were scored; a database of something else has none."""
    rules = shutil.copytree(RULES, tmp_path / "rules")
    published = tmp_path / "published.duckdb"
    with duckdb.connect(published) as connection:
        connection.execute("create schema marts")
    before = CliRunner().invoke(app, ["check", "--rules", str(rules), "--publish", str(published)])
    with duckdb.connect(published) as connection:
        for table, rows in {
            "lead_scores": "('b2b', 'sql', date '2026-11-01'), ('b2b', 'mql', date '2026-11-01')",
            "company_scores": "('account', 'watch', date '2026-11-01')",
        }.items():
            columns = "rows (scorecard_id, band, as_of_date)"
            connection.execute(f"create table marts.{table} as from (values {rows}) as {columns}")
    said = CliRunner().invoke(app, ["check", "--rules", str(rules), "--publish", str(published)])
    assert (before.exit_code, said.exit_code) == (0, 0)
    assert "nobody was" not in before.output
    found = re.findall(r"bands.csv:\d+:\d+: nobody was in band '(\w+)' of '(\w+)' on", said.output)
    with (rules / "bands.csv").open(encoding="utf-8", newline="") as lines:
        bands = [row for row in csv.DictReader(lines) if row["measure"] == "score"]
    assert found == [
        (row["band"], row["scorecard_id"])
        for row in bands
        if row["scorecard_id"] in ("b2b", "account") and row["band"] not in ("sql", "mql", "watch")
    ]
    assert found
