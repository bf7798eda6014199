"""Days as people run them: ranges, days out of order, full refreshes, and the story of a lead."""

import re
import shutil
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

import leadscore.build
import leadscore.publish
from conftest import Scored, run
from leadscore import cli
from leadscore.demo_data import DEMO_AS_OF
from leadscore.errors import LeadscoreError
from leadscore.history import advice_on_days, lead_story
from leadscore.project import ROOT, RULES

FIRST = DEMO_AS_OF - timedelta(days=1)
KEPT = [
    "int_band_history",
    "int_grade_history",
    "int_score_history",
    "int_line_history",
    "int_rule_history",
    "int_rule_firings",
    "int_movements",
    "int_list_history",
]


@pytest.fixture(scope="module")
def days(demo: Scored, tmp_path_factory: pytest.TempPathFactory) -> tuple[Scored, str]:
    """Two days of the demo CRM, run as a range, and what the command said."""
    folder = tmp_path_factory.mktemp("days")
    scored = Scored(demo.raw, folder / "warehouse.duckdb", folder / "published" / "scores.duckdb")
    command: list[object] = ["leadscore", "build", "--raw", demo.raw, "--from", FIRST]
    command += ["--to", DEMO_AS_OF]
    said = run(*command, "--warehouse", scored.warehouse, "--publish", scored.published)
    assert said.returncode == 0, said.stdout + said.stderr
    return scored, said.stdout


def kept_rows(warehouse: Path) -> dict[str, list[tuple[object, ...]]]:
    """Returns all that models of history have stored."""
    with duckdb.connect(warehouse, read_only=True) as connection:
        return {
            model: connection.sql(f"from intermediate.{model} order by all").fetchall()
            for model in KEPT
        }


def test_a_range_of_days_is_scored_and_published_once(
    days: tuple[Scored, str], demo: Scored
) -> None:
    """With scores of each day, movements between them, and no trace of the way there."""
    scored, said = days
    assert f"2 days to {DEMO_AS_OF}" in said
    assert "warning" not in re.sub(r"\d+ warnings?: see leadscore check", "", said)
    found = scored.query(
        "select distinct as_of_date from marts.lead_score_history order by as_of_date"
    )
    assert found == [(FIRST,), (DEMO_AS_OF,)]
    ((moved, unequal),) = scored.query(
        """
        select
            count(*) filter (change <> 0),
            count(*) filter (
                change <> new_events + decay + facts + rules + limits + override
                or change <> score - previous_score
            )
        from marts.lead_score_movements
        """
    )
    assert moved
    assert unequal == 0
    same = "select lead_id, scorecard_id, score, fit_points from marts.lead_scores order by all"
    assert scored.query(same) == demo.query(same)


def test_the_story_of_a_lead_tells_what_moved_it(days: tuple[Scored, str]) -> None:
    """Causes on the screen, and their sum from the first score to the last."""
    scored, _ = days
    ((lead_id,),) = scored.query(
        """
        select lead_id from marts.lead_score_movements
        where scorecard_id = 'b2b' and new_events <> 0 and change <> 0
        order by abs(change) desc, lead_id limit 1
        """
    )
    told = lead_story(scored.published, str(lead_id), FIRST, "b2b")
    (story,) = told.stories
    (move,) = story.moves
    assert story.start["score"] + move["change"] == move["score"]
    said = run(
        "leadscore", "explain", lead_id, "--since", FIRST, "--publish", scored.published
    ).stdout
    shown = re.findall(r"(?:events|decay|facts|rules|limits) ([+-][0-9.]+)", said.split("\n\n")[0])
    assert sum(map(Decimal, shown)) == move["change"]
    assert str(DEMO_AS_OF) in said
    with pytest.raises(LeadscoreError, match="no lead 'nobody'"):
        lead_story(scored.published, "nobody", FIRST)


def test_a_full_refresh_and_a_day_run_again_keep_history_as_it_is(
    days: tuple[Scored, str], tmp_path: Path
) -> None:
    """Also a day that was killed after its first model of history."""
    scored, _ = days
    warehouse = Path(shutil.copy(scored.warehouse, tmp_path / "warehouse.duckdb"))
    expected = kept_rows(warehouse)
    assert {row[0] for row in expected["int_band_history"]} == {FIRST, DEMO_AS_OF}
    for options in (["run", "--full-refresh"], ["run", "--select", "int_score_history"], ["run"]):
        said = run(
            "dbt",
            *options,
            "--vars",
            f"{{as_of_date: {DEMO_AS_OF}}}",
            LEADSCORE_WAREHOUSE=str(warehouse),
        )
        assert said.returncode == 0, said.stdout
        assert kept_rows(warehouse) == expected, options


