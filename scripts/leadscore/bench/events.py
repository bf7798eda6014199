"""`leadscore bench events`: the project beside the floor, plain SQL, polars and pandas."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from leadscore.bench.compare import differences
from leadscore.bench.generate import AS_OF, Size, generate
from leadscore.bench.measure import Measured, measure
from leadscore.bench.nodes import Group, busy_seconds, groups_of
from leadscore.bench.prepare import prepare
from leadscore.bench.rulebook import RULES, read_rulebook
from leadscore.errors import LeadscoreError

ALTERNATIVES = ("plain_sql", "polars", "pandas")
# The models between the events and leads, as they are read, and all that is known of a score; bands
# are those of int_score_history, for they may be held from the day before.
SCORING = (
    "intermediate/scoring/",
    "intermediate/history/int_score_history",
    "marts/lead_s",
    "marts/company_s",
)
# Below, every row of the alternatives is compared with the project's.
COMPARED_EVENTS = 1_000_000


@dataclass
class SizeResult:
    """What was measured at one size.

    Attributes:
        size: how large the world is.
        ways: by name, what each way took.
        groups: the models, seeds and tests of the project's build, by room.
        nodes: each of them with its seconds, slowest first.
        compared: rows that an alternative has otherwise, by alternative; empty if not compared.
    """

    size: Size
    ways: dict[str, Measured] = field(default_factory=dict)
    groups: list[Group] = field(default_factory=list)
    nodes: list[tuple[str, float]] = field(default_factory=list)
    compared: dict[str, int] = field(default_factory=dict)


def bench_size(
    size: Size,
    folder: Path,
    *,
    memory_limit: str | None,
    threads: int,
    alternatives: tuple[str, ...],
    say: Callable[[str], None],
    report: Callable[[SizeResult], None],
) -> None:
    """Measures every way at one size; a way that fails is told, and the others go on.

    Args:
        size: how large a world.
        folder: to work in; what is in it is replaced.
        memory_limit: of DuckDB, for the project and the SQL beside it.
        threads: how many models dbt runs at once.
        alternatives: which of ALTERNATIVES to run.
        say: is told what is at work.
        report: is given all that is known after every way: a run that is broken off has told it.
    """
    shutil.rmtree(folder, ignore_errors=True)
    raw, prepared = folder / "raw", folder / "prepared"
    warehouse = folder / "warehouse.duckdb"
    say("generating")
    generate(raw, size)
    result = SizeResult(size)
    ways = result.ways
    say("loading")
    ways["load"] = measure_load(folder, raw, warehouse, memory_limit)
    say("dbt build")
    ways["build"] = build = measure_build(folder, warehouse, AS_OF, memory_limit, threads)
    report(result)
    if build.error:
        return
    result.groups = groups_of(build.said["nodes"])
    result.nodes = sorted(
        ((node["path"], node["seconds"]) for node in build.said["nodes"]),
        key=lambda node: -node[1],
    )
    ways["scoring"] = Measured(busy_seconds(build.said["nodes"], SCORING))
    say("preparing data for the alternatives")
    book = read_rulebook(RULES, AS_OF)
    prepare(raw, warehouse, book, prepared)
    say("floor")
    limit = {"memory_limit": memory_limit}
    ways["floor"] = measure("floor", folder, {"prepared": str(prepared), **limit})
    ways["floor of raw"] = measure("floor_of_raw", folder, {"warehouse": str(warehouse), **limit})
    report(result)
    for way in alternatives:
        say(way)
        out = folder / way
        out.mkdir()
        common: dict[str, str | None] = {
            "prepared": str(prepared),
            "out": str(out),
            "rules": str(RULES),
            "as_of": AS_OF.isoformat(),
        }
        ways[way] = measure(way, folder, common | (limit if way == "plain_sql" else {}))
        if size.events <= COMPARED_EVENTS and not ways[way].error:
            say(f"comparing {way}")
            result.compared[way] = sum(differences(warehouse, prepared, way, out).values())
            if result.compared[way]:
                raise LeadscoreError(
                    f"{way} comes to other scores than the project: "
                    f"{result.compared[way]:,} rows differ, so its time says nothing."
                )
        shutil.rmtree(out)
        report(result)


def measure_load(folder: Path, raw: Path, warehouse: Path, memory_limit: str | None) -> Measured:
    """Measures `leadscore load` of a folder into a warehouse."""
    arguments = {"raw": str(raw), "warehouse": str(warehouse)}
    return measure("load", folder, arguments, limited_to(memory_limit))


def measure_build(
    folder: Path,
    warehouse: Path,
    as_of: date,
    memory_limit: str | None,
    threads: int,
) -> Measured:
    """Measures `dbt build` on a warehouse."""
    arguments = {
        "warehouse": str(warehouse),
        "rules": str(RULES),
        "as_of": as_of.isoformat(),
        "threads": threads,
    }
    return measure("project", folder, arguments, limited_to(memory_limit))


def limited_to(memory_limit: str | None) -> dict[str, str]:
    """Returns the environment in which the project keeps to a memory limit."""
    return {"LEADSCORE_MEMORY_LIMIT": memory_limit} if memory_limit else {}
