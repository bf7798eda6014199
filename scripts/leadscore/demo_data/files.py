"""Writes the tables as an ELT tool and a spreadsheet would leave them."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

_ARROW_TYPES = {
    str: pa.string(),
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
    datetime: pa.timestamp("us"),
}


def write_parquet(path: Path, rows: Sequence[Any], row_type: type) -> None:
    """Write rows of a dataclass to a parquet file with the columns and types of that dataclass."""
    hints = get_type_hints(row_type)
    names = [field.name for field in fields(row_type)]
    schema = pa.schema([(name, _arrow_type(hints[name])) for name in names])
    columns = {name: [getattr(row, name) for row in rows] for name in names}
    pq.write_table(pa.table(columns, schema=schema), path)


def write_csv(path: Path, rows: Sequence[Any], row_type: type) -> None:
    """Write rows of a dataclass as a spreadsheet does: byte-order mark and CRLF."""
    names = [field.name for field in fields(row_type)]
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(names)
        writer.writerows([getattr(row, name) for name in names] for row in rows)


def _arrow_type(hint: Any) -> Any:
    """Return the type of a column whose hint is a type, or that type or None."""
    options = [option for option in get_args(hint) or (hint,) if option is not type(None)]
    return _ARROW_TYPES[options[0]]
