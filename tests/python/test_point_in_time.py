"""What was known when: replays read what runs of those days saw, whatever raw says now."""

import random
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from conftest import Scored, build, run
from engine import Engine, compile_engine
from leadscore.demo_data import DEMO_AS_OF
from reference import Row, World
from test_reliability import contents
from worlds import AS_OF

Key = tuple[str, ...]
State = dict[Key, Row]
"""What raw says of each key."""

MEMORIES = ["stg_leads", "stg_companies", "stg_lead_attributes"]
IDS = {"leads": ["lead_id"], "companies": ["company_id"], "lead_attributes": ["lead_id", "field"]}
CONTENT = {"leads": "city", "companies": "name", "lead_attributes": "value"}


@dataclass
class Memory:
    """What the runs have seen of a raw table, kept whole for every day.

    Attributes:
        observed: by the day of a run that saw raw, what it saw.
        raw: what raw says now.
    """

    observed: dict[date, State] = field(default_factory=dict)
    raw: State = field(default_factory=dict)

    def see(self, day: date, state: State) -> None:
        """Takes what raw says on a day, unless a later day has been seen."""
        self.raw = state
        if day >= max(self.observed, default=day):
            self.observed[day] = state

    def first_seen(self, key: Key) -> date | None:
        """Returns the day of the first run that saw a key."""
        return min((day for day, state in self.observed.items() if key in state), default=None)

    def known(self, key: Key, day: date) -> tuple[Row, date] | None:
        """Returns what was known of a key on a day, and since when."""
        known: tuple[Row, date] | None = None
        before: Row | None = None
        last_day = date.min
        for seen_on in sorted(self.observed):
            row = self.observed[seen_on].get(key)
            if row != before:
                since = date.fromisoformat((row or {}).get("updated_at") or "9999-12-31")
                since = since if last_day < since <= seen_on else seen_on
                if since <= day:
                    known = (row, since) if row else None
            before, last_day = row, seen_on
        return known

    def unseen(self, key: Key) -> tuple[Row, date] | None:
        """Returns what raw says of a key that no run has seen; known since the last one."""
        return (self.raw[key], max(self.observed)) if key in self.raw else None


def states(dice: random.Random, table: str, keys: list[Key]) -> State:
    """Returns some rows of a table; what they say repeats from one drawing to the next."""
    dates = [None, *(f"2024-02-{number:02}" for number in (1, 10, 14, 18, 22, 29))]
    state: State = {}
    for key in keys:
        if dice.random() < 0.7:
            row: Row = {CONTENT[table]: dice.choice("xy"), "updated_at": dice.choice(dates)}
            state[key] = row | dict(zip(IDS[table], key, strict=True))
    return state


@dataclass(frozen=True)
class Step:
    """A run: its day, what raw says, which leads are merged, and how many models it gets through.

    Attributes:
        day: as_of_date.
        raw: by table, the state.
        merges: merged lead to surviving lead.
        reached: the models that are run, as a share; the run is then repeated whole.
    """

    day: date
    raw: dict[str, State]
    merges: dict[str, str]
    reached: float


@st.composite
def histories(draw: st.DrawFn) -> list[Step]:
    """Draws a handful of runs: days forth and back and again, raw changed in between or not."""
    dice = random.Random(draw(st.integers(0, 2**32)))
    leads: list[Key] = [(name,) for name in "abcdef"]
    keys: dict[str, list[Key]] = {
        "leads": leads,
        "companies": [("c",), ("d",)],
        "lead_attributes": [(lead, kind) for (lead,) in leads for kind in ("erp", "crm")],
    }
    raw: dict[str, State] = {}
    merges: dict[str, str] = {}
    steps = []
    for _ in range(draw(st.integers(2, 6))):
        for table in keys:
            if table not in raw or dice.random() < 0.5:
                fresh = states(dice, table, keys[table])
                kept = raw.get(table, {})
                raw[table] = {
                    key: kept[key] if key in kept and dice.random() < 0.5 else row
                    for key, row in fresh.items()
                }
        if dice.random() < 0.3:
            merges = dict(dice.sample([("a", "b"), ("c", "b"), ("d", "e")], dice.randint(0, 2)))
        day = AS_OF - timedelta(days=dice.randint(0, 20))
        steps.append(Step(day, dict(raw), merges, dice.choice([0, dice.random()])))
    return steps


def world_of(step: Step) -> World:
    """Returns the raw tables of a run, rows in any order, some with an older twin."""
    raw: dict[str, list[Row]] = {
        table: [dict(row) for row in state.values()] for table, state in step.raw.items()
    }
    raw["lead_merges"] = [
        {"merged_lead_id": merged, "surviving_lead_id": surviving}
        for merged, surviving in step.merges.items()
    ]
    return World(AS_OF, raw | {"events": []}, {})


