"""`leadscore build`: load, check, `dbt build` with all tests, publish; or stop and leave what is published."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from leadscore.check import RULE_FILES, Finding, check_rules
from leadscore.errors import LeadscoreError
from leadscore.project import REFERENCE, ROOT, RULES


class RulesError(LeadscoreError):
    """The rule files have errors."""

    def __init__(self, findings: list[Finding]) -> None:
        """Takes all findings, warnings too."""
        super().__init__("the rules have errors")
        self.findings = findings


@dataclass
class Progress:
    """What `run_dbt` tells while it runs: called with the nodes done, all nodes, and the one started."""

    report: Callable[[int, int, str], None] = lambda _done, _total, _name: None
    done: int = 0
    total: int = 0
    failures: list[str] = field(default_factory=list)

    def __call__(self, event: Any) -> None:
        """Receives the events of dbt."""
        match event.info.name:
            case "ConcurrencyLine":
                self.total = event.data.node_count
            case "LogStartLine":
                self.report(self.done, self.total, event.data.node_info.node_name)
            case "NodeFinished":
                self.done += 1
                self.report(self.done, self.total, event.data.node_info.node_name)


def checked_rules(rules: Path) -> list[Finding]:
    """Returns the warnings about a folder of rule files.

    Raises:
        RulesError: if there are errors.
    """
    settings = yaml.safe_load((ROOT / "dbt_project.yml").read_text(encoding="utf-8"))
    allow_protected = bool(settings["vars"]["allow_protected_fields"])
    findings = check_rules(rules, REFERENCE, allow_protected_fields=allow_protected)
    if any(finding.severity == "error" for finding in findings):
        raise RulesError(findings)
    return findings


@contextmanager
def seeds_with(rules: Path) -> Iterator[dict[str, str]]:
    """Gives the environment under which dbt reads its rules from a folder.

    dbt wants its seeds inside the project and every one of them there: unless the folder is the
    project's own and complete, they are laid out in a folder of their own, missing ones empty.
    """
    is_complete = all((rules / name).is_file() for name in RULE_FILES)
    if rules.resolve() == RULES.resolve() and is_complete:
        yield {}
        return
    (ROOT / "target").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="seeds-", dir=ROOT / "target") as folder:
        seeds = Path(folder)
        shutil.copytree(REFERENCE, seeds / "reference")
        (seeds / "rules").mkdir()
        for properties in RULES.glob("*.yml"):
            shutil.copy(properties, seeds / "rules")
        for name, columns in RULE_FILES.items():
            if (rules / name).is_file():
                shutil.copy(rules / name, seeds / "rules" / name)
            else:
                header = ",".join(columns) + "\n"
                (seeds / "rules" / name).write_text(header, encoding="utf-8")
        yield {"LEADSCORE_SEEDS": str(seeds.relative_to(ROOT))}


def run_dbt(
    arguments: list[str],
    *,
    warehouse: Path,
    as_of: date | None,
    rules: Path = RULES,
    progress: Progress | None = None,
) -> None:
    """Runs dbt in this process on a warehouse, and closes the warehouse afterwards.

    Raises:
        LeadscoreError: if a model or test fails, naming each with its message.
    """
    from dbt.adapters.factory import cleanup_connections, reset_adapters
    from dbt.cli.main import dbtRunner

    command = [*arguments, "--project-dir", str(ROOT), "--profiles-dir", str(ROOT)]
    command += ["--log-level", "none", "--log-level-file", "info"]
    if as_of:
        command += ["--vars", f"{{as_of_date: '{as_of.isoformat()}'}}"]
    with seeds_with(rules) as environment:
        settings = {"LEADSCORE_WAREHOUSE": str(warehouse), **environment}
        with environment_variables(settings), working_directory(ROOT):
            try:
                result = dbtRunner(callbacks=[progress] if progress else []).invoke(command)
            finally:
                cleanup_connections()
                reset_adapters()
    if not result.success:
        raise LeadscoreError(explain_failure(result))


def explain_failure(result: Any) -> str:
    """Returns in words what went wrong in a dbt run."""
    if result.exception:
        return f"dbt could not start: {result.exception}"
    lines = []
    for node in result.result.results:
        if node.status in {"error", "fail", "runtime error"}:
            where = node.node.original_file_path if hasattr(node.node, "original_file_path") else ""
            message = " ".join((node.message or "").split())
            lines.append(f"{node.node.name} ({where}): {message}")
    return "dbt build failed:\n  " + "\n  ".join(lines)


@contextmanager
def environment_variables(values: dict[str, str]) -> Iterator[None]:
    """Sets environment variables for a while."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def working_directory(folder: Path) -> Iterator[None]:
    """Changes the working directory for a while."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
