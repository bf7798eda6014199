"""Do the alternatives come to the project's scores? If not, their times say nothing."""

from pathlib import Path

import duckdb

from leadscore.bench.databases import attach, open_database

LINE = ("lead_id", "line_type", "axis", "rule_group", "rule_id", "points", "event_count")
SCORE = (
    "lead_id", "fit_points", "engagement_points", "raw_points", "score_points", "score", "band",
    "rank", "top_positive_reasons", "top_negative_reasons",
)  # fmt: skip


def differences(warehouse: Path, prepared: Path, way: str, out: Path) -> dict[str, int]:
    """Returns how many rows of the ledger and of the scores only one of the two has.

    Args:
        warehouse: what the project built.
        prepared: the prepared data, which knows the ids of leads.
        way: plain_sql, polars or pandas.
        out: where that way has written.
    """
    with open_database() as connection:
        attached = {"warehouse": warehouse, "prepared": prepared / "prepared.duckdb"}
        if way == "plain_sql":
            attached["way"] = out / "plain.duckdb"
            ledger, scores, unit = "way.ledger", "way.scores", 1
        else:
            ledger, scores = (
                f"read_parquet('{out / name}.parquet')" for name in ("ledger", "scores")
            )
            ledger, unit = f"{ledger} inner join prepared.leads using (lead_key)", 10_000
        for name, file in attached.items():
            attach(connection, file, name)

        def in_points(column: str) -> str:
            return f"cast({column} as decimal(30, 4)) / {unit}"

        line = ", ".join(in_points(name) if name == "points" else name for name in LINE)
        score = ", ".join(in_points(name) if name.endswith("_points") else name for name in SCORE)
        pairs = {
            "ledger": (
                f"select {', '.join(LINE)} from warehouse.marts.lead_score_ledger",
                f"select {line} from {ledger}",
            ),
            "scores": (
                f"select {', '.join(SCORE)} from warehouse.marts.lead_scores",
                f"select {score} from {scores}",
            ),
        }
        return {name: only_in_one(connection, *pair) for name, pair in pairs.items()}


def only_in_one(connection: duckdb.DuckDBPyConnection, one: str, other: str) -> int:
    """Returns how many rows are in one query and not in the other, either way."""
    row = connection.execute(
        f"""
        with one as ({one}), other as ({other})
        select count(*) from (
            (from one except all from other)
            union all
            (from other except all from one)
        )
        """
    ).fetchone()
    assert row is not None
    return int(row[0])
