"""The SQL engine as a function: the compiled models of the project, run on a world in memory.

dbt compiles the project once; each world then costs as much as its queries, a few tenths of a
second, so that the engine can be compared with the reference on many worlds.
"""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from leadscore.check import RULE_FILES
from leadscore.project import REFERENCE, ROOT, raw_tables
from reference import Record, Result, Row, World

MARTS = [
    "lead_scores",
    "lead_score_ledger",
    "company_scores",
    "company_score_ledger",
    "list_members",
]


@dataclass(frozen=True)
class Model:
    """A compiled model: the relation it makes and the query that makes it."""

    relation: str
    query: str
    is_view: bool


@dataclass(frozen=True)
class Engine:
    """The compiled project, with a database in memory for its worlds."""

    as_of_date: date
    models: list[Model]
    connection: duckdb.DuckDBPyConnection

    def score(self, world: World) -> Result:
        """Runs all models on a world and returns the tables that the reference returns, too."""
        self.build(world)
        return Result(**{mart: self.rows(f"from marts.{mart}") for mart in MARTS})

    def build(self, world: World) -> None:
        """Runs all models on a world."""
        assert world.as_of_date == self.as_of_date
        for table in raw_tables().values():
            rows = world.raw.get(table.name, [])
            self.fill(f"raw_contract.{table.name}", table.columns, rows)
        for file, columns in RULE_FILES.items():
            name = file.removesuffix(".csv")
            self.fill(f"rules.{name}", columns, world.rules.get(name, []))
        for model in self.models:
            kind = "view" if model.is_view else "table"
            self.connection.execute(f"create or replace {kind} {model.relation} as {model.query}")

    def fill(
        self,
        relation: str,
        columns: Iterable[str],
        rows: list[Row],
        types: dict[str, str] | None = None,
    ) -> None:
        """Creates a table of what a CSV file holds: text, where no other type is given."""
        lists = ", ".join(
            f'unnest(?::varchar[])::{(types or {}).get(column, "varchar")} as "{column}"'
            for column in columns
        )
        values = [[row.get(column) for row in rows] for column in columns]
        self.connection.execute(f"create or replace table {relation} as select {lists}", values)

    def rows(self, query: str) -> list[Record]:
        """Returns the rows of a query as dictionaries."""
        relation = self.connection.sql(query)
        return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]


def compile_engine(folder: Path, as_of_date: date, models: list[str] | None = None) -> Engine:
    """Compiles the project for a day, and opens a database with the reference seeds.

    Args:
        folder: where dbt may write.
        as_of_date: the day that all worlds are scored on.
        models: the models to run, with all that they need; by default, the marts.
    """
    warehouse = folder / "warehouse.duckdb"
    with duckdb.connect(warehouse) as connection:
        connection.execute("create schema raw")
        for table in raw_tables().values():
            columns = ", ".join(f'"{column}" varchar' for column in table.columns)
            connection.execute(f"create table raw.{table.name} ({columns})")
    command = [str(Path(sys.executable).with_name("dbt")), "--quiet", "compile"]
    command += ["--vars", json.dumps({"as_of_date": as_of_date.isoformat()})]
    command += ["--target-path", str(folder), "--log-path", str(folder)]
    environment = {**os.environ, "LEADSCORE_WAREHOUSE": str(warehouse)}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("set threads = 1")
    connection.execute("attach ':memory:' as warehouse")
    connection.execute("use warehouse")
    engine = Engine(as_of_date, list(models_for(manifest, models or MARTS)), connection)
    schemas = {node["schema"] for node in manifest["nodes"].values()} | {"raw_contract"}
    for schema in sorted(schemas):
        connection.execute(f"create schema if not exists {schema}")
    for file in REFERENCE.glob("*.csv"):
        types = manifest["nodes"][f"seed.leadscore.{file.stem}"]["config"]["column_types"]
        with file.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            rows = [{name: cell or None for name, cell in row.items()} for row in reader]
            engine.fill(f"reference.{file.stem}", reader.fieldnames or [], rows, types)
    return engine


def models_for(manifest: dict[str, Any], names: list[str]) -> Iterable[Model]:
    """Yields the models that some models need, and these themselves, each after its parents."""
    nodes = manifest["nodes"]
    done: set[str] = set()

    def visit(unique_id: str) -> Iterable[Model]:
        if unique_id in done or not unique_id.startswith("model."):
            return
        done.add(unique_id)
        node = nodes[unique_id]
        for parent in node["depends_on"]["nodes"]:
            yield from visit(parent)
        is_view = node["config"]["materialized"] == "view"
        yield Model(f"{node['schema']}.{node['name']}", node["compiled_code"], is_view)

    for name in names:
        yield from visit(f"model.leadscore.{name}")
