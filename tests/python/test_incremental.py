"""Daily runs leave the rows that one full build leaves, whatever happened to the data."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from engine import MARTS, Engine, compile_engine
from reference import Record, Row, World
from worlds import AS_OF, Dice, worlds

EVENTS = ["stg_events", "raw_rejects"]
EVERYTHING = [
    *MARTS,
    *EVENTS,
    "lead_segments",
    "lead_profiles",
    "rule_statistics",
    "unmapped_values",
    "int_events",
    "int_event_kinds",
]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The project, compiled for first and for daily runs."""
    folder = tmp_path_factory.mktemp("engine")
    compiled = compile_engine(folder, AS_OF, EVERYTHING, with_daily_run=True)
    yield compiled
    compiled.connection.close()


def stamp(loaded_on: date, dice: Dice) -> str | None:
    """Returns when a row was loaded: on that day, before, or nobody knows."""
    loaded_at = datetime.combine(loaded_on - timedelta(days=dice.pick((0, 0, 1, 20))), time(23))
    return dice.pick((loaded_at.isoformat(" "), loaded_at.isoformat(" "), None, "unreadable"))


def corrected(row: Row, dice: Dice) -> Row:
    """Returns an event with something else in it."""
    changes: tuple[Row, ...] = (
        {"url": "https://example.com/corrected"},
        {"event_type": "corrected"},
        {"lead_id": None, "anonymous_id": "anon0"},
        {"occurred_at": "2024-01-20 12:00:00"},
        {"occurred_at": "unreadable"},
        {"user_agent": "Barracuda Sentinel"},
    )
    return row | dice.pick(changes)


@st.composite
def histories(draw: st.DrawFn) -> list[World]:
    """Draws what a warehouse saw on two to four days, of which the last is compared.

    Events come in portions, late, again, before their twins, or not at all any more; they are
    corrected with and without a new time of loading; visitors become known, and unknown; merges
    appear and disappear, rules and content, too; the day scored moves on, back, or not at all.
    """
    world = draw(worlds(AS_OF, is_crowded=True))
    events = world.raw["events"]
    stood: dict[int, list[Row]] = {}
    days: list[World] = []
    for number in range(draw(st.integers(2, 4))):
        dice = Dice.of(draw(st.integers(0, 2**20)))
        loaded_on = AS_OF - timedelta(days=3 - number)
        share_of_changes = dice.pick((0.0, 0.02, 0.2))
        is_stamped = dice.chance(0.8)
        for index, event in enumerate(events):
            rows = stood.get(index, [])
            if not rows and dice.chance(0.5):
                rows = [event | ({"loaded_at": stamp(loaded_on, dice)} if is_stamped else {})]
            elif rows and dice.chance(0.1):
                rows = [*rows, corrected(rows[0], dice) | {"loaded_at": stamp(loaded_on, dice)}]
            elif rows and dice.chance(share_of_changes):
                rows = [*rows[1:], *([corrected(rows[0], dice)] * dice.pick((0, 1, 2)))]
            stood[index] = rows
        raw = world.raw | {"events": [row for rows in stood.values() for row in rows]}
        dice.source.shuffle(raw["events"])
        rules = dict(world.rules)
        for table, tables in (("identities", raw), ("lead_merges", raw), ("content_map", rules)):
            tables[table] = [row for row in tables.get(table, []) if dice.chance(0.7)]
        as_of = AS_OF - timedelta(days=dice.pick((0, 1, 7, 30)))
        days.append(replace(world, as_of_date=as_of, raw=raw, rules=rules))
    return days


def rows_of(engine: Engine, models: list[str]) -> dict[str, list[Record]]:
    """Returns the rows of some models, but for the day since which a run has known their facts."""
    relations = [m.relation for m in engine.models if m.relation.split(".")[1] in models]
    columns = "columns(lambda name: name <> 'facts_known_since')"
    return {
        relation: sorted(engine.rows(f"select {columns} from {relation}"), key=repr)
        for relation in relations
    }


def assert_daily_runs_equal_one(
    engine: Engine, wanted: list[str], days: list[World], data: st.DataObject
) -> None:
    """Runs day by day, some days only up to some model, as if it had crashed there."""
    models = engine.needed_for(wanted)
    seed = engine.connection.sql("from reference.bot_user_agents")
    columns = seed.columns
    patterns: list[Row] = [dict(zip(columns, row, strict=True)) for row in seed.fetchall()]
    last_kept = max(index for index, model in enumerate(models) if model.unique_key)
    kept: set[str] = set()
    try:
        for day in days:
            known = data.draw(st.sampled_from([patterns, patterns[::2], []]), label="bot patterns")
            engine.fill("reference.bot_user_agents", columns, known)
            engine.load(day)
            reached = len(models)
            if day is not days[-1]:
                crash = data.draw(st.integers(0, 2 * last_kept), label="models built, or more")
                reached = min(crash, last_kept + 1)
            for model in models[:reached]:
                engine.run(model, day.as_of_date, is_daily=model.relation in kept)
                kept.add(model.relation)
        found = rows_of(engine, wanted)
        for model in models:
            engine.run(model, days[-1].as_of_date, is_daily=model.survives_refresh)
        expected = rows_of(engine, wanted)
    finally:
        engine.fill("reference.bot_user_agents", columns, patterns)
    for relation, rows in expected.items():
        assert found[relation] == rows, relation


@given(days=histories(), data=st.data())
@settings(
    max_examples=60,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_daily_runs_leave_the_events_that_one_full_build_leaves(
    engine: Engine, days: list[World], data: st.DataObject
) -> None:
    """Row for row, and with the same rejects."""
    assert_daily_runs_equal_one(engine, EVENTS, days, data)


@given(days=histories(), data=st.data())
@settings(
    max_examples=6,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_daily_runs_leave_the_marts_that_one_full_build_leaves(
    engine: Engine, days: list[World], data: st.DataObject
) -> None:
    """What is made of the events keeps nothing from one run to the next."""
    assert_daily_runs_equal_one(engine, EVERYTHING, days, data)
