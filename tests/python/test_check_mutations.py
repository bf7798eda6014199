"""The shipped rules with one mistake each: found where it is, every time.

Every kind of mistake knows how to make itself somewhere in the files, and what has to be said of
which cell. Where it is made is drawn at random, from a seed, so that a run can be repeated.
"""

# ruff: noqa: D103 - the names of the mistakes are sentences already

from __future__ import annotations

import csv
import io
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from leadscore.build import as_csv
from leadscore.check import RULE_FILES, SPECS, Finding, check_rules
from leadscore.check.conditions import OPERATORS
from leadscore.check.fields import read_column
from leadscore.project import REFERENCE, RULES

EXPLICIT, IMPLICIT, LISTS = "explicit_rules.csv", "implicit_rules.csv", "lists.csv"
TRIES = 3
KNOWN_FIELDS = read_column(REFERENCE / "fields.csv", "field")

Row = dict[str, str]


class Folder:
    """The shipped rule files, to be changed.

    Attributes:
        rows: by file, the rows by column.
        dice: draws the place of the mistake.
    """

    def __init__(self, folder: Path, seed: str) -> None:
        """Reads the files of a folder."""
        self.folder = folder
        self.dice = random.Random(seed)
        self.rows: dict[str, list[Row]] = {}
        for file in RULE_FILES:
            with (folder / file).open(encoding="utf-8", newline="") as lines:
                self.rows[file] = list(csv.DictReader(lines))

    def text(self, file: str) -> str:
        """The text of a file."""
        columns = RULE_FILES[file]
        return as_csv([columns, *([row[name] for name in columns] for row in self.rows[file])])

    def write(self) -> None:
        """Writes all files."""
        for file in self.rows:
            (self.folder / file).write_text(self.text(file), encoding="utf-8", newline="")

    def draw(self, file: str, fits: Callable[[Row], object] = bool, *, alone: bool = False) -> Row:
        """Draws a row; one that is a rule of its own, if wanted."""
        key = SPECS[file].rule_key
        keys = [[row[name] for name in key] for row in self.rows[file]]
        return self.dice.choice(
            [
                row
                for row, its_key in zip(self.rows[file], keys, strict=True)
                if fits(row) and not (alone and key and keys.count(its_key) > 1)
            ]
        )

    def add(self, file: str, row: Row, **cells: str) -> Row:
        """Appends a row like another."""
        self.rows[file].append(row | cells)
        return self.rows[file][-1]

    def misspell(self, word: str) -> str:
        """Leaves out or doubles a letter."""
        place = self.dice.randrange(1, len(word) - 1)
        return (
            word[:place] + word[place + 1 :]
            if self.dice.random() < 0.5
            else (word[:place] + word[place] + word[place:])
        )

    def place(self, file: str, row: Row, column: str) -> tuple[str, int, int]:
        """File, line and column of a cell."""
        line = next(place for place, each in enumerate(self.rows[file], 2) if each is row)
        before = [row[name] for name in RULE_FILES[file]][: RULE_FILES[file].index(column)]
        return file, line, len(as_csv([before])) + 1 if before else 1


class Mistake(NamedTuple):
    """A mistake that was made.

    Attributes:
        file, line, column: where it has to be found.
        words: what has to be said of it.
        has_echo: whether other places are wrong by it, too.
    """

    file: str
    line: int
    column: int
    words: str
    has_echo: bool = False


def change(folder: Folder, file: str, row: Row, column: str, value: str, words: str) -> Mistake:
    """Writes something else into a cell."""
    row[column] = value
    folder.write()
    return Mistake(*folder.place(file, row, column), words)


def change_text(folder: Folder, file: str, change: Callable[[str], str | bytes]) -> None:
    """Writes a file as a text that no table would be written as."""
    text = change(folder.text(file))
    folder.write()
    (folder.folder / file).write_bytes(text if isinstance(text, bytes) else text.encode())


def wrong_operator(folder: Folder) -> Mistake:
    file = folder.dice.choice([EXPLICIT, IMPLICIT, LISTS])
    row = folder.draw(file, lambda row: row["operator"])
    operator = folder.dice.choice(["=", ">=", "is", "like", folder.misspell(row["operator"])])
    return change(folder, file, row, "operator", operator, "unknown operator")


