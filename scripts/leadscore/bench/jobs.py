"""Each way to score as a process of its own: `python -m leadscore.bench.jobs WAY JSON`.

A process of its own has its own peak of memory, and ends with nothing left in any cache of ours.
What a way has to say of itself goes to a JSON file.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from leadscore.bench.databases import open_database
from leadscore.bench.rulebook import read_rulebook
from leadscore.build import Run, run_dbt
from leadscore.errors import LeadscoreError
from leadscore.load import load_folder


@dataclass(frozen=True)
class Node:
    """One model, seed or test of a dbt run; times in seconds."""

    name: str
    kind: str
    path: str
    seconds: float
    started_at: str
    finished_at: str


class TimedRun(Run):
    """A dbt run of which every node is timed."""

    def __init__(self) -> None:
        """Starts with no node."""
        super().__init__()
        self.nodes: list[Node] = []

    def hear(self, event: dict[str, Any]) -> None:
        """Takes one event of dbt's JSON log."""
        super().hear(event)
        kinds = {"LogModelResult": "model", "LogSeedResult": "seed", "LogTestResult": "test"}
        if kind := kinds.get(event["info"]["name"]):
            data, info = event["data"], event["data"]["node_info"]
            self.nodes.append(
                Node(
                    info["node_name"],
                    kind,
                    info["node_path"],
                    data["execution_time"],
                    info["node_started_at"],
                    info["node_finished_at"],
                )
            )


def load(raw: str, warehouse: str) -> dict[str, Any]:
    """Fills `raw`, as `leadscore load` does."""
    load_folder(Path(raw), Path(warehouse))
    return {}


def append(file: str, warehouse: str, memory_limit: str | None) -> dict[str, Any]:
    """Appends a file of events to raw.events, as an ELT tool does."""
    with open_database(Path(warehouse), memory_limit=memory_limit) as connection:
        connection.execute("insert into raw.events by name from read_parquet(?)", [file])
    return {}


def project(warehouse: str, rules: str, as_of: str, threads: int) -> dict[str, Any]:
    """Runs the whole `dbt build` of the project, with all tests of the data."""
    run = TimedRun()
    run_dbt(
        ["build", "--exclude-resource-type", "unit_test", "--threads", str(threads)],
        warehouse=Path(warehouse),
        as_of=date.fromisoformat(as_of),
        rules=Path(rules),
        run=run,
    )
    return {"nodes": [asdict(node) for node in run.nodes]}


def floor(prepared: str, memory_limit: str | None) -> dict[str, Any]:
    """Scans the prepared events and groups them by lead; in seconds without opening the file."""
    return grouped(f"{prepared}/prepared.duckdb", "events", "lead_key", memory_limit)


def floor_of_raw(warehouse: str, memory_limit: str | None) -> dict[str, Any]:
    """Does the same with the events as they came, whose leads are text."""
    return grouped(warehouse, "raw.events", "lead_id", memory_limit)


def grouped(database: str, table: str, key: str, memory_limit: str | None) -> dict[str, Any]:
    """Counts the events of each lead into a table, and returns the best of three times."""
    with open_database(Path(database), memory_limit=memory_limit, read_only=True) as connection:
        times = []
        for _ in range(3):
            start = time.perf_counter()
            connection.execute(
                f"create or replace temp table floor as select {key}, count(*) as event_count, "
                f"max(occurred_at) as last_event_at from {table} group by {key}"
            )
            times.append(time.perf_counter() - start)
    return {"seconds": min(times)}


def plain_sql(
    prepared: str, out: str, rules: str, as_of: str, memory_limit: str | None
) -> dict[str, Any]:
    """Scores with straightforward SQL."""
    from leadscore.bench.plain_sql import score

    book = read_rulebook(Path(rules), date.fromisoformat(as_of))
    return timed(lambda: score(Path(prepared), Path(out), book, memory_limit))


def polars(prepared: str, out: str, rules: str, as_of: str) -> dict[str, Any]:
    """Scores with polars."""
    from leadscore.bench.with_polars import score

    book = read_rulebook(Path(rules), date.fromisoformat(as_of))
    return timed(lambda: score(Path(prepared), Path(out), book))


def pandas(prepared: str, out: str, rules: str, as_of: str) -> dict[str, Any]:
    """Scores with pandas."""
    from leadscore.bench.with_pandas import score

    book = read_rulebook(Path(rules), date.fromisoformat(as_of))
    return timed(lambda: score(Path(prepared), Path(out), book))


def timed(work: Callable[[], None]) -> dict[str, Any]:
    """Does something and returns how long it took, without starting Python and its libraries."""
    start = time.perf_counter()
    work()
    return {"seconds": time.perf_counter() - start}


JOBS: dict[str, Callable[..., dict[str, Any]]] = {
    job.__name__: job
    for job in (load, append, project, floor, floor_of_raw, plain_sql, polars, pandas)
}


def main() -> None:
    """Runs the job that the command line names, and writes what it returns or why it failed."""
    name, arguments, file = sys.argv[1], json.loads(sys.argv[2]), Path(sys.argv[3])
    try:
        said = JOBS[name](**arguments)
    except (LeadscoreError, duckdb.Error, MemoryError) as error:
        said = {"error": str(error) or type(error).__name__}
    file.write_text(json.dumps(said), encoding="utf-8")


if __name__ == "__main__":
    main()