def test_ledgers_are_kept_for_the_days_that_need_them(
    days: tuple[Scored, str], tmp_path: Path
) -> None:
    """Here the last of three days, and the one before it."""
    scored, _ = days
    warehouse = Path(shutil.copy(scored.warehouse, tmp_path / "warehouse.duckdb"))
    later = DEMO_AS_OF + timedelta(days=40)
    said = run(
        "dbt",
        "run",
        "--select",
        "path:models/intermediate/history",
        "--vars",
        f"{{as_of_date: {later}, ledger_history_days: 2}}",
        LEADSCORE_WAREHOUSE=str(warehouse),
    )
    assert said.returncode == 0, said.stdout
    kept = kept_rows(warehouse)
    assert {row[0] for row in kept["int_line_history"]} == {DEMO_AS_OF, later}
    assert {row[0] for row in kept["int_rule_history"]} == {DEMO_AS_OF, later}
    assert {row[0] for row in kept["int_score_history"]} == {FIRST, DEMO_AS_OF, later}


def test_a_day_that_fails_ends_a_range(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The days before it stay, nothing is published, and the message says where to go on."""
    ran: list[date] = []

    def run_dbt(_: object, *, as_of: date, **__: object) -> None:
        ran.append(as_of)
        if as_of == DEMO_AS_OF:
            raise LeadscoreError("test x found:")

    published: list[object] = []
    monkeypatch.setattr(leadscore.build, "run_dbt", run_dbt)
    monkeypatch.setattr(leadscore.publish, "publish", lambda *files: published.append(files))
    range_of_days = cli.chosen_days(None, FIRST, DEMO_AS_OF + timedelta(days=1))
    with pytest.raises(LeadscoreError) as failed:
        cli.run_build(None, RULES, range_of_days, tmp_path / "w.duckdb", tmp_path / "p.duckdb")
    assert ran == [FIRST, DEMO_AS_OF]
    assert not published
    assert f"--from {DEMO_AS_OF} --to {DEMO_AS_OF + timedelta(days=1)}" in str(failed.value)
    assert "test x found:" in str(failed.value)


@pytest.mark.parametrize(
    "options",
    [
        ["--to", "2026-01-01"],
        ["--from", "2026-01-02", "--to", "2026-01-01"],
        ["--from", "2026-01-01", "--as-of", "2026-01-01"],
        ["--from", "soon"],
    ],
)
def test_days_that_make_no_range_are_refused(options: list[str]) -> None:
    """Before anything is touched."""
    said = run("leadscore", "build", *options)
    assert said.returncode == 2, said.stdout


def test_days_to_run_again_are_named_with_the_command(tmp_path: Path) -> None:
    """Days that follow one another in one go; and which scores are published now."""
    published = tmp_path / "scores.duckdb"
    with duckdb.connect(published) as connection:
        connection.execute(
            """
            create schema audit;
            create schema marts;
            create table audit.days_to_run_again as
            select * from (values
                (date '2026-01-02', 'lines'), (date '2026-01-03', 'lines'), (date '2026-02-01', 'x')
            ) as days (as_of_date, reason);
            create table marts.lead_scores as select date '2026-01-02' as as_of_date;
            create table marts.lead_score_history as select date '2026-03-01' as as_of_date;
            """
        )
    range_of_days, day, behind = advice_on_days(published)
    assert "leadscore build --from 2026-01-02 --to 2026-01-03" in range_of_days
    assert "leadscore build --as-of 2026-02-01" in day
    assert "leadscore build --as-of 2026-03-01" in behind


def test_the_queries_of_the_page_on_history_run(days: tuple[Scored, str]) -> None:
    """On what is published."""
    scored, _ = days
    page = (ROOT / "docs" / "history.md").read_text(encoding="utf-8")
    queries = re.findall(r"```sql\n(.*?)```", page, flags=re.DOTALL)
    assert len(queries) == 3
    for query in queries:
        scored.query(query)
