"""The SQL engine gives what the reference gives, to the last decimal, on random worlds."""

from collections.abc import Iterable, Iterator

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from engine import Engine, compile_engine
from reference import Record, World, score
from worlds import AS_OF, worlds

LEDGER = [
    "scorecard_id",
    "line_type",
    "axis",
    "rule_group",
    "rule_id",
    "points",
    "event_count",
    "last_event_date",
]
SCORES = [
    "scorecard_id",
    "fit_points",
    "engagement_points",
    "raw_points",
    "score_points",
    "score",
    "band",
    "grade",
    "temperature",
    "lifecycle_stage",
    "next_step",
    "is_vetoed",
    "is_fast_tracked",
]
LEAD_SCORES = [
    "is_overridden",
    "is_contactable",
    "rank",
    "last_event_at",
    "data_age_days",
    "is_stale",
    "recycled_at",
    "recycle_reason",
]
QUEUE = [
    "lead_id",
    "scorecard_id",
    "queue_rank",
    "entered_on",
    "entered_at",
    "due_at",
    "first_sales_activity_at",
    "is_breached",
]


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """The project, compiled for the day of the worlds."""
    compiled = compile_engine(tmp_path_factory.mktemp("engine"), AS_OF)
    yield compiled
    compiled.connection.close()


def table(rows: Iterable[Record], columns: list[str]) -> list[tuple[object, ...]]:
    """Returns some columns of rows, in an order of their own."""
    return sorted((tuple(row[column] for column in columns) for row in rows), key=repr)


def assert_agreement(engine: Engine, world: World) -> None:
    """Every score, every ledger line, every rank and every list member is the same."""
    expected, found = score(world), engine.score(world)
    for mart, columns in {
        "lead_score_ledger": ["lead_id", *LEDGER],
        "company_score_ledger": ["company_id", *LEDGER],
        "lead_scores": ["lead_id", *SCORES, *LEAD_SCORES],
        "company_scores": ["company_id", *SCORES],
        "list_members": ["list_id", "lead_id"],
        "sales_queue": QUEUE,
    }.items():
        assert table(getattr(found, mart), columns) == table(getattr(expected, mart), columns), mart


@given(world=worlds(AS_OF))
@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
def test_engine_and_reference_agree_on_worlds_of_any_size(engine: Engine, world: World) -> None:
    """A difference shrinks to a world that can be read."""
    assert_agreement(engine, world)


@given(world=worlds(AS_OF, is_crowded=True))
@settings(
    max_examples=100,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_engine_and_reference_agree_on_crowded_worlds(engine: Engine, world: World) -> None:
    """Where much happens at once, rare meetings of rules and data are found."""
    assert_agreement(engine, world)
