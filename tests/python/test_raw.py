"""The schema raw as an ELT tool leaves it: types of its own, columns missing or unknown."""

from datetime import date
from pathlib import Path

from conftest import Scored, run
from leadscore.database import connect


def test_tables_of_an_elt_tool_are_read_whatever_their_types(tmp_path: Path) -> None:
    """Whole numbers as ids, decimals as sizes, times with a zone: read as what they mean."""
    scored = Scored(tmp_path, tmp_path / "warehouse.duckdb", tmp_path / "published.duckdb")
    with connect(scored.warehouse) as warehouse:
        warehouse.execute("create schema raw")
        warehouse.execute(
            """
            create table raw.leads as
            select
                7::decimal(38, 0) as lead_id, 1::double as company_id, true as is_customer,
                12.50::decimal(9, 3)
                    as experience_years, date '2020-02-29' as updated_at, [1, 2] as synced_by
            """
        )
        warehouse.execute(
            """
            create table raw.companies as
            select 1 as company_id, 250::decimal(12, 3) as employee_count,
                1.5e6::double as annual_revenue, '{"a": 1}'::json as company_type
            """
        )
        warehouse.execute(
            """
            create table raw.events as
            select
                x'00' as event_id, 7::hugeint as lead_id, 'page_view' as event_type,
                timestamptz '2026-01-01 23:30:00-02:00' as occurred_at
            """
        )
    said = run(
        "leadscore",
        "build",
        "--as-of",
        "2026-01-15",
        "--warehouse",
        scored.warehouse,
        "--publish",
        scored.published,
    )
    assert said.returncode == 0, said.stdout + said.stderr
    assert scored.query(
        """
        select lead_id, company_id, is_customer, experience_years, updated_at,
            company_employee_count, company_employee_band, company_annual_revenue
        from marts.lead_profiles
        """
    ) == [("7", "1", True, 12.5, date(2020, 2, 29), 250.0, "201-500", 1_500_000.0)]
    assert [
        str(when)
        for (when,) in scored.query("select distinct last_event_at from marts.lead_scores")
    ] == ["2026-01-02 01:30:00"]
    assert scored.query("select count(*) from audit.raw_rejects") == [(0,)]


def test_without_leads_the_run_says_what_to_do(tmp_path: Path) -> None:
    """A fresh warehouse is no riddle."""
    said = run(
        "leadscore",
        "build",
        "--warehouse",
        tmp_path / "warehouse.duckdb",
        "--publish",
        tmp_path / "published.duckdb",
    )
    assert said.returncode == 1
    assert "raw.leads is missing" in said.stderr
    assert "leadscore load" in said.stderr