def misspelt_field(folder: Folder) -> Mistake:
    file = folder.dice.choice([EXPLICIT, IMPLICIT])
    row = folder.draw(file, lambda row: row["field"] in KNOWN_FIELDS)
    name = row["field"]
    while name in KNOWN_FIELDS:
        name = folder.misspell(row["field"])
    words = f"did you mean '{row['field']}'"
    if name.partition(".")[0] not in ("lead", "company", "event"):
        words = "unknown field"
    return change(folder, file, row, "field", name, words)


def misspelt_list(folder: Folder) -> Mistake:
    row = folder.draw(EXPLICIT, lambda row: "in_list" in row["operator"])
    return change(folder, EXPLICIT, row, "value", f"{row['value']}s", "unknown value list")


def misspelt_word(folder: Folder) -> Mistake:
    file, column = folder.dice.choice(
        [(EXPLICIT, "effect"), (IMPLICIT, "award"), ("bands.csv", "next_step"),
         ("content_map.csv", "content_stage"), (IMPLICIT, "count_operator")]
    )  # fmt: skip
    row = folder.draw(file, lambda row: row[column], alone=True)
    return change(folder, file, row, column, f"{row[column]}x", f"{column} needs ")


def unknown_scorecard(folder: Folder) -> Mistake:
    file = folder.dice.choice([EXPLICIT, IMPLICIT, "score_limits.csv", "grades.csv"])
    row = folder.draw(file, alone=True)
    mistake = change(folder, file, row, "scorecard_id", "b3b", "unknown scorecard 'b3b'")
    return mistake._replace(has_echo=True)


def no_number(folder: Folder) -> Mistake:
    file, column = folder.dice.choice(
        [(EXPLICIT, "points"), (IMPLICIT, "points"), ("bands.csv", "lower"), (LISTS, "priority"),
         ("score_limits.csv", "max_points"), ("service_levels.csv", "response_hours")]
    )  # fmt: skip
    number = folder.dice.choice(["ten", "5 pts", "1.2.3", "0x10", "1e", "5%", "1,500.5", "#REF!"])
    row = folder.draw(file, lambda row: row[column], alone=True)
    return change(folder, file, row, column, number, f"{column} needs a ")


def two_numbers_in_one(folder: Folder) -> Mistake:
    file = folder.dice.choice([EXPLICIT, IMPLICIT])
    row = folder.draw(file, alone=True)
    return change(folder, file, row, "points", "1,500", "write '1.500' or '1500'")


def huge_number(folder: Folder) -> Mistake:
    file = folder.dice.choice([EXPLICIT, IMPLICIT])
    number = folder.dice.choice(["1e30", "-99999999999", "1" * 400])
    return change(folder, file, folder.draw(file, alone=True), "points", number, "points needs a n")


def decimal_comma_without_quotes(folder: Folder) -> Mistake:
    file = folder.dice.choice([EXPLICIT, IMPLICIT, "score_limits.csv"])
    column = "max_points" if file == "score_limits.csv" else "points"
    row = folder.draw(file, lambda row: row[column])
    row[column] = "@@"
    change_text(folder, file, lambda text: text.replace("@@", "0,5"))
    return Mistake(*folder.place(file, row, RULE_FILES[file][0]), "put values that contain a comma")


def bad_date(folder: Folder) -> Mistake:
    file = folder.dice.choice([EXPLICIT, IMPLICIT])
    day = folder.dice.choice(
        ["2026-02-30", "31/02/2026", "03/04/2026", "31/12/26", "tomorrow", "2026-1-5x", "46387"]
    )
    row = folder.draw(file, alone=True)
    column = folder.dice.choice(["valid_from", "valid_to"])
    return change(folder, file, row, column, day, f"{column} needs ")


def upside_down_dates(folder: Folder) -> Mistake:
    row = folder.draw(EXPLICIT, alone=True)
    row["valid_to"] = "2025-01-01"
    return change(folder, EXPLICIT, row, "valid_from", "2026-01-01", "must be before valid_to")


