"""What the linter passes, the tests of the warehouse accept, and the other way round."""

from __future__ import annotations

import json
from pathlib import Path

from conftest import copy_project, run
from leadscore.check import RULE_FILES, SPECS, check_rules
from leadscore.project import REFERENCE
from test_check_mutations import EXPLICIT, IMPLICIT, MISTAKES, Folder, Mistake

# Words of closed lists, whose case does not matter.
WORDS = (
    "subject", "audience", "field", "operator", "effect", "event_type", "award", "count_operator",
    "axis", "measure", "next_step", "content_stage", "vocabulary",
)  # fmt: skip


def test_harmless_changes_pass_both(tmp_path: Path) -> None:
    """Case, spaces, defaults left blank, rows and columns in any order, types nobody knows."""
    project = copy_project(tmp_path / "project")
    rules = project / "seeds" / "rules"
    folder = Folder(rules, "harmless")
    dice = folder.dice
    for file, rows in folder.rows.items():
        defaults = SPECS[file].defaults
        for row in rows:
            for column in row:
                if row[column] == defaults.get(column):
                    row[column] = ""
                if column in WORDS and dice.random() < 0.5:
                    row[column] = dice.choice([str.upper, str.title])(row[column])
                if column != "label" and dice.random() < 0.2:
                    row[column] = f" {row[column]}  "
        dice.shuffle(rows)
    folder.add(IMPLICIT, folder.draw(IMPLICIT, alone=True), rule_id="new", event_type="pigeon")
    folder.add(EXPLICIT, folder.draw(EXPLICIT, alone=True), rule_id="old", valid_to="2026-01-01")
    folder.write()
    for file in RULE_FILES:
        text = (rules / file).read_text(encoding="utf-8").replace("\n", "\r\n")
        (rules / file).write_text(text, encoding="utf-8-sig", newline="")
    errors = [found for found in check_rules(rules, REFERENCE) if found.severity == "error"]
    assert errors == []
    assert failed_tests(project, tmp_path) == []


SERIOUS = (
    "overlapping_bands", "upside_down_limits", "rows_that_disagree", "other_case",
    "unknown_scorecard", "protected_field", "list_of_unknown_things", "broken_pattern",
    "misspelt_field", "wrong_operator", "misspelt_word", "bad_synonym", "bad_date", "no_number",
)  # fmt: skip


def test_mistakes_are_found_by_both(tmp_path: Path) -> None:
    """Many at once; each of the warehouse's tests has something to say."""
    project = copy_project(tmp_path / "project")
    rules = project / "seeds" / "rules"
    makers = {make.__name__: make for make in MISTAKES}
    made: list[Mistake] = []
    for name in SERIOUS:
        folder = Folder(rules, f"{name} for dbt")
        while not (mistake := makers[name](folder)).file:
            continue
        made.append(mistake)
    found = {finding.file for finding in check_rules(rules, REFERENCE)}
    assert {mistake.file for mistake in made} <= found
    tests = {test.stem for test in (project / "tests" / "rules").glob("*.sql")}
    assert set(failed_tests(project, tmp_path)) == tests


def failed_tests(project: Path, folder: Path) -> list[str]:
    """Loads the rules of a project with dbt alone, and returns which tests of them fail."""
    raw = folder / "raw"
    raw.mkdir()
    (raw / "leads.csv").write_text("lead_id\nL1\n", encoding="utf-8")
    (raw / "events.csv").write_text("event_id\nE1\n", encoding="utf-8")
    warehouse = str(folder / "warehouse.duckdb")
    assert run("leadscore", "load", raw, "--warehouse", warehouse).returncode == 0
    where = ("--project-dir", project, "--profiles-dir", project)
    untested = ("--exclude-resource-type", "test", "unit_test")
    for command in (
        ("build", "--select", "+path:tests/rules", *untested),
        ("test", "--select", "path:tests/rules"),
    ):
        said = run("dbt", *command, *where, LEADSCORE_WAREHOUSE=warehouse)
    assert said.returncode in (0, 1), said.stdout
    results = json.loads((project / "target" / "run_results.json").read_text(encoding="utf-8"))
    statuses = {
        result["unique_id"].split(".")[2]: result["status"]
        for result in results["results"]
        if result["unique_id"].startswith("test.")
    }
    assert statuses.keys() == {test.stem for test in (project / "tests" / "rules").glob("*.sql")}
    assert {*statuses.values()} <= {"pass", "fail"}, said.stdout
    return [name for name, status in statuses.items() if status == "fail"]
