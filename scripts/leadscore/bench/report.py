"""The figures as people and programs read them: terminal, Markdown, JSON, CSV and a plot."""

import csv
import json
import math
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import psutil
from rich.table import Table

from leadscore.bench.daily import DailyResult
from leadscore.bench.events import ALTERNATIVES, SizeResult
from leadscore.bench.measure import Measured
from leadscore.charts import svg_of
from leadscore.display import table_of

WAYS = {
    "floor": "floor",
    "floor of raw": "floor of raw events",
    "load": "leadscore load",
    "build": "dbt build",
    "scoring": "scoring",
    "plain_sql": "plain SQL",
    "polars": "polars",
    "pandas": "pandas",
}
EXPLANATION = """\
- *floor*: one scan of the prepared events, grouped by lead, into a table; the best of three. Of raw
  events: the same where leads are text.
- *dbt build*: the project, whole, with all tests. *Scoring* is the time in which a model of
  `models/intermediate/scoring`, `int_score_history` or a mart of scores, ledgers or segments was at
  work. It starts with the events as they were read and the leads as they were normalised.
- *plain SQL* (events joined to rules, window functions, a table per step), *polars*, *pandas*: they
  start from events and leads that were cleaned and normalised for them, and make the ledger,
  scores, bands, ranks and reasons; the project makes all of its marts.
- *x floor*, *x scoring*: how many times the floor and the project's scoring a way took. *growth*:
  the exponent by which its time grew from the size before; 1 is as fast as the events."""
SLOWEST = 20


@dataclass(frozen=True)
class Row:
    """A way at a size, beside the others; null where it cannot be told."""

    way: str
    events: int
    leads: int
    seconds: float | None
    floors: float | None
    scorings: float | None
    exponent: float | None
    peak_bytes: int | None
    written_bytes: int | None
    spilled_bytes: int | None
    error: str | None


def rows_of(results: list[SizeResult]) -> list[Row]:
    """Returns a row per way and size.

    `floors` and `scorings` say how many times the floor, and the project's scoring at that size, a
    way took; `exponent` how its time grew from the size before: 1 is as fast as the events.
    """
    rows = []
    before: SizeResult | None = None
    for result in sorted(results, key=lambda result: result.size.events):
        for way in WAYS:
            if way not in result.ways:
                continue
            measured = result.ways[way]
            rows.append(
                Row(
                    way=way,
                    events=result.size.events,
                    leads=result.size.leads,
                    seconds=seconds_of(measured),
                    floors=ratio(measured, result.ways.get("floor")),
                    scorings=ratio(measured, result.ways.get("scoring")),
                    exponent=exponent(way, before, result),
                    peak_bytes=measured.peak_bytes or None,
                    written_bytes=measured.written_bytes,
                    spilled_bytes=measured.spilled_bytes,
                    error=measured.error,
                )
            )
        before = result
    return rows


def seconds_of(measured: Measured | None) -> float | None:
    """Returns the seconds of a job that did not fail."""
    return None if measured is None or measured.error else measured.seconds


def ratio(measured: Measured, base: Measured | None) -> float | None:
    """Returns how many times another job's seconds a job took."""
    seconds, unit = seconds_of(measured), seconds_of(base)
    return seconds / unit if seconds is not None and unit else None


def exponent(way: str, before: SizeResult | None, after: SizeResult) -> float | None:
    """Returns the slope of time over events between two sizes, both as logarithms."""
    if before is None or before.size.events == after.size.events:
        return None
    first, second = seconds_of(before.ways.get(way)), seconds_of(after.ways.get(way))
    if not first or not second:
        return None
    return math.log(second / first) / math.log(after.size.events / before.size.events)