def blank_where_something_is_needed(folder: Folder) -> Mistake:
    file, column = folder.dice.choice(
        [(IMPLICIT, "points"), (IMPLICIT, "event_type"), ("value_lists.csv", "value"),
         ("bands.csv", "upper"), ("grades.csv", "grade"), ("content_map.csv", "page_prefix")]
    )  # fmt: skip
    row = folder.draw(file, alone=True)
    return change(folder, file, row, column, "", f"{column} is blank")


def half_a_condition(folder: Folder) -> Mistake:
    row = folder.draw(IMPLICIT, lambda row: row["value"], alone=True)
    column, given = folder.dice.choice([("field", "operator"), ("operator", "field")])
    row[column] = ""
    folder.write()
    return Mistake(*folder.place(IMPLICIT, row, given), f"without {column}")


def swapped_cells(folder: Folder) -> Mistake:
    row = folder.draw(EXPLICIT, lambda row: row["value"] and row["value"] not in OPERATORS)
    row["operator"], row["value"] = row["value"], row["operator"]
    folder.write()
    return Mistake(*folder.place(EXPLICIT, row, "operator"), "unknown operator")


def swapped_columns(folder: Folder) -> Mistake:
    file = folder.dice.choice([EXPLICIT, IMPLICIT])
    header, *rows = folder.text(file).splitlines(keepends=True)
    names = header.strip().split(",")
    one, other = names.index("points"), names.index("label")
    names[one], names[other] = names[other], names[one]
    change_text(folder, file, lambda _: "".join([",".join(names) + "\n", *rows]))
    row = folder.rows[file][0]
    file, line, column = folder.place(file, row, "label")
    return Mistake(file, line, column, "points needs a number", has_echo=True)


def extra_column(folder: Folder) -> Mistake:
    file = folder.dice.choice(list(RULE_FILES))
    change_text(folder, file, lambda text: text.replace("\n", ",notes\n"))
    column = len(",".join(RULE_FILES[file])) + 2
    return Mistake(file, 1, column, "unknown column 'notes'")


def missing_column(folder: Folder) -> Mistake:
    file = folder.dice.choice([EXPLICIT, IMPLICIT, "score_limits.csv", "bands.csv", LISTS])
    gone = folder.dice.choice(RULE_FILES[file])
    rows = list(csv.reader(io.StringIO(folder.text(file))))
    place = rows[0].index(gone)
    change_text(folder, file, lambda _: as_csv([row[:place] + row[place + 1 :] for row in rows]))
    return Mistake(file, 1, 1, f"missing column '{gone}'", has_echo=True)


def misspelt_column(folder: Folder) -> Mistake:
    file = folder.dice.choice(list(RULE_FILES))
    name = folder.dice.choice(RULE_FILES[file])
    wrong = f"{name}x"
    change_text(folder, file, lambda text: text.replace(name, wrong, 1))
    column = folder.text(file).index(name) + 1
    return Mistake(file, 1, column, f"did you mean '{name}'")


def no_header(folder: Folder) -> Mistake:
    file = folder.dice.choice([EXPLICIT, IMPLICIT, "bands.csv", "value_lists.csv"])
    change_text(folder, file, lambda text: text.split("\n", 1)[1])
    return Mistake(file, 1, 1, "the first line must be the header", has_echo=True)


def cell_too_many_or_few(folder: Folder) -> Mistake:
    file = folder.dice.choice([EXPLICIT, IMPLICIT, "bands.csv", LISTS, "content_map.csv"])
    place = folder.dice.randrange(len(folder.rows[file]))
    lines = folder.text(file).splitlines()
    line = lines[place + 1]
    cut = line.rindex(",")
    has_quotes = line.endswith('"')
    lines[place + 1] = f"{line},x" if has_quotes or folder.dice.random() < 0.5 else line[:cut]
    change_text(folder, file, lambda _: "\n".join([*lines, ""]))
    return Mistake(file, place + 2, 1, "the row has ")


def missing_quote(folder: Folder) -> Mistake:
    row = folder.draw(EXPLICIT, lambda row: "," in row["label"] and '"' not in row["label"])
    label, row["label"] = row["label"], "@@"
    change_text(folder, EXPLICIT, lambda text: text.replace("@@", f'"{label}'))
    return Mistake(*folder.place(EXPLICIT, row, "label"), "quotes do not match")


