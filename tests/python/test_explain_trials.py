"""Leads scored in a trial get what a build gives them: on other days, with other facts, made up."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from conftest import Scored, run
from leadscore.demo_data import DEMO_AS_OF
from leadscore.errors import LeadscoreError
from leadscore.explain.ahead import band_of, with_outlook
from leadscore.explain.answer import Question, answer
from leadscore.explain.facts import parse_fact
from leadscore.explain.made_up import RawRows, read_lead
from leadscore.explain.reading import LeadExplanation, Outlook, explain_lead
from leadscore.explain.trials import (
    WANTED,
    read_tried,
    score_another_day,
    score_made_up,
    score_supposed,
)
from leadscore.project import ROOT, raw_tables
from leadscore.trial import Trial, open_trial

LOOK_AHEAD = 10
DOCS = (ROOT / "docs" / "en" / "explain.md").read_text(encoding="utf-8")
(MADE_UP,) = map(json.loads, re.findall(r"```json\n(.*?)```", DOCS, flags=re.DOTALL))
"""The lead that docs/en/explain.md makes up."""
NEW_FACTS = {"lead.job_title": "Chief Financial Officer", "answer.budget": "approved"}


def scored(trial: Trial) -> Callable[[Iterable[str]], None]:
    """Returns what runs the models of a trial."""
    return lambda changed: trial.run(changed, WANTED, is_recorded=True)


def scores_of(lead: LeadExplanation) -> list[tuple[object, ...]]:
    """Returns scores, bands and all lines of a lead."""
    columns = ("line_type", "axis", "rule_group", "rule_id", "points", "event_count", "label")
    return [
        (
            *(own.score[name] for name in ("scorecard_id", "score", "score_points", "band")),
            sorted([str(tuple(line[name] for name in columns)) for line in own.lines]),
            [tuple(gap.values()) for gap in own.gaps],
        )
        for own in lead.explanations
    ]


@dataclass(frozen=True)
class Tried:
    """What trials on a later day have found.

    Attributes:
        fading: a lead, on the day that was scored, with its outlook.
        day: the day on which that lead leaves its band.
        changed_id: another lead.
        by_fields: it, on that day, with new facts as fields that rules look at.
        by_columns: the same with them as columns of the input contract.
        made_up: a lead that is made up, on that day.
    """

    fading: LeadExplanation
    day: date
    changed_id: str
    by_fields: LeadExplanation
    by_columns: LeadExplanation
    made_up: LeadExplanation


def score_that_fades(demo: Scored) -> tuple[str, str]:
    """Returns the lead and scorecard soonest below what the present band asks, by decay alone."""
    ((lead_id, scorecard_id),) = demo.query(
        """
        with losses as (
            select
                lines.lead_id,
                lines.scorecard_id,
                sum(lines.points * ln(2) / rules.half_life_days) as points_a_day
            from marts.lead_score_ledger as lines
            left join audit.rules_in_force as rules using (scorecard_id, rule_id)
            group by lines.lead_id, lines.scorecard_id
            having bool_and(
                lines.line_type = 'rule' and coalesce(lines.points < rules.max_points, true)
            )
        )
        select scores.lead_id, scores.scorecard_id
        from marts.lead_scores as scores
        inner join losses using (lead_id, scorecard_id)
        inner join rules.bands as bands
            on scores.scorecard_id = bands.scorecard_id
            and scores.band = bands.band and bands.measure = 'score'
        where losses.points_a_day > 0 and not scores.is_vetoed and bands.lower::integer > 0
            and scores.score_points - coalesce(bands.exit_below, bands.lower)::integer + 0.5
                > losses.points_a_day * 2
        order by
            (scores.score_points - coalesce(bands.exit_below, bands.lower)::integer + 0.5)
                / losses.points_a_day,
            scores.lead_id,
            scores.scorecard_id
        limit 1
        """
    )
    return str(lead_id), str(scorecard_id)


@pytest.fixture(scope="module")
def made_up_rows(demo: Scored, tmp_path_factory: pytest.TempPathFactory) -> RawRows:
    """A made-up lead at a company that the CRM has, with colleagues."""
    ((company_id,),) = demo.query(
        """
        select company_id from marts.lead_profiles
        where company_contact_count > 1 and company_industry is not null
        order by company_id limit 1
        """
    )
    file = tmp_path_factory.mktemp("made_up") / "lead.json"
    future = {"event_type": "page_view", "occurred_at": "2036-10-20", "url": "/pricing"}
    made_up = {
        **{name: part for name, part in MADE_UP.items() if name != "company"},
        "lead": MADE_UP["lead"] | {"company_id": company_id},
        "events": [*MADE_UP["events"], future],
    }
    file.write_text(json.dumps(made_up), encoding="utf-8")
    return read_lead(file)


@pytest.fixture(scope="module")
def tried(demo: Scored, made_up_rows: RawRows) -> Tried:
    """Trials of three leads; the warehouse is not written to."""
    before = demo.warehouse.read_bytes()
    fading_id, scorecard_id = score_that_fades(demo)
    with open_trial(demo.warehouse) as trial:
        score_another_day(trial, fading_id, scored(trial))
        fading = read_tried(trial, fading_id, scorecard_id, may_lack=False)
        fading = with_outlook(trial, fading, LOOK_AHEAD)
    left = outlook_of(fading).left
    assert left is not None
    ((found,),) = demo.query(
        """
        select scores.lead_id from marts.lead_scores as scores
        inner join marts.lead_profiles as profiles using (lead_id)
        where scorecard_id = 'b2b' and seniority = 'staff' and company_contact_count > 1
            and engagement_points > 0
        order by score desc, lead_id limit 1
        """
    )
    changed_id = str(found)
    with open_trial(demo.warehouse, left["date"]) as trial:
        score = scored(trial)
        score_another_day(trial, changed_id, score)
        fields = {"lead.seniority": "c_level", "lead.job_function": "finance"}
        asked = {**fields, "answer.budget": NEW_FACTS["answer.budget"]}
        score_supposed(trial, changed_id, [parse_fact(f"{k}={v}") for k, v in asked.items()], score)
        by_fields = read_tried(trial, changed_id, None, may_lack=False)
        facts = [parse_fact(f"{name}={value}") for name, value in NEW_FACTS.items()]
        score_supposed(trial, changed_id, facts, score)
        by_columns = read_tried(trial, changed_id, None, may_lack=False)
    with open_trial(demo.warehouse, left["date"]) as trial:
        score_made_up(trial, made_up_rows, scored(trial))
        made_up = read_tried(trial, "made_up", None, may_lack=False)
    assert demo.warehouse.read_bytes() == before
    return Tried(fading, left["date"], changed_id, by_fields, by_columns, made_up)


@pytest.fixture(scope="module")
def built(
    demo: Scored, tried: Tried, made_up_rows: RawRows, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A warehouse of its own, built for that day from raw data that has all of this."""
    folder = tmp_path_factory.mktemp("built")
    warehouse = folder / "warehouse.duckdb"
    with duckdb.connect(warehouse) as connection:
        connection.execute(f"attach '{demo.warehouse}' as demo (read_only)")
        connection.execute("create schema raw")
        for table in raw_tables():
            connection.execute(f"create table raw.{table} as from demo.raw.{table}")
        connection.execute(
            "update raw.leads set job_title = ? where trim(lead_id) = ?",
            [NEW_FACTS["lead.job_title"], tried.changed_id],
        )
        connection.execute(
            "insert into raw.answers by name select ? as lead_id, 'budget' as question,"
            " ? as answer, ? as answered_at",
            [tried.changed_id, NEW_FACTS["answer.budget"], str(tried.day)],
        )
        for table, rows in made_up_rows.items():
            for row in rows:
                values = row | ({"answered_at": str(tried.day)} if table == "answers" else {})
                names = ", ".join(values)
                marks = ", ".join("?" * len(values))
                connection.execute(
                    f"insert into raw.{table} ({names}) values ({marks})", [*values.values()]
                )
    for command in ("seed", "run"):
        said = run(
            "dbt",
            command,
            *(["--select", *(f"+{model}" for model in WANTED)] if command == "run" else []),
            LEADSCORE_WAREHOUSE=str(warehouse),
            LEADSCORE_AS_OF=str(tried.day),
        )
        assert said.returncode == 0, said.stdout
    return warehouse


