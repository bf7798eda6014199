"""What the pages for analysts show is true, in both languages."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from doc_examples import TODAY, Block, Example, blocks, examples, prefix, shown_rows, world_of
from engine import Engine, compile_engine
from leadscore.check import CHECKS, RULE_FILES, SPECS, check_rules
from leadscore.check.conditions import OPERATORS
from leadscore.cli import app
from leadscore.project import REFERENCE, ROOT
from reference import Record

DOCS = ROOT / "docs"
ENGLISH, SPANISH = (sorted((DOCS / language).glob("*.md")) for language in ("en", "es"))
SUM = re.compile(r"`([-+\d.\u00d7^/() ]+) = (-?[\d.]+)`")
COMMAND = re.compile(r"\bleadscore ([a-z]+)\b([^\n`#|]*)")
EXAMPLES = [example for page in ENGLISH for example in examples(page)]
SHOWN = [example for example in EXAMPLES if example.results]
REFUSED = [example for example in EXAMPLES if example.findings is not None]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The project, compiled for first and for daily runs."""
    folder = tmp_path_factory.mktemp("engine")
    names = sorted({mart for example in SHOWN for mart in example.results})
    compiled = compile_engine(folder, TODAY, names, with_daily_run=True)
    yield compiled
    compiled.connection.close()


@pytest.fixture(scope="module")
def marts(engine: Engine) -> dict[str, list[Record]]:
    """The marts after a run of each day that examples show, all of them in one world."""
    engine.load(world_of(SHOWN))
    days = sorted(set().union(*(example.days() for example in SHOWN)))
    for day in days:
        for model in engine.models:
            engine.run(model, day, is_daily=day > days[0])
    names = {mart for example in SHOWN for mart in example.results}
    return {name: engine.rows(f"from marts.{name}") for name in names}


def test_examples_do_not_meet() -> None:
    """What has no name of an example's own is said once, so that none changes another's results."""
    rules = world_of(SHOWN).rules
    for file in ("content_map", "synonyms", "service_levels"):
        keys = [tuple(row[column] for column in SPECS[f"{file}.csv"].key) for row in rules[file]]
        assert keys
        assert len(set(keys)) == len(keys), file


@pytest.mark.parametrize("number", range(len(SHOWN)), ids=[each.place for each in SHOWN])
def test_examples_give_what_they_say(number: int, marts: dict[str, list[Record]]) -> None:
    """Every row of every result is there, to the last decimal, and no other."""
    for mart, (columns, rows) in SHOWN[number].results.items():
        days = {row[columns.index("as_of_date")] for row in rows if "as_of_date" in columns}
        found = shown_rows(marts[mart], columns, prefix(number), days)
        assert sorted(found) == sorted(rows), mart


@pytest.mark.parametrize("example", SHOWN, ids=[each.place for each in SHOWN])
def test_the_linter_accepts_what_is_shown(example: Example, tmp_path: Path) -> None:
    """Rules to be copied may be warned about, but not refused."""
    found = check_rules(write_rules(example, tmp_path), REFERENCE)
    assert not [str(finding) for finding in found if finding.severity == "error"]


@pytest.mark.parametrize("example", REFUSED, ids=[each.place for each in REFUSED])
def test_the_linter_says_what_pages_quote(example: Example, tmp_path: Path) -> None:
    """All that it finds in the files of the example, but that there are few rules."""
    found = check_rules(write_rules(example, tmp_path), REFERENCE)
    assert [
        str(finding)
        for finding in found
        if finding.file.removesuffix(".csv") in example.rules
        and "tell leads apart" not in finding.message
    ] == example.findings


def write_rules(example: Example, folder: Path) -> Path:
    """Writes the rule files of an example: first the columns that it shows, then all others."""
    for file, columns in RULE_FILES.items():
        rows = example.all_rules().get(file.removesuffix(".csv"), [])
        with (folder / file).open("w", encoding="utf-8", newline="") as written:
            writer = csv.DictWriter(written, dict.fromkeys([*(rows[0] if rows else ()), *columns]))
            writer.writeheader()
            writer.writerows(rows)
    return folder


@pytest.mark.parametrize("page", ENGLISH, ids=[page.stem for page in ENGLISH])
def test_both_languages_show_the_same(page: Path) -> None:
    """The same levels of headings, the same code and results between them; only words differ."""
    translated = DOCS / "es" / page.name
    assert shared(page) == shared(translated)


