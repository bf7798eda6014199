"""The rule report says what is so: against formulas, brute force, and builds without a rule."""

import csv
import re
import shutil
from collections import Counter
from collections.abc import Iterable
from math import sqrt
from pathlib import Path

import duckdb
import pytest

from conftest import Scored, build, run, write_csv
from leadscore.demo_data import DEMO_AS_OF
from leadscore.pages import count
from leadscore.project import RULES
from leadscore.report import Rule, RuleReport, difference, query, rule_report

Z = 1.959963984540054


@pytest.fixture(scope="module")
def report(demo: Scored) -> RuleReport:
    """The report on the demo CRM."""
    return rule_report(demo.published)


@pytest.fixture(scope="module")
def page(demo: Scored, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same as a page, written by the command."""
    file = tmp_path_factory.mktemp("report") / "new" / "rules.html"
    said = run("leadscore", "report", "--html", file, "--publish", demo.published)
    assert said.returncode == 0, said.stderr
    assert str(file) in said.stdout
    return file


def wilson(successes: int, trials: int) -> tuple[float, float]:
    """Returns the 95 % interval of a share: all shares that are not more than Z deviations off."""
    share = successes / trials
    middle = (successes + Z**2 / 2) / (trials + Z**2)
    spread = Z / (trials + Z**2) * sqrt(trials * share * (1 - share) + Z**2 / 4)
    return middle - spread, middle + spread


def test_intervals_are_those_of_wilson(demo: Scored) -> None:
    """Of those a rule fires for, and of the rest; known ones too."""
    assert wilson(2, 10) == pytest.approx((0.0567, 0.5098), abs=5e-5)
    assert wilson(0, 10) == pytest.approx((0, 0.2775), abs=5e-5)
    found = demo.query(
        """
        select subjects_won, subjects_matched, conversion_low, conversion_high
        from marts.rule_statistics where subjects_matched > 0
        union all
        select rest_won, subjects_scored - subjects_matched, rest_conversion_low,
            rest_conversion_high
        from marts.rule_statistics where subjects_scored > subjects_matched
        """
    )
    assert len(found) > 200
    for won, matched, low, high in found:
        assert isinstance(won, int)
        assert isinstance(matched, int)
        assert (low, high) == pytest.approx(wilson(won, matched), abs=6e-5)


def test_won_is_counted_as_outcomes_say(demo: Scored) -> None:
    """Lead by lead, from the raw opportunities and merges."""
    with duckdb.connect(demo.warehouse, read_only=True) as connection:
        expected = connection.execute(
            """
            select ledger.rule_id, count(distinct ledger.lead_id)
            from marts.lead_score_ledger as ledger
            inner join staging.stg_outcomes as outcomes using (lead_id)
            where ledger.line_type = 'rule' and outcomes.is_won and outcomes.closed_at <= $day
            group by ledger.rule_id
            """,
            {"day": DEMO_AS_OF},
        ).fetchall()
    found = demo.query(
        """
        select rule_id, subjects_won from marts.rule_statistics
        where subjects_won > 0 and scorecard_id <> 'account'
        """
    )
    assert set(found) == set(expected)


def test_a_difference_holds_both_intervals() -> None:
    """Newcombe's published example: 56 of 70 and 48 of 80."""
    statistics: dict[str, object] = {"conversion_rate": 56 / 70, "rest_conversion_rate": 48 / 80}
    for side, (won, matched) in {"conversion": (56, 70), "rest_conversion": (48, 80)}.items():
        statistics[f"{side}_low"], statistics[f"{side}_high"] = wilson(won, matched)
    assert difference(statistics) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def deciding(rules: Iterable[Rule], *, vetoes: bool) -> Rule:
    """Returns the rule that decides most bands, among vetoes or among the others."""
    candidates = [rule for rule in rules if ("disqualified" in rule.decided) == vetoes]
    return max(candidates, key=lambda rule: (rule.decided_count, rule.rule_id))


@pytest.mark.parametrize("kind", ["points", "vetoes"])
def test_bands_that_a_rule_decides_are_those_of_a_build_without_it(
    demo: Scored, report: RuleReport, tmp_path: Path, kind: str
) -> None:
    """A rule of each scorecard that has its own is left out; all who have scores are compared."""
    with (RULES / "composites.csv").open(encoding="utf-8", newline="") as lines:
        composites = {row["scorecard_id"] for row in csv.DictReader(lines)}
    left_out = {}
    for scorecard in report.scorecards:
        is_vetoing = any("disqualified" in rule.decided for rule in scorecard.rules)
        rule = deciding(scorecard.rules, vetoes=kind == "vetoes" and is_vetoing)
        if rule.decided and scorecard.scorecard_id not in composites:
            left_out[scorecard.scorecard_id] = rule
    assert len(left_out) >= 4
    assert any("disqualified" in rule.decided for rule in left_out.values()) == (kind == "vetoes")
    rules = shutil.copytree(RULES, tmp_path / "rules")
    names = {rule.rule_id for rule in left_out.values()}
    for file in (rules / "explicit_rules.csv", rules / "implicit_rules.csv"):
        with file.open(encoding="utf-8", newline="") as lines:
            rows: list[dict[str, object]] = list(csv.DictReader(lines))
        write_csv(file, [row for row in rows if row["rule_id"] not in names])
    without, said = build(tmp_path, demo.raw, DEMO_AS_OF, "--rules", rules)
    assert said.returncode == 0, said.stdout + said.stderr
    bands = """
        select scorecard_id, lead_id, band from marts.lead_scores
        union all select scorecard_id, company_id, band from marts.company_scores
    """
    before = {row[:2]: row[2] for row in demo.query(bands)}
    after = {row[:2]: row[2] for row in without.query(bands)}
    assert before.keys() == after.keys()
    for scorecard_id, rule in left_out.items():
        moved = Counter(
            band
            for subject, band in before.items()
            if subject[0] == scorecard_id and after[subject] != band
        )
        assert moved
        assert rule.decided == moved, rule.rule_id


HAND_MADE = """
    create schema marts; create schema audit; create schema rules;
    create table rules.scorecards (scorecard_id varchar, "floor" varchar, ceiling varchar);
    insert into rules.scorecards values ('s', '0', null);
    create table rules.bands (
        scorecard_id varchar, measure varchar, band varchar, lower varchar, upper varchar,
        exit_below varchar
    );
    insert into rules.bands values
        ('s', 'score', 'low', '0', '25', null), ('s', 'score', 'mid', '26', '50', null),
        ('s', 'Score', 'high', '51', '100', '45'), ('s', 'fit', 'A', '0', '100', null);
    create table audit.rules_in_force (
        rule_id varchar, scorecard_id varchar, effect varchar,
        group_min_points decimal(18, 4), group_max_points decimal(18, 4),
        axis_min_points decimal(18, 4), axis_max_points decimal(18, 4)
    );
    insert into audit.rules_in_force values
        ('free', 's', 'points', null, null, null, 60),
        ('minus', 's', 'points', null, null, null, 60),
        ('limited', 's', 'points', -5, 20, null, 60),
        ('other', 's', 'points', -5, 20, null, 60),
        ('act', 's', 'points', null, null, null, null),
        ('veto', 's', 'veto', null, null, null, 60), ('second', 's', 'veto', null, null, null, 60);
    create table marts.lead_score_ledger (
        lead_id varchar, scorecard_id varchar, line_type varchar, axis varchar,
        rule_group varchar, rule_id varchar, points decimal(18, 4)
    );
    create table marts.lead_scores (
        lead_id varchar, scorecard_id varchar, band varchar, previous_band varchar, score integer,
        score_points decimal(18, 4), fit_points decimal(18, 4), engagement_points decimal(18, 4),
        is_overridden boolean, is_vetoed boolean
    );
    create table marts.company_score_ledger as
        select * rename (lead_id as company_id) from marts.lead_score_ledger;
    create table marts.company_scores as
        select * rename (lead_id as company_id) from marts.lead_scores;
"""


@pytest.mark.parametrize(
    ("lines", "previous_band", "decided"),
    [
        pytest.param({"free": 26}, None, {"free"}, id="the only line"),
        pytest.param({"free": 25.5, "act": 0.4}, None, {"free"}, id="rounding holds the band"),
        pytest.param({"free": 26, "act": 1}, None, {"free"}, id="one point to spare"),
        pytest.param({"free": 13, "act": 13}, None, {"free", "act"}, id="both are needed"),
        pytest.param({"free": 40, "act": 40}, None, {"free", "act"}, id="across two bands"),
        pytest.param({"free": 60, "minus": -20}, None, {"free", "minus"}, id="points taken"),
        pytest.param({"limited": 20, "other": 20, "act": 6}, None, {"act"}, id="group limit"),
        pytest.param(
            {"limited": 60, "other": 5, "act": 6},
            None,
            {"limited", "act"},
            id="group maximum",
        ),
        pytest.param({"limited": 5, "other": -40, "act": 35}, None, {"act"}, id="group minimum"),
        pytest.param({"free": 70, "minus": -10, "act": 5}, None, {"free"}, id="axis limit"),
        pytest.param(
            {"free": 90, "minus": -10, "act": -15}, None, {"free", "act"}, id="axis still limited"
        ),
        pytest.param({"free": 60, "act": 90}, None, set(), id="score limit"),
        pytest.param({"free": 46, "act": 1}, "high", {"free"}, id="held, and still held"),
        pytest.param({"free": 43, "act": 3}, "high", {"free", "act"}, id="held no more"),
        pytest.param({"free": 46, "minus": -3}, "high", {"free", "minus"}, id="held but for it"),
        pytest.param({"free": 46, "minus": -3}, "mid", {"free"}, id="nothing to hold"),
        pytest.param({"free": 60, "veto": 0}, None, {"veto"}, id="sole veto"),
        pytest.param({"free": 60, "veto": 0, "second": 0}, None, set(), id="two vetoes"),
        pytest.param({"minus": -5}, None, set(), id="below the lowest band"),
    ],
)
def test_a_rule_decides_a_band_as_limits_and_history_say(
    lines: dict[str, float], previous_band: str | None, decided: set[str]
) -> None:
    """Cases that can be reckoned by hand: the whole axis of fit has at most 60 points."""
    groups = {"limited": "g", "other": "g"}
    fit = sum(points for rule, points in lines.items() if rule not in {*groups, "act"})
    group = sum(points for rule, points in lines.items() if rule in groups)
    limited = max(-5, min(20, group))
    fit_points = min(60, fit + limited)
    engagement = lines.get("act", 0)
    score_points = max(0, min(100, fit_points + engagement))
    score = int(score_points + 0.5)
    is_vetoed = not lines.keys().isdisjoint({"veto", "second"})
    band = "low" if score < 26 else "mid" if score < 51 else "high"
    if previous_band == "high" and 45 <= score < 51:
        band = "high"
    band = "disqualified" if is_vetoed else band
    with duckdb.connect() as connection:
        connection.execute(HAND_MADE)
        ledger: list[tuple[object, ...]] = [
            ("rule", "engagement" if rule == "act" else "fit", groups.get(rule), rule, points)
            for rule, points in lines.items()
        ]
        ledger.append(("group_limit", "fit", "g", None, limited - group))
        ledger.append(("axis_limit", "fit", None, None, fit_points - fit - limited))
        connection.executemany(
            "insert into marts.lead_score_ledger values ('lead', 's', ?, ?, ?, ?, ?)", ledger
        )
        connection.execute(
            "insert into marts.lead_scores values ('lead', 's', ?, ?, ?, ?, ?, ?, false, ?)",
            [band, previous_band, score, score_points, fit_points, engagement, is_vetoed],
        )
        found = connection.execute(query("bands")).fetchall()
    assert {row[1] for row in found} == decided
    assert {row[2:] for row in found} <= {(band, 1)}


def test_overlaps_are_those_of_all_pairs(demo: Scored, report: RuleReport) -> None:
    """Counted lead by lead and pair by pair."""
    pairs = demo.query(
        """
        select one.rule_id, other.rule_id, count(*)
        from marts.lead_score_ledger as one
        inner join marts.lead_score_ledger as other using (scorecard_id, lead_id, line_type)
        where scorecard_id = 'b2b' and line_type = 'rule' and one.rule_id <> other.rule_id
        group by one.rule_id, other.rule_id
        """
    )
    (b2b,) = (scorecard for scorecard in report.scorecards if scorecard.scorecard_id == "b2b")
    matched = {rule.rule_id: rule.statistics["subjects_matched"] for rule in b2b.rules}
    found = {
        (rule.rule_id, other.rule_id, other.both_count): other.share
        for rule in b2b.rules
        for other in rule.overlaps
    }
    assert set(pairs) == set(found)
    for (one, other, both), share in found.items():
        assert share == pytest.approx(both / (matched[one] + matched[other] - both), abs=6e-5)


def test_groups_are_counted_lead_by_lead(demo: Scored) -> None:
    """Women and men of b2c, from the profiles; M is taken for male."""
    women, men = ("f", "female", "mujer"), ("m", "male", "hombre")
    profiles = demo.query(
        """
        select lower(gender), band from marts.lead_profiles
        inner join marts.lead_scores using (lead_id)
        where scorecard_id = 'b2c'
        """
    )
    expected: Counter[tuple[object, object]] = Counter()
    for gender, band in profiles:
        name = "female" if gender in women else "male" if gender in men else "unknown"
        expected[name, band] += 1
    found = demo.query(
        """
        select group_name, band, lead_count from audit.band_rates_by_group
        where scorecard_id = 'b2c' and field = 'lead.gender' and lead_count > 0
        """
    )
    sizes = Counter(name for name, _ in expected.elements())
    assert {row[0] for row in found} >= {"unknown"}
    assert {row[:2]: row[2] for row in found} == {
        key: number for key, number in expected.items() if sizes[key[0]] >= 10
    }


def test_the_page_begins_with_rules_that_tell_nobody_apart(
    demo: Scored, report: RuleReport, page: Path
) -> None:
    """All of them are named before the first scorecard, and all others after it."""
    html = page.read_text(encoding="utf-8")
    first, rest = html.split('<h2 id="scorecard-1">', 1)
    never = {row["rule_id"] for row in report.never_fired}
    assert never == {
        name
        for (name,) in demo.query("select rule_id from marts.rule_statistics where never_fired")
    }
    assert never
    for scorecard in report.scorecards:
        for rule in scorecard.rules:
            place = first if rule.rule_id in never else rest
            assert f"<code>{rule.rule_id}</code>" in place
    assert count(len(never)) in first


def test_little_data_is_said_plainly(report: RuleReport, page: Path) -> None:
    """No share of a scorecard with few won leads is set beside another one."""
    few = [scorecard for scorecard in report.scorecards if not scorecard.has_enough_won]
    assert few
    html = page.read_text(encoding="utf-8")
    for scorecard in few:
        assert f"{scorecard.subjects_won} won {scorecard.subjects}: that says nothing yet" in html
        assert all("says nothing yet" in rule.verdict for rule in scorecard.rules)
    many = [scorecard for scorecard in report.scorecards if scorecard.has_enough_won]
    for scorecard in many:
        for rule in scorecard.rules:
            if rule.statistics["subjects_matched"] < 10:
                assert "says nothing yet" in rule.verdict


def test_the_page_needs_nothing_else_and_is_the_same_each_time(
    demo: Scored, page: Path, tmp_path: Path
) -> None:
    """No script, no address but the names of XML, and the same bytes."""
    html = page.read_text(encoding="utf-8")
    plain = html.replace('xmlns="http://www.w3.org/2000/svg"', "")
    plain = plain.replace('xmlns:xlink="http://www.w3.org/1999/xlink"', "")
    assert "://" not in plain
    assert "<script" not in plain
    ids = re.findall(r'\bid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    again = tmp_path / "again.html"
    said = run("leadscore", "report", "--html", again, "--publish", demo.published)
    assert said.returncode == 0, said.stderr
    assert again.read_bytes() == page.read_bytes()


def test_one_scorecard_can_be_asked_for(demo: Scored, tmp_path: Path) -> None:
    """And one that is not there is an error that names those that are."""
    file = tmp_path / "b2c.html"
    command: list[object] = ["leadscore", "report", "--publish", demo.published, "--html", file]
    said = run(*command, "--scorecard", "b2c")
    assert said.returncode == 0, said.stderr
    assert "b2b_" not in said.stdout
    assert "b2b_" not in file.read_text(encoding="utf-8")
    said = run("leadscore", "report", "--publish", demo.published, "--scorecard", "b3b")
    assert said.returncode == 1
    assert "there are: account, b2b, b2c" in said.stderr
    assert run("leadscore", "report", "--publish", tmp_path / "none.duckdb").returncode == 1
    assert run("leadscore", "report", "--pdf", file).returncode == 2
