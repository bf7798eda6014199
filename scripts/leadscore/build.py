"""Checking the rules and running dbt: the two steps of `leadscore build` that may say no."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from leadscore.check import Checked, Finding, read_rules
from leadscore.database import connect
from leadscore.errors import LeadscoreError
from leadscore.project import REFERENCE, ROOT, RULES


class RulesError(LeadscoreError):
    """The rule files have errors."""

    def __init__(self, findings: list[Finding]) -> None:
        """Takes all findings, warnings too."""
        super().__init__("the rules have errors")
        self.findings = findings


@dataclass
class Run:
    """What a dbt run has said of itself so far.

    Attributes:
        report: called with the nodes done, all nodes, and the name of the node that is at work.
        done: nodes finished.
        total: nodes to run.
        messages: what went wrong, in dbt's words.
        warnings: what the run wants to be known, such as columns of raw that have gone.
    """

    report: Callable[[int, int, str], None] = lambda _done, _total, _name: None
    done: int = 0
    total: int = 0
    messages: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def hear(self, event: dict[str, Any]) -> None:
        """Takes one event of dbt's JSON log."""
        data = event["data"]
        match event["info"]["name"]:
            case "ConcurrencyLine":
                self.total = data["node_count"]
            case "LogStartLine":
                self.report(self.done, self.total, data["node_info"]["node_name"])
            case "LogModelResult" | "LogSeedResult" | "LogTestResult":
                self.done += 1
                self.report(self.done, self.total, data["node_info"]["node_name"])
            case "RunResultFailure":
                self.messages.append(f"{data['resource_type']} {data['path']}:")
            case "RunResultError":
                self.messages.append(f"  {data['msg']}")
            case "JinjaLogWarning":
                self.warnings.append(data["msg"])
            case "MainEncounteredError":
                self.messages.append(data["exc"])


def lint(rules: Path) -> Checked:
    """Returns what there is to say of a folder of rule files under the project's vars."""
    settings = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))
    allow_protected = bool(settings["vars"]["allow_protected_fields"])
    return read_rules(rules, REFERENCE, allow_protected_fields=allow_protected)


def checked_rules(rules: Path) -> Checked:
    """Returns a folder of rule files, and the warnings about it.

    Raises:
        RulesError: if there are errors.
    """
    checked = lint(rules)
    if checked.has_errors:
        raise RulesError(checked.findings)
    return checked


def rewrite_rules(rules: Path) -> list[Path]:
    """Writes the files of a folder as the contract wants them, and returns those that were not so.

    Raises:
        RulesError: if there are errors.
    """
    changed = []
    for name, rows in checked_rules(rules).files.items():
        file, content = rules / name, as_csv(rows).encode()
        if file.is_file() and file.read_bytes() != content:
            copy = file.with_name(f".{name}.tmp")
            copy.write_bytes(content)
            copy.replace(file)
            changed.append(file)
    return changed


def as_csv(rows: Iterable[Sequence[str]]) -> str:
    """Returns the text of a rule file."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def rows_of_failed_tests(warehouse: Path) -> list[str]:
    """Returns the first rows that each failed test of the last run found, as text."""
    results = ROOT / "target" / "run_results.json"
    if not (results.exists() and warehouse.exists()):
        return []
    shown = []
    with connect(warehouse, read_only=True) as connection:
        for result in json.loads(results.read_text(encoding="utf-8"))["results"]:
            if result["status"] == "fail" and result["unique_id"].startswith("test."):
                found = connection.sql(f"select * from ({result['compiled_code']}) limit 5")
                shown.append(f"{result['unique_id'].split('.')[2]} found:")
                for row in found.fetchall():
                    cells = zip(found.columns, row, strict=True)
                    shown.append("  " + ", ".join(f"{name}: {cell}" for name, cell in cells))
    return shown


@contextmanager
def seeds_with(rules: Path) -> Iterator[dict[str, str]]:
    """Gives the environment under which dbt reads its rules from a folder.

    dbt wants its seeds inside the project, every one of them there, and written as the contract
    says: unless the folder is the project's own and just so, they are written anew into another
    one, missing files empty.

    Raises:
        RulesError: if another folder than the project's has errors.
    """
    is_own = rules.resolve() == RULES.resolve()
    checked = lint(rules)
    if is_own and (checked.has_errors or is_plain(rules, checked)):
        yield {}
        return
    if checked.has_errors:
        raise RulesError(checked.findings)
    (ROOT / "target").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="seeds-", dir=ROOT / "target") as folder:
        seeds = Path(folder)
        shutil.copytree(REFERENCE, seeds / "reference")
        (seeds / "rules").mkdir()
        for properties in RULES.glob("*.yml"):
            shutil.copy(properties, seeds / "rules")
        for name, rows in checked.files.items():
            (seeds / "rules" / name).write_text(as_csv(rows), encoding="utf-8", newline="")
        yield {"LEADSCORE_SEEDS": str(seeds.relative_to(ROOT))}


def is_plain(rules: Path, checked: Checked) -> bool:
    """Tells whether dbt itself reads from the files of a folder what the linter does."""
    for name, rows in checked.files.items():
        if not (rules / name).is_file():
            return False
        with (rules / name).open(encoding="utf-8-sig", newline="") as text:
            if list(csv.reader(text)) != rows:
                return False
    return True


def run_dbt(
    arguments: list[str],
    *,
    warehouse: Path,
    as_of: date,
    rules: Path = RULES,
    run: Run | None = None,
) -> None:
    """Runs dbt on a warehouse, in a process of its own that leaves the file closed.

    Args:
        arguments: the dbt command and its options, e.g. `["build"]`.
        warehouse: the working database.
        as_of: the day to score.
        rules: the folder of rule files.
        run: hears how far the run is.

    Raises:
        LeadscoreError: if a model or test fails, naming each with its message.
    """
    with seeds_with(rules) as environment:
        said = call_dbt(arguments, as_of, run, LEADSCORE_WAREHOUSE=str(warehouse), **environment)
    if said:
        reasons = [*said, *rows_of_failed_tests(warehouse)]
        raise LeadscoreError("dbt could not finish; nothing was published.\n" + "\n".join(reasons))


def call_dbt(
    arguments: list[str], as_of: date, run: Run | None = None, **environment: str
) -> list[str]:
    """Runs dbt in a process of its own, and returns what went wrong: nothing if all went well.

    Args:
        arguments: the dbt command and its options, e.g. `["build"]`.
        as_of: the day to score.
        run: hears how far the run is.
        environment: variables that dbt_project.yml and profiles.yml ask for.
    """
    run = run or Run()
    command = [str(Path(sys.executable).with_name("dbt")), "--no-use-colors", *arguments]
    command += ["--project-dir", str(ROOT), "--profiles-dir", str(ROOT), "--log-format", "json"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "LEADSCORE_AS_OF": as_of.isoformat(), **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = []
    with process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("{"):
                run.hear(json.loads(line))
            else:
                said.append(line.rstrip())
    if not process.returncode:
        return []
    return run.messages or said or [f"dbt ended with exit code {process.returncode}"]
