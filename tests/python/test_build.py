"""Whole runs, as a scheduler or a person starts them."""

import csv
import shutil
import sys
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from conftest import Scored, build, copy_project, run, write_csv
from leadscore.demo_data import DEMO_AS_OF
from leadscore.project import RULES
from leadscore.publish import publish

LEDGER = """
    select lead_id, scorecard_id, line_type, axis, rule_group, rule_id, points, event_count
    from marts.lead_score_ledger
"""


def edited_rules(folder: Path) -> Path:
    """Copies the shipped rules into a folder, to be edited."""
    shutil.copytree(RULES, folder)
    return folder


def rewrite(file: Path, change: dict[str, dict[str, str]]) -> None:
    """Changes columns of the rules of a file: rule_id -> column -> value."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows: list[dict[str, object]] = list(csv.DictReader(lines))
    for row in rows:
        row.update(change.get(str(row["rule_id"]), {}))
    write_csv(file, rows)


def test_rule_edits_change_exactly_their_ledger_lines(demo: Scored, tmp_path: Path) -> None:
    """A rule added, one changed, one expired: all other rule lines stay as they were."""
    before = {row[:6]: row[6] for row in demo.query(LEDGER)}
    fired = [
        str(rule)
        for (rule,) in demo.query(
            """
            select rule_id from marts.rule_statistics
            where scorecard_id = 'b2b' and points_total <> 0
            order by subjects_matched desc, rule_id
            """
        )
    ]
    with (RULES / "explicit_rules.csv").open(encoding="utf-8", newline="") as lines:
        explicit = [row for row in csv.DictReader(lines) if row["effect"] == "points"]
    changed = next(row for row in explicit if row["rule_id"] in fired and not row["valid_to"])
    expired = next(
        row for row in explicit if row["rule_id"] in fired and row["rule_id"] != changed["rule_id"]
    )
    rules = edited_rules(tmp_path / "rules")
    rewrite(
        rules / "explicit_rules.csv",
        {
            changed["rule_id"]: {"points": str(Decimal(changed["points"]) + Decimal("1.25"))},
            expired["rule_id"]: {"valid_to": DEMO_AS_OF.isoformat()},
        },
    )
    with (rules / "explicit_rules.csv").open("a", encoding="utf-8") as file:
        file.write("added,b2b,,lead.email_domain,is_known,,points,0.5,,,marketing,Has an e-mail\n")

    scored, said = build(tmp_path, demo.raw, DEMO_AS_OF, "--rules", rules)
    assert said.returncode == 0, said.stdout + said.stderr
    after = {row[:6]: row[6] for row in scored.query(LEDGER)}

    # The composite takes over what b2b has on the axis.
    edited = {changed["rule_id"], expired["rule_id"], "added", "overall.fit.b2b"}
    rule_lines_before = {k: v for k, v in before.items() if k[2] == "rule" and k[5] not in edited}
    rule_lines_after = {k: v for k, v in after.items() if k[2] == "rule" and k[5] not in edited}
    assert rule_lines_after == rule_lines_before
    changed_before = {k: v for k, v in before.items() if k[5] == changed["rule_id"]}
    assert changed_before
    assert {k: v for k, v in after.items() if k[5] == changed["rule_id"]} == {
        key: points + Decimal("1.25")  # type: ignore[operator]
        for key, points in changed_before.items()
    }
    assert any(key[5] == expired["rule_id"] for key in before)
    assert not any(key[5] == expired["rule_id"] for key in after)
    (known,) = scored.query(
        """
        select count(*) from marts.lead_scores inner join marts.lead_profiles using (lead_id)
        where scorecard_id = 'b2b' and email_domain is not null
        """
    )
    assert sum(key[5] == "added" for key in after) == known[0]


def test_plain_dbt_build_reads_rules_by_name_not_by_position(demo: Scored, tmp_path: Path) -> None:
    """Someone reorders the columns of a rule file; `dbt build` gives the same scores."""
    project = copy_project(tmp_path / "project")
    file = project / "seeds" / "rules" / "explicit_rules.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    write_csv(file, [dict(sorted(row.items(), reverse=True)) for row in rows])
    warehouse = shutil.copy(demo.warehouse, tmp_path / "warehouse.duckdb")

    said = run(
        "dbt",
        "build",
        "--vars",
        f"{{as_of_date: {DEMO_AS_OF}}}",
        "--project-dir",
        project,
        "--profiles-dir",
        project,
        LEADSCORE_WAREHOUSE=str(warehouse),
    )

    assert said.returncode == 0, said.stdout
    with duckdb.connect(warehouse, read_only=True) as connection:
        assert sorted(connection.sql(LEDGER).fetchall(), key=repr) == sorted(
            demo.query(LEDGER), key=repr
        )


def test_the_same_inputs_give_the_same_rows_on_any_number_of_threads(
    demo: Scored, tmp_path: Path
) -> None:
    """Only refreshed_at tells two runs apart."""
    scored, said = build(tmp_path, demo.raw, DEMO_AS_OF, LEADSCORE_THREADS="1")
    assert said.returncode == 0, said.stdout + said.stderr
    for mart in ["lead_scores", "lead_segments", "lead_profiles", "company_scores"]:
        query = f"select * exclude (refreshed_at) from marts.{mart} order by all"
        if mart in {"lead_segments", "lead_profiles"}:
            query = f"from marts.{mart} order by all"
        assert scored.query(query) == demo.query(query), mart


def test_a_failed_test_leaves_what_is_published(demo: Scored, tmp_path: Path) -> None:
    """The run says which test failed; readers keep yesterday's tables."""
    project = copy_project(tmp_path / "project")
    (project / "tests" / "invariants" / "nobody_scores_at_all.sql").write_text(
        "select lead_id from {{ ref('lead_scores') }}\n", encoding="utf-8"
    )
    published = tmp_path / "published.duckdb"
    shutil.copy(demo.published, published)
    before = published.read_bytes()
    (project / "entry.py").write_text("from leadscore.cli import app\napp()\n", encoding="utf-8")

    said = run(
        Path(sys.executable).name,
        project / "entry.py",
        "build",
        "--raw",
        demo.raw,
        "--as-of",
        DEMO_AS_OF,
        "--warehouse",
        tmp_path / "warehouse.duckdb",
        "--publish",
        published,
        PYTHONPATH=str(project / "scripts"),
    )

    assert said.returncode == 1
    assert "nobody_scores_at_all found:" in said.stderr
    assert "lead_id: lead_" in said.stderr
    assert "nothing was published" in said.stderr
    assert published.read_bytes() == before


