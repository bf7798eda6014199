"""Countries, industries, sizes and names of companies, as anybody may type them."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine import Engine, compile_engine
from leadscore.project import ROOT
from reference import Record, Row, World
from worlds import AS_OF

REAL = ROOT.parent / "shared" / "data" / "reference" / "firmographics"
READ_FROM = {
    "int_countries": "country_raw",
    "int_industries": "industry_raw",
    "int_quantities": "quantity_raw",
    "int_company_names": "company_name_raw",
}
TYPED = ("name", "domain", "industry", "employee_count", "annual_revenue", "country")

# Pieces that mean something to one of the readers, and characters that trip up readers of text.
PIECES = (
    "Georgia USA CA ES Mexico New . , - / ( ) [ ] & + $ € ' \" \\ % ~ 62 62.01 J62 NAICS CNAE "
    "541511 software of and S.A. de C.V. GmbH 1.200 1,5 .5 10k+ m mil millones 1e99 <50 >= self "
    "İ ß ㎏ ١٢ 中国 \u0301 \u200b \u00a0 9999999999999999999999 n/a"
)
TEXTS = st.lists(
    st.one_of(
        st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=12),
        st.lists(st.sampled_from(PIECES.split(" ")), max_size=6).map(" ".join),
    ),
    min_size=1,
    max_size=40,
)

# CLDR names more than ISO 3166 has codes for: parts of countries, and what is no country at all.
PARTS_OF = {"AC": "SH", "TA": "SH", "CP": "FR", "CQ": "GG", "DG": "IO", "EA": "ES", "IC": "ES"}
NO_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The readers of firmographics, compiled once."""
    compiled = compile_engine(tmp_path_factory.mktemp("engine"), AS_OF, list(READ_FROM))
    yield compiled
    compiled.connection.close()


def read(engine: Engine, texts: Iterable[str]) -> dict[str, dict[object, Record]]:
    """Returns what each reader makes of texts, each typed into every field of a company."""
    companies: list[Row] = [
        {"company_id": f"c{number}", **dict.fromkeys(TYPED, text)}
        for number, text in enumerate(texts)
    ]
    engine.build(World(AS_OF, {"leads": [], "events": [], "companies": companies}, {}))
    return {
        model: {row[key]: row for row in engine.rows(f"from intermediate.{model}")}
        for model, key in READ_FROM.items()
    }


def real_rows(file: str) -> list[dict[str, str]]:
    """Returns the rows of a real file; skips the test where it is not at hand."""
    path: Path = REAL / file
    if not path.is_file():
        pytest.skip(f"the real data are not here: no file {file} beside the project")
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@given(texts=TEXTS)
@settings(
    max_examples=10,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_any_text_is_read_the_same_in_any_company(engine: Engine, texts: list[str]) -> None:
    """No text breaks a run, and what it means hangs neither on order nor on its neighbours."""
    together = read(engine, texts)
    assert together == read(engine, texts[::-1])
    for row in together["int_quantities"].values():
        quantity = row["quantity"]
        assert quantity is None or 0 <= float(str(quantity)) < float("inf")
    for model, rows in read(engine, texts[:1]).items():
        assert rows.items() <= together[model].items()


def test_names_of_countries_in_seventeen_languages_give_their_code(engine: Engine) -> None:
    """At least 99 % of the names of CLDR; what is no country gives none."""
    names = [row for row in real_rows("country_names_cldr_17lang.csv") if row["name"].strip()]
    countries = read(engine, {row["name"] for row in names})["int_countries"]
    wrong = []
    for row in names:
        code = countries[row["name"].strip()]["country_code"]
        expected = PARTS_OF.get(row["alpha2"], row["alpha2"])
        if code != (None if expected in NO_COUNTRIES else expected):
            wrong.append((row["alpha2"], row["lang"], row["name"], code))
    assert len(wrong) <= 0.01 * len(names), wrong
    assert not [miss for miss in wrong if miss[1] in ("es", "en", "pt", "fr", "de")], wrong


def test_every_industry_of_linkedin_is_of_its_sector(engine: Engine) -> None:
    """All 434 labels, the finest ones, too."""
    labels = {row["label"]: row["category"] for row in real_rows("linkedin_industry_codes_v2.csv")}
    industries = read(engine, labels)["int_industries"]
    assert {label: industries[label]["sector"] for label in labels} == labels


@pytest.mark.parametrize(
    ("file", "classification", "column"),
    [("cnae_es.csv", "CNAE", "codigo"), ("naics2012_index_synonyms.csv", "NAICS", "naics")],
)
def test_every_official_code_is_an_industry(
    engine: Engine, file: str, classification: str, column: str
) -> None:
    """From two digits on, as sections are only letters."""
    codes = {f"{classification} {row[column]}" for row in real_rows(file) if len(row[column]) > 1}
    industries = read(engine, codes)["int_industries"]
    assert [code for code in codes if industries[code]["sector"] is None] == []


@pytest.mark.parametrize(
    ("file", "revenue", "employees"),
    [
        ("inc5000-2019.csv", "_ - revenue", "_ - workers"),
        ("Fortune_1000.csv", "revenue", "num. of employees"),
    ],
)
def test_every_size_in_lists_of_real_companies_is_the_right_number(
    engine: Engine, file: str, revenue: str, employees: str
) -> None:
    """36.9 Million, 1.2 Billion, 523964."""
    units = {"": 1.0, "Million": 1e6, "Billion": 1e9}
    texts = {row[column] for row in real_rows(file) for column in (revenue, employees)} - {""}
    quantities = read(engine, texts)["int_quantities"]
    for text in texts:
        digits, _, unit = text.partition(" ")
        assert quantities[text]["quantity"] == pytest.approx(float(digits) * units[unit]), text
