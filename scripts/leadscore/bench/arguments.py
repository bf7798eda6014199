"""What the benchmarks of speed read from the command line."""

import re
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from leadscore.errors import LeadscoreError

UNITS = {"": 1, "k": 1_000, "m": 1_000_000}
NEEDED = ("matplotlib", "pandas", "polars", "psutil")

Leads = Annotated[str, typer.Option(metavar="COUNT", help="How many leads.")]
Memory = Annotated[
    str | None,
    typer.Option(metavar="SIZE", help="Memory limit of DuckDB, such as 4GB; else the profile's."),
]
Threads = Annotated[
    int, typer.Option(min=1, help="Models at once; with 1, the time of a model is its own.")
]
Seed = Annotated[int, typer.Option(min=0, help="Another seed makes another world.")]
Out = Annotated[
    Path, typer.Option(help="Folder for results and, while it runs, the data.", file_okay=False)
]
Keep = Annotated[bool, typer.Option("--keep", help="Keep the generated data and the databases.")]


def read_count(text: str, option: str) -> int:
    """Reads a number of rows such as 250000, 250k or 10M.

    Raises:
        typer.BadParameter: if it is none, or not above 0.
    """
    found = re.fullmatch(r"(\d+(?:\.\d+)?)([km]?)", text.strip().lower())
    count = float(found[1]) * UNITS[found[2]] if found else 0.0
    if count < 1 or count != int(count):
        raise typer.BadParameter(
            f"'{text}' is no number of rows such as 250000, 250k or 10M", param_hint=option
        )
    return int(count)


def read_counts(text: str, option: str) -> list[int]:
    """Reads numbers of rows with commas between them, and returns them in ascending order."""
    counts = sorted(read_count(part, option) for part in text.split(","))
    if len(set(counts)) < len(counts):
        raise typer.BadParameter(f"'{text}' names a size twice", param_hint=option)
    return counts


def read_memory(text: str | None) -> str | None:
    """Reads an amount of memory as DuckDB writes it."""
    if text is None:
        return None
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([MG]i?B)", text.strip(), flags=re.IGNORECASE)
    if not found or not float(found[1]):
        raise typer.BadParameter(
            f"'{text}' is no amount of memory such as 4GB or 500MB", param_hint="--memory-limit"
        )
    return found[1] + found[2]


def read_names(text: str, known: tuple[str, ...], option: str) -> list[str]:
    """Reads names with commas between them, all of them known; blank text is no name."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in known:
            raise typer.BadParameter(f"'{name}' is none of {', '.join(known)}", param_hint=option)
    return names


def need_libraries() -> None:
    """Stops early where the libraries of the benchmark are not installed.

    Raises:
        LeadscoreError: with the command that installs them.
    """
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise LeadscoreError(
            f"The benchmark needs {' and '.join(missing)}, not installed here. "
            "Install all that it needs with: make setup, or pip install -e '.[bench]'"
        )
