"""Scoring in a scratch database beside the warehouse: what if rules or facts were others?

A trial shows every table of the warehouse as a view, and only reads it. A table put into the trial
takes the place of the warehouse's, and models run on it as they do in a build:

    with open_trial(warehouse) as trial:
        with trial.connect() as connection:
            put(connection, "rules.explicit_rules", "from read_csv('explicit_rules.csv')")
        trial.run(changed=["explicit_rules"], wanted=["int_segments"])
        with trial.connect() as connection:
            ...  # the trial's tables, and as warehouse.schema.table the warehouse's

Facts are tried in the same way: put `staging.stg_leads` with one lead in it, and only that one is
scored. Bands follow from those of the run day before, as they do in a build. What dbt has parsed
is kept in target/trial, so that only the first trial of a warehouse reads all models.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from leadscore.build import Run, call_dbt
from leadscore.database import connect, only_run_on, quote
from leadscore.errors import LeadscoreError
from leadscore.project import ROOT
from leadscore.publish import remove_database
from leadscore.rewrite import remove_spilled

FOLDER = ROOT / "target" / "trial"
SCRATCH = FOLDER / "leadscore_trial.duckdb"  # as profiles.yml says

# What the history says of runs, their days and rules: a trial is none.
NOT_RUN = ("int_ledger_key", "int_run_days", "int_rules_hashes")


@dataclass(frozen=True)
class Trial:
    """A scratch database over a warehouse.

    Attributes:
        warehouse: the working database.
        as_of: the day that the trial scores.
    """

    warehouse: Path
    as_of: date

    @contextmanager
    def connect(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Opens the trial, with the warehouse beside it; close it before models run."""
        with connect(SCRATCH) as connection:
            path = str(self.warehouse).replace("'", "''")
            connection.execute(f"attach '{path}' as warehouse (read_only)")
            yield connection

    def run(
        self,
        changed: Iterable[str],
        wanted: Iterable[str],
        run: Run | None = None,
        *,
        is_recorded: bool = False,
    ) -> None:
        """Runs the models that stand between what has been put into the trial and what is wanted.

        Args:
            changed: names of the seeds or models that have been put, without their schema; these
                models themselves are not run.
            wanted: names of the models whose tables are to be read afterwards.
            run: hears how far the run is.
            is_recorded: whether dbt writes down what it did, for who wants to do it again.

        Raises:
            LeadscoreError: if a model fails.
        """
        changed = list(changed)
        paths = [f"{table}+,+{model}" for table in changed for model in wanted]
        command = ["run", "--target", "trial", "--target-path", str(FOLDER)]
        command += ["--log-path", str(FOLDER), "--cache-selected-only"]
        (FOLDER / "run_results.json").unlink(missing_ok=True)
        if not is_recorded:
            command.append("--no-write-json")
        command += ["--select", *paths, "--exclude", *NOT_RUN, *changed]
        said = call_dbt(command, self.as_of, run, LEADSCORE_WAREHOUSE=str(self.warehouse))
        if said:
            raise LeadscoreError("dbt could not finish the trial.\n" + "\n".join(said))


@contextmanager
def open_trial(warehouse: Path, as_of: date | None = None) -> Iterator[Trial]:
    """Makes a trial over a warehouse, and removes it afterwards.

    Args:
        warehouse: the working database.
        as_of: the day to score, else the one that the warehouse was last scored for. For another
            day all has to be run that depends on the day.

    Raises:
        LeadscoreError: if nothing is built yet, or the warehouse or another trial is in use.
    """
    if not warehouse.exists():
        raise LeadscoreError(
            f"{warehouse} does not exist: nothing is built yet. "
            "Run leadscore build or leadscore demo."
        )
    with only_run_on(warehouse), only_run_on(SCRATCH):
        remove_database(SCRATCH)
        try:
            trial = Trial(warehouse, as_of or scored_day(warehouse))
            with trial.connect() as connection:
                show_warehouse(connection, trial)
            yield trial
        finally:
            remove_database(SCRATCH)
            remove_spilled(SCRATCH)


def put(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    query: str,
    parameters: Mapping[str, object] | None = None,
) -> None:
    """Puts a table into a trial, in the place of the warehouse's.

    Args:
        connection: of the trial.
        table: schema.name.
        query: its rows, which may be taken from the table that it replaces.
        parameters: of the query.
    """
    connection.execute(f"create or replace temp table put as {query}", parameters)
    (kind,) = connection.execute(
        """
        select table_type from information_schema.tables
        where table_catalog = current_database() and table_schema || '.' || table_name = ?
        """,
        [table],
    ).fetchone() or ("VIEW",)
    connection.execute(f"drop {'view' if kind == 'VIEW' else 'table'} if exists {table}")
    connection.execute(f"create table {table} as from put")


def scored_day(warehouse: Path) -> date:
    """Returns the day that a warehouse was last scored for."""
    with connect(warehouse, read_only=True) as connection:
        try:
            (day,) = connection.execute(
                """
                select max(as_of_date) from (
                    select as_of_date from marts.lead_scores
                    union all
                    select as_of_date from marts.company_scores
                )
                """
            ).fetchall()[0]
        except duckdb.CatalogException:
            day = None
    if not isinstance(day, date):
        raise LeadscoreError(f"{warehouse} holds no scores yet. Run leadscore build.")
    return day


def show_warehouse(connection: duckdb.DuckDBPyConnection, trial: Trial) -> None:
    """Lays a view over every table of the warehouse; of the history, the trial has what it needs.

    That is what a run of the day follows up on, and the thresholds of the day.
    """
    history = "warehouse.intermediate.int_score_history"
    (day_before,) = connection.execute(
        f"select max(as_of_date) from {history} where as_of_date < ?", [trial.as_of]
    ).fetchall()[0]
    kept = {
        "int_score_history": day_before,
        "int_list_history": day_before,
        "int_band_history": trial.as_of,
        "int_grade_history": trial.as_of,
    }
    tables = connection.execute(
        """
        select table_schema, table_name from information_schema.tables
        where table_catalog = 'warehouse'
        order by table_schema, table_name
        """
    ).fetchall()
    for schema, table in tables:
        name = f"{quote(schema)}.{quote(table)}"
        connection.execute(f"create schema if not exists {quote(schema)}")
        if table in kept:
            connection.execute(
                f"create table {name} as from warehouse.{name} where as_of_date = ?",
                [kept[table]],
            )
        elif table != "int_ledger_key":
            connection.execute(f"create view {name} as from warehouse.{name}")
    # The fingerprint of all lines tells movements whether a day has changed: a trial has none.
    connection.execute("create table intermediate.int_ledger_key as select 0::bigint as ledger_key")
