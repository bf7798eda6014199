"""Reading a rule file into rows, with every check that one file needs on its own."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from leadscore.check.files import CONDITION, PROSE, SPECS, FileSpec
from leadscore.check.findings import Report, nearest, normalise, plural, quote
from leadscore.check.reader import DELIMITERS, Record, delimiter_of, read_records, read_source
from leadscore.check.spreadsheets import (
    Style,
    is_day_first,
    why_broken,
    why_turned,
    without_apostrophe,
)
from leadscore.check.tables import Row, Table
from leadscore.check.values import Misfit, Oddity, identifier, text


def read_table(folder: Path, file: str, report: Report) -> Table:
    """Read one rule file and report what is wrong with it, other files aside."""
    table = Table(file)
    spec = table.spec
    try:
        source = read_source(folder / file)
    except FileNotFoundError:
        if spec.needs_rows:
            report.error_at(file, 1, 1, f"the file is missing; it needs {_header(spec)}")
        return table
    except OSError as error:
        report.error_at(file, 1, 1, f"the file cannot be read: {error.strerror or error}")
        return Table(file, is_whole=False)
    if source.problem:
        report.error_at(file, source.problem.line, source.problem.column, source.problem.text)
    if not source.is_readable:
        return Table(file, is_whole=False)

    delimiter = delimiter_of(source.text, spec.columns)
    records = [record for record in read_records(source.text, delimiter) if not record.is_blank]
    if not records:
        message = f"the file is empty; its first line must be {_header(spec)}"
        (report.error_at if spec.needs_rows else report.warning_at)(file, 1, 1, message)
        return Table(file, is_whole=not spec.needs_rows)
    header, *body = _without_empty_columns(records)
    table.columns = _read_header(table, header, report)
    if not table.columns:
        return table
    dated = is_day_first(cell.text for record in body for cell in record.cells)
    table.style = Style(delimiter, dated)
    for record in body:
        _read_row(table, record, report)
    if spec.needs_rows and not table.all_rows:
        report.error_at(file, 1, 1, "the file has a header but no rows; nothing can be scored")
    _check_keys(table, report)
    _check_agreement(table, report)
    return table


def _without_empty_columns(records: list[Record]) -> list[Record]:
    """The records without the empty columns that spreadsheets write at the end.

    A row of another length than the header is left as it is: not all of its cells are where they
    belong.
    """
    width = len(records[0].cells)
    used = 1 + max(
        place
        for record in records
        if len(record.cells) == width
        for place, cell in enumerate(record.cells)
        if cell.text.strip()
    )
    return [
        record._replace(cells=record.cells[:used]) if len(record.cells) == width else record
        for record in records
    ]


def _header(spec: FileSpec) -> str:
    return ",".join(spec.columns)


def _read_header(table: Table, record: Record, report: Report) -> list[str]:
    """Names of the columns in their order, misspelt ones corrected; nothing if none is known."""
    spec, cells = table.spec, record.cells
    line = cells[0].line
    names = [cell.text.strip() for cell in cells]
    known_count = sum(name in spec.columns for name in names)
    # A row may hold a word that is a column's name, too: points are the effect of most rules.
    if not known_count or known_count * 2 < sum(map(bool, names)):
        table.is_whole = False
        report.error_at(table.file, line, 1, f"the first line must be the header {_header(spec)}")
        return []

    columns: list[str] = []
    for cell, name in zip(cells, names, strict=True):
        absent = [column for column in spec.columns if column not in names + columns]
        problem = ""
        if name in columns:
            problem, name = f"column {quote(name)} stands twice; drop one", ""
        elif not name:
            problem = "a column without a name; name it or drop it"
        elif name not in spec.columns:
            meant = nearest(name, tuple(absent)) or ""
            hint = f"did you mean {quote(meant)}?" if meant else f"known are {_header(spec)}"
            problem, name = f"unknown column {quote(name)}; {hint}", meant
        if problem:
            report.error_at(table.file, cell.line, cell.column, problem)
        columns.append(name)
    missing = [column for column in spec.columns if column not in columns]
    if missing:
        table.is_whole = False
        words = ", ".join(f"'{column}'" for column in missing)
        noun, them = ("columns", "them") if len(missing) > 1 else ("column", "it")
        message = f"missing {noun} {words}; add {them} to the header"
        report.error_at(table.file, line, 1, message)
    return columns


def _read_row(table: Table, record: Record, report: Report) -> None:
    spec, file, columns, found = table.spec, table.file, table.columns, len(record.cells)
    cells = {
        column: cell._replace(text=cell.text.strip())
        for column, cell in zip(columns, record.cells, strict=False)
        if column
    }
    if not cells:
        cells = {"": record.cells[0]}
    if record.misquoted or found != len(columns):
        table.misshapen.append(Row(file, cells, {}))
        if record.misquoted:
            place = record.misquoted
            message = f"quotes do not match at {quote(place.text)}; double those inside a cell"
        else:
            place = record.cells[0]
            delimiter = DELIMITERS[table.style.delimiter]
            hint = f"put values that contain a {delimiter} in double quotes"
            if found < len(columns):
                hint = f"add {delimiter}s for the blank ones"
            message = f"the row has {plural(found, 'cell')}, the header {len(columns)}; {hint}"
        report.error_at(file, place.line, place.column, message)
        return

    values: dict[str, object] = {}
    row = Row(file, cells, values)
    for column, cell in tuple(cells.items()):
        table.respell(row, column, without_apostrophe(cell.text))
        if cell.text and column in spec.columns:
            try:
                values[column] = table.read(row, column, spec.columns[column])
            except Misfit as misfit:
                report.error(row, column, misfit.about(column, cell.text))
            except Oddity as oddity:
                values[column] = oddity.value
                report.warning(row, column, f"{column} {quote(cell.text)} {oddity}")
            if isinstance(value := values.get(column), str):
                row.respell(column, value)
                _check_typing(row, column, report)
        elif column in spec.required:
            report.error(row, column, f"{column} is blank; every row of {file} needs one")
        elif column in spec.defaults:
            values[column] = spec.columns[column](spec.defaults[column])
    table.rows.append(row)
    _check_order(row, spec, report)


def _check_typing(row: Row, column: str, report: Report) -> None:
    """A text is what somebody typed, not what a spreadsheet made of it."""
    spec, written = SPECS[row.file], row.text(column)
    problem = why_broken(written)
    # What a condition compares with may well be a date or a number: its operator knows.
    is_name = spec.columns[column] in (text, identifier) and column not in PROSE
    if is_name and not (column == "value" and "operator" in spec.columns):
        problem = problem or why_turned(written)
    if problem:
        report.error(row, column, f"{column} {quote(written)} {problem}")


def _check_order(row: Row, spec: FileSpec, report: Report) -> None:
    for pairs, is_strict in ((spec.increasing, True), (spec.ordered, False)):
        for low, high in pairs:
            first, last = row.date(low) or row.number(low), row.date(high) or row.number(high)
            if first is None or last is None:
                continue
            if isinstance(first, date) and first == last:
                message = f"{low} is {high}, so this version is never in force; drop it"
                report.warning(row, low, message)
            elif first > last or (is_strict and first == last):  # type: ignore[operator]
                must = "must be below" if is_strict else "may not be above"
                if isinstance(first, date):
                    must = "must be before"
                start, end = (row.text(each) or spec.defaults[each] for each in (low, high))
                report.error(row, low, f"{low} {start} {must} {high} {end}")


def _check_keys(table: Table, report: Report) -> None:
    """No two rows may share the key; values compare as the scoring compares them."""
    spec = table.spec
    seen: dict[tuple[str, ...], Row] = {}
    for row in table.rows:
        if any(column in spec.required and not row.text(column) for column in spec.key):
            continue
        exact = row.texts(*spec.key)
        is_pattern = row.text("operator") == "matches"
        key = tuple(
            normalise(text) if column == "value" and not is_pattern else text
            for column, text in zip(spec.key, exact, strict=True)
        )
        first = seen.setdefault(key, row)
        if first is row:
            continue
        parts = zip(spec.key, exact, strict=True)
        what = ", ".join(f"{column} {quote(text)}" for column, text in parts if text)
        if first.texts(*spec.key) == exact:
            report.error(row, spec.key[-1], f"same {what} as on line {first.line}; drop one")
        else:
            value = quote(first.text("value"))
            message = f"{what} compares equal to {value} on line {first.line}; drop one"
            report.warning(row, "value", message)


def _check_agreement(table: Table, report: Report) -> None:
    """The rows of one rule may differ in their conditions only."""
    spec = table.spec
    if not spec.rule_key:
        return
    # scorecard_id is left to the check that a rule has one scorecard, in all its versions.
    shared = set(spec.columns) - {*spec.rule_key, *CONDITION, "scorecard_id"}
    first_rows: dict[tuple[str, ...], Row] = {}
    for row in table.rows:
        key = row.texts(*spec.rule_key)
        if not key[0]:
            continue
        first = first_rows.setdefault(key, row)
        for column in spec.columns:
            if column in shared and row.text(column) != first.text(column):
                here, there = quote(row.text(column)), quote(first.text(column))
                message = (
                    f"{column} of {quote(key[0])} is {here} here but {there} on line {first.line};"
                    " rows of one rule differ in field, operator and value only"
                )
                report.error(row, column, message)
