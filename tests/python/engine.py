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
from dataclasses import dataclass, field
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
    "sales_queue",
]


@dataclass(frozen=True)
class Model:
    """A compiled model: the relation it makes and the query that makes it.

    Attributes:
        relation: schema and name.
        query: makes all of it.
        is_view: it is not stored.
        unique_key: of an incremental model, the columns by which new rows displace old ones.
        replaces_day: whether all old rows of as_of_date go, whatever their key.
        survives_refresh: whether a full refresh keeps what it has.
        daily_query: of an incremental model, makes the rows that a later run adds.
        parents: relations of the models that it reads.
    """

    relation: str
    query: str = field(repr=False)
    is_view: bool
    unique_key: tuple[str, ...]
    replaces_day: bool
    survives_refresh: bool
    daily_query: str = field(repr=False)
    parents: frozenset[str] = field(repr=False)


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
        self.load(world)
        for model in self.models:
            self.run(model, world.as_of_date)

    def load(self, world: World) -> None:
        """Replaces the raw tables and the rules by those of a world."""
        for table in raw_tables().values():
            rows = world.raw.get(table.name, [])
            self.fill(f"raw_contract.{table.name}", table.columns, rows)
        for file, columns in RULE_FILES.items():
            name = file.removesuffix(".csv")
            self.fill(f"rules.{name}", columns, world.rules.get(name, []))

    def run(self, model: Model, as_of_date: date, *, is_daily: bool = False) -> None:
        """Makes the relation of a model, or adds to it what a daily run of dbt adds.

        Args:
            model: what to make.
            as_of_date: the day to score.
            is_daily: whether an incremental model keeps what it has.
        """
        query = model.daily_query if is_daily and model.unique_key else model.query
        query = query.replace(f"'{self.as_of_date}'", f"'{as_of_date}'")
        if not (is_daily and model.unique_key):
            kind = "view" if model.is_view else "table"
            self.connection.execute(f"create or replace {kind} {model.relation} as {query}")
            return
        self.connection.execute(f"create or replace temp table fresh as {query}")
        keys = " and ".join(f"stored.{key} = fresh.{key}" for key in model.unique_key)
        replaced = f"or stored.as_of_date = '{as_of_date}'" if model.replaces_day else ""
        self.connection.execute(
            f"delete from {model.relation} as stored "
            f"where exists (select 1 from fresh where {keys}) {replaced}"
        )
        self.connection.execute(f"insert into {model.relation} by name from fresh")

    def needed_for(self, names: Iterable[str]) -> list[Model]:
        """Returns some of the models with all that they need, each after its parents."""
        wanted = {m.relation for m in self.models if m.relation.split(".")[1] in names}
        for model in reversed(self.models):
            if model.relation in wanted:
                wanted |= model.parents
        return [model for model in self.models if model.relation in wanted]

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


def compile_engine(
    folder: Path,
    as_of_date: date,
    names: Iterable[str] = MARTS,
    *,
    with_daily_run: bool = False,
    **variables: object,
) -> Engine:
    """Compiles the project for a day, and opens a database with the reference seeds.

    Args:
        folder: where dbt may write.
        as_of_date: the day of the first run.
        names: the models that are wanted; those that they need come with them.
        with_daily_run: whether incremental models are compiled for daily runs, too.
        variables: vars of dbt that are not to be as in dbt_project.yml.
    """
    variables = {**variables, "as_of_date": as_of_date.isoformat()}
    warehouse = folder / "warehouse.duckdb"
    with duckdb.connect(warehouse) as connection:
        connection.execute("create schema raw")
        for table in raw_tables().values():
            columns = ", ".join(f'"{column}" varchar' for column in table.columns)
            connection.execute(f"create table raw.{table.name} ({columns})")
    manifest = compile_project(folder, warehouse, variables)
    daily = manifest
    if with_daily_run:
        with duckdb.connect(warehouse) as connection:
            for node in manifest["nodes"].values():
                if node["config"]["materialized"] == "incremental":
                    connection.execute(f"create schema if not exists {node['schema']}")
                    connection.execute(f"create table {node['schema']}.{node['name']} (x integer)")
        daily = compile_project(folder, warehouse, variables)
    connection = duckdb.connect()
    connection.execute("set TimeZone = 'UTC'")
    connection.execute("set threads = 1")
    connection.execute("attach ':memory:' as warehouse")
    connection.execute("use warehouse")
    engine = Engine(as_of_date, list(models_for(manifest, daily, names)), connection)
    schemas = {node["schema"] for node in manifest["nodes"].values()} | {"raw_contract"}
    for schema in sorted(schemas):
        connection.execute(f"create schema if not exists {schema}")
    for source in manifest["sources"].values():
        engine.fill(f"{source['schema']}.{source['name']}", source["columns"], [])
    for file in REFERENCE.glob("*.csv"):
        types = manifest["nodes"][f"seed.leadscore.{file.stem}"]["config"]["column_types"]
        with file.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            rows = [{name: cell or None for name, cell in row.items()} for row in reader]
            engine.fill(f"reference.{file.stem}", reader.fieldnames or [], rows, types)
    return engine


def compile_project(folder: Path, warehouse: Path, variables: dict[str, object]) -> dict[str, Any]:
    """Compiles the project for what a warehouse has, and returns the manifest."""
    command = [str(Path(sys.executable).with_name("dbt")), "--quiet", "compile"]
    command += ["--vars", json.dumps(variables)]
    command += ["--target-path", str(folder), "--log-path", str(folder)]
    environment = {**os.environ, "LEADSCORE_WAREHOUSE": str(warehouse)}
    subprocess.run(command, cwd=ROOT, env=environment, check=True)
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def models_for(
    manifest: dict[str, Any], daily: dict[str, Any], names: Iterable[str]
) -> Iterable[Model]:
    """Yields the models that some models need, and these themselves, each after its parents.

    Args:
        manifest: of the project as compiled for a first run.
        daily: the same, compiled for a daily run.
        names: the models that are wanted.
    """
    nodes = manifest["nodes"]
    done: set[str] = set()

    def visit(unique_id: str) -> Iterable[Model]:
        if unique_id in done or not unique_id.startswith("model."):
            return
        done.add(unique_id)
        node = nodes[unique_id]
        for parent in node["depends_on"]["nodes"]:
            yield from visit(parent)
        key = node["config"]["unique_key"]
        yield Model(
            relation=f"{node['schema']}.{node['name']}",
            query=node["compiled_code"],
            is_view=node["config"]["materialized"] == "view",
            unique_key=(key,) if isinstance(key, str) else tuple(key or ()),
            replaces_day=node["config"]["incremental_strategy"] == "replace_day",
            survives_refresh=node["config"]["full_refresh"] is False,
            daily_query=daily["nodes"][unique_id]["compiled_code"],
            parents=frozenset(
                f"{nodes[parent]['schema']}.{nodes[parent]['name']}"
                for parent in node["depends_on"]["nodes"]
                if parent in nodes
            ),
        )

    for name in names:
        yield from visit(f"model.leadscore.{name}")