def quote_too_many(folder: Folder) -> Mistake:
    file = folder.dice.choice([EXPLICIT, IMPLICIT])
    row = folder.draw(file, alone=True)
    label, row["label"] = row["label"], "@@"
    change_text(folder, file, lambda text: text.replace("@@", f'"{label}'))
    return Mistake(*folder.place(file, row, "label"), "quotes do not match")


def duplicated_row(folder: Folder) -> Mistake:
    file = folder.dice.choice(
        [EXPLICIT, IMPLICIT, "score_limits.csv", "value_lists.csv", "content_map.csv", "grades.csv",
         LISTS, "service_levels.csv"]
    )  # fmt: skip
    row = folder.add(file, folder.draw(file))
    folder.write()
    return Mistake(*folder.place(file, row, SPECS[file].key[-1]), "drop one")


def rule_in_both_files(folder: Folder) -> Mistake:
    rule_id = folder.draw(EXPLICIT)["rule_id"]
    row = folder.draw(IMPLICIT, alone=True)
    mistake = change(folder, IMPLICIT, row, "rule_id", rule_id, f"rule '{rule_id}' is in")
    return mistake._replace(has_echo=True)


def other_case(folder: Folder) -> Mistake:
    file = folder.dice.choice([EXPLICIT, IMPLICIT])
    row = folder.draw(file, alone=True)
    row = folder.add(file, row, rule_id=row["rule_id"].upper())
    folder.write()
    return Mistake(*folder.place(file, row, "rule_id"), "in its case only")


def rows_that_disagree(folder: Folder) -> Mistake:
    names = [row["rule_id"] for row in folder.rows[EXPLICIT] if row["points"] != "0"]
    row = folder.draw(EXPLICIT, lambda row: names.count(row["rule_id"]) > 1)
    last = [other for other in folder.rows[EXPLICIT] if other["rule_id"] == row["rule_id"]][-1]
    return change(folder, EXPLICIT, last, "points", "77", "points of ")


def overlapping_versions(folder: Folder) -> Mistake:
    row = folder.draw(EXPLICIT, lambda row: not row["valid_from"] + row["valid_to"], alone=True)
    row = folder.add(EXPLICIT, row, valid_from="2026-05-01")
    folder.write()
    return Mistake(*folder.place(EXPLICIT, row, "valid_from"), "valid_to 2026-05-01")


def gap_in_bands(folder: Folder) -> Mistake:
    row = folder.draw("bands.csv", lambda row: int(row["lower"]) + 3 < int(row["upper"]))
    lowest = min(
        int(other["lower"])
        for other in folder.rows["bands.csv"]
        if (other["scorecard_id"], other["measure"]) == (row["scorecard_id"], row["measure"])
    )
    if int(row["lower"]) == lowest:
        return Mistake("", 0, 0, "")
    lower = str(int(row["lower"]) + folder.dice.randint(1, 3))
    return change(folder, "bands.csv", row, "lower", lower, "no band for ")


def overlapping_bands(folder: Folder) -> Mistake:
    mistake = gap_in_bands(folder)
    if not mistake.file:
        return mistake
    row = folder.rows["bands.csv"][mistake.line - 2]
    row["exit_below"] = ""
    lower = str(int(row["lower"]) - folder.dice.randint(4, 5))
    return change(folder, "bands.csv", row, "lower", lower, "bands overlap")


def no_band_at_the_end(folder: Folder) -> Mistake:
    row = folder.draw("bands.csv", lambda row: row["measure"] == "score" and row["upper"] == "100")
    return change(folder, "bands.csv", row, "upper", "99", "no band for 100")


def upside_down_limits(folder: Folder) -> Mistake:
    row = folder.draw("score_limits.csv", lambda row: row["max_points"])
    low = str(float(row["max_points"]) + 1)
    return change(folder, "score_limits.csv", row, "min_points", low, "may not be above")


def limit_of_nothing(folder: Folder) -> Mistake:
    row = folder.draw("score_limits.csv", lambda row: row["rule_group"])
    group = folder.misspell(row["rule_group"])
    return change(folder, "score_limits.csv", row, "rule_group", group, "unknown group")


def upside_down_scorecard(folder: Folder) -> Mistake:
    row = folder.draw("scorecards.csv")
    return change(folder, "scorecards.csv", row, "floor", "100", "must be below ceiling")


