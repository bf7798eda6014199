"""What if the rules were changed: its numbers are those of real builds, and it writes nothing."""

import csv
import hashlib
import re
import shutil
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from conftest import Scored, run
from leadscore.build import lint
from leadscore.demo_data import DEMO_AS_OF
from leadscore.project import RULES
from leadscore.whatif import WhatIf, what_if
from leadscore.whatif.display import details, markdown, overview
from leadscore.whatif.edits import MOST_EDITS, Edit, find_edits, grouped, read_files
from leadscore.whatif.effects import EditEffect, ScorecardEffect
from leadscore.whatif.page import write_what_if

Line = dict[str, str]
NEXT_DAY = DEMO_AS_OF + timedelta(days=1)
TODAY = date(2026, 11, 1)

SCORES = """
    select lead_id as id, scorecard_id, score, band, grade, next_step from marts.lead_scores
    union all
    select company_id as id, scorecard_id, score, band, grade, next_step from marts.company_scores
"""
MEMBERS = "select list_id, lead_id from marts.list_members"


def edited(folder: Path, **changes: Callable[[list[Line]], object]) -> Path:
    """Copies the shipped rules into a folder, and changes the rows of some of the files."""
    shutil.copytree(RULES, folder, ignore=shutil.ignore_patterns("*.yml"))
    for name, change in changes.items():
        file = folder / f"{name}.csv"
        with file.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            rows, columns = list(reader), list(reader.fieldnames or [])
        change(rows)
        with file.open("w", encoding="utf-8", newline="") as written:
            writer = csv.DictWriter(written, columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    return folder


def points(rule_id: str, new: str) -> Callable[[list[Line]], object]:
    """An edit of the points of a rule."""

    def change(rows: list[Line]) -> None:
        for row in rows:
            if row["rule_id"] == rule_id:
                row["points"] = new

    return change


def threshold(rows: list[Line]) -> None:
    """Lets leads of b2b into the band sql from 46 on, and holds them there down to 40."""
    by_band = {row["band"]: row for row in rows if row["scorecard_id"] == "b2b"}
    by_band["mql"]["upper"] = "45"
    by_band["sql"] |= {"lower": "46", "exit_below": "40"}


def drop_industry(rows: list[Line]) -> None:
    """Takes the first of the target industries out of their list."""
    rows.remove(next(row for row in rows if row["value_list"] == "target_industries"))


def sell_everywhere(rows: list[Line]) -> None:
    """Says that pages about products are about prices."""
    for row in rows:
        if row["page_group"] == "product":
            row["page_group"] = "pricing"


def drop_starter_lists(rows: list[Line]) -> None:
    """Ends the lists that ask for the scorecard starter."""
    rows[:] = [row for row in rows if not row["list_id"].startswith("starter")]


def say_it_otherwise_and_later(rows: list[Line]) -> None:
    """Changes a label, and adds a rule of next year."""
    rows[0]["label"] = "Other words"
    rows.append(rows[0] | {"rule_id": "later", "valid_from": "2027-01-01"})


def effects(found: WhatIf) -> dict[str, dict[str, object]]:
    """Returns what each edit does, by its title."""
    return {
        effect.edit.title: {k: v for k, v in effect.counts.items() if k != "number"}
        for effect in found.effects
    }


def rows_of(database: Path, query: str) -> list[tuple[object, ...]]:
    """Asks a database."""
    with duckdb.connect(database, read_only=True) as connection:
        return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def two_days(demo: Scored, tmp_path_factory: pytest.TempPathFactory) -> Scored:
    """The demo, scored again the day after, so that bands follow from those of a day before."""
    return next_day(demo, tmp_path_factory.mktemp("two_days"))


def next_day(demo: Scored, folder: Path, *options: object) -> Scored:
    """Scores a second day in a copy of the demo."""
    scored = Scored(demo.raw, folder / "warehouse.duckdb", folder / "scores.duckdb")
    shutil.copy(demo.warehouse, scored.warehouse)
    command: list[object] = ["leadscore", "build", "--as-of", NEXT_DAY, *options]
    said = run(*command, "--warehouse", scored.warehouse, "--publish", scored.published)
    assert said.returncode == 0, said.stdout + said.stderr
    return scored


def test_a_what_if_says_what_two_builds_say(demo: Scored, two_days: Scored, tmp_path: Path) -> None:
    """Edits of every kind at once, those of shared files too; and nothing is written."""
    rules = edited(
        tmp_path / "rules",
        explicit_rules=points("b2b_industry_target", "9"),
        implicit_rules=points("b2b_web_product", "-2"),
        bands=threshold,
        value_lists=drop_industry,
        content_map=sell_everywhere,
        synonyms=lambda rows: rows.append(
            {"vocabulary": "industry", "synonym": "software", "value": "retail"}
        ),
        lists=lambda rows: rows.append(
            {"list_id": "new_list", "field": "score.b2b", "operator": "gte", "value": "40"}
        ),
    )
    files = [two_days.warehouse, two_days.published]
    hashes = [hashlib.sha256(file.read_bytes()).digest() for file in files]
    found = what_if(two_days.warehouse, rules, tmp_path / "changes.csv")
    assert [hashlib.sha256(file.read_bytes()).digest() for file in files] == hashes

    other = next_day(demo, tmp_path, "--rules", rules)
    before, after = (
        {row[:2]: row[2:] for row in scored.query(SCORES)} for scored in (two_days, other)
    )
    expected = {key: (before[key], after[key]) for key in before if before[key] != after[key]}
    with (tmp_path / "changes.csv").open(encoding="utf-8", newline="") as lines:
        told = list(csv.DictReader(lines))
    assert {
        (row["id"], row["scorecard_id"]): tuple(
            (int(row[f"score_{side}"]), *(row[f"{name}_{side}"] or None for name in NAMES))
            for side in ("before", "after")
        )
        for row in told
    } == expected
    assert len(told) == len(expected) > 0
    assert found.total["score_up"] + found.total["score_down"] == sum(
        old[0] != new[0] for old, new in expected.values()
    )
    assert {effect.scorecard_id: effect.bands for effect in found.scorecards}["b2b"] == [
        {"band": band, "before": count_of(before, band), "after": count_of(after, band)}
        for band in ("disqualified", "visitor", "prospect", "mql", "sql")
    ]
    members, members_after = (set(scored.query(MEMBERS)) for scored in (two_days, other))
    for each in found.lists:
        old = {lead for name, lead in members if name == each["list_id"]}
        new = {lead for name, lead in members_after if name == each["list_id"]}
        assert (len(new - old), len(old - new)) == (each["gained"], each["lost"])
    assert sum(each["gained"] for each in found.lists) == len(members_after - members)
    assert effects(found).keys() == {
        "content_map.csv and synonyms.csv",
        "explicit_rules.csv: b2b_industry_target",
        "implicit_rules.csv: b2b_web_product",
        "value_lists.csv: target_industries",
        "bands.csv: b2b score",
        "lists.csv: new_list",
    }


NAMES = ("band", "grade", "next_step")


def count_of(scores: dict[tuple[object, ...], tuple[object, ...]], band: str) -> int:
    """Returns how many leads of b2b are in a band."""
    return sum(key[1] == "b2b" and value[1] == band for key, value in scores.items())


def test_each_edit_is_counted_as_if_it_were_the_only_one(two_days: Scored, tmp_path: Path) -> None:
    """Edits that meet in the same scorecards, lists and leads, together and one by one."""
    edits: dict[str, dict[str, Callable[[list[Line]], object]]] = {
        "explicit_rules.csv: b2b_industry_target": {
            "explicit_rules": points("b2b_industry_target", "9")
        },
        "value_lists.csv: target_industries": {"value_lists": drop_industry},
        "bands.csv: b2b score": {"bands": threshold},
    }
    together = {name: change for edit in edits.values() for name, change in edit.items()}
    found = what_if(two_days.warehouse, edited(tmp_path / "all", **together))

    for title in ("value_lists.csv: target_industries", "bands.csv: b2b score"):
        alone = what_if(two_days.warehouse, edited(tmp_path / title[:5], **edits[title]))
        assert effects(found)[title] == effects(alone)[title]
    assert effects(found).keys() == edits.keys()
    assert all(any(counts.values()) for counts in effects(found).values())
    rest = found.total["points"] - sum(each.counts["points"] for each in found.effects)
    assert found.together["points"] == rest != 0
    assert found.together["only_together"] or found.together["cancelled"]


def test_a_scorecard_comes_and_one_goes(two_days: Scored, tmp_path: Path) -> None:
    """All their rows are one edit; leads are newly scored, or not any more."""

    def other(rows: list[Line]) -> None:
        """Calls the scorecard starter another name, and its rules too."""
        for row in rows:
            if row["scorecard_id"] == "starter":
                row["scorecard_id"] = "newcomer"
                row |= {"rule_id": f"new_{row['rule_id']}"} if "rule_id" in row else {}

    files = ("scorecards", "explicit_rules", "implicit_rules", "bands", "grades", "score_limits")
    rules = edited(
        tmp_path / "rules",
        lists=drop_starter_lists,
        **dict.fromkeys(files, other),
    )
    found = what_if(two_days.warehouse, rules)

    scored = {each.scorecard_id: each for each in found.scorecards}
    ((count,),) = two_days.query(
        "select count(*) from marts.lead_scores where scorecard_id='starter'"
    )
    assert scored["newcomer"].counts["entered"] == scored["starter"].counts["left"] == count
    assert (
        scored["newcomer"].counts["scored_before"] == scored["starter"].counts["scored_after"] == 0
    )
    assert {move["direction"] for move in scored["starter"].moves} == {"leaves"}
    assert [row["after"] for row in scored["newcomer"].bands] == [
        row["before"] for row in scored["starter"].bands
    ]
    kinds = {effect.edit.title: effect.edit.kind for effect in found.effects}
    assert kinds["scorecards.csv: newcomer"] == "added"
    assert kinds["scorecards.csv: starter"] == "removed"
    assert "not scored" in markdown(found)


def test_rules_that_say_the_same_change_nothing(demo: Scored, tmp_path: Path) -> None:
    """Other spellings, other words, another order, a missing file, a rule of the future."""
    same = edited(
        tmp_path / "same",
        explicit_rules=lambda rows: rows.reverse(),
        implicit_rules=lambda rows: rows[0].update(
            points=f"{rows[0]['points']}.0", award=rows[0]["award"].title()
        ),
    )
    (same / "overrides.csv").unlink()
    said = run("leadscore", "whatif", "--rules", same, "--warehouse", demo.warehouse)
    assert said.returncode == 0, said.stderr
    assert "The rules are those of the last run, as of 2026-11-01" in said.stdout

    idle = edited(tmp_path / "idle", explicit_rules=say_it_otherwise_and_later)
    said = run("leadscore", "whatif", "--rules", idle, "--warehouse", demo.warehouse, "--markdown")
    assert said.returncode == 0, said.stderr
    assert "2 edits" in said.stdout
    assert "No score, band, grade, next step or list would change." in said.stdout
    assert "later, no effect on 2026-11-01" in said.stdout
    assert "words only" in said.stdout


def test_rules_with_errors_are_refused_as_by_check(tmp_path: Path) -> None:
    """The findings of the linter, with file and line; then what to do if nothing is built yet."""
    wrong = edited(tmp_path / "wrong", explicit_rules=points("b2b_industry_target", "many"))
    said = run("leadscore", "whatif", "--rules", wrong, "--warehouse", tmp_path / "no.duckdb")
    assert said.returncode == 1
    assert re.search(r"explicit_rules\.csv:2.*'many'", said.stdout)

    said = run("leadscore", "whatif", "--rules", RULES, "--warehouse", tmp_path / "no.duckdb")
    assert said.returncode == 1
    assert "nothing is built yet" in said.stderr
    assert not (tmp_path / "no.duckdb").exists()


def example() -> WhatIf:
    """A small what-if, with text that means something to Markdown and HTML."""
    edit = Edit(
        file="bands.csv",
        name="b2b score",
        before={"bands.csv": []},
        after={"bands.csv": []},
    )
    counts = dict.fromkeys(("band_up", "entered", "left", "score_up", "gained"), 0)
    counts |= {"band_down": 1, "score_down": 2, "points": -1012, "redirected": 2, "lost": 3}
    totals = {"scored_before": 4000, "scored_after": 4000, "won": 7, "sales_gained": 0}
    totals |= {name: counts[name] for name in ("band_up", "band_down", "score_up", "score_down")}
    totals |= {"entered": 0, "left": 0, "redirected": 2, "sales_lost": 1}
    return WhatIf(
        as_of=TODAY,
        edits=[edit],
        effects=[EditEffect(edit, counts)],
        total=counts,
        together={"only_together": 0, "cancelled": 0, "points": 0},
        scorecards=[
            ScorecardEffect(
                scorecard_id="b2b",
                subject="lead",
                counts=totals,
                bands=[{"band": "<mql>", "before": 1, "after": 2}],
                moves=[
                    {
                        "band_before": "s|ql",
                        "band_after": "<mql>",
                        "direction": "down",
                        "moved": 1203,
                        "won": 1,
                        "lost": 0,
                        "furthest": ["lead_1", "lead_2", "lead_3"],
                    },
                    {
                        "band_before": None,
                        "band_after": "s|ql",
                        "direction": "enters",
                        "moved": 1,
                        "won": 0,
                        "lost": 0,
                        "furthest": ["lead_9"],
                    },
                ],
                scores=[{"low": -10, "high": -1, "before": 1, "after": 0}],
            )
        ],
        lists=[{"list_id": "hot", "before": 3, "gained": 0, "lost": 3, "after": 0}],
        won_down=[
            {
                "lead_id": "lead_1",
                "scorecard_id": "b2b",
                "score_before": 60,
                "score_after": 40,
                "band_before": "s|ql",
                "band_after": "<mql>",
            }
        ],
        won_down_count=21,
    )


def test_markdown_is_text_for_a_review() -> None:
    """The won leads that would drop come before the rest; what looks like markup is not."""
    text = markdown(example())
    assert text.startswith(
        """## What if

1 edit to the rules of the last run, as of 2026-11-01. 2 scores would change (0 up, 2 down), \
and 1 band (0 up, 1 down).

### Scorecards

| scorecard | scored | then | scores | bands | steps | for sales | won so far |
| --- | --- | --- | --- | --- | --- | --- | --- |
| b2b | 4,000 | 4,000 | +0 -2 | +0 -1 | 2 | +0 -1 | 7 |

Steps: with another grade or next step.

### 21 won leads would drop

| lead | scorecard | score | band |
| --- | --- | --- | --- |
| lead\\_1 | b2b | 60 -> 40 | s\\|ql -> \\<mql> |

and 20 more: --csv lists all

### Each edit alone

| edit | bands | scores | points | steps | lists |
| --- | --- | --- | --- | --- | --- |
| bands.csv: b2b score, added | +0 -1 | +0 -2 | -1,012 | 2 | +0 -3 |
"""
    )
    assert "| -10 to -1 | 1 | 0 | -1 |" in text
    assert (
        """### b2b: from band to band

| from | to | leads | won so far | lost so far | who |
| --- | --- | --- | --- | --- | --- |
| s\\|ql | \\<mql> | 1,203 | 1 | 0 | lead\\_1, lead\\_2, lead\\_3 and 1,200 more |
| not scored | s\\|ql | 1 | 0 | 0 | lead\\_9 |

--csv lists everybody
"""
        in text
    )


def test_a_page_needs_no_network_and_is_the_same_each_time(tmp_path: Path) -> None:
    """It has a chart of bands and of scores, all tables, and nothing that is fetched."""
    write_what_if(tmp_path / "a.html", example())
    write_what_if(tmp_path / "b.html", example())
    page = (tmp_path / "a.html").read_text(encoding="utf-8")
    assert page == (tmp_path / "b.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 2
    assert not re.search(r"""(src|href)\s*=\s*["']?(?!#)|url\((?!#)|@import|<script""", page)
    assert "<mql>" not in page
    for section in overview(example()) + details(example()):
        assert f"<caption>{section.title}</caption>" in page


def test_many_edits_count_as_one_by_file(tmp_path: Path) -> None:
    """Bands of a measure move together, rows of a rule too; many edits are put together."""
    before = read_files(lint(RULES).files)
    many = edited(
        tmp_path / "many",
        explicit_rules=lambda rows: [row.update(points=f"{row['points']}1") for row in rows],
        bands=threshold,
        content_map=sell_everywhere,
    )
    edits = find_edits(before, read_files(lint(many).files), TODAY)
    rules = {row["rule_id"] for row in before["explicit_rules.csv"]}
    assert len(edits) == len(rules) + 2 > MOST_EDITS
    assert [(edit.file, edit.count) for edit in grouped(edits, 5_000)] == [
        ("content_map.csv", 1),
        ("explicit_rules.csv", len(rules)),
        ("bands.csv", 1),
    ]
    few = edits[-3:]
    assert [edit.title for edit in few] == [
        few[0].title,
        "content_map.csv",
        "bands.csv: b2b score",
    ]
    assert few[2].details == "upper 50 -> 45, lower 51 -> 46, exit_below 45 -> 40"
    assert len(grouped(few, 1_000_000)) == 3
    assert [edit.count for edit in grouped(few[:1] + edits, 4_000_000)] == [1, len(rules) + 2]
