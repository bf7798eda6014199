"""`leadscore bench quality`: its figures, on labels small enough to count by hand."""

# ruff: noqa: D103 - the names of the tests are sentences already

import csv
from collections import Counter
from pathlib import Path

import pytest

from conftest import run
from leadscore.bench.quality import SETS, Quality, TitleSet, judge, read_sets, read_titles
from leadscore.errors import LeadscoreError
from leadscore.project import ROOT

LABELS = {"director": "Boss", "head": "Boss", "staff": "Worker"}
LABELLED = ROOT.parent / "shared" / "data" / "titles"
TITLES = TitleSet("set.csv", "text", "label", "seniority", LABELS)


def test_figures_are_those_of_the_textbook() -> None:
    quality = Quality(
        Counter({("a", "a"): 6, ("a", "b"): 2, ("b", "b"): 1, ("b", "unknown"): 1}), {}
    )
    assert (quality.total, quality.known, quality.right) == (10, 9, 7)
    assert quality.f1("a") == pytest.approx(2 * 6 / (6 + 8))
    assert quality.f1("b") == pytest.approx(2 * 1 / (3 + 2))
    assert quality.macro_f1 == pytest.approx((12 / 14 + 2 / 5) / 2)
    assert quality.worst(1) == [(("a", "b"), 2)]


def test_a_title_is_right_if_its_label_means_what_we_say() -> None:
    said = {"Chief": "head", "Hand": "staff", "Intern": "intern", "Odd": None}
    readings = {title: {"seniority": value} for title, value in said.items()}
    rows = [("Chief", "Boss"), ("Hand", "Boss"), ("Intern", "Worker"), ("Odd", "Worker")]
    assert judge(TITLES, rows, readings).confusions == {
        ("Boss", "Boss"): 1,
        ("Boss", "Worker"): 1,
        ("Worker", "(intern)"): 1,
        ("Worker", "unknown"): 1,
    }


def test_a_label_that_nobody_mapped_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "set.csv").write_text("text,label\nCEO,Boss\n,Boss\nCook,Kitchen\n")
    with pytest.raises(LeadscoreError, match="Kitchen"):
        TITLES.rows(tmp_path)
    (tmp_path / "set.csv").write_text("text,label\nCEO,Boss\n ,Boss\n")
    assert TITLES.rows(tmp_path) == [("CEO", "Boss")]


def test_no_value_of_ours_means_two_labels_of_a_set() -> None:
    with SETS.open(encoding="utf-8", newline="") as lines:
        meanings = [
            (row["file"], value) for row in csv.DictReader(lines) for value in row["values"].split()
        ]
    assert meanings
    assert len(meanings) == len(set(meanings))


def test_a_folder_of_labelled_titles_is_measured(tmp_path: Path) -> None:
    labelled = "text,label\nCEO,Management\nVertriebsleiterin,Lead\nBecario,Junior\nXyzzy,Senior\n"
    (tmp_path / "seniority_labelled_de_en_fr.csv").write_text(labelled, encoding="utf-8")
    (tmp_path / "crm_titles_unlabelled.csv").write_text("Title\nCEO\nXyzzy\n")
    mistakes = tmp_path / "mistakes.csv"
    said = run("leadscore", "bench", "quality", str(tmp_path), "--errors-to", str(mistakes)).stdout
    assert "accuracy 0.750 (of the known 1.000; known 0.750)" in said
    assert "50.0% with a seniority" in said
    assert "seniority_labelled_de_en_fr.csv,Xyzzy,Senior,unknown" in mistakes.read_text()


@pytest.mark.skipif(
    not LABELLED.is_dir(),
    reason="the labelled titles may be measured with, but not copied into the project",
)
def test_labelled_titles_are_read_well() -> None:
    """At least as well as the docs say, rounded down."""
    sets = [titles for titles in read_sets() if titles.label_column]
    rows = {titles.file: titles.rows(LABELLED) for titles in sets}
    readings = read_titles({title for titled in rows.values() for title, _ in titled})
    for titles in sets:
        quality = judge(titles, rows[titles.file], readings)
        assert quality.right / quality.total >= 0.85, titles.file
