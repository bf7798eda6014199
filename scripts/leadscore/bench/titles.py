"""`leadscore bench titles`: how fast job titles are understood, beside the way not taken.

The models are those of the project, compiled by dbt and run one after the other on generated
titles, without dbt's own time. The way not taken looks for every phrase in every title.
"""

import json
import math
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count, islice
from pathlib import Path
from statistics import linear_regression
from typing import Annotated, Any

import duckdb
import typer
from rich.table import Table

from leadscore.build import run_dbt
from leadscore.database import connect
from leadscore.display import console

SIZES = [50_000, 100_000, 200_000, 400_000]
SAMPLES = {"contains": 2_000, "regular expression": 20}

RANKS = (
    "Director", "Directora", "Head of", "VP", "Senior Vice President,", "Chief", "Manager -",
    "Jefe de", "Gerente de", "Responsable de", "Leiter", "Leiterin", "Mitarbeiter/-in",
    "Teamleiter", "Asistente de", "Assistant to the Head of", "Former Head of", "Stellv. Leiter",
    "Ingénieur", "Spezialist", "Diretora de", "Sr. Manager", "Junior Consultant",
    "Coordinador(a) de",
)  # fmt: skip
DEPARTMENTS = (
    "Sales", "Marketing", "Ventas", "Recursos Humanos", "Einkauf & Logistik", "Finance", "IT",
    "Vertriebsinnendienst", "Customer Success", "Compras", "R&D", "Qualitätsmanagement",
    "Operations", "Développement commercial", "Legal", "Produktentwicklung", "Data Analytics",
    "RR.HH.", "ComunicaciÃ³n", "Supply Chain", "Contabilidad", "Kundenservice",
    "Business Development",
)  # fmt: skip
PLACES = (
    "",
    "EMEA",
    "(m/w/d)",
    "Iberia",
    "DACH",
    "| Founder",
    "LATAM",
    "Süd",
    "& Partner",
    "/ CEO",
)
SYLLABLES = ("ra", "ton", "vel", "mi", "kor", "sa", "lin", "dex", "bo", "nu", "fer", "gal", "is")


