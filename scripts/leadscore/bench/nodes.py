"""The nodes of a dbt run, by the rooms that they live in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

ROOMS = (
    "staging",
    "intermediate/rules",
    "intermediate/profiles",
    "intermediate/behaviour",
    "intermediate/scoring",
    "intermediate/history",
    "intermediate/gaps",
    "intermediate/lists",
    "marts",
    "audit",
)


@dataclass(frozen=True)
class Group:
    """The nodes of a room, or all seeds or tests: how many, and how long one of them was busy."""

    name: str
    count: int
    seconds: float


def busy_seconds(nodes: Iterable[dict[str, Any]], paths: tuple[str, ...]) -> float:
    """Returns how long at least one model under some paths was at work.

    Times of models that run side by side are not added up.
    """
    return covered(
        node for node in nodes if node["kind"] == "model" and node["path"].startswith(paths)
    )


def covered(nodes: Iterable[dict[str, Any]]) -> float:
    """Returns the length of the union of the times of some nodes, in seconds."""
    spans = sorted((moment(node["started_at"]), moment(node["finished_at"])) for node in nodes)
    total, reached = 0.0, float("-inf")
    for start, end in spans:
        total += max(0.0, end - max(start, reached))
        reached = max(reached, end)
    return total


def moment(text: str) -> float:
    """Returns a time of dbt's log as seconds since 1970."""
    return datetime.fromisoformat(text).timestamp()


def groups_of(nodes: list[dict[str, Any]]) -> list[Group]:
    """Returns the rooms in the order of the data, then seeds and tests."""
    groups = []
    for room in ROOMS:
        inside = [n for n in nodes if n["kind"] == "model" and n["path"].startswith(f"{room}/")]
        groups.append(Group(room, len(inside), covered(inside)))
    for kind in ("seed", "test"):
        inside = [node for node in nodes if node["kind"] == kind]
        groups.append(Group(f"{kind}s", len(inside), covered(inside)))
    return groups
