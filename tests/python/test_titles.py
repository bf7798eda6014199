"""Job titles from end to end: the models and the shipped vocabularies, on titles.csv and others.

The folder titles has more of them, a file per language. `any`: the languages themselves do not
agree, or the vocabulary is free to say.
"""

import csv
import html
import re
import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from conftest import write_csv
from leadscore.build import run_dbt
from leadscore.check import check_rules
from leadscore.project import REFERENCE, ROOT, RULES

CASES = [
    Path(__file__).with_name("titles.csv"),
    *sorted(Path(__file__).with_name("titles").glob("*.csv")),
]

DOCS = (ROOT / "docs" / "normalisation.md").read_text(encoding="utf-8")
# Titles of the table in the docs, with seniority, job_function and canonical title.
EXAMPLES = {
    title: [None if said == "unknown" else said for said in readings]
    for title, *readings in re.findall(
        r"^\| ([^|]+)" + r" \| ([^|]+)" * 3 + r" \|$", DOCS, re.MULTILINE
    )
    if title != "typed"
}
CHIEF_EXECUTIVES = [
    "CEO",
    "C.E.O.",
    "Chief Executive Officer",
    "Managing Director",
    "Director general",
    "Directora general",
    "Dir. Gral.",
    "Consejero delegado",
    "Consejera Delegada",
    "Gerente general",
    "Geschäftsführer",
    "Geschäftsführerin",
    "Geschaeftsfuehrerin",
    "GF",
    "PDG",
    "P.D.G.",
    "Président-directeur général",
    "Directrice générale",
    "Gérant",
    "Gérante",
    "Diretor-geral",
    "Diretora-geral",
    "Amministratore delegato",
    "Algemeen directeur",
    "CEO | Founder",
    "Geschäftsführer/Inhaber",
    "GeschÃ¤ftsfÃ¼hrer",
    "CEO @ Acme",
]
NO_CHIEF_EXECUTIVES = [
    "Assistenz der Geschäftsführung",
    "Assistentin der Geschäftsleitung",
    "Assistant to the CEO",
    "Asistente de dirección general",
    "Assistante du PDG",
    "PA to CEO",
    "VP",
    "Vice President",
    "Deputy CEO",
    "Stellv. Geschäftsführer",
    "Directeur général adjoint",
    "Subdirector general",
    "former CEO",
    "Ex-CEO",
    "CEO (retired)",
    "Geschäftsführer a.D.",
    "Director, General Counsel",
    "Accountant at CEO Group",
]
LANGUAGES = {
    "Leiterin Einkauf & Logistik": "de",
    "Head of Sales": "en",
    "Jefa de compras": "es",
    "Directrice des ressources humaines": "fr",
    "Gerente de vendas": "pt",
    "Sales Leiterin": "de",
    "CEO": None,
    "aaa": None,
}
JUNK = ["aaa", "Não informado", "4a", "-", "n/a", "N.A.", "xxx", "test", "12345", "???"]
NO_JUNK = ["Wizard", "Test Manager", "VP", "HR", "QA"]


OWN_SYNONYMS = [
    {"vocabulary": "seniority", "synonym": "Head of Sales", "value": "staff"},
    {"vocabulary": "job_function", "synonym": "wizard", "value": "it"},
    {"vocabulary": "job_function", "synonym": "Purchasing", "value": "operations"},
    {"vocabulary": "seniority", "synonym": "Gran Visir", "value": "c_level"},
    {"vocabulary": "job_function", "synonym": "Gran Visir", "value": "legal"},
]
OWN_READINGS = {
    "Head of Sales": ("staff", "sales"),
    "CEO & Head of Sales": ("staff", "executive"),
    "Chief Wizard": ("c_level", "it"),
    "Purchasing Manager": ("manager", "operations"),
    "Gran Visir": ("c_level", "legal"),
    "Grandes Visires": (None, None),
    "Assistant to the Gran Visir": ("staff", "administration"),
    "Deputy Gran Visir": ("c_level", "legal"),
    "Sales Director": ("director", "sales"),
}

Reading = dict[str, object]


def read_titles(folder: Path, titles: list[str], rules: Path = RULES) -> dict[str, Reading]:
    """Builds the title models on some titles, and returns what they say of each."""
    warehouse = folder / "warehouse.duckdb"
    with duckdb.connect(warehouse) as connection:
        connection.execute("create schema raw")
        connection.execute("create table raw.events (event_id varchar, lead_id varchar)")
        connection.execute(
            "create table raw.leads as select job_title as lead_id, job_title"
            " from (select unnest(?::varchar[]) as job_title)",
            [sorted(set(titles))],
        )
    nodes = ["--select", "+int_job_titles", "--resource-type", "seed", "--resource-type", "model"]
    run_dbt(["build", *nodes], warehouse=warehouse, as_of=date(2026, 1, 1), rules=rules)
    with duckdb.connect(warehouse, read_only=True) as connection:
        relation = connection.sql("from intermediate.int_job_titles")
        rows = [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
    return {row["job_title_raw"]: row for row in rows}


def cases() -> list[dict[str, str]]:
    """Returns the rows of all files of cases; `about` is the file where the row does not say."""
    rows = []
    for path in CASES:
        with path.open(encoding="utf-8", newline="") as lines:
            rows += [{"about": path.stem, **row} for row in csv.DictReader(lines)]
    return rows


@pytest.fixture(scope="module")
def readings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Reading]:
    """What the project says of all titles here."""
    titles = [case["title"] for case in cases()]
    titles += [*CHIEF_EXECUTIVES, *NO_CHIEF_EXECUTIVES, *LANGUAGES, *JUNK, *NO_JUNK, *EXAMPLES]
    return read_titles(tmp_path_factory.mktemp("titles"), titles)


