"""Scoring the variants of the rules in a trial."""

from pathlib import Path

import duckdb

from leadscore.build import Run, checked_rules
from leadscore.check import RULE_FILES
from leadscore.trial import Trial, open_trial, put
from leadscore.whatif.edits import (
    SHARED,
    Edit,
    Rulebook,
    find_edits,
    grouped,
    read_files,
    read_warehouse,
)
from leadscore.whatif.effects import WhatIf, read_effects, write_changes
from leadscore.whatif.variants import Variant, merged_book, variants_of


def what_if(
    warehouse: Path, rules: Path, changes: Path | None = None, run: Run | None = None
) -> WhatIf:
    """Scores everybody with other rules, and compares with what the last run says.

    Args:
        warehouse: the working database, which is only read.
        rules: a folder of rule files.
        changes: CSV file to write, one row per lead or company and scorecard that changes.
        run: hears how far the scoring is.

    Raises:
        RulesError: if the rule files have errors.
        LeadscoreError: if nothing is built yet, or the warehouse is in use.
    """
    after = read_files(checked_rules(rules).files)
    with open_trial(warehouse) as trial:
        with trial.connect() as connection:
            before = read_warehouse(connection)
            edits = find_edits(before, after, trial.as_of)
            effective = [edit for edit in edits if not edit.idle]
            tried = grouped(effective, score_count(connection, trial))
            variants = variants_of(before, after, tried) if tried else []
            put_rules(connection, merged_book(variants))
            put_history(connection, variants)
        if variants:
            wanted = ["int_score_history"]
            if any(variant.lists for variant in variants):
                wanted.append("int_list_history")
            trial.run(changed_tables(tried), wanted, run)
        with trial.connect() as connection:
            found = read_effects(connection, trial, edits, tried, variants)
            if changes:
                write_changes(connection, tried, changes)
            return found


def score_count(connection: duckdb.DuckDBPyConnection, trial: Trial) -> int:
    """Returns how many leads or companies the largest scorecard has scored."""
    (count,) = connection.execute(
        """
        select coalesce(max(scored), 0) from (
            select count(*) as scored from warehouse.intermediate.int_score_history
            where as_of_date = ?
            group by scorecard_id
        )
        """,
        [trial.as_of],
    ).fetchall()[0]
    return int(count)


def changed_tables(edits: list[Edit]) -> list[str]:
    """Returns the seeds that differ in a trial, shared files only where they are edited."""
    edited = {file for edit in edits for file in edit.before}
    return [Path(file).stem for file in RULE_FILES if file not in SHARED or file in edited]


def put_rules(connection: duckdb.DuckDBPyConnection, book: Rulebook) -> None:
    """Puts a rulebook into a trial, blank cells as null."""
    for file, columns in RULE_FILES.items():
        cells = ", ".join(
            f"nullif(unnest(${column}::varchar[]), '') as {column}" for column in columns
        )
        values = {column: [row[column] for row in book[file]] for column in columns}
        put(connection, f"rules.{Path(file).stem}", f"select {cells}", values)


def put_history(connection: duckdb.DuckDBPyConnection, variants: list[Variant]) -> None:
    """Gives each variant of a scorecard its scores of the run day before, which bands hang on."""
    for variant in variants:
        if variant.tag:
            connection.execute(
                """
                insert into intermediate.int_score_history
                select * replace (scorecard_id || '~' || $tag as scorecard_id)
                from intermediate.int_score_history
                where list_contains($scorecards, scorecard_id)
                """,
                {"tag": variant.tag, "scorecards": sorted(variant.scorecards)},
            )