def outlook_of(lead: LeadExplanation) -> Outlook:
    """Returns the outlook of a lead with one score."""
    (own,) = lead.explanations
    assert own.outlook is not None
    return own.outlook


def read_built(built: Path, lead_id: str) -> LeadExplanation:
    """Returns a lead as a build has scored it."""
    return explain_lead(built, lead_id)


def test_on_the_day_foretold_a_build_finds_the_lead_out_of_its_band(
    tried: Tried, built: Path
) -> None:
    """With the score foretold; until the day before it is in its band."""
    (own,) = tried.fading.explanations
    outlook = outlook_of(tried.fading)
    assert len(outlook.days) == LOOK_AHEAD
    assert outlook.left is not None
    days_before = [day for day in outlook.days if day["date"] < tried.day]
    assert days_before != []
    assert {day["band"] for day in days_before} == {own.score["band"]}
    (found,) = (
        score
        for score in read_built(built, own.score["lead_id"]).explanations
        if score.score["scorecard_id"] == own.score["scorecard_id"]
    )
    assert (found.score["score"], found.score["band"]) == (
        outlook.left["score"],
        outlook.left["band"],
    )
    now = {line["rule_id"] for line in own.lines} - {line["rule_id"] for line in found.lines}
    assert now == {line["rule_id"] for line in outlook.ends if line["date"] <= tried.day}