@pytest.mark.parametrize("field", ["seniority", "job_function"])
def test_titles_are_read_as_people_mean_them(readings: dict[str, Reading], field: str) -> None:
    """Every title of titles.csv, and all that are read otherwise at once."""
    wrong = [
        f"{case['title']!r} ({case['about']}): {said}, not {case[field]}"
        for case in cases()
        if (said := readings[case["title"]][field] or "unknown") != case[field] != "any"
    ]
    assert not wrong, "\n".join(wrong)


def test_the_examples_of_the_docs_are_true(readings: dict[str, Reading], tmp_path: Path) -> None:
    """The titles of the table, and the synonyms, which pass the check."""
    columns = ("seniority", "job_function", "job_title_canonical")
    assert len(EXAMPLES) > 10
    said = {title: [readings[title][column] for column in columns] for title in EXAMPLES}
    assert said == EXAMPLES
    rules = Path(shutil.copytree(RULES, tmp_path / "rules"))
    synonyms = DOCS.split("```csv\n")[1].split("```")[0]
    (rules / "synonyms.csv").write_text(synonyms, encoding="utf-8")
    assert [found for found in check_rules(rules, REFERENCE) if found.file == "synonyms.csv"] == []


def test_chief_executives_have_one_name_in_any_language(readings: dict[str, Reading]) -> None:
    """A campaign to CEOs misses none of them (R149)."""
    names = {title: readings[title]["job_title_canonical"] for title in CHIEF_EXECUTIVES}
    assert names == dict.fromkeys(CHIEF_EXECUTIVES, "Chief executive officer")


def test_a_campaign_to_chief_executives_hits_nobody_else(readings: dict[str, Reading]) -> None:
    """Neither their assistants and deputies nor those of another time (R150)."""
    hit = [
        title
        for title in NO_CHIEF_EXECUTIVES
        if readings[title]["job_title_canonical"] == "Chief executive officer"
        or readings[title]["seniority"] == "c_level"
    ]
    assert hit == []


def test_the_words_tell_the_language(readings: dict[str, Reading]) -> None:
    """Words of several languages tell none."""
    assert {title: readings[title]["job_title_language"] for title in LANGUAGES} == LANGUAGES


def test_junk_is_told_from_titles_that_are_not_known(readings: dict[str, Reading]) -> None:
    """Nobody has to look at the first."""
    assert [title for title in JUNK if not readings[title]["is_junk"]] == []
    assert [title for title in NO_JUNK if readings[title]["is_junk"]] == []


def test_the_deciding_phrases_are_named(readings: dict[str, Reading]) -> None:
    """As the vocabulary writes them."""
    said = readings["Leiterin Einkauf & Logistik"]
    assert said["job_title_canonical"] == "Head of procurement"
    assert (said["seniority_phrase"], said["job_function_phrase"]) == ("leiter", "einkauf")


def test_words_of_users_win(tmp_path: Path) -> None:
    """In synonyms.csv, over every shipped phrase they overlap and every rank found beside."""
    rules = Path(shutil.copytree(RULES, tmp_path / "rules"))
    write_csv(rules / "synonyms.csv", [dict(row) for row in OWN_SYNONYMS])
    readings = read_titles(tmp_path, list(OWN_READINGS), rules)
    said = {title: (row["seniority"], row["job_function"]) for title, row in readings.items()}
    assert said == OWN_READINGS


def test_the_repairs_are_those_of_unicode() -> None:
    """What stands in text_repairs.csv is what reading UTF-8 in another encoding makes of it."""

    def windows(encoded: bytes) -> str:
        """Reads as Windows does, which lets undefined bytes be."""
        return "".join(bytes([b]).decode("cp1252", "ignore") or chr(b) for b in encoded)

    with (REFERENCE / "text_repairs.csv").open(encoding="utf-8", newline="") as lines:
        repairs = {row["found"]: row["meant"] for row in csv.DictReader(lines)}
    for found, meant in repairs.items():
        encoded = meant.encode("utf-8")
        if found.startswith("&"):
            assert html.unescape(found) == meant
        else:
            assert found in {windows(encoded), encoded.decode("mac_roman")}
    for letter in "áéíóúñüäößçãõâêàèìòùîôûïëåøæœÁÉÍÓÚÑÜÄÖÇÀÈ":
        encoded = letter.encode("utf-8")
        assert repairs[windows(encoded)] == repairs[encoded.decode("mac_roman")] == letter
