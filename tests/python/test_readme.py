"""What the README shows works as it stands there."""

import re
import shutil
from pathlib import Path

from conftest import Scored, run
from leadscore.check import RULE_FILES, check_rules
from leadscore.project import REFERENCE, ROOT, RULES, raw_tables

README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """Returns the code blocks of a language."""
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def test_the_python_examples_run(demo: Scored, tmp_path: Path) -> None:
    """With the published database where the README says it is."""
    published = tmp_path / "published" / "lead_scores.duckdb"
    published.parent.mkdir()
    shutil.copy(demo.published, published)
    (example,) = blocks("python")
    script = example.replace("published/lead_scores.duckdb", str(published))
    said = run("python", "-c", script)
    assert said.returncode == 0, said.stderr
    assert "band" in said.stdout


def test_the_rule_shown_is_a_good_rule(tmp_path: Path) -> None:
    """Added to the shipped rules, the linter has nothing to say about it."""
    rules = shutil.copytree(RULES, tmp_path / "rules")
    before = check_rules(rules, REFERENCE)
    (example,) = blocks("csv")
    header, row = example.strip().splitlines()
    assert tuple(header.split(",")) == RULE_FILES["explicit_rules.csv"]
    shipped = (rules / "explicit_rules.csv").read_text(encoding="utf-8").splitlines()
    others = [line for line in shipped if not line.startswith("b2b_personal_email,")]
    (rules / "explicit_rules.csv").write_text("\n".join([*others, row, ""]), encoding="utf-8")
    errors = [finding for finding in check_rules(rules, REFERENCE) if finding.severity == "error"]
    assert not errors
    assert not [finding for finding in before if finding.severity == "error"]


def test_every_command_table_and_file_named_exists() -> None:
    """No name in the README is a memory of another time."""
    commands = set(re.findall(r"\bleadscore (\w+)", README))
    assert commands >= {"check", "build", "explain"}
    helped = run("leadscore", "--help").stdout
    assert all(command in helped for command in commands)
    for table in raw_tables():
        assert f"| `{table}` |" in README
    for file in RULE_FILES:
        assert f"`{file}`" in README
    for path in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / path).exists(), path
    for mart in (ROOT / "models" / "marts").rglob("*.sql"):
        assert f"`{mart.stem}`" in README
