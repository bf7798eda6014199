"""dbt alone, without the linter, stops at rules on age and gender that nobody has answered for."""

import csv
import json
import shutil
from pathlib import Path

import pytest

from conftest import Scored, copy_project, run, write_csv


@pytest.mark.parametrize(
    ("is_allowed", "label", "passes"),
    [
        (False, "Young: the product is for under 30", False),
        (True, "", False),
        (True, "Young: the product is for under 30", True),
    ],
)
def test_a_rule_on_age_needs_the_var_and_a_label(
    demo: Scored, tmp_path: Path, is_allowed: bool, label: str, passes: bool
) -> None:
    """One without the other is not enough."""
    warehouse = Path(shutil.copy(demo.warehouse, tmp_path / "warehouse.duckdb"))
    project = copy_project(tmp_path / "project")
    rules = project / "seeds" / "rules" / "explicit_rules.csv"
    with rules.open(encoding="utf-8", newline="") as lines:
        rows: list[dict[str, object]] = list(csv.DictReader(lines))
    young: dict[str, object] = dict.fromkeys(rows[0], "")
    young |= {"rule_id": "b2c_young", "scorecard_id": "b2c", "label": label, "points": "5"}
    young |= {"field": "Lead.Age", "operator": "lt", "value": "30"}
    write_csv(rules, [*rows, young])
    models = ["explicit_rules", "int_explicit_rules", "rules_are_well_formed"]
    command: list[object] = ["dbt", "build", "--indirect-selection", "empty", "--select", *models]
    command += ["--project-dir", project, "--profiles-dir", project]
    command += ["--vars", json.dumps({"allow_protected_fields": is_allowed})]
    said = run(*command, LEADSCORE_WAREHOUSE=str(warehouse))
    assert (said.returncode == 0) == passes, said.stdout
    assert ("FAIL 1 rules_are_well_formed" in said.stdout) == (not passes)
