"""History: in whatever order days are run, it is as if each had been run once in order.

Each day counts with the leads that its last run knew of: those of raw, or, of a day before the last
one observed, those of then. `Observations` is a model of that.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine import Engine, compile_engine
from reference import Day, Record, Row, World, history, score_day, timestamp, trimmed
from worlds import AS_OF, Dice, worlds

SCORES = [
    "score",
    "fit_points",
    "engagement_points",
    "score_points",
    "is_vetoed",
    "band",
    "previous_band",
    "entered_on",
    "grade",
    "next_step",
]
CAUSES = ["new_events", "decay", "facts", "rules", "limits", "override"]
MOVEMENTS = ["previous_as_of_date", "previous_score", "score", "change", *CAUSES]
KEY = ["scorecard_id", "as_of_date"]
SEGMENTS = ["band", "entered_on", "days_in_band", "sales_entered_on"]
KEPT_DAYS = 2
KEPT_MODELS = (
    "int_line_history",
    "int_rule_history",
    "int_movements",
    "int_list_history",
    "days_to_run_again",
)
TABLES = [
    "lead_score_history",
    "company_score_history",
    "lead_score_movements",
    "company_score_movements",
    "list_membership_history",
    "list_members",
    "lead_segments",
    "days_to_run_again",
]


@dataclass(frozen=True)
class Run:
    """A run of a day on what the warehouse held then; `killed_at` is the model it did not reach."""

    world: World
    killed_at: str | None = None


@dataclass
class Observations:
    """What runs have seen in raw: rows by lead, and by day observed."""

    by_day: dict[date, dict[str, list[Row]]] = field(default_factory=dict)

    def of_run(self, world: World) -> World:
        """Observes what raw holds, or returns what a replay makes of it."""
        found: dict[str, list[Row]] = {}
        for row in world.raw["leads"]:
            found.setdefault(trimmed(row["lead_id"]) or "", []).append(row)
        day = world.as_of_date
        if day >= max(self.by_day, default=day):
            self.by_day[day] = found
            return world
        known = [row for lead_id in found for row in self.known_on(day, lead_id, found[lead_id])]
        return replace(world, raw=world.raw | {"leads": known})

    def known_on(self, day: date, lead_id: str, rows: list[Row]) -> list[Row]:
        """Returns what was known of a lead on a day, else what was first known of it.

        Args:
            day: the day.
            lead_id: the lead.
            rows: what raw says of it, for one that no run has observed.
        """
        seen = [observed for observed in sorted(self.by_day) if lead_id in self.by_day[observed]]
        if not seen:
            return rows
        known, before = self.by_day[seen[0]][lead_id], None
        for observed in sorted(self.by_day):
            now = self.by_day[observed].get(lead_id, [])
            if before is not None and now != self.by_day[before].get(lead_id, []):
                stamps = [moment.date() for row in now if (moment := timestamp(row["updated_at"]))]
                stamp = max(stamps, default=observed)
                valid_from = stamp if before < stamp <= observed else observed
                if valid_from <= max(day, seen[0]):
                    known = now
            before = observed
        return known


@dataclass
class Past:
    """What runs leave to later ones: relations that exist, and what they knew.

    Attributes:
        kept: relations.
        observations: what was seen in raw.
        days: what the last run of each day has scored.
    """

    kept: set[str] = field(default_factory=set)
    observations: Observations = field(default_factory=Observations)
    days: dict[date, World] = field(default_factory=dict)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The project, compiled for first and for daily runs."""
    folder = tmp_path_factory.mktemp("engine")
    compiled = compile_engine(folder, AS_OF, TABLES, with_daily_run=True)
    yield compiled
    compiled.connection.close()


