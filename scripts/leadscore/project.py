"""Where things are: the dbt project, its databases, and the input contract."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from leadscore.errors import LeadscoreError

ROOT = Path(__file__).resolve().parents[2]
RULES = ROOT / "seeds" / "rules"
REFERENCE = ROOT / "seeds" / "reference"
SCHEMAS = [
    "audit",
    "intermediate",
    "marts",
    "raw",
    "raw_contract",
    "reference",
    "rules",
    "staging",
]
"""Schemas of the warehouse."""


def warehouse_path(given: Path | None = None) -> Path:
    """Returns the working database: given, LEADSCORE_WAREHOUSE, or warehouse.duckdb."""
    default = os.environ.get("LEADSCORE_WAREHOUSE", ROOT / "warehouse.duckdb")
    return database_path(given or default)


def published_path(given: Path | None = None) -> Path:
    """Returns the database for readers: given, LEADSCORE_PUBLISHED, or in published/."""
    default = os.environ.get("LEADSCORE_PUBLISHED", ROOT / "published" / "lead_scores.duckdb")
    return database_path(given or default)


def database_path(path: Path | str) -> Path:
    """Returns the whole path of a database.

    Raises:
        LeadscoreError: if it is called like one of its schemas: marts.lead_scores could then be
            a table of the schema or of the database, and DuckDB asks which.
    """
    database = Path(path).resolve()
    name = database.name.split(".")[0].lower()
    if name in SCHEMAS:
        raise LeadscoreError(
            f"{database} cannot be a database: {name} is the name of a schema in it. "
            "Give the file another name."
        )
    return database


@contextmanager
def scratch_folder() -> Iterator[Path]:
    """Gives a folder for copies of data, named after this process, and deletes it afterwards."""
    with tempfile.TemporaryDirectory(prefix=f"leadscore-{os.getpid()}-") as folder:
        yield Path(folder)


def abandoned_folders() -> list[Path]:
    """Returns the scratch folders of processes that were killed."""
    found = Path(tempfile.gettempdir()).glob("leadscore-*-*")
    return sorted(folder for folder in found if not is_running(folder.name.split("-")[1]))


def is_running(process: str) -> bool:
    """Tells whether there is a process of that number."""
    try:
        os.kill(int(process), 0)
    except (ProcessLookupError, ValueError):
        return False
    except PermissionError:
        return True
    return True


@dataclass(frozen=True)
class RawTable:
    """A table of the input contract (models/staging/sources.yml).

    Attributes:
        name: its name in the schema raw.
        data_types: by column, what its text must read as.
        is_required: whether a run needs it.
    """

    name: str
    data_types: Mapping[str, str]
    is_required: bool

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of its columns, in the order in which they are declared."""
        return tuple(self.data_types)


@cache
def raw_tables() -> dict[str, RawTable]:
    """Returns the tables of the input contract by name, in the order in which they are declared."""
    declared = yaml.safe_load((ROOT / "models/staging/sources.yml").read_text(encoding="utf-8"))
    (raw,) = (source for source in declared["sources"] if source["name"] == "raw")
    return {
        table["name"]: RawTable(
            name=table["name"],
            data_types={column["name"]: column["data_type"] for column in table["columns"]},
            is_required=table["config"]["meta"]["is_required"],
        )
        for table in raw["tables"]
    }
