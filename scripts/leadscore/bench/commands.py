"""`leadscore bench events` and `leadscore bench daily` on the command line."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from leadscore.bench.arguments import (
    Keep,
    Leads,
    Memory,
    Out,
    Seed,
    Threads,
    need_libraries,
    read_count,
    read_counts,
    read_memory,
    read_names,
)

OUT = Path("target/bench")


@contextmanager
def progress(title: str) -> Iterator[Callable[[str], None]]:
    """Shows what is at work; gives the function that tells it."""
    from leadscore.display import bar

    with bar(title) as shown:
        yield lambda step: shown.update(shown.task_ids[0], now=step)


def settings_of(memory_limit: str | None, threads: int, seed: int) -> dict[str, str]:
    """Returns what a reader of the figures has to know beside the machine."""
    return {
        "DuckDB memory limit": memory_limit or "80%",
        "dbt threads": str(threads),
        "seed": str(seed),
    }


def events(
    events: Annotated[str, typer.Option(metavar="COUNTS", help="Sizes.")] = "1M,10M",
    leads: Leads = "1M",
    memory_limit: Memory = None,
    dbt_threads: Threads = 1,
    without: Annotated[
        str, typer.Option(metavar="WAYS", help="Leave out, such as pandas,plain_sql.")
    ] = "",
    seed: Seed = 1,
    out: Out = OUT,
    keep: Keep = False,
) -> None:
    """Score generated worlds by the project, plain SQL, polars and pandas, and compare.

    Writes speed.md, speed.json, speed.csv and speed.svg into the folder --out.
    """
    counts, lead_count = read_counts(events, "--events"), read_count(leads, "--leads")
    memory = read_memory(memory_limit)
    need_libraries()
    from leadscore.bench.events import ALTERNATIVES, SizeResult, bench_size
    from leadscore.bench.generate import Size
    from leadscore.bench.report import in_short, speed_table, write_speed
    from leadscore.display import console

    left_out = read_names(without, ALTERNATIVES, "--without")
    results: dict[int, SizeResult] = {}
    files: list[Path] = []

    def report(result: SizeResult) -> None:
        results[result.size.events] = result
        files[:] = write_speed(list(results.values()), settings_of(memory, dbt_threads, seed), out)

    for count in counts:
        folder = out / f"events_{count}"
        with progress(f"{in_short(count)} events") as say:
            bench_size(
                Size.of(count, lead_count, seed),
                folder,
                memory_limit=memory,
                threads=dbt_threads,
                alternatives=tuple(way for way in ALTERNATIVES if way not in left_out),
                say=say,
                report=report,
            )
        if not keep:
            shutil.rmtree(folder)
    console.print(speed_table(list(results.values())))
    for result in results.values():
        for way, measured in result.ways.items():
            if measured.error:
                place = f"{way} failed at {in_short(result.size.events)} events: "
                console.print(place + measured.error, markup=False, soft_wrap=True)
    console.print("Written: " + ", ".join(map(str, files)), soft_wrap=True)


def daily(
    events: Annotated[str, typer.Option(metavar="COUNT", help="Events of two years.")] = "10M",
    leads: Leads = "1M",
    new_events: Annotated[
        float, typer.Option(min=0.001, max=100, help="Events of the next day, in percent.")
    ] = 0.15,
    memory_limit: Memory = None,
    dbt_threads: Threads = 1,
    seed: Seed = 1,
    out: Out = OUT,
    keep: Keep = False,
) -> None:
    """Score one more day, some of its events late or repeated, beside a full build of that day.

    Writes daily.md and daily.json into the folder --out.
    """
    count, lead_count = read_count(events, "--events"), read_count(leads, "--leads")
    memory = read_memory(memory_limit)
    need_libraries()
    from leadscore.bench.daily import bench_daily
    from leadscore.bench.generate import Size
    from leadscore.bench.report import daily_markdown, in_short, write_daily
    from leadscore.display import console

    folder = out / f"daily_{count}"
    with progress(f"A day after {in_short(count)} events") as say:
        result = bench_daily(
            Size.of(count, lead_count, seed),
            max(1, round(count * new_events / 100)),
            folder,
            memory_limit=memory,
            threads=dbt_threads,
            say=say,
        )
    if not keep:
        shutil.rmtree(folder)
    settings = settings_of(memory, dbt_threads, seed)
    console.print(daily_markdown(result, settings), markup=False)
    files = write_daily(result, settings, out)
    console.print("Written: " + ", ".join(map(str, files)), soft_wrap=True)
