"""The shipped vocabularies of job titles, on titles of each language that nobody put into them.

`any` in a file: careful people would not agree, or the vocabulary is free to say.
"""

import csv
from pathlib import Path

import pytest

from leadscore.bench.quality import FIELDS, UNKNOWN, Readings, read_titles

FILES = sorted(Path(__file__).with_name("titles").glob("*.csv"))


def cases(file: Path) -> list[dict[str, str]]:
    """Returns the rows of a file: title, seniority, job_function."""
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def readings() -> Readings:
    """What the project says of all titles, read at once."""
    return read_titles({case["title"] for file in FILES for case in cases(file)})


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_titles_of_a_language_are_read_as_people_mean_them(file: Path, readings: Readings) -> None:
    """All that are read otherwise, at once."""
    wrong = [
        f"{case['title']}: {field} is {said}, not {case[field]}"
        for case in cases(file)
        for field in FIELDS
        if (said := readings[case["title"]][field] or UNKNOWN) != case[field] != "any"
    ]
    assert not wrong, "\n".join(wrong)
