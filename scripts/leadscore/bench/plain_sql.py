"""The straightforward SQL version: plain.sql, on DuckDB. Leads have the ids of the sources."""

import re
from pathlib import Path

import duckdb

from leadscore.bench.databases import attach, open_database
from leadscore.bench.rulebook import EVENT_FIELDS, Condition, Rulebook


def score(prepared: Path, out: Path, book: Rulebook, memory_limit: str | None) -> None:
    """Scores prepared events and leads into the tables ledger and scores of plain.duckdb."""
    with open_database(out / "plain.duckdb", memory_limit=memory_limit) as connection:
        attach(connection, prepared / "prepared.duckdb", "prepared")
        for table in ("events", "leads"):
            connection.execute(
                f"create temp view {table} as select * exclude (lead_key) from prepared.{table}"
            )
        fill_rules(connection, book)
        statements = Path(__file__).with_name("plain.sql").read_text(encoding="utf-8")
        for statement in re.split(r";\n", statements):
            if statement.strip():
                connection.execute(statement)


def fill_rules(connection: duckdb.DuckDBPyConnection, book: Rulebook) -> None:
    """Creates the small tables that plain.sql joins with."""
    connection.execute(f"set variable as_of_date = date '{book.as_of}'")
    connection.execute(f"set variable floor_points = {book.floor:.0f}::decimal(18, 4)")
    connection.execute(f"set variable ceiling_points = {book.ceiling:.0f}::decimal(18, 4)")
    fill(
        connection,
        "rules",
        "rule_id varchar, rule_group varchar, event_type varchar, points double, award varchar, "
        "count_operator varchar, event_count integer, window_days integer, max_per_day integer, "
        "half_life_days double, max_points double",
        [
            (
                rule.rule_id, rule.rule_group, rule.event_type, rule.points, rule.award,
                rule.count_operator, rule.event_count, rule.window_days, rule.max_per_day,
                rule.half_life_days, rule.max_points,
            )
            for rule in book.implicit
        ],
    )  # fmt: skip
    fill(
        connection,
        "patterns",
        "rule_id varchar, event_type varchar, window_days integer, "
        + ", ".join(f"{field} varchar" for field in EVENT_FIELDS),
        [
            (rule.rule_id, rule.event_type, rule.window_days, *map(pattern.get, EVENT_FIELDS))
            for rule in book.implicit
            for pattern in patterns_of(rule.conditions)
        ],
    )
    conditions = [
        (rule.rule_id, number, condition)
        for rule in book.explicit
        for number, condition in enumerate(rule.conditions)
    ]
    fill(
        connection,
        "explicit_rules",
        "rule_id varchar, rule_group varchar, points double, condition_count integer",
        [
            (rule.rule_id, rule.rule_group, rule.points, len(rule.conditions))
            for rule in book.explicit
        ],
    )
    fill(
        connection,
        "conditions",
        "rule_id varchar, condition_number integer, field varchar, operator varchar, "
        "value varchar, lower_bound double, upper_bound double, is_open boolean",
        [
            (
                rule_id, number, condition.field, condition.operator,
                condition.values[0] if condition.values else None,
                condition.lower, condition.upper, condition.is_open,
            )
            for rule_id, number, condition in conditions
        ],
    )  # fmt: skip
    fill(
        connection,
        "condition_values",
        "rule_id varchar, condition_number integer, field varchar, operator varchar, value varchar",
        [
            (rule_id, number, condition.field, condition.operator, value)
            for rule_id, number, condition in conditions
            for value in condition.values
        ],
    )
    fill(
        connection,
        "limits",
        "axis varchar, rule_group varchar, minimum decimal(18, 4), maximum decimal(18, 4)",
        [
            (limit.axis, limit.rule_group, max(limit.minimum, -1e9), min(limit.maximum, 1e9))
            for limit in book.limits
        ],
    )
    fill(connection, "labels", "rule_id varchar, label varchar", list(book.labels.items()))
    fill(connection, "bands", "band varchar, lower_bound integer", list(book.bands))


def fill(
    connection: duckdb.DuckDBPyConnection, table: str, columns: str, rows: list[tuple[object, ...]]
) -> None:
    """Creates a table of some rows."""
    connection.execute(f"create table {table} ({columns})")
    connection.executemany(f"insert into {table} values ({', '.join('?' * len(rows[0]))})", rows)


def patterns_of(conditions: tuple[Condition, ...]) -> list[dict[str, str]]:
    """Returns the patterns for LIKE, by field, of which an event meets one or none."""
    patterns: list[dict[str, str]] = [{}]
    for condition in conditions:
        shape = {
            "starts_with": "{}%",
            "ends_with": "%{}",
            "contains": "%{}%",
        }.get(condition.operator, "{}")
        patterns = [
            {**pattern, condition.field: shape.format(value)}
            for pattern in patterns
            for value in condition.values
        ]
    return patterns