def made_titles(size: int) -> Iterator[str]:
    """Yields distinct titles made of parts; every fourth names an employer nobody knows."""

    def titles() -> Iterator[str]:
        seen = set()
        for number in count():
            rank = RANKS[number % len(RANKS)]
            department = DEPARTMENTS[number // 3 % len(DEPARTMENTS)]
            place = PLACES[number // 7 % len(PLACES)]
            employer = f"at {name_of(number)}" if number % 4 == 0 else str(number // 1_000)
            title = " ".join(filter(None, (rank, department, place, employer)))
            if title not in seen:
                yield title
            seen.add(title)

    return islice(titles(), size)


def name_of(number: int) -> str:
    """Returns a name for a number, of the same syllables for the same number."""
    name = ""
    while number or not name:
        number, syllable = divmod(number, len(SYLLABLES))
        name += SYLLABLES[syllable]
    return name.capitalize()


def compiled_models(folder: Path, warehouse: Path) -> list[tuple[str, str]]:
    """Builds what the title models need, and returns these, name and query, parents first."""
    with connect(warehouse) as connection:
        connection.execute("create schema raw")
        connection.execute("create table raw.events (event_id varchar, lead_id varchar)")
        connection.execute("create table raw.leads as select '1' as lead_id, 'CEO' as job_title")
    select = ["--select", "+int_job_titles", "--exclude-resource-type", "test", "unit_test"]
    options = ["--target-path", str(folder), *select]
    run_dbt(["build", *options], warehouse=warehouse, as_of=date(2026, 1, 1))
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return list(title_models(manifest, "model.leadscore.int_job_titles", set()))


def title_models(
    manifest: dict[str, Any], unique_id: str, done: set[str]
) -> Iterator[tuple[str, str]]:
    """Yields the title models that a model needs, and itself."""
    node = manifest["nodes"].get(unique_id)
    if unique_id in done or node is None or not node["name"].startswith("int_job_title"):
        return
    done.add(unique_id)
    for parent in node["depends_on"]["nodes"]:
        yield from title_models(manifest, parent, done)
    yield f"{node['schema']}.{node['name']}", node["compiled_code"]


@dataclass(frozen=True)
class Measured:
    """What so many distinct titles take.

    Attributes:
        size: the titles.
        seconds: by model, as the clock on the wall has it.
        cpu_seconds: of all threads and models, which a busy machine changes less.
    """

    size: int
    seconds: dict[str, float]
    cpu_seconds: float

    @property
    def total(self) -> float:
        """The seconds of all models."""
        return sum(self.seconds.values())


def measure(
    connection: duckdb.DuckDBPyConnection, models: list[tuple[str, str]], size: int
) -> Measured:
    """Runs the models on so many distinct titles."""
    connection.execute(
        "create or replace table staging.stg_leads as select unnest(?::varchar[]) as job_title",
        [list(made_titles(size))],
    )
    seconds, cpu_began = {}, time.process_time()
    for relation, query in models:
        began = time.perf_counter()
        connection.execute(f"create or replace table {relation} as {query}")
        seconds[relation.split(".")[1]] = time.perf_counter() - began
    return Measured(size, seconds, time.process_time() - cpu_began)


def seconds_of_cross_join(connection: duckdb.DuckDBPyConnection, way: str) -> float:
    """Returns the seconds per title of looking for every phrase in it, measured on a sample."""
    conditions = {
        "contains": "contains(' ' || title || ' ', ' ' || phrase || ' ')",
        "regular expression": "regexp_matches(title, '\\b' || phrase || '\\b')",
    }
    began = time.perf_counter()
    connection.execute(
        f"""
        select title, max(phrase)
        from (
            select lower(strip_accents(job_title)) as title
            from staging.stg_leads order by job_title limit {SAMPLES[way]}
        ) as titles
        left join reference.title_phrases on {conditions[way]}
        group by title
        """
    ).fetchall()
    return (time.perf_counter() - began) / SAMPLES[way]


def growth_exponent(results: list[Measured]) -> float:
    """Returns the slope of log seconds over log size: 1 is linear, 2 quadratic."""
    sizes = [math.log(result.size) for result in results]
    return linear_regression(sizes, [math.log(result.cpu_seconds) for result in results]).slope


def command(
    sizes: Annotated[
        list[int] | None, typer.Option("--size", min=1, help="Distinct titles, once per size.")
    ] = None,
    threads: Annotated[int, typer.Option(min=1, help="Threads of DuckDB.")] = 2,
) -> None:
    """Measure how fast job titles are understood, and the way not taken beside it."""
    sizes = sorted(set(sizes or SIZES))
    with tempfile.TemporaryDirectory(prefix="leadscore-") as folder:
        warehouse = Path(folder) / "titles.duckdb"
        models = compiled_models(Path(folder) / "target", warehouse)
        with connect(warehouse) as connection:
            connection.execute(f"set threads = {threads}")
            results = [measure(connection, models, size) for size in sizes]
            others = {way: seconds_of_cross_join(connection, way) for way in SAMPLES}
    show(results, others)


def show(results: list[Measured], others: dict[str, float]) -> None:
    """Prints what was measured."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("distinct titles", "seconds", "CPU seconds", "titles/s", *others):
        table.add_column(name, justify="right")
    for result in results:
        table.add_row(
            f"{result.size:,}",
            f"{result.total:.2f}",
            f"{result.cpu_seconds:.2f}",
            f"{result.size / result.total:,.0f}",
            *(f"{result.size * per_title:,.0f} s" for per_title in others.values()),
        )
    console.print(table)
    if len(results) > 1:
        exponent = growth_exponent(results)
        console.print(f"CPU seconds grow with titles to the power of {exponent:.2f}.")
    console.print(
        "Every phrase looked for in every title: measured on "
        + " and ".join(f"{SAMPLES[way]:,} titles ({way})" for way in others)
        + ", extrapolated in proportion; these find phrases only, without repair and spelling."
    )
    slowest = sorted(results[-1].seconds.items(), key=lambda item: -item[1])[:5]
    console.print(
        "Slowest models: " + ", ".join(f"{name} {spent:.2f} s" for name, spent in slowest)
    )
