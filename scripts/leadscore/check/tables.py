"""The rows of a rule file, as the checks look at them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from leadscore.check.files import SPECS, FileSpec
from leadscore.check.reader import Cell
from leadscore.check.spreadsheets import Style, read_cell
from leadscore.check.values import Parser


@dataclass(eq=False)
class Row:
    """One row: trimmed cells by column, and the values of those that parse.

    Where the engine reads a cell in another spelling, such as words in lower case or dates as
    2026-12-31, so does the row.
    """

    file: str
    cells: dict[str, Cell]
    values: Mapping[str, object]

    def text(self, column: str) -> str:
        """The trimmed text of a cell; empty if it is blank or there is no such column."""
        cell = self.cells.get(column)
        return cell.text if cell else ""

    def texts(self, *columns: str) -> tuple[str, ...]:
        """The trimmed texts of several cells."""
        return tuple(self.text(column) for column in columns)

    def respell(self, column: str, text: str) -> None:
        """Give a cell the spelling in which the engine reads it."""
        self.cells[column] = self.cells[column]._replace(text=text)

    def number(self, column: str) -> float | None:
        """The number in a cell; None if it is blank or wrong."""
        value = self.values.get(column)
        return value if isinstance(value, float) else None

    def date(self, column: str) -> date | None:
        """The date in a cell; None if it is blank or wrong."""
        value = self.values.get(column)
        return value if isinstance(value, date) else None

    def is_wrong(self, column: str) -> bool:
        """Whether there is something in the cell that does not parse."""
        return bool(self.text(column)) and column not in self.values

    def position(self, column: str) -> tuple[int, int]:
        """Line and character column where a cell begins, else where the row begins."""
        cell = self.cells.get(column) or next(iter(self.cells.values()))
        return cell.line, cell.column

    @property
    def line(self) -> int:
        """The line where the row begins."""
        return next(iter(self.cells.values())).line


@dataclass
class Table:
    """The rows of one rule file.

    Attributes:
        columns: the columns in the order in which they stand there.
        respelt: cells that are written in another way than the contract's: what stands there, and
            what it is read as.
        style: how the file is written.
        rows: rows with as many cells as the header.
        misshapen: other rows; good enough to know that a name exists.
        is_whole: whether it could be read with all its columns. If not, a name that it seems to
            lack may stand in what could not be read, and is not to be called unknown.
    """

    file: str
    columns: list[str] = field(default_factory=list)
    respelt: list[tuple[str, str]] = field(default_factory=list)
    style: Style = field(default_factory=Style)
    rows: list[Row] = field(default_factory=list)
    misshapen: list[Row] = field(default_factory=list)
    is_whole: bool = True

    @property
    def spec(self) -> FileSpec:
        """The declaration of this file."""
        return SPECS[self.file]

    @property
    def all_rows(self) -> list[Row]:
        """Rows of any shape, to look up names in."""
        return [*self.rows, *self.misshapen]

    @property
    def texts(self) -> list[list[str]]:
        """Header and rows as the contract writes them."""
        columns = self.columns or [*self.spec.columns]
        return [columns, *(list(row.texts(*columns)) for row in self.rows)]

    @property
    def rules(self) -> dict[tuple[str, ...], list[Row]]:
        """The rows of each rule by its key; those without an id are of none."""
        found: dict[tuple[str, ...], list[Row]] = {}
        for row in self.rows:
            key = row.texts(*self.spec.rule_key)
            if key[0]:
                found.setdefault(key, []).append(row)
        return found

    def read(self, row: Row, column: str, parse: Parser) -> object:
        """The value of a cell; the row keeps it as the contract writes it.

        Raises:
            Misfit: if it does not parse, or can be read in two ways.
            Oddity: as the parser does.
        """
        plain, value = read_cell(parse, row.text(column), self.style)
        self.respell(row, column, plain)
        return value

    def respell(self, row: Row, column: str, plain: str) -> None:
        """Give a cell the spelling of the contract."""
        written = row.text(column)
        if written.lower() != plain.lower():
            self.respelt.append((written, plain))
        if written != plain:
            row.respell(column, plain)

    def names(self, column: str) -> dict[str, Row]:
        """The distinct texts of a column, each with its first row."""
        found: dict[str, Row] = {}
        for row in self.all_rows:
            if row.text(column):
                found.setdefault(row.text(column), row)
        return found
