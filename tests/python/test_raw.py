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
                    as experience_years, date '2020-02-29' as updated_at, [1, 2] as synced_by,
                'b2b'::enum ('b2b', 'b2c') as audience
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


def test_changes_of_raw_tables_end_in_a_report(tmp_path: Path) -> None:
    """A feed that gains, loses or retypes a column is scored as far as it goes, and told."""
    scored = Scored(tmp_path, tmp_path / "warehouse.duckdb", tmp_path / "published.duckdb")
    command = ["leadscore", "build", "--as-of", "2026-01-15"]
    command += ["--warehouse", str(scored.warehouse), "--publish", str(scored.published)]
    with connect(scored.warehouse) as warehouse:
        warehouse.execute("create schema raw")
        warehouse.execute(
            "create table raw.leads as"
            " select 'a' as lead_id, 'CEO' as job_title, 'ES' as country, '3' as experience_years"
        )
        warehouse.execute("create table raw.companies as select 'c' as company_id")
        warehouse.execute(
            "create table raw.events as select 1 as event_id, 'a' as lead_id,"
            " 'page_view' as event_type, '2026-01-10' as occurred_at"
        )
    first = run(*command)
    assert first.returncode == 0, first.stdout + first.stderr
    assert "warning raw." not in first.stdout

    with connect(scored.warehouse) as warehouse:
        warehouse.execute("drop table raw.companies")
        warehouse.execute(
            "create or replace table raw.leads as"
            " select 'a' as lead_id, 7 as job_title, 3.0::double as experience_years,"
            " 'x' as shoe_size"
        )
        warehouse.execute("alter table raw.events rename to tracked")
        warehouse.execute(
            "create view raw.events as"
            " select * replace (date '2026-01-10' as occurred_at, 'e' as event_id) from raw.tracked"
            " union all by name select 'f' as event_id"
        )
    second = run(*command)
    assert second.returncode == 0, second.stdout + second.stderr
    for words in (
        "raw.leads has columns that the input contract does not know, they are ignored: shoe_size",
        "raw.leads.country was there in the last run and is missing now",
        "raw.companies.company_id was there in the last run and is missing now",
        "raw.leads.job_title was VARCHAR in the last run and is INTEGER now",
        "raw.events.occurred_at was VARCHAR in the last run and is DATE now",
        "raw.events.event_id was INTEGER in the last run and is VARCHAR now",
    ):
        assert f"warning {words}" in second.stdout
    assert scored.query("select country_code, experience_years from marts.lead_profiles") == [
        (None, 3.0)
    ]
    third = run(*command)
    assert third.stdout.count("warning raw.") == 1
    (tmp_path / "leads.csv").write_text("lead_id\na\n")
    (tmp_path / "events.csv").write_text("event_id\ne\n")
    loaded = run("leadscore", "load", tmp_path, "--warehouse", str(scored.warehouse))
    assert loaded.returncode == 1
    assert "raw.events is a view" in loaded.stderr