def broken_pattern(folder: Folder) -> Mistake:
    row = folder.draw(EXPLICIT, lambda row: row["field"].startswith("attribute."), alone=True)
    row["operator"] = "matches"
    pattern = folder.dice.choice(["(a", "a)", "[a", "*a", "a++", "(?!a)b", "a\\"])
    return change(folder, EXPLICIT, row, "value", pattern, "a regular expression that RE2 can read")


def broken_range(folder: Folder) -> Mistake:
    row = folder.draw(EXPLICIT, alone=True)
    if row["scorecard_id"] != "account":
        row["field"] = "lead.data_age_days"
    else:
        row["field"] = "company.employee_count"
    row["operator"] = "between"
    ends = folder.dice.choice(["50-", "50", "200..50", "a..b", "1..2..3", "1-2", "50..", "02-ene"])
    return change(folder, EXPLICIT, row, "value", ends, "operator 'between' needs low..high")


def operator_of_another_type(folder: Folder) -> Mistake:
    numbers = ("lead.data_age_days", "lead.completeness", "company.annual_revenue")
    row = folder.draw(EXPLICIT, lambda row: row["field"] in numbers)
    operator = folder.dice.choice(["contains", "matches", "within_days", "starts_with"])
    return change(folder, EXPLICIT, row, "operator", operator, "does not fit the number field")


def protected_field(folder: Folder) -> Mistake:
    row = folder.draw(EXPLICIT, lambda row: row["scorecard_id"] == "b2c", alone=True)
    row["operator"], row["value"] = "is_known", ""
    name = folder.dice.choice(["lead.age", "lead.gender", "Lead.Age"])
    return change(folder, EXPLICIT, row, "field", name, "is protected")


def field_of_another_file(folder: Folder) -> Mistake:
    file, name, words = folder.dice.choice(
        [(EXPLICIT, "event.page", "is of events"), (IMPLICIT, "lead.city", "is not of events"),
         (EXPLICIT, "score.b2b", "lists.csv only"), (LISTS, "event.page", "is of events")]
    )  # fmt: skip
    row = folder.draw(file, lambda row: row["field"])
    return change(folder, file, row, "field", name, words)


def list_of_unknown_things(folder: Folder) -> Mistake:
    stages = ("score.", "band.", "rule_count.")
    row = folder.draw(LISTS, lambda row: row["field"].startswith(stages))
    return change(folder, LISTS, row, "field", f"{row['field']}_x", "unknown")


def list_without_priority(folder: Folder) -> Mistake:
    row = folder.draw(LISTS, lambda row: row["exclusive_set"], alone=True)
    return change(folder, LISTS, row, "priority", "", "priority is blank")


def turned_by_a_spreadsheet(folder: Folder) -> Mistake:
    file, column, turned = folder.dice.choice(
        [(EXPLICIT, "label", "#NAME?"), ("value_lists.csv", "value", "01-oct"),
         ("value_lists.csv", "value", "1,23457E+17"), ("value_lists.csv", "value", "VERDADERO")]
    )  # fmt: skip
    row = folder.draw(file, alone=True)
    return change(folder, file, row, column, turned, "spreadsheet")


def bad_synonym(folder: Folder) -> Mistake:
    word, value = folder.dice.choice([("seniority", "boss"), ("country_code", "UK"), ("x", "y")])
    row = folder.add("synonyms.csv", {"vocabulary": word, "synonym": "jefe", "value": value})
    folder.write()
    column = "vocabulary" if word == "x" else "value"
    return Mistake(*folder.place("synonyms.csv", row, column), value if word != "x" else "'x'")


def bad_override(folder: Folder) -> Mistake:
    row = dict.fromkeys(RULE_FILES["overrides.csv"], "x") | {"valid_from": "", "valid_to": ""}
    row = folder.add("overrides.csv", row, scorecard_id="b2b")
    folder.write()
    return Mistake(*folder.place("overrides.csv", row, "score"), "score needs a whole number")


def grade_of_unknown_band(folder: Folder) -> Mistake:
    row = folder.draw("grades.csv")
    column = folder.dice.choice(["fit_band", "engagement_band"])
    mistake = change(folder, "grades.csv", row, column, "Z", "band 'Z'")
    return mistake._replace(has_echo=True)