def machine() -> dict[str, str]:
    """Returns what the figures were measured on."""
    packages = {}
    for name in ("duckdb", "dbt-core", "dbt-duckdb", "polars", "pandas"):
        try:
            packages[name] = version(name)
        except PackageNotFoundError:
            continue
    return {
        "cores": str(os.cpu_count()),
        "processor": processor(),
        "memory": gibibytes(psutil.virtual_memory().total),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **packages,
    }


def processor() -> str:
    """Returns the name of the processor, as far as the system tells it."""
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        for line in cpuinfo.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def gibibytes(count: int | None) -> str:
    """Returns a number of bytes in GiB."""
    return "" if count is None else f"{count / 2**30:.2f} GiB"


def in_short(count: int) -> str:
    """Returns a number of events in short: 1M, 250k."""
    for unit, size in (("M", 1_000_000), ("k", 1_000)):
        if count >= size and count % (size // 10) == 0:
            return f"{count / size:g}{unit}"
    return f"{count:,}"


def shown(value: float | None, form: str) -> str:
    """Returns a number in a format, or nothing."""
    return "" if value is None else format(value, form)


def cells_of(row: Row) -> list[str]:
    """Returns a row as it is shown."""
    return [
        in_short(row.events),
        WAYS[row.way],
        "failed" if row.error else shown(row.seconds, ".2f"),
        shown(row.floors, ".1f"),
        shown(row.scorings, ".2f"),
        shown(row.exponent, ".2f"),
        gibibytes(row.peak_bytes),
        gibibytes(row.written_bytes),
        gibibytes(row.spilled_bytes or None),
    ]


COLUMNS = [
    "events",
    "way",
    "seconds",
    "x floor",
    "x scoring",
    "growth",
    "peak",
    "written",
    "spilled",
]


def speed_table(results: list[SizeResult]) -> Table:
    """Returns the figures as a table for the terminal."""
    lines = [tuple(cells_of(row)) for row in rows_of(results)]
    table = table_of("Speed", COLUMNS, [])
    for column in table.columns[2:]:
        column.justify = "right"
    for line in lines:
        table.add_row(*line)
    return table


def markdown_table(columns: list[str], lines: Iterable[Iterable[str]], left: int) -> list[str]:
    """Returns a Markdown table of which the first columns are texts, the others numbers."""
    rules = ["---"] * left + ["---:"] * (len(columns) - left)
    rows = [columns, rules, *lines]
    return ["| " + " | ".join(row) + " |" for row in rows]


def speed_markdown(results: list[SizeResult], settings: dict[str, str]) -> str:
    """Returns all figures as a page of Markdown."""
    rows = rows_of(results)
    lines = ["# Speed", "", described(settings), "", EXPLANATION, ""]
    lines += markdown_table(COLUMNS, map(cells_of, rows), left=2)
    failed = [row for row in rows if row.error]
    lines += [""] if failed else []
    for row in failed:
        reason = (row.error or "").splitlines()[0]
        lines.append(f"- {in_short(row.events)}, {WAYS[row.way]} failed: {reason}")
    for result in results:
        lines += [
            "",
            f"## Where `dbt build` spends its time, {in_short(result.size.events)} events",
            "",
        ]
        rooms = [(g.name, str(g.count), f"{g.seconds:.2f}") for g in result.groups]
        lines += markdown_table(["room", "nodes", "seconds"], rooms, left=1)
        nodes = [(path, f"{seconds:.2f}") for path, seconds in result.nodes[:SLOWEST]]
        lines += ["", *markdown_table(["slowest nodes", "seconds"], nodes, left=1)]
        if result.compared:
            names = ", ".join(result.compared)
            lines += ["", f"Every row of ledger and scores of {names} is equal to the project's."]
    return "\n".join(lines) + "\n"


def described(settings: dict[str, str]) -> str:
    """Returns the machine and the settings of a run in a sentence."""
    facts = {**machine(), **settings}
    return "Measured with " + ", ".join(f"{name} {value}" for name, value in facts.items()) + "."


def write_speed(results: list[SizeResult], settings: dict[str, str], out: Path) -> list[Path]:
    """Writes speed.md, .json, .csv and .svg into a folder and returns them."""
    out.mkdir(parents=True, exist_ok=True)
    files = [out / f"speed.{kind}" for kind in ("md", "json", "csv", "svg")]
    files[0].write_text(speed_markdown(results, settings), encoding="utf-8")
    content = {"machine": machine(), "settings": settings, "results": [asdict(r) for r in results]}
    files[1].write_text(json.dumps(content, indent=1, default=str) + "\n", encoding="utf-8")
    write_csv(files[2], [asdict(row) for row in rows_of(results)])
    plot(rows_of(results), files[3])
    return files


def write_csv(file: Path, rows: list[dict[str, Any]]) -> None:
    """Writes rows as CSV."""
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(Row.__dataclass_fields__), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def plot(rows: list[Row], file: Path) -> None:
    """Draws seconds over events, both as logarithms; the same figures make the same file."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.5, 4.5), layout="constrained")
    axes = figure.add_subplot()
    drawn = ("build", "scoring", "floor", *ALTERNATIVES)
    for way in drawn:
        points = [(row.events, row.seconds) for row in rows if row.way == way and row.seconds]
        if points:
            style = "--" if way in ALTERNATIVES else ":" if way == "floor" else "-"
            axes.plot(*zip(*points, strict=True), style, marker="o", label=WAYS[way])
    axes.set(xscale="log", yscale="log", xlabel="events", ylabel="seconds")
    axes.grid(visible=True, which="major", alpha=0.3)
    axes.legend(fontsize="small", loc="center left", bbox_to_anchor=(1.0, 0.5))
    file.write_text(svg_of(figure), encoding="utf-8", newline="\n")


def daily_markdown(result: DailyResult, settings: dict[str, str]) -> str:
    """Returns the figures of a day's run as a page of Markdown."""
    title = (
        f"# One more day: {in_short(result.new_events)} events after "
        f"{in_short(result.size.events)}, {in_short(result.size.leads)} leads"
    )
    lines = [title, "", described(settings), ""]
    full = result.steps.get("full build")
    steps = []
    for name, measured in result.steps.items():
        times = ratio(measured, full)
        steps.append(
            (
                name,
                "failed" if measured.error else f"{measured.seconds:.2f}",
                "" if times is None else f"{times:.0%}",
                gibibytes(measured.peak_bytes),
                gibibytes(measured.written_bytes),
            )
        )
    columns = ["step", "seconds", "of the full build", "peak", "written"]
    lines += markdown_table(columns, steps, left=1)
    if len(result.groups) == 2:
        day, whole = result.groups["next day"], result.groups["full build"]
        rooms = [
            (one.name, f"{one.seconds:.2f}", f"{other.seconds:.2f}")
            for one, other in zip(day, whole, strict=True)
        ]
        lines += ["", *markdown_table(["room", "next day", "full build"], rooms, left=1)]
    for name, measured in result.steps.items():
        if measured.error:
            lines += ["", f"{name} failed: {measured.error}"]
    if result.differing_rows is not None:
        verdict = (
            "Both builds have the same rows of scores and ledger."
            if not result.differing_rows
            else f"THE BUILDS DIFFER in {result.differing_rows:,} rows of scores and ledger."
        )
        lines += ["", verdict]
    return "\n".join(lines) + "\n"


def write_daily(result: DailyResult, settings: dict[str, str], out: Path) -> list[Path]:
    """Writes daily.md and daily.json into a folder and returns them."""
    out.mkdir(parents=True, exist_ok=True)
    files = [out / "daily.md", out / "daily.json"]
    files[0].write_text(daily_markdown(result, settings), encoding="utf-8")
    content = {"machine": machine(), "settings": settings, "result": asdict(result)}
    files[1].write_text(json.dumps(content, indent=1, default=str) + "\n", encoding="utf-8")
    return files