def test_wrong_rules_stop_the_run_before_anything_happens(demo: Scored, tmp_path: Path) -> None:
    """All errors are named with file and line."""
    rules = edited_rules(tmp_path / "rules")
    with (rules / "explicit_rules.csv").open("a", encoding="utf-8") as file:
        file.write("x,b2b,,lead.senority,equals,vp,points,5,,,sales,VP\n")
        file.write("y,b2b,,lead.experience_years,between,50-,points,5,,,sales,Years\n")

    scored, said = build(tmp_path, demo.raw, DEMO_AS_OF, "--rules", rules)

    assert said.returncode == 1
    assert "lead.seniority" in said.stdout
    assert "'50-'" in said.stdout
    assert not scored.warehouse.exists()
    assert not scored.published.exists()


def test_missing_rule_files_count_as_empty(demo: Scored, tmp_path: Path) -> None:
    """Two files are enough: every lead gets a score of 0."""
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "scorecards.csv").write_text(
        "scorecard_id,subject,purpose,audience,half_life_days,lookback_days,floor,ceiling,"
        "include_customers,owner_team,description\nonly,lead,,,,365,0,100,true,sales,\n",
        encoding="utf-8",
    )
    (rules / "bands.csv").write_text(
        "scorecard_id,measure,band,lower,upper,exit_below,temperature,lifecycle_stage,next_step,"
        "content_key,description\nonly,score,all,0,100,,,,nurture,,\n",
        encoding="utf-8",
    )

    scored, said = build(tmp_path, demo.raw, DEMO_AS_OF, "--rules", rules)

    assert said.returncode == 0, said.stdout + said.stderr
    ((scores, leads, highest),) = scored.query(
        """
        select
            (select count(*) from marts.lead_scores), (select count(*) from marts.lead_profiles),
            (select max(score) from marts.lead_scores)
        """
    )
    assert (scores, highest) == (leads, 0)


def test_rule_files_come_as_spreadsheets_leave_them(demo: Scored, tmp_path: Path) -> None:
    """A byte-order mark, Windows line ends, quotes and lines of commas change nothing."""
    rules = edited_rules(tmp_path / "rules")
    for file in rules.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.reader(lines))
        with file.open("w", encoding="utf-8-sig", newline="") as written:
            writer = csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
            writer.writerows([*rows, [""] * len(rows[0]), [" "] * len(rows[0])])
            writer.writerow([])

    scored, said = build(tmp_path, demo.raw, DEMO_AS_OF, "--rules", rules)

    assert said.returncode == 0, said.stdout + said.stderr
    everything = "select * exclude (refreshed_at) from marts.lead_scores order by all"
    assert scored.query(everything) == demo.query(everything)


