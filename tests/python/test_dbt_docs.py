"""The pages that dbt makes of the project: all is described, and they can be made."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from conftest import Scored, run

PARTS = ("nodes", "sources", "macros", "exposures")
SIGNATURE = re.compile(r"\{% *-? *(?:macro|test) +\w+ *\((.*?)\) *-?%\}", flags=re.DOTALL)


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `dbt docs generate` makes, without a warehouse to ask for types."""
    folder = tmp_path_factory.mktemp("dbt_docs")
    paths = ["--target-path", folder, "--log-path", folder]
    said = run(
        *("dbt", "docs", "generate", "--empty-catalog", "--select", "lead_scores", *paths),
        LEADSCORE_WAREHOUSE=str(folder / "warehouse.duckdb"),
    )
    assert said.returncode == 0, said.stdout
    return folder


@pytest.fixture(scope="module")
def manifest(pages: Path) -> dict[str, Any]:
    """All that dbt knows of the project."""
    loaded: dict[str, Any] = json.loads((pages / "manifest.json").read_text(encoding="utf-8"))
    return loaded


def described(manifest: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yields what people see in the pages: all of the project but what it is made of inside.

    Implementations of a macro are described by the macro that chooses among them, and tests of one
    table by what they are given.
    """
    for part in PARTS:
        for thing in manifest[part].values():
            is_own = thing["package_name"] == "leadscore" and thing["resource_type"] != "operation"
            is_implementation = part == "macros" and re.match("(duckdb|default)__", thing["name"])
            is_generic = thing.get("test_metadata") is not None
            if is_own and not is_implementation and not is_generic:
                yield thing


def test_everything_is_described(manifest: dict[str, Any]) -> None:
    """Models, seeds, sources, tests, exposures and macros, with their columns and arguments."""
    things = list(described(manifest))
    assert {thing["resource_type"] for thing in things} == {
        *("model", "seed", "source", "test", "macro", "exposure")
    }
    silent = [
        f"{thing['unique_id']} {part.get('name', '')}"
        for thing in things
        for part in [thing, *thing.get("columns", {}).values(), *thing.get("arguments", [])]
        if not part["description"].strip()
    ]
    assert not silent


def test_no_column_is_left_out(demo: Scored, manifest: dict[str, Any]) -> None:
    """The columns described are those that models, seeds and views of raw tables have."""
    with duckdb.connect(demo.warehouse, read_only=True) as connection:
        found = connection.sql(
            "select schema_name || '.' || table_name, list(column_name order by column_name)"
            " from duckdb_columns() group by all"
        ).fetchall()
    existing = dict(found)
    unlike = {
        relation: set(thing["columns"]).symmetric_difference(existing[relation])
        for thing in described(manifest)
        if thing["resource_type"] in ("model", "seed", "source")
        for relation in [f"{thing['schema']}.{thing['name']}"]
        if set(thing["columns"]) != set(existing[relation])
    }
    assert not unlike


def test_arguments_of_macros_are_those_they_take(manifest: dict[str, Any]) -> None:
    """By name and in order."""
    taking = 0
    for thing in described(manifest):
        if found := SIGNATURE.search(thing.get("macro_sql", "")):
            taken = re.findall(r"(\w+)(?: *=[^,]*)?(?:,|$)", " ".join(found[1].split()))
            assert taken == [each["name"] for each in thing["arguments"]], thing["name"]
            taking += len(taken)
    assert taking


def test_exposures_say_who_answers_and_what_they_read(manifest: dict[str, Any]) -> None:
    """Owners are teams that own rules; what is read is made for readers."""
    assert manifest["exposures"]
    for exposure in manifest["exposures"].values():
        assert exposure["owner"]["name"] in ("marketing", "sales", "customer_success")
        read = [manifest["nodes"][node] for node in exposure["depends_on"]["nodes"]]
        assert {node["schema"] for node in read} <= {"marts", "audit"}


def test_readers_are_shown_around(pages: Path, manifest: dict[str, Any]) -> None:
    """The first page is ours, and names no table that is not there."""
    overview = manifest["docs"]["doc.leadscore.__overview__"]["block_contents"]
    models = {node["name"] for node in manifest["nodes"].values()}
    named = set(re.findall(r"`(\w+)`", overview)) - {"audit", "marts", "raw", "rules"}
    assert named
    assert named <= models
    assert (pages / "index.html").exists()
    assert (pages / "catalog.json").exists()