def letters_of_another_encoding(folder: Folder) -> Mistake:
    file = folder.dice.choice([EXPLICIT, IMPLICIT])
    row = folder.draw(file, alone=True)
    row["label"] = "Decidió"
    change_text(
        folder, file, lambda text: text.encode().replace("Decidió".encode(), b"Decidi\xf3", 1)
    )
    file, line, column = folder.place(file, row, "label")
    return Mistake(file, line, column + 6, "(perhaps 'ó') is not UTF-8")


def null_byte(folder: Folder) -> Mistake:
    file = folder.dice.choice([EXPLICIT, IMPLICIT])
    row = folder.draw(file, alone=True)
    row["label"] = "@@"
    change_text(folder, file, lambda text: text.replace("@@", "\0"))
    return Mistake(*folder.place(file, row, "label"), "null byte", has_echo=True)


def other_encoding(folder: Folder) -> Mistake:
    file = folder.dice.choice(list(RULE_FILES))
    change_text(folder, file, lambda text: text.encode("utf-16"))
    return Mistake(file, 1, 1, "UTF-16", has_echo=True)


def empty_file(folder: Folder) -> Mistake:
    file = folder.dice.choice(list(RULE_FILES))
    change_text(folder, file, lambda _: folder.dice.choice(["", "\n\n", " \n", ",,,\n"]))
    return Mistake(file, 1, 1, "the file is empty", has_echo=True)


def missing_file(folder: Folder) -> Mistake:
    file = folder.dice.choice(["scorecards.csv", "bands.csv"])
    folder.write()
    (folder.folder / file).unlink()
    return Mistake(file, 1, 1, "the file is missing", has_echo=True)


MISTAKES: tuple[Callable[[Folder], Mistake], ...] = (
    wrong_operator, misspelt_field, misspelt_list, misspelt_word, unknown_scorecard, no_number,
    two_numbers_in_one, huge_number, decimal_comma_without_quotes, bad_date, upside_down_dates,
    blank_where_something_is_needed, half_a_condition, swapped_cells, swapped_columns, extra_column,
    missing_column, misspelt_column, no_header, cell_too_many_or_few, missing_quote, quote_too_many,
    duplicated_row, rule_in_both_files, other_case, rows_that_disagree, overlapping_versions,
    gap_in_bands, overlapping_bands, no_band_at_the_end, upside_down_limits, limit_of_nothing,
    upside_down_scorecard, broken_pattern, broken_range, operator_of_another_type, protected_field,
    field_of_another_file, list_of_unknown_things, list_without_priority, turned_by_a_spreadsheet,
    bad_synonym, bad_override, grade_of_unknown_band, letters_of_another_encoding, null_byte,
    other_encoding, empty_file, missing_file,
)  # fmt: skip


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """A copy of the shipped rules."""
    return shutil.copytree(RULES, tmp_path / "rules")


@pytest.mark.parametrize("number", range(TRIES))
@pytest.mark.parametrize("make", MISTAKES, ids=lambda make: make.__name__)
def test_a_mistake_is_found_where_it_is(
    make: Callable[[Folder], Mistake], number: int, rules: Path
) -> None:
    """As an error, unless all that is lost is a file that may be empty; and nothing else is."""
    folder = Folder(rules, f"{make.__name__} {number}")
    mistake = make(folder)
    while not mistake.file:
        mistake = make(folder)
    findings = check_rules(rules, REFERENCE)
    found = [
        finding
        for finding in findings
        if (finding.file, finding.line, finding.column) == mistake[:3]
        and mistake.words in finding.message
    ]
    assert found, f"{mistake} is not in\n" + "\n".join(map(str, findings))
    may_be_empty = make is empty_file and not SPECS[mistake.file].needs_rows
    assert found[0].severity == "error" or may_be_empty
    elsewhere = [
        finding
        for finding in findings
        if finding.severity == "error" and (finding.file, finding.line) != mistake[:2]
    ]
    assert mistake.has_echo or elsewhere == []


def test_the_shipped_rules_have_no_mistake() -> None:
    """And as many mistakes are made as it takes."""
    errors: list[Finding] = [
        finding for finding in check_rules(RULES, REFERENCE) if finding.severity == "error"
    ]
    assert errors == []
    assert len(MISTAKES) * TRIES >= 100