def test_a_rule_without_a_label_is_named_by_its_id(demo: Scored, tmp_path: Path) -> None:
    """No reason is ever without words."""
    rules = edited_rules(tmp_path / "rules")
    with (rules / "explicit_rules.csv").open("a", encoding="utf-8") as file:
        file.write("unnamed,b2b,,lead.email_domain,is_known,,points,40,,,,\n")

    scored, said = build(tmp_path, demo.raw, DEMO_AS_OF, "--rules", rules)

    assert said.returncode == 0, said.stdout + said.stderr
    ((labels,),) = scored.query(
        "select list(distinct label) from marts.lead_score_ledger where rule_id = 'unnamed'"
    )
    assert labels == ["unnamed"]
    ((reasons,),) = scored.query(
        """
        select count(*) from marts.lead_scores
        where top_positive_reasons like 'unnamed (+40.0)%'
        """
    )
    assert reasons


def test_publishing_does_not_disturb_a_reader(demo: Scored, tmp_path: Path) -> None:
    """Who has the old file open keeps it; who opens it later has the new one."""
    published = tmp_path / "scores.duckdb"
    with duckdb.connect(published) as old:
        old.execute("create schema marts")
        old.execute("create table marts.lead_scores as select 'old' as lead_id")
    with duckdb.connect(published, read_only=True) as reader:
        publish(demo.warehouse, published)
        assert reader.sql("select lead_id from marts.lead_scores").fetchall() == [("old",)]
    with duckdb.connect(published, read_only=True) as reader:
        assert reader.sql("select count(*) > 1 from marts.lead_scores").fetchall() == [(True,)]
    assert [file.name for file in tmp_path.iterdir()] == ["scores.duckdb"]


def test_dirty_rows_never_stop_a_run_and_never_vanish(tmp_path: Path) -> None:
    """Impossible numbers, dates and merges are reported in raw_rejects; the leads are scored."""
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "leads.csv").write_text(
        "lead_id,email,company_id,updated_at,experience_years,is_customer,colour\n"
        "a,ana@acme.example,c,2026-13-01,many,perhaps,red\n"
        "b,bo@acme.example,c,2026-01-01,3,false,blue\n"
        "d,,,,,,\n"
        ",nobody@acme.example,,,,,\n",
        encoding="utf-8",
    )
    (raw / "companies.csv").write_text("company_id,employee_count\nc,-5\n", encoding="utf-8")
    (raw / "lead_merges.csv").write_text(
        "merged_lead_id,surviving_lead_id\na,b\nb,a\nd,ghost\n", encoding="utf-8"
    )
    (raw / "events.csv").write_text(
        "event_id,lead_id,event_type,occurred_at\n"
        "1,a,page_view,0001-01-01 00:00:00\n"
        "2,a,page_view,2999-01-01 00:00:00\n"
        "3,a,page_view,yesterday\n"
        "4,a,,2026-01-01 00:00:00\n"
        "5,a,page_view,2026-01-01T23:30:00-02:00\n",
        encoding="utf-8",
    )

    scored, said = build(tmp_path, raw, "2026-01-15")

    assert said.returncode == 0, said.stdout + said.stderr
    assert "colour" in said.stdout
    assert scored.query("select distinct lead_id from marts.lead_scores order by 1") == [
        ("a",),
        ("b",),
        ("d",),
    ]
    rejects = scored.query(
        "select table_name, row_locator, column_name, value from audit.raw_rejects order by all"
    )
    assert [row for row in rejects if row[0] != "leads" or row[1] != rejects[-1][1]]
    found = {(row[0], row[1], row[2]) for row in rejects if "nobody" not in str(row[1])}
    assert found == {
        ("companies", "company_id=c", "employee_count"),
        ("events", "event_id=3", "occurred_at"),
        ("events", "event_id=4, event_type=, occurred_at=2026-01-01 00:00:00", "event_type"),
        ("lead_merges", "merged_lead_id=a", "surviving_lead_id"),
        ("lead_merges", "merged_lead_id=b", "surviving_lead_id"),
        ("lead_merges", "merged_lead_id=d", "surviving_lead_id"),
        ("leads", "lead_id=a", "experience_years"),
        ("leads", "lead_id=a", "is_customer"),
        ("leads", "lead_id=a", "updated_at"),
    }
    assert any("nobody@acme.example" in str(row[1]) for row in rejects)
    ((last_event_at,),) = scored.query(
        "select distinct last_event_at from marts.lead_scores where lead_id = 'a'"
    )
    assert str(last_event_at) == "2026-01-02 01:30:00"


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (["build", "--as-of", "31/12/2026"], 2, "2026-12-31"),
        (["build", "--nonsense"], 2, "nonsense"),
        (["load", "no/such/folder"], 2, "does not exist"),
        (["explain", "x", "--publish", "no/such/file.duckdb"], 1, "nothing is published yet"),
        (["check", "--rules", "no/such/folder"], 2, "does not exist"),
        (["check"], 0, "0 errors"),
    ],
)
def test_exit_codes_tell_wrong_use_from_wrong_data(
    options: list[str], code: int, words: str
) -> None:
    """0 ok, 1 the data or rules are wrong, 2 used wrongly."""
    said = run("leadscore", *options)
    assert said.returncode == code
    assert words in said.stdout + said.stderr
