"""Rule files that a spreadsheet saved: read right, or refused at their line, never misread."""

# ruff: noqa: D103 - the names of the tests are sentences already

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from leadscore.build import RulesError, as_csv, rewrite_rules, seeds_with
from leadscore.check import read_rules
from leadscore.check.findings import Finding
from leadscore.check.spreadsheets import (
    Style,
    is_day_first,
    read_cell,
    why_broken,
    why_turned,
    without_apostrophe,
)
from leadscore.check.values import Misfit, Parser, iso_date, number, span, text, truth
from leadscore.cli import app
from leadscore.forget.files import delete_overrides
from leadscore.forget.person import Person
from leadscore.project import REFERENCE, ROOT, RULES

Change = Callable[[str], str]

SHIPPED = read_rules(RULES, REFERENCE).files


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the shipped rules."""
    return shutil.copytree(RULES, tmp_path / "rules")


def dates(pattern: str) -> Change:
    """Writes ISO dates in another way."""

    def change(cell: str) -> str:
        try:
            return date.fromisoformat(cell).strftime(pattern)
        except ValueError:
            return cell

    return change


def decimal_comma(cell: str) -> str:
    return cell.replace(".", ",") if re.fullmatch(r"-?\d+\.\d+", cell) else cell


def words(true: str, false: str) -> Change:
    """Writes truth values in another language."""
    return lambda cell: {"true": true, "false": false}.get(cell, cell)


def save(
    rules: Path,
    *changes: Change,
    delimiter: str = ",",
    mark: bool = False,
    line_end: str = "\r\n",
    empty_columns: int = 0,
    first_line: str = "",
) -> None:
    """Writes every file of a folder as some spreadsheet does."""
    for file in rules.glob("*.csv"):
        with file.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.reader(lines))
        text = io.StringIO(newline="")
        text.write(first_line)
        writer = csv.writer(text, delimiter=delimiter, lineterminator=line_end)
        for row in rows:
            for change in changes:
                row = [change(cell) for cell in row]
            writer.writerow(row + [""] * empty_columns)
        writer.writerows([[""] * (len(rows[0]) + empty_columns)] * (3 if empty_columns else 0))
        file.write_bytes((b"\xef\xbb\xbf" if mark else b"") + text.getvalue().encode())


def errors_in(rules: Path) -> list[Finding]:
    return [found for found in read_rules(rules, REFERENCE).findings if found.severity == "error"]


SPREADSHEETS: dict[str, Callable[[Path], None]] = {
    "Excel in English": lambda rules: save(rules, words("TRUE", "FALSE"), mark=True),
    "Excel in Spanish, dates as 2026-12-31": lambda rules: save(
        rules, decimal_comma, words("VERDADERO", "FALSO"), delimiter=";", mark=True
    ),
    "Excel in German": lambda rules: save(
        rules, decimal_comma, dates("%d.%m.%Y"), words("WAHR", "FALSCH"), delimiter=";", mark=True
    ),
    "Excel with its first line": lambda rules: save(
        rules, decimal_comma, delimiter=";", first_line="sep=;\r\n"
    ),
    "Excel as text with tabs": lambda rules: save(rules, decimal_comma, delimiter="\t"),
    "Excel with empty rows and columns": lambda rules: save(rules, delimiter=";", empty_columns=4),
    "LibreOffice in Spanish with commas": lambda rules: save(
        rules, decimal_comma, words("VERDADERO", "FALSO"), line_end="\n"
    ),
    "LibreOffice with times": lambda rules: save(rules, dates("%Y-%m-%d 00:00:00"), line_end="\n"),
    "apostrophes before what would change": lambda rules: save(
        rules, lambda cell: f"'{cell}" if re.fullmatch(r"[-\d][-.\d]*", cell) else cell
    ),
}


@pytest.mark.parametrize("spreadsheet", SPREADSHEETS.values(), ids=SPREADSHEETS)
def test_files_of_spreadsheets_say_what_they_said(
    spreadsheet: Callable[[Path], None], rules: Path
) -> None:
    spreadsheet(rules)
    assert errors_in(rules) == []
    assert read_rules(rules, REFERENCE).files == SHIPPED
    with seeds_with(rules) as environment:
        seeds = ROOT / environment["LEADSCORE_SEEDS"] / "rules"
        for name, rows in SHIPPED.items():
            assert (seeds / name).read_text(encoding="utf-8") == as_csv(rows), name
    assert rewrite_rules(rules)
    for name, rows in SHIPPED.items():
        assert (rules / name).read_text(encoding="utf-8") == as_csv(rows), name
    assert rewrite_rules(rules) == []


def test_dbt_itself_reads_the_shipped_files_as_the_linter_does() -> None:
    with seeds_with(RULES) as environment:
        assert environment == {}


def test_dates_with_slashes_are_read_once_one_of_them_tells_their_order(rules: Path) -> None:
    """01/10/2026 alone may be two days; beside 31/12/2026 it is the first of October."""
    save(rules, dates("%d/%m/%Y"), delimiter=";")
    file = rules / "implicit_rules.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    doubtful = [number for number, line in enumerate(lines, 1) if "01/10/2026" in line]
    refused = errors_in(rules)
    assert [(found.file, found.line) for found in refused] == [
        ("implicit_rules.csv", line) for line in doubtful
    ]
    assert "write '2026-10-01' or '2026-01-10'" in refused[0].message
    place = lines[refused[0].line - 1][refused[0].column - 1 :]
    assert place.startswith("01/10/2026")

    telling = lines[1].split(";")
    telling[0], telling[-3] = "added", "31/12/2026"
    file.write_text("\n".join([*lines, ";".join(telling), ""]), encoding="utf-8")
    assert errors_in(rules) == []
    assert (
        read_rules(rules, REFERENCE).files["implicit_rules.csv"][:-1]
        == (SHIPPED["implicit_rules.csv"])
    )


# file, line | column=what a spreadsheet leaves there | what it is read as, or = what is said of it
CELLS = """
explicit_rules.csv 2   | points=1,5                  | 1.5
explicit_rules.csv 2   | points=-0,5                 | -0.5
explicit_rules.csv 2   | points=,5                   | 0.5
explicit_rules.csv 2   | points=12,50                | 12.50
explicit_rules.csv 2   | points=1500,125             | 1500.125
explicit_rules.csv 2   | points=0,125                | 0.125
explicit_rules.csv 2   | points=1,00E+02             | 1.00E+02
explicit_rules.csv 2   | points=1,500                | = write '1.500' or '1500'
explicit_rules.csv 2   | points=1.500                | 1.500
explicit_rules.csv 2   | points=1.500,5              | = write 1500.5
explicit_rules.csv 2   | points=1,500.5              | = write 1500.5
explicit_rules.csv 2   | points=1 500                | = write 1500
explicit_rules.csv 2   | points=\u22125              | = write -5
explicit_rules.csv 2   | points=50%                  | = write it without '%'
explicit_rules.csv 2   | points=02-ene               | = points needs a number
explicit_rules.csv 2   | points=#¡REF!               | = points needs a number
implicit_rules.csv 2   | window_days=1,095           | 1095
implicit_rules.csv 2   | window_days=1,5             | = a whole number above 0
explicit_rules.csv 2   | valid_from=31/12/2026       | 2026-12-31
explicit_rules.csv 2   | valid_from=31-12-2026       | 2026-12-31
explicit_rules.csv 2   | valid_from=31.12.2026       | 2026-12-31
explicit_rules.csv 2   | valid_from=03.04.2026       | 2026-04-03
explicit_rules.csv 2   | valid_from=12/31/2026       | 2026-12-31
explicit_rules.csv 2   | valid_from=2026/12/31       | 2026-12-31
explicit_rules.csv 2   | valid_from=2026-12-31 00:00:00 | 2026-12-31
explicit_rules.csv 2   | valid_from=2026-12-31T00:00:00.000 | 2026-12-31
explicit_rules.csv 2   | valid_from=31/12/2026 0:00  | 2026-12-31
explicit_rules.csv 2   | valid_from='2026-12-31      | 2026-12-31
explicit_rules.csv 2   | valid_from=05/05/2026       | 2026-05-05
explicit_rules.csv 2   | valid_from=03/04/2026       | = write '2026-04-03' or '2026-03-04'
explicit_rules.csv 2   | valid_from=2026-12-31 15:30 | = an ISO date
explicit_rules.csv 2   | valid_from=31/12/26         | = year first, with four digits
explicit_rules.csv 2   | valid_from=31/02/2026       | = an ISO date
explicit_rules.csv 2   | valid_from=46387            | = a spreadsheet means 2026-12-31
scorecards.csv 2       | include_customers=VERDADERO | true
scorecards.csv 2       | include_customers=WAHR      | true
scorecards.csv 2       | include_customers=FALSO     | false
scorecards.csv 2       | include_customers=Faux      | false
scorecards.csv 2       | include_customers=1         | = true or false
explicit_rules.csv 8   | value=1,5                   | 1.5
explicit_rules.csv 8   | operator=between & value=0,5..1,5 | 0.5..1.5
explicit_rules.csv 8   | operator=between & value=1..25    | 1..25
explicit_rules.csv 8   | operator=between & value=1,500..9000 | = '1.500..9000' or '1500..9000'
explicit_rules.csv 8   | operator=between & value=1,500..2 | 1.500..2
explicit_rules.csv 8   | field=lead.created_at & value=31/12/2026 | 2026-12-31
explicit_rules.csv 8   | field=lead.created_at & value=03/04/2026 | = '2026-04-03' or '2026-03-04'
explicit_rules.csv 8   | field=lead.is_customer & operator=equals & value=WAHR | true
explicit_rules.csv 7   | value=01-oct                | = spreadsheets make of '1-10'; write that
explicit_rules.csv 7   | value=10-Jan                | = spreadsheets make of '1-10'
explicit_rules.csv 7   | value=02. Jan               | = spreadsheets make of '1-2'
explicit_rules.csv 7   | value=nov-50                | = spreadsheets make of '11-50'
explicit_rules.csv 7   | value=Okt 49                | = spreadsheets make of '10-49'
explicit_rules.csv 7   | value='1-10                 | 1-10
explicit_rules.csv 7   | field=attribute.x & value=VERDADERO | = make of 'true'
explicit_rules.csv 7   | field=attribute.x & value=31/12/2026 | = make of dates
explicit_rules.csv 7   | field=attribute.x & value=#¿NOMBRE? | = error of a spreadsheet's formula
explicit_rules.csv 7   | field=attribute.x & operator=matches & value=oct-25 | oct-25
explicit_rules.csv 7   | field=lead.city & value='s-Hertogenbosch | 's-Hertogenbosch
explicit_rules.csv 7   | label=#NAME?                | = the error of a spreadsheet's formula
explicit_rules.csv 7   | label=oct-25                | oct-25
overrides.csv 2        | lead_id=1,23457E+17         | = shortened; write all of it
overrides.csv 2        | lead_id=1.00E+05            | = shortened; write all of it
overrides.csv 2        | lead_id=1E5                 | 1E5
overrides.csv 2        | lead_id=#N/A                | = the error of a spreadsheet's formula
value_lists.csv 2      | value=03-feb                | = spreadsheets make of '2-3'
value_lists.csv 2      | value=Sector "afín"         | Sector "afín"
""".strip().splitlines()


@pytest.mark.parametrize("case", CELLS, ids=CELLS)
def test_a_cell_is_read_right_or_refused_with_the_mend(case: str, rules: Path) -> None:
    place, edits, meant = (part.strip() for part in case.split(" | "))
    name, line = place.split()
    (rules / "overrides.csv").write_text(
        "lead_id,scorecard_id,score,reason,author,valid_from,valid_to\nL1,b2b,50,Met,Ana,,\n"
    )
    with (rules / name).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))
    header, row = rows[0], rows[int(line) - 1]
    for edit in edits.split(" & "):
        column, written = edit.split("=", 1)
        row[header.index(column)] = written
    (rules / name).write_text(as_csv(rows), encoding="utf-8")

    checked = read_rules(rules, REFERENCE)
    if meant.startswith("= "):
        (error,) = [found for found in checked.findings if found.severity == "error"]
        assert (error.file, error.line) == (name, int(line))
        assert meant.removeprefix("= ") in error.message
        text = (rules / name).read_text(encoding="utf-8").splitlines()[int(line) - 1]
        assert text[error.column - 1 :].lstrip('"').startswith(written.strip('"')[:3])
    else:
        read = checked.files[name][int(line) - 1][header.index(column)]
        assert read == meant
        assert not checked.has_errors


def test_thousands_are_doubtful_where_decimals_may_have_a_comma(rules: Path) -> None:
    """In a file with commas 1.500 is one and a half, as the contract has it; else nobody knows."""
    file = rules / "explicit_rules.csv"
    rows = list(csv.reader(io.StringIO(file.read_text(encoding="utf-8"))))
    rows[1][rows[0].index("points")] = "1.500"
    file.write_text(as_csv(rows), encoding="utf-8")
    assert errors_in(rules) == []
    save(rules, delimiter=";")
    (error,) = errors_in(rules)
    assert (error.line, "write '1.5000' or '1500'" in error.message) == (2, True)


def test_a_decimal_comma_without_quotes_is_refused_in_a_file_with_commas(rules: Path) -> None:
    file = rules / "score_limits.csv"
    file.write_text(file.read_text().replace("-40,40", "-40,40,5", 1))
    (error,) = errors_in(rules)
    assert (error.file, error.line) == ("score_limits.csv", 2)
    assert "put values that contain a comma in double quotes" in error.message


def test_a_shifted_row_is_refused_beside_empty_columns_too(rules: Path) -> None:
    save(rules, empty_columns=2)
    file = rules / "score_limits.csv"
    text = file.read_bytes()
    assert text.count(b"-40,40,,") > 0
    file.write_bytes(text.replace(b"-40,40,,", b"-40,0,5,,", 1))
    (error,) = errors_in(rules)
    assert (error.file, error.line) == ("score_limits.csv", 2)
    assert "put values that contain a comma in double quotes" in error.message


def test_lines_are_counted_from_the_first_line_of_excel(rules: Path) -> None:
    save(rules, delimiter=";", first_line="sep=;\r\n")
    file = rules / "score_limits.csv"
    file.write_bytes(file.read_bytes().replace(b"-40;40", b"-40;x", 1))
    (error,) = errors_in(rules)
    assert (error.line, error.column) == (3, file.read_text().splitlines()[2].index("x") + 1)


def test_legacy_letters_and_cells_beside_the_columns_are_refused(rules: Path) -> None:
    file = rules / "value_lists.csv"
    text = file.read_text(encoding="utf-8")
    file.write_bytes(text.replace("target_industries,Accounting", "x,Energía").encode("cp1252"))
    assert any("(perhaps 'í') is not UTF-8" in error.message for error in errors_in(rules))
    file.write_text(text.replace("\n", ",\n").replace("Accounting,", "Accounting,note", 1))
    (error,) = errors_in(rules)
    assert (error.line, "column without a name" in error.message) == (1, True)


def test_a_file_with_errors_is_not_rewritten(rules: Path) -> None:
    save(rules, decimal_comma, delimiter=";")
    file = rules / "bands.csv"
    broken = file.read_text(encoding="utf-8").replace("b2b;score;visitor;0", "b2b;score;visitor;x")
    file.write_text(broken, encoding="utf-8")
    with pytest.raises(RulesError):
        rewrite_rules(rules)
    assert file.read_text(encoding="utf-8") == broken


def test_check_tells_of_the_style_and_mends_it(rules: Path) -> None:
    save(rules, decimal_comma, dates("%d.%m.%Y"), delimiter=";")
    said = CliRunner().invoke(app, ["check", "--rules", str(rules)])
    assert said.exit_code == 0
    assert "semicolons, '01.01.2026' read as '2026-01-01'" in said.output
    said = CliRunner().invoke(app, ["check", "--fix", "--rules", str(rules)])
    assert said.exit_code == 0
    assert "semicolons" not in said.stdout
    again = CliRunner().invoke(app, ["check", "--fix", "--rules", str(rules)])
    assert "Rewritten" not in again.output


DAYS = st.dates(date(1990, 1, 1), date(2060, 1, 1))
PATTERNS = ("%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d 00:00:00")


@given(st.lists(DAYS, min_size=1), st.sampled_from(PATTERNS))
def test_no_date_is_read_as_another(days: list[date], pattern: str) -> None:
    cells = [day.strftime(pattern) for day in days]
    style = Style(",", is_day_first(cells))
    for day, cell in zip(days, cells, strict=True):
        if style.is_day_first is None and pattern in PATTERNS[:3] and day.day != day.month:
            with pytest.raises(Misfit, match="one meaning") as refused:
                read_cell(iso_date, cell, style)
            assert day.isoformat() in refused.value.hint
        else:
            assert read_cell(iso_date, cell, style) == (day.isoformat(), day)


@given(
    st.integers(-(10**9), 10**9),
    st.integers(0, 5),
    st.sampled_from([(";", ","), ("\t", ","), (",", ","), (";", "."), ("\t", "."), (",", ".")]),
)
def test_no_number_is_read_as_another(digits: int, decimals: int, style: tuple[str, str]) -> None:
    delimiter, point = style
    meant = f"{digits / 10**decimals:.{decimals}f}"
    written = meant.replace(".", point)
    is_doubtful = re.fullmatch(r"-?[1-9]\d{0,2}[.,]\d{3}", written) and style != (",", ".")
    if is_doubtful:
        with pytest.raises(Misfit, match="one meaning") as refused:
            read_cell(number, written, Style(delimiter))
        assert meant in refused.value.hint
    else:
        assert read_cell(number, written, Style(delimiter))[1] == float(meant)


KINDS: dict[str, Parser] = {
    "number": number,
    "range": span(number),
    "date": iso_date,
    "truth value": truth,
    "text": text,
}


def test_the_page_on_spreadsheets_tells_the_truth() -> None:
    """Every row of its two tables is read, or refused, as it says."""
    page = (ROOT / "docs" / "en" / "spreadsheets.md").read_text(encoding="utf-8")
    read = re.findall(r"^\| ([a-z ]+) \| `([^`]+)` \| `([^`]+)` \|$", page, flags=re.MULTILINE)
    assert len(read) == 10
    for kind, written, plain in read:
        assert read_cell(KINDS[kind], without_apostrophe(written), Style())[0] == plain
    refused = re.findall(
        r"^\| ([a-z ]+) \| `([^`]+)` \| [^|]+ \| ([^|]+) \|$", page, flags=re.MULTILINE
    )
    assert len(refused) == 7
    for kind, written, mend in refused:
        if kind == "text":
            said = why_broken(written) or why_turned(written)
        else:
            with pytest.raises(Misfit) as misfit:
                read_cell(KINDS[kind], written, Style())
            said = str(misfit.value) + misfit.value.hint
        assert said
        if written != "31/12/26":
            assert all(plain in said for plain in re.findall("`(.+?)`", mend)), said


def test_a_person_is_forgotten_in_a_file_with_semicolons(rules: Path) -> None:
    file = rules / "overrides.csv"
    header = "lead_id;scorecard_id;score;reason;author;valid_from;valid_to"
    file.write_text(f"{header}\nL1;b2b;90;Met;Ana;;\nL2;b2b;80;Met;Ana;;\n", encoding="utf-8")
    assert delete_overrides(rules, Person({"L1"})) == 1
    assert file.read_text(encoding="utf-8") == f"{header}\nL2;b2b;80;Met;Ana;;\n"
