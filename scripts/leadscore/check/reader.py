"""Reading CSV text with the place of every cell, whatever the bytes.

The csv module forgets where a cell began and swallows the rest of the file after a quote that is
never closed, so the few rules of CSV are spelled out here.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}

# Excel's own first line, which names the delimiter.
_SEPARATOR_LINE = re.compile(r"sep=([,;\t])[ \t]*(?:\r\n|\r|\n)")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")


class Cell(NamedTuple):
    """A cell and where it begins, both counted from 1."""

    text: str
    line: int
    column: int


class Record(NamedTuple):
    """The cells of one row, and the first one whose quotes do not match."""

    cells: list[Cell]
    misquoted: Cell | None

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing but delimiters and spaces."""
        return not any(cell.text.strip() for cell in self.cells)


class Source(NamedTuple):
    """Text of a file, and what was wrong with its bytes."""

    text: str
    problem: Cell | None = None
    is_readable: bool = True


def read_source(path: Path) -> Source:
    """Decode a file as UTF-8, with or without a byte-order mark.

    Bytes that are not UTF-8 are replaced, so that the rest of the file can still be checked.

    Raises:
        OSError: if the file cannot be read.
    """
    data = path.read_bytes()
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        problem = "the file is UTF-16; save it as 'CSV UTF-8 (comma separated)'"
        return Source("", Cell(problem, 1, 1), is_readable=False)
    text = data.decode("utf-8-sig", "replace")
    if "\0" in text:
        problem = "a null byte; the file is damaged or not UTF-8, save it as 'CSV UTF-8' again"
        return Source("", Cell(problem, *_position(text[: text.index("\0")])), is_readable=False)
    try:
        data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8", "replace")
        byte = error.object[error.start]
        legacy = bytes([byte]).decode("cp1252", "replace")
        meant = f" (perhaps '{legacy}')" if legacy.isprintable() and legacy != "\ufffd" else ""
        problem = f"byte 0x{byte:02X}{meant} is not UTF-8; save the file as 'CSV UTF-8'"
        return Source(text, Cell(problem, *_position(before)))
    return Source(text)


def _position(before: str) -> tuple[int, int]:
    lines = _LINE_BREAK.split(before)
    return len(lines), len(lines[-1]) + 1


def delimiter_of(text: str, columns: Collection[str]) -> str:
    """What stands between the cells of CSV text: what makes most of its header known columns."""
    separator = _SEPARATOR_LINE.match(text)
    if separator:
        return separator[1]
    return max(DELIMITERS, key=lambda each: len(_header(text, each) & {*columns}))


def _header(text: str, delimiter: str) -> set[str]:
    for record in read_records(text, delimiter):
        if not record.is_blank:
            return {cell.text.strip().lower() for cell in record.cells}
    return set()


def read_records(text: str, delimiter: str = ",") -> Iterator[Record]:
    """Split CSV text into records; a cell with unmatched quotes ends at the next delimiter."""
    quoted_cell, plain_cell = _patterns(delimiter)
    separator_line = _SEPARATOR_LINE.match(text)
    position = line_start = separator_line.end() if separator_line else 0
    line = 2 if separator_line else 1
    cells: list[Cell] = []
    misquoted: Cell | None = None
    while True:
        start = position
        quoted = quoted_cell.match(text, start)
        if quoted:
            position = quoted.end()
            content = quoted[1].replace('""', '"')
        else:
            position = plain_cell.match(text, start).end()  # type: ignore[union-attr]
            content = text[start:position]
        cell = Cell(content, line, start - line_start + 1)
        cells.append(cell)
        if quoted:
            for line_break in _LINE_BREAK.finditer(text, start, position):
                line, line_start = line + 1, line_break.end()
        elif content.startswith('"'):
            misquoted = misquoted or cell

        separator = _LINE_BREAK.match(text, position)
        if separator is None and position < len(text):
            position += 1
            continue
        yield Record(cells, misquoted)
        cells, misquoted = [], None
        if separator is None or separator.end() == len(text):
            return
        position = line_start = separator.end()
        line += 1


@lru_cache
def _patterns(delimiter: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The regular expressions of a cell in quotes and of one without."""
    end = rf"{delimiter}\r\n"
    return re.compile(rf'"((?:[^"]++|"")*+)"(?=[{end}]|\Z)'), re.compile(f"[^{end}]*")


def read_reference(path: Path) -> list[dict[str, str]] | None:
    """Rows of a vocabulary as trimmed text by column name, or None if there is no such file."""
    try:
        records = list(read_records(read_source(path).text))
    except OSError:
        return None
    header, *rows = ([cell.text.strip() for cell in record.cells] for record in records)
    return [dict(zip(header, row, strict=False)) for row in rows if any(row)]