@pytest.fixture(scope="module")
def forgetful_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The same, keeping the ledgers of a few run days only."""
    folder = tmp_path_factory.mktemp("engine")
    compiled = compile_engine(
        folder, AS_OF, TABLES, with_daily_run=True, ledger_history_days=KEPT_DAYS
    )
    yield compiled
    compiled.connection.close()


def changed_leads(raw: dict[str, list[Row]], dice: Dice) -> list[Row]:
    """Returns leads as another day knows them: gone, with other facts, or of another audience.

    Who merges with whom is not a matter of the day, so that those leads stay.
    """
    rows = raw["leads"]
    merged = {trimmed(cell) for row in raw.get("lead_merges", []) for cell in row.values()}
    gone = {trimmed(row["lead_id"]) for row in rows if dice.chance(0.05)} - merged
    return [
        row
        | ({"lead_source": dice.pick(("Web", "Trade   Show", None))} if dice.chance(0.2) else {})
        | ({"is_customer": dice.pick(("true", "false"))} if dice.chance(0.1) else {})
        | ({"audience": dice.pick(("b2b", "b2c"))} if dice.chance(0.1) else {})
        for row in rows
        if trimmed(row["lead_id"]) not in gone
    ]


def changed_rules(rules: dict[str, list[Row]], dice: Dice) -> dict[str, list[Row]]:
    """Returns rules as another day knows them: edited in place, gone, or with other thresholds."""
    changed = dict(rules)
    for file in ("explicit_rules", "implicit_rules"):
        for rule_id in dict.fromkeys(row["rule_id"] for row in rules.get(file, [])):
            if dice.chance(0.15):
                edits: tuple[Row, ...] = ({"points": "3"}, {"rule_group": "web"}, {})
                edit = dice.pick(edits)
                changed[file] = [
                    row | edit if row["rule_id"] == rule_id else row
                    for row in changed[file]
                    if row["rule_id"] != rule_id or edit
                ]
    if dice.chance(0.3):
        changed["bands"] = [row | {"exit_below": None} for row in rules["bands"]]
    for file in ("value_lists", "content_map", "overrides", "score_limits", "scorecards"):
        kept = [row for row in rules.get(file, []) if not dice.chance(0.1)]
        if file == "scorecards":
            kept = [
                row | {"half_life_days": "5"} if dice.chance(0.1) else row for row in rules[file]
            ]
        if file != "value_lists" or {row["value_list"] for row in kept} == {
            row["value_list"] for row in rules[file]
        }:
            changed[file] = kept
    return changed


@st.composite
def days_of(draw: st.DrawFn, least: int = 2, most: int = 5) -> list[World]:
    """Draws what the warehouse holds on each of some days, in order."""
    world = draw(worlds(AS_OF, is_crowded=True))
    ages = draw(
        st.lists(
            st.sampled_from((0, 1, 2, 3, 7, 8, 31, 60)), min_size=least, max_size=most, unique=True
        )
    )
    drawn = []
    for age in sorted(ages, reverse=True):
        dice = Dice.of(draw(st.integers(0, 2**20)))
        raw = world.raw | {"leads": changed_leads(world.raw, dice)}
        rules = changed_rules(world.rules, dice) if dice.chance(0.4) else world.rules
        as_of = AS_OF - timedelta(days=age)
        drawn.append(replace(world, as_of_date=as_of, raw=raw, rules=rules))
    return drawn


@st.composite
def runs_of(draw: st.DrawFn, days: list[World]) -> list[Run]:
    """Draws an order of runs: each day once at least, also killed, or on data corrected later.

    A day with one run may be killed for good, but for the last run, which tells what is missing.
    """
    killed_at = st.sampled_from((None, *KEPT_MODELS))
    runs = [Run(day) for day in draw(st.permutations(days))]
    if draw(st.booleans()):
        runs[0] = Run(runs[0].world, draw(killed_at))
    for day in draw(st.lists(st.sampled_from([run.world for run in runs[1:]]), max_size=3)):
        dice = Dice.of(draw(st.integers(0, 2**20)))
        wrong = replace(day, raw=day.raw | {"leads": changed_leads(day.raw, dice)})
        wrong = replace(wrong, rules=changed_rules(day.rules, dice))
        place = draw(st.integers(0, max(i for i, run in enumerate(runs) if run.world is day)))
        runs.insert(place, Run(wrong, draw(killed_at)))
    return runs


def carry_out(engine: Engine, runs: list[Run], past: Past) -> None:
    """Runs days, one after another, as far as each of them comes."""
    for run in runs:
        engine.load(run.world)
        for model in engine.models:
            if model.relation.split(".")[1] == run.killed_at:
                break
            engine.run(model, run.world.as_of_date, is_daily=model.relation in past.kept)
            past.kept.add(model.relation)
            if model.relation.endswith(("int_line_history", "int_rule_history")):
                engine.connection.execute(
                    f"delete from {model.relation} where as_of_date not in "
                    "(select as_of_date from intermediate.int_run_days where has_ledger_kept)"
                )
        past.days[run.world.as_of_date] = past.observations.of_run(run.world)


def as_run_in_order(days: list[World]) -> list[Day]:
    """Scores days by the reference."""
    scored: list[Day] = []
    for day in days:
        scored.append(score_day(day, scored[-1] if scored else None))
    return scored


def table(rows: list[Record], columns: list[str]) -> list[tuple[object, ...]]:
    """Returns some columns of rows, in an order of their own."""
    return sorted((tuple(row[column] for column in columns) for row in rows), key=repr)


def assert_history(engine: Engine, days: dict[date, World], last: date) -> None:
    """All history is that of the reference, for those who are there at the last run."""
    scored = as_run_in_order([days[day] for day in sorted(days)])
    expected = history(scored)
    (today,) = (day for day in scored if day.as_of_date == last)
    for subject_type in ("lead", "company"):
        subject = f"{subject_type}_id"
        there = {row[0] for row in engine.connection.sql(THERE[subject_type]).fetchall()}
        for mart, rows, columns in (
            (f"{subject_type}_score_history", expected.scores, SCORES),
            (f"{subject_type}_score_movements", expected.movements, MOVEMENTS),
        ):
            wanted = [
                row | {subject: row["subject_id"]}
                for row in rows
                if row["subject_type"] == subject_type and row["subject_id"] in there
            ]
            found = engine.rows(f"from marts.{mart}")
            columns = [subject, *KEY, *columns]
            assert table(found, columns) == table(wanted, columns), mart
    leads = {row[0] for row in engine.connection.sql(THERE["lead"]).fetchall()}
    stays = [row for row in expected.stays if row["lead_id"] in leads]
    segments = [card.record for key, card in today.cards.items() if key[0] == "lead"]
    for mart, rows, columns in (
        ("list_membership_history", stays, ["list_id", "lead_id", "entered_on", "left_on"]),
        ("list_members", today.members, ["list_id", "lead_id", "entered_on"]),
        ("lead_segments", segments, ["lead_id", "scorecard_id", *SEGMENTS]),
    ):
        found = engine.rows(f"from marts.{mart}")
        assert table(found, columns) == table(rows, columns), mart


THERE = {
    "lead": "select lead_id from intermediate.int_lead_profiles",
    "company": "select company_id from intermediate.int_company_profiles where has_record",
}


def days_to_run_again(engine: Engine) -> list[date]:
    """Returns the days that the last run asked for, in order."""
    query = "select as_of_date from audit.days_to_run_again order by as_of_date"
    return [row[0] for row in engine.connection.sql(query).fetchall()]


def assert_any_order(engine: Engine, days: list[World], runs: list[Run]) -> int:
    """Carries out runs, and again those that are asked for, until none is; returns how many."""
    past = Past()
    carry_out(engine, runs, past)
    last, rounds = runs[-1].world.as_of_date, 0
    by_date = {day.as_of_date: day for day in days}
    while asked := days_to_run_again(engine):
        rounds += 1
        assert rounds <= 2, asked
        last = asked[-1]
        carry_out(engine, [Run(by_date[day]) for day in asked], past)
    assert_history(engine, past.days, last)
    return rounds


@given(days=days_of(), data=st.data())
@settings(
    max_examples=15,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_history_does_not_depend_on_the_order_of_runs(
    engine: Engine, days: list[World], data: st.DataObject
) -> None:
    """Days are run again, skipped and filled in later, killed half-way, corrected."""
    assert_any_order(engine, days, data.draw(runs_of(days)))


@given(days=days_of(5, 6), data=st.data())
@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_where_ledgers_are_forgotten_the_days_to_run_again_are_named(
    forgetful_engine: Engine, days: list[World], data: st.DataObject
) -> None:
    """Run again as asked, they leave the same history."""
    assert_any_order(forgetful_engine, days, data.draw(runs_of(days)))
