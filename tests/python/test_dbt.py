"""The unit tests of the models, and the commands of dbt as schedulers call them."""

import shutil
from pathlib import Path

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