def test_supposed_facts_give_what_a_build_on_them_gives(tried: Tried, built: Path) -> None:
    """Whether a title is supposed, or what is read from it."""
    wanted = scores_of(read_built(built, tried.changed_id))
    assert scores_of(tried.by_columns) == wanted
    assert [score[:5] for score in scores_of(tried.by_fields)] == [score[:5] for score in wanted]


def test_a_made_up_lead_gets_what_it_would_get_if_it_were_loaded(tried: Tried, built: Path) -> None:
    """At a company with colleagues, by its events up to the day."""
    wanted = read_built(built, "made_up")
    assert scores_of(tried.made_up) == scores_of(wanted)
    b2b = wanted.explanations[0]
    assert {line["event_count"] for line in b2b.lines if line["axis"] == "engagement"} == {1}
    assert wanted.profile["company_contact_count"] == tried.made_up.profile["company_contact_count"]
    assert wanted.profile["company_contact_count"] > 2


def test_a_lead_is_held_in_its_band_while_it_is_not_below_its_exit() -> None:
    """Of the days to come, too; a veto takes it out whatever its points."""
    held = [{"band": "warm", "lower_score": 26, "exit_below": 22}]
    score = {"is_vetoed": False, "own_band": "cold"}
    assert band_of(score | {"score": 22}, held) == "warm"
    assert band_of(score | {"score": 21}, held) == "cold"
    assert band_of(score | {"score": 26, "own_band": "hot"}, held) == "hot"
    assert band_of(score | {"score": 22, "is_vetoed": True}, held) == "disqualified"
    assert band_of(score | {"score": 22}, [held[0] | {"exit_below": None}]) == "cold"


def test_a_lead_without_a_company_may_be_supposed_to_have_one(demo: Scored) -> None:
    """And to be a customer, whom a scorecard does not score: that is said, too."""
    ((lead_id,),) = demo.query(
        """
        select lead_id from marts.lead_scores
        where scorecard_id = 'b2b' and not is_vetoed and band = 'prospect'
            and lead_id in (select lead_id from marts.lead_profiles where company_id is null)
        order by lead_id limit 1
        """
    )
    said = run(
        "leadscore",
        "explain",
        lead_id,
        "--scorecard",
        "b2b",
        "--set",
        "lead.is_customer=true",
        "--set",
        "company.industry=Banking",
        "--json",
        "--warehouse",
        demo.warehouse,
        "--publish",
        demo.published,
    )
    assert said.returncode == 0, said.stderr
    document = json.loads(said.stdout)
    assert document["supposed"] == {"lead.is_customer": "true", "company.industry": "Banking"}
    assert document["lead"]["company_industry"] == "Banking"
    assert document["lead"]["company_contact_count"] == 1
    assert (document["scores"], document["lost_scores"]) == ([], ["b2b"])
    assert document["as_of_date"] == DEMO_AS_OF.isoformat()


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ("lead.senority=vp", "did you mean 'lead.seniority'"),
        ("seniority=vp", "did you mean 'lead.seniority'"),
        ("lead.seniority", "write field=value"),
        ("lead.seniority=vip", "did you mean 'vp'"),
        ("lead.audience=B2X", "did you mean 'b2c'"),
        ("lead.jobtitle=CEO", "did you mean 'lead.job_title'"),
        ("lead.is_customer=maybe", "true or false"),
        ("lead.created_at=yesterday", "2026-12-31"),
        ("lead.experience_years=1,5", "a number such as"),
        ("lead.completeness=1", "counted from the other fields"),
        ("lead.lead_id=x", "is the lead itself"),
        ("event.page=/x", "there is no field"),
        ("score.b2b=90", "there is no field"),
        ("answer.=x", "there is no field"),
    ],
)
def test_a_fact_that_cannot_be_is_refused_with_its_mend(fact: str, said: str) -> None:
    """Misspelt fields and words, values of another type, what is not a fact of a lead."""
    with pytest.raises(LeadscoreError, match=said):
        parse_fact(fact)


