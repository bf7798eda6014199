"""What the tests share: a scored demo CRM, and the commands as a user types them."""

import csv
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest
from hypothesis import settings

from leadscore.demo_data import DEMO_AS_OF, write_demo_crm
from leadscore.project import ROOT

# Random worlds are the same in every run, so that a change is judged by itself. To look at others:
# pytest --hypothesis-profile=default
settings.register_profile("repeatable", derandomize=True)
settings.load_profile("repeatable")

PROJECT_PARTS = ["macros", "models", "seeds", "tests", "scripts"]
PROJECT_FILES = ["dbt_project.yml", "profiles.yml"]


@dataclass(frozen=True)
class Scored:
    """A scored CRM: where its raw files and its databases are."""

    raw: Path
    warehouse: Path
    published: Path

    def query(self, sql: str) -> list[tuple[object, ...]]:
        """Asks the published database."""
        with duckdb.connect(self.published, read_only=True) as connection:
            return connection.execute(sql).fetchall()


def run(*command: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Runs a program of the virtual environment and returns what it said."""
    program, *arguments = map(str, command)
    return subprocess.run(
        [str(Path(sys.executable).with_name(program)), *arguments],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def build(
    folder: Path, raw: Path, as_of: object, *options: object, **environment: str
) -> tuple[Scored, subprocess.CompletedProcess[str]]:
    """Runs `leadscore build` into databases of its own in a folder."""
    scored = Scored(raw, folder / "warehouse.duckdb", folder / "published" / "scores.duckdb")
    command: list[object] = ["leadscore", "build", "--raw", raw, "--as-of", as_of]
    command += ["--warehouse", scored.warehouse, "--publish", scored.published, *options]
    return scored, run(*command, **environment)


def write_csv(file: Path, rows: list[dict[str, object]]) -> None:
    """Writes a CSV file with the columns of its first row."""
    with file.open("w", encoding="utf-8", newline="") as written:
        writer = csv.DictWriter(written, rows[0])
        writer.writeheader()
        writer.writerows(rows)


def copy_project(folder: Path) -> Path:
    """Copies the project, so that a test may edit it."""
    for part in PROJECT_PARTS:
        ignored = shutil.ignore_patterns("__pycache__", "*.egg-info")
        shutil.copytree(ROOT / part, folder / part, ignore=ignored)
    for file in PROJECT_FILES:
        shutil.copy(ROOT / file, folder)
    return folder


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Scored:
    """A small demo CRM, loaded, scored and published by `leadscore build`."""
    folder = tmp_path_factory.mktemp("demo")
    write_demo_crm(folder / "raw", lead_count=600)
    scored, said = build(folder, folder / "raw", DEMO_AS_OF)
    assert said.returncode == 0, said.stdout + said.stderr
    return scored