def rows_of(memory: Memory, day: date) -> dict[Key, tuple[Row, date]]:
    """Returns what is known on a day; of what was first seen later, what that saw."""
    rows = {}
    for key in {*memory.raw, *(key for state in memory.observed.values() for key in state)}:
        first = memory.first_seen(key)
        found = memory.known(key, max(day, first)) if first else memory.unseen(key)
        if found:
            rows[key] = found
    return rows


def expected(step: Step, memories: dict[str, Memory]) -> dict[str, set[tuple[object, ...]]]:
    """Returns the rows that a run finds: keys, content, and since when it is known."""
    there = {lead for (lead,) in step.raw["leads"]}
    merges = {one: other for one, other in step.merges.items() if other in there}
    leads: set[tuple[object, ...]] = {
        (lead, row["city"], since)
        for (lead,), (row, since) in rows_of(memories["leads"], step.day).items()
        if lead in there and lead not in merges
    }
    companies: set[tuple[object, ...]] = {
        (company, row["name"], since)
        for (company,), (row, since) in rows_of(memories["companies"], step.day).items()
    }
    memory = memories["lead_attributes"]
    candidates: dict[Key, list[tuple[object, ...]]] = {}
    for owner, kind in {*memory.raw, *(k for state in memory.observed.values() for k in state)}:
        lead = merges.get(owner, owner)
        first = memories["leads"].first_seen((lead,))
        found = memory.known((owner, kind), max(step.day, first or step.day))
        if first is None and memory.first_seen((owner, kind)) is None:
            found = memory.unseen((owner, kind))
        if found and lead in {known for known, *_ in leads}:
            row, since = found
            updated_on = date.fromisoformat(row["updated_at"] or "0001-01-01")
            candidates.setdefault((lead, kind), []).append(
                (owner in merges, -updated_on.toordinal(), owner, row["value"], since)
            )
    attributes = {(*key, *min(rows)[3:]) for key, rows in candidates.items()}
    return {"leads": leads, "companies": companies, "lead_attributes": attributes}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The models that remember, compiled for first and for later runs."""
    folder = tmp_path_factory.mktemp("engine")
    compiled = compile_engine(folder, AS_OF, MEMORIES, with_daily_run=True)
    yield compiled
    compiled.connection.close()


@given(steps=histories())
@settings(
    max_examples=40,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_run_reads_what_was_known_on_its_day(engine: Engine, steps: list[Step]) -> None:
    """Whatever the order of days, changes in raw, merges, and runs that broke off."""
    memories = {table: Memory() for table in IDS}
    kept: set[str] = set()
    for step in steps:
        for table, memory in memories.items():
            memory.see(step.day, step.raw[table])
        engine.load(world_of(step))
        for reached in (step.reached, 1):
            for model in engine.models[: round(reached * len(engine.models))]:
                engine.run(model, step.day, is_daily=model.relation in kept)
                kept.add(model.relation)
        found = {
            table: set(
                engine.connection.execute(
                    f"select {', '.join([*IDS[table], column])}, known_since"
                    f" from staging.stg_{table}"
                ).fetchall()
            )
            for table, column in (CONTENT | {"companies": "company_name"}).items()
        }
        assert found == expected(step, memories)


def marts(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Returns the rows of the marts of a day, but for the time of the run."""
    of_many_days = ("_history", "_movements")
    return {
        name: rows
        for name, rows in contents(database).items()
        if name.startswith("marts.") and not name.endswith(of_many_days)
    }


CHANGES = {
    "leads": """
        select * replace (
            case when number % 4 = 0 then 'CEO' else job_title end as job_title,
            case when number % 4 = 1 then 'Japan' else country end as country,
            case when number % 4 = 1 then 'unsubscribed' else consent_status end as consent_status,
            case when number % 4 = 2 then true else is_customer end as is_customer,
            case when number % 4 = 0 then '{later}' else updated_at end as updated_at
        )
        from numbered
    """,
    "companies": """
        select * replace (
            '90000' as employee_count,
            case when number % 2 = 0 then '{later}' else updated_at end as updated_at
        )
        from numbered
        where number % 7 <> 0
    """,
    "lead_attributes": "select * replace ('changed' as value) from numbered where number % 3 <> 0",
}


def changed_crm(folder: Path, raw: Path) -> Path:
    """Copies a CRM in which much has changed: leads, companies, properties."""
    shutil.copytree(raw, folder)
    later = (DEMO_AS_OF + timedelta(days=3)).isoformat()
    for table, change in CHANGES.items():
        file = folder / f"{table}.parquet"
        duckdb.sql(
            f"""
            create or replace table changed as
            with numbered as (
                from (select *, row_number() over () - 1 as number from read_parquet('{file}'))
            )
            select * exclude (number) from ({change.format(later=later)})
            """
        )
        duckdb.sql(f"copy changed to '{file}' (format parquet)")
    return folder


