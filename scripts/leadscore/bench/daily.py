"""`leadscore bench daily`: a day's run beside a full build of the same day."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from leadscore.bench.compare import only_in_one
from leadscore.bench.databases import attach, open_database
from leadscore.bench.events import measure_build, measure_load
from leadscore.bench.generate import AS_OF, Size, generate, generate_next_day
from leadscore.bench.measure import Measured, measure
from leadscore.bench.nodes import Group, groups_of

NEXT_DAY = AS_OF + timedelta(days=1)
# Bands are left out: only the run that has a history knows the band of the day before.
COMPARED = {
    "lead_scores": "lead_id, scorecard_id, fit_points, engagement_points, raw_points, "
    "score_points, score, rank, last_event_at",
    "lead_score_ledger": "lead_id, scorecard_id, line_type, axis, rule_group, rule_id, points, "
    "event_count, last_event_date",
}


@dataclass
class DailyResult:
    """What a day's run took beside a full build.

    Attributes:
        size: of the world before the day.
        new_events: how many the day brought.
        steps: by name, what each step took.
        groups: the nodes of the two builds by room, under `next day` and `full build`.
        differing_rows: rows of scores and ledger that only one of the two builds has.
    """

    size: Size
    new_events: int
    steps: dict[str, Measured] = field(default_factory=dict)
    groups: dict[str, list[Group]] = field(default_factory=dict)
    differing_rows: int | None = None


def bench_daily(
    size: Size,
    new_events: int,
    folder: Path,
    *,
    memory_limit: str | None,
    threads: int,
    say: Callable[[str], None],
) -> DailyResult:
    """Builds a world, appends a day, builds that day, and builds it again from nothing.

    Args:
        size: of the history.
        new_events: of the next day; a tenth is late by up to thirty days, a twentieth comes again.
        folder: to work in; what is in it is replaced.
        memory_limit: of DuckDB.
        threads: how many models dbt runs at once.
        say: is told what is at work.
    """
    shutil.rmtree(folder, ignore_errors=True)
    raw, news = folder / "raw", folder / "next_day.parquet"
    result = DailyResult(size, new_events)
    steps = result.steps
    say("generating")
    generate(raw, size)
    generate_next_day(news, size, new_events)
    warehouses = {"next day": folder / "warehouse.duckdb", "full build": folder / "fresh.duckdb"}
    for name, warehouse in warehouses.items():
        say(f"loading for the {name}")
        steps[f"load for the {name}"] = measure_load(folder, raw, warehouse, memory_limit)
    say("first build")
    steps["first build"] = measure_build(
        folder, warehouses["next day"], AS_OF, memory_limit, threads
    )
    for name, warehouse in warehouses.items():
        say(f"appending for the {name}")
        steps[f"append for the {name}"] = measure(
            "append",
            folder,
            {"file": str(news), "warehouse": str(warehouse), "memory_limit": memory_limit},
        )
        say(name)
        steps[name] = build = measure_build(folder, warehouse, NEXT_DAY, memory_limit, threads)
        if not build.error:
            result.groups[name] = groups_of(build.said["nodes"])
    if not any(step.error for step in steps.values()):
        result.differing_rows = differing_rows(*warehouses.values())
    return result


def differing_rows(one: Path, other: Path) -> int:
    """Returns how many rows of scores and ledger only one of two warehouses has.

    Each is attached under the name of its file, by which its views know it.
    """
    with open_database() as connection:
        for warehouse in (one, other):
            attach(connection, warehouse, warehouse.stem)
        return sum(
            only_in_one(
                connection,
                f"select {columns} from {one.stem}.marts.{mart}",
                f"select {columns} from {other.stem}.marts.{mart}",
            )
            for mart, columns in COMPARED.items()
        )
