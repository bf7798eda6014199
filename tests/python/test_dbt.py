"""The unit tests of the models, and the commands of dbt as schedulers call them."""

import csv
import shutil
from pathlib import Path

import duckdb

from conftest import Scored, copy_project, run, write_csv
from leadscore.demo_data import DEMO_AS_OF

VARS = f"{{as_of_date: {DEMO_AS_OF}}}"


def test_the_unit_tests_of_the_models_pass(demo: Scored, tmp_path: Path) -> None:
    """They mock what they read, so any warehouse will do."""
    warehouse = shutil.copy(demo.warehouse, tmp_path / "warehouse.duckdb")
    said = run(
        "dbt",
        "--no-use-colors",
        "test",
        "--select",
        "test_type:unit",
        LEADSCORE_WAREHOUSE=str(warehouse),
    )
    assert said.returncode == 0, said.stdout
    assert "unit tests" in said.stdout


def test_seed_run_and_test_do_what_build_does(demo: Scored, tmp_path: Path) -> None:
    """On a warehouse with nothing but raw tables."""
    warehouse = str(tmp_path / "warehouse.duckdb")
    assert run("leadscore", "load", demo.raw, "--warehouse", warehouse).returncode == 0
    for command in (["seed"], ["run"], ["test", "--exclude", "test_type:unit"]):
        said = run("dbt", *command, "--vars", VARS, LEADSCORE_WAREHOUSE=warehouse)
        assert said.returncode == 0, said.stdout


def test_every_broken_promise_of_a_table_is_found(demo: Scored, tmp_path: Path) -> None:
    """One test a table stands for all that dbt would test column by column."""
    warehouse = shutil.copy(demo.warehouse, tmp_path / "warehouse.duckdb")
    with duckdb.connect(warehouse) as connection:
        connection.execute("insert into reference.email_domains values ('gmail.com', 'personal')")
        connection.execute("insert into reference.email_domains values (null, 'business')")
        connection.execute("insert into reference.email_domains values ('a.example', null)")
    said = run(
        "dbt",
        "--no-use-colors",
        "test",
        "--store-failures",
        "--select",
        "well_formed_email_domains*",
        LEADSCORE_WAREHOUSE=str(warehouse),
    )
    assert said.returncode == 1, said.stdout
    with duckdb.connect(warehouse) as connection:
        tables = connection.execute(
            "select format('{}.{}', schema_name, table_name) from duckdb_tables()"
            " where table_name like 'well_formed_email_domains%'"
        ).fetchall()
        assert len(tables) == 1
        found = connection.sql(f"from {tables[0][0]} order by problem").fetchall()
    assert found == [
        ("email_domain is null", None, 1),
        ("email_domain stands in several rows", "gmail.com", 1),
        ("email_kind is none of personal, disposable", "business", 1),
        ("email_kind is null", None, 1),
    ]


def test_a_rule_edit_is_scored_without_reading_an_event(demo: Scored, tmp_path: Path) -> None:
    """Whoever reads raw.events in the meantime gets an error."""
    project = copy_project(tmp_path / "project")
    warehouse = Path(shutil.copy(demo.warehouse, tmp_path / "warehouse.duckdb"))
    rules = project / "seeds" / "rules" / "implicit_rules.csv"
    with rules.open(encoding="utf-8", newline="") as lines:
        rows: list[dict[str, object]] = list(csv.DictReader(lines))
    edited = next(row for row in rows if row["rule_id"] == "b2b_web_pricing")
    edited |= {"points": 2 * float(str(edited["points"])), "max_points": None}
    write_csv(rules, rows)
    points = "select rule_id, points_total from marts.rule_statistics"
    with duckdb.connect(warehouse) as connection:
        before = dict(connection.execute(points).fetchall())
        connection.execute("alter table raw.events rename to kept_events")
        connection.execute(
            "create view raw.events as "
            "select * replace (cast(error('an event is read') as varchar) as event_id) "
            "from raw.kept_events"
        )
    options = ["--project-dir", project, "--profiles-dir", project, "--vars", VARS]
    environment = {"LEADSCORE_WAREHOUSE": str(warehouse)}
    said = run("dbt", "build", "--select", "path:seeds/rules+", *options, **environment)
    assert said.returncode == 0, said.stdout
    with duckdb.connect(warehouse) as connection:
        after = dict(connection.execute(points).fetchall())
    moved = {rule for rule in after if after[rule] != before[rule]}
    assert moved == {"b2b_web_pricing", "overall.engagement.b2b"}
    said = run("dbt", "build", "--select", "stg_event_log", *options, **environment)
    assert "an event is read" in said.stdout