def test_a_replay_gives_the_rows_of_its_day_though_everything_has_changed(
    demo: Scored, tmp_path: Path
) -> None:
    """Day 1, changes, day 2, day 1 again: to the last column; day 0 says that history ends."""
    raw = changed_crm(tmp_path / "changed", demo.raw)
    shutil.copy(demo.warehouse, tmp_path / "warehouse.duckdb")
    later, earlier = DEMO_AS_OF + timedelta(days=7), DEMO_AS_OF - timedelta(days=90)

    scored, said = build(tmp_path, raw, later)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "is replayed" not in said.stdout
    assert len(scored.query("from marts.lead_profiles where job_title = 'CEO'")) > 100
    assert marts(scored.published) != marts(demo.published)
    assert not scored.query("from marts.lead_scores where facts_known_since > as_of_date")

    scored, said = build(tmp_path, raw, DEMO_AS_OF)
    assert said.returncode == 0, said.stdout + said.stderr
    assert "this day is replayed" in said.stdout
    replayed, first = marts(scored.published), marts(demo.published)
    assert list(replayed) == list(first)
    for name, rows in first.items():
        assert replayed[name] == rows, name

    file = raw / "leads.parquet"
    duckdb.sql(f"create or replace table leads as from read_parquet('{file}')")
    duckdb.sql("insert into leads (lead_id, job_title) values ('newcomer', 'CEO')")
    duckdb.sql(f"copy leads to '{file}' (format parquet)")
    scored, said = build(tmp_path, raw, earlier)
    assert said.returncode == 0, said.stdout + said.stderr
    leads = "select lead_id from marts.lead_profiles where lead_id <> 'newcomer' order by lead_id"
    assert scored.query(leads) == demo.query(leads)
    newcomer = "select seniority, facts_known_since from marts.lead_profiles"
    assert scored.query(f"{newcomer} where lead_id = 'newcomer'") == [("c_level", later)]
    ((told, silent, wrong),) = scored.query(
        """
        select
            count(*) filter (facts_known_since > as_of_date),
            count(*) filter (facts_known_since <= as_of_date),
            count(*) filter (facts_known_since <= as_of_date and updated_at > as_of_date)
        from marts.lead_scores inner join marts.lead_profiles using (lead_id)
        """.replace("facts_known_since", "lead_scores.facts_known_since")
    )
    assert told
    assert silent
    assert not wrong
    assert scored.query(
        "select as_of_date, max(known_later_count) > 0 from audit.scoring_runs group by all"
        " order by all"
    ) == [(earlier, True), (DEMO_AS_OF, False), (later, False)]


def versions_in(warehouse: Path) -> list[tuple[object, ...]]:
    """Returns the versions of leads that a warehouse remembers."""
    with duckdb.connect(warehouse, read_only=True) as connection:
        return connection.sql("from staging.stg_lead_versions order by all").fetchall()


def test_a_day_typed_by_mistake_is_taken_back_and_a_full_refresh_keeps_history(
    demo: Scored, tmp_path: Path
) -> None:
    """Until it is, every run is a replay; afterwards it is as if it had never been."""
    warehouse = Path(shutil.copy(demo.warehouse, tmp_path / "warehouse.duckdb"))

    def run_dbt(*command: object, day: date) -> str:
        said = run(
            "dbt", *command, "--vars", f"{{as_of_date: {day}}}", LEADSCORE_WAREHOUSE=str(warehouse)
        )
        assert said.returncode == 0, said.stdout
        return said.stdout

    observing = ["run", "--select", "+stg_leads"]
    run_dbt(*observing, day=DEMO_AS_OF + timedelta(days=1))
    expected = versions_in(warehouse)
    run_dbt(*observing, "--full-refresh", day=DEMO_AS_OF + timedelta(days=1))
    assert versions_in(warehouse) == expected

    with duckdb.connect(warehouse) as connection:
        connection.execute("update raw.leads set city = 'Nowhere'")
    run_dbt(*observing, day=date(2062, 11, 2))
    assert versions_in(warehouse) != expected
    with duckdb.connect(warehouse) as connection:
        connection.execute("update raw.leads set city = 'Somewhere'")
    said = run_dbt(*observing, day=DEMO_AS_OF + timedelta(days=2))
    assert "this day is replayed, as raw has been read for a later one, 2062-11-02" in said

    day = DEMO_AS_OF + timedelta(days=1)
    run_dbt("run-operation", "forget_days_after", "--args", f"{{day: {day}}}", day=day)
    said = run_dbt(*observing, day=DEMO_AS_OF + timedelta(days=2))
    assert "is replayed" not in said
    with duckdb.connect(warehouse, read_only=True) as connection:
        days = connection.sql(
            "select distinct observed_on from staging.stg_lead_versions order by all"
        ).fetchall()
        cities = connection.sql("select distinct city from staging.stg_leads").fetchall()
    assert days == [(DEMO_AS_OF + timedelta(days=number),) for number in (0, 1, 2)]
    assert cities == [("Somewhere",)]