def shared(page: Path) -> list[Block]:
    """Returns what the versions of a page share: levels of headings, code and results."""
    return [block._replace(heading="", text=code_of(block)) for block in blocks(page)]


def code_of(block: Block) -> str:
    """Returns a block without its words: those of comments, and of tables that are no results."""
    if block.language == "sh":
        return re.sub(" *#.*", "", block.text)
    if block.language == "table" and not block.name:
        return str([sorted(re.findall("`.+?`", row)) for row in block.text.splitlines()])
    return block.text


def test_every_page_is_there_in_both_languages() -> None:
    """A page for each rule file, and no page in one language only."""
    assert [page.name for page in ENGLISH] == [page.name for page in SPANISH]
    missing = {Path(file).stem for file in RULE_FILES} - {page.stem for page in ENGLISH}
    assert not missing


@pytest.mark.parametrize("file", RULE_FILES)
def test_every_rule_file_has_examples(file: str) -> None:
    """One that is scored, and one that the linter refuses."""
    page = Path(file).stem
    for kind in (SHOWN, REFUSED):
        assert any(
            example.place.startswith(f"{page}:") and page in example.rules for example in kind
        )


@pytest.mark.parametrize("file", RULE_FILES)
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_column_is_explained(file: str, language: str) -> None:
    """In the first table of the page of a rule file, in the order of its header."""
    page = DOCS / language / f"{Path(file).stem}.md"
    table = next(block.text for block in blocks(page) if block.language == "table")
    _, _, *rows = table.splitlines()
    named = [name for row in rows for name in re.findall("`(\\w+)`", row.split("|")[1])]
    assert named == list(RULE_FILES[file])


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_operator_is_explained(language: str) -> None:
    """On the page on conditions."""
    text = (DOCS / language / "conditions.md").read_text(encoding="utf-8")
    assert not [operator for operator in OPERATORS if f"`{operator}`" not in text]


def test_every_group_of_warnings_is_explained() -> None:
    """On the page on check, in the words that it shows; groups of errors alone are left out."""
    page = (DOCS / "en" / "check.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `([^`]+)` \|", page, flags=re.MULTILINE)
    errors_alone = {"scorecards that do not exist", "versions of rules", "bands"}
    others = {"cells", "files", "bands that nobody is in"}
    assert sorted(named) == sorted({topic for topic, _ in CHECKS} - errors_alone | others)


def test_the_sums_in_the_text_are_right() -> None:
    """Code such as `8 * 0.5^(1/2) = 5.6569`, to as many decimals as are shown."""
    shown = 0
    for page in [*ENGLISH, *SPANISH]:
        for sum_, result in SUM.findall(page.read_text(encoding="utf-8")):
            formula = sum_.replace("\u00d7", "*").replace("^", "**")
            decimals = len(result.partition(".")[2])
            assert f"{eval(formula):.{decimals}f}" == result, (page, sum_)
            shown += 1
    assert shown


def test_every_page_is_in_the_index() -> None:
    """Nobody reads what nothing leads to."""
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    pages = {page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md")} - {"README.md"}
    assert not [page for page in sorted(pages) if f"({page})" not in index]


def test_every_link_leads_somewhere() -> None:
    """Files, and headings within them."""
    for page in DOCS.rglob("*.md"):
        for link in re.findall(r"\]\(([^)]+)\)", page.read_text(encoding="utf-8")):
            path, _, anchor = link.partition("#")
            assert "://" in link or (page.parent / path).exists(), (page, link)
            if anchor:
                headings = re.findall(
                    r"^#+ (.+)$", (page.parent / path).read_text(encoding="utf-8"), re.MULTILINE
                )
                assert anchor in {anchor_of(heading) for heading in headings}, (page, link)


def anchor_of(heading: str) -> str:
    """Returns what links call a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def test_every_command_shown_exists() -> None:
    """With the options that are shown."""
    shown = [
        (page.name, *words)
        for page in [ROOT / "README.md", *DOCS.rglob("*.md")]
        for words in COMMAND.findall(page.read_text(encoding="utf-8"))
    ]
    known = get_command(app)
    assert isinstance(known, TyperGroup)
    assert shown
    for page, name, rest in shown:
        assert name in known.commands, (page, name)
        options = {option for each in known.commands[name].params for option in each.opts}
        is_group = isinstance(known.commands[name], TyperGroup)
        unknown = set(re.findall(r"--[\w-]+", rest)) - options - {"--help"}
        assert is_group or not unknown, (page, name)
