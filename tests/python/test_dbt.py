"""The unit tests of the models, and the commands of dbt as schedulers call them."""

import shutil
from pathlib import Path

import duckdb

from conftest import Scored, run
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