def test_facts_are_read_as_the_engine_reads_them() -> None:
    """Words in lower case; nothing is unknown; what is read from a column goes by the column."""
    assert parse_fact(" lead.Audience = B2B ").value == "b2b"
    assert parse_fact("lead.seniority=").value is None
    assert parse_fact("company.employee_count=10k+").value == "10k+"
    assert parse_fact("answer.Budget=a=b").field == "answer.budget"
    assert [
        name
        for name in ("lead.job_title", "company.industry", "lead.seniority", "lead.lead_source")
        if parse_fact(f"{name}=").is_read
    ] == ["lead.job_title", "company.industry"]


def test_the_file_shown_in_the_docs_has_a_company_of_its_own(tmp_path: Path) -> None:
    """All its parts are read, and belong together."""
    file = tmp_path / "lead.json"
    file.write_text(json.dumps(MADE_UP), encoding="utf-8")
    rows = read_lead(file)
    assert {table for table, found in rows.items() if found} == {
        "leads",
        "companies",
        "lead_attributes",
        "answers",
        "events",
    }
    assert rows["companies"][0]["company_id"] == rows["leads"][0]["company_id"]
    assert [event["event_id"] for event in rows["events"]] == ["made_up_1", "made_up_2"]


def test_a_file_that_is_no_lead_is_refused_with_all_that_is_wrong(tmp_path: Path) -> None:
    """Every error of one file at once; the place of what is no JSON."""
    file = tmp_path / "lead.json"
    file.write_text(
        json.dumps(
            {
                "lead": {"jobtitle": "CEO", "is_customer": "perhaps", "country": ["ES"]},
                "compny": {},
                "answers": ["yes"],
                "events": [{"occurred_at": "soon"}, "x", {"lead_id": "y"}],
            }
        ),
        encoding="utf-8",
    )
    with pytest.raises(LeadscoreError) as caught:
        read_lead(file)
    errors = [line.removeprefix(f"{file}: ") for line in str(caught.value).splitlines()]
    assert errors == [
        "there is no 'compny'; did you mean 'company'?",
        "answers is written between brackets: {...}",
        "lead: there is no column 'jobtitle'; did you mean 'job_title'?",
        "lead.is_customer is true or false, not 'perhaps'",
        "lead.country is one value, not several",
        "events[1].occurred_at is a date such as 2026-12-31, not 'soon'",
        "events[1] has no event_type",
        "events[1] has no occurred_at",
        "events[2] is written between brackets: {...}",
        "events[3].lead_id: all events are those of the lead",
        "events[3] has no event_type",
        "events[3] has no occurred_at",
    ]
    file.write_text('{"lead": {\n"email": }', encoding="utf-8")
    with pytest.raises(LeadscoreError, match=r"lead\.json:2: this is no JSON"):
        read_lead(file)
    with pytest.raises(LeadscoreError, match="cannot be read"):
        read_lead(tmp_path / "none.json")


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["lead_1", "--lead", "lead.json"],
        ["lead_1", "--set", "lead.seniority=vip"],
        ["lead_1", "--since", "2026-10-01", "--json"],
        ["lead_1", "--ahead", "5", "--set", "lead.seniority=vp"],
    ],
)
def test_options_that_do_not_go_together_are_refused(options: list[str]) -> None:
    """Used wrongly is exit code 2."""
    assert run("leadscore", "explain", *options).returncode == 2


def test_a_company_that_nobody_knows_is_refused(demo: Scored, tmp_path: Path) -> None:
    """A made-up lead may have a company of its own, described; an id alone has to be one."""
    file = tmp_path / "lead.json"
    file.write_text('{"lead": {"company_id": "nowhere"}}', encoding="utf-8")
    question = Question(file, None, DEMO_AS_OF + timedelta(1), [], 0)
    with pytest.raises(LeadscoreError, match="there is no company 'nowhere'"):
        answer(question, demo.warehouse, demo.published)
