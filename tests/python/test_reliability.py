"""What goes wrong on a schedule: killed runs, runs that meet, full disks, readers, new columns."""

import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb

from conftest import Scored, run
from leadscore.demo_data import DEMO_AS_OF
from leadscore.project import SCHEMAS
from leadscore.publish import PUBLISHED_SCHEMAS, publish

KILLS = 20
PUBLICATIONS = 100


def start(
    scored: Scored, *options: object, largest_file: int | None = None
) -> subprocess.Popen[str]:
    """Starts a build without waiting for it, in a process group of its own.

    Args:
        scored: the databases to build.
        options: more options of the command.
        largest_file: bytes beyond which no file may grow, as if the disk were full.
    """

    def limit_files() -> None:
        if largest_file:
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    program = Path(sys.executable).with_name("leadscore")
    command = [program, "build", "--as-of", DEMO_AS_OF.isoformat(), *options]
    command += ["--warehouse", scored.warehouse, "--publish", scored.published]
    return subprocess.Popen(
        list(map(str, command)),
        env={**os.environ, "COLUMNS": "200"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        preexec_fn=limit_files,
    )


def in_folder(folder: Path, demo: Scored) -> Scored:
    """Names databases of their own in a folder for the demo CRM."""
    return Scored(demo.raw, folder / "warehouse.duckdb", folder / "published" / "scores.duckdb")


def contents(database: Path) -> dict[str, list[tuple[object, ...]]]:
    """Returns the rows of all tables of a published database, but for the times of the run."""
    with duckdb.connect(database, read_only=True) as connection:
        tables = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables()"
            " where list_contains(?, schema_name) order by all",
            [list(PUBLISHED_SCHEMAS)],
        ).fetchall()
        assert len(tables) > len(PUBLISHED_SCHEMAS)
        return {
            name: connection.sql(
                "select columns(lambda name: name not in ('refreshed_at', 'duration_seconds'))"
                f" from {name} order by all"
            ).fetchall()
            for (name,) in tables
        }


def test_runs_killed_at_any_moment_are_repaired_by_the_next(demo: Scored, tmp_path: Path) -> None:
    """Readers see the old tables or the new ones; in the end there is no trace of the kills."""
    scored = in_folder(tmp_path, demo)
    scored.published.parent.mkdir()
    shutil.copy(demo.published, scored.published)
    expected = contents(demo.published)
    began = time.monotonic()
    process = start(scored, "--raw", demo.raw)
    said, _ = process.communicate()
    assert process.returncode == 0, said
    duration = time.monotonic() - began

    dice = random.Random(2026)
    killed = 0
    for moment in [dice.uniform(0, duration) for _ in range(KILLS)]:
        process = start(scored, "--raw", demo.raw)
        try:
            process.wait(timeout=moment)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            killed += 1
        process.communicate()
        assert contents(scored.published) == expected
    print(f"{killed} runs killed, {killed} survived")
    assert killed

    process = start(scored, "--raw", demo.raw)
    said, _ = process.communicate()
    assert process.returncode == 0, said
    assert contents(scored.published) == expected
    left = sorted(file.name for file in scored.published.parent.iterdir())
    assert left == [".scores.duckdb.lock", "scores.duckdb"]


def test_of_two_runs_at_once_one_says_that_the_other_is_at_work(
    demo: Scored, tmp_path: Path
) -> None:
    """Whichever comes second changes nothing."""
    scored = in_folder(tmp_path, demo)
    processes = [start(scored, "--raw", demo.raw) for _ in range(2)]
    ends = [(process.communicate()[0], process.returncode) for process in processes]
    assert sorted(code for _, code in ends) == [0, 1], ends
    (refused,) = (said for said, code in ends if code)
    assert "another run is at work on" in refused
    assert str(scored.warehouse) in refused
    assert contents(scored.published) == contents(demo.published)


def test_an_engine_that_makes_other_keys_is_refused(demo: Scored, tmp_path: Path) -> None:
    """History is kept by keys, and a new version of DuckDB may hash otherwise."""
    scored = in_folder(tmp_path, demo)
    shutil.copy(demo.warehouse, scored.warehouse)
    with duckdb.connect(scored.warehouse) as connection:
        connection.execute("update staging.stg_lead_versions set lead_key = lead_key // 2")
    before = scored.warehouse.read_bytes()
    process = start(scored)
    said, _ = process.communicate()
    assert process.returncode == 1
    assert "makes other keys than the one that built this warehouse" in said
    assert scored.warehouse.read_bytes() == before
    assert not scored.published.exists()


def test_a_run_that_publishes_into_its_own_warehouse_is_refused(tmp_path: Path) -> None:
    """The two databases have different readers."""
    both = tmp_path / "scores.duckdb"
    said = run("leadscore", "build", "--warehouse", both, "--publish", both)
    assert said.returncode == 1
    assert "both the working and the published" in said.stderr
    assert not both.exists()


def test_a_database_may_not_be_called_like_a_schema(demo: Scored, tmp_path: Path) -> None:
    """DuckDB could not tell marts.lead_scores from a table of the database marts."""
    with duckdb.connect(demo.warehouse, read_only=True) as connection:
        schemas = connection.execute(
            "select distinct schema_name from duckdb_schemas()"
            " where database_name = current_database()"
            " and schema_name not in ('main', 'information_schema', 'pg_catalog') order by all"
        ).fetchall()
    assert [name for (name,) in schemas] == SCHEMAS
    for option in ("--warehouse", "--publish"):
        said = run("leadscore", "build", option, tmp_path / "Marts.v2.duckdb")
        assert said.returncode == 1
        assert "marts is the name of a schema" in said.stderr
    assert not list(tmp_path.iterdir())


def test_databases_may_have_the_same_name_and_points_in_it(demo: Scored, tmp_path: Path) -> None:
    """What DuckDB calls a database after its file plays no role."""
    scored = Scored(demo.raw, tmp_path / "my.db" / "a.b.duckdb", tmp_path / "a.v2.duckdb")
    scored.warehouse.parent.mkdir()
    shutil.copy(demo.warehouse, scored.warehouse)
    publish(scored.warehouse, scored.published)
    assert contents(scored.published) == contents(demo.published)
    options = ["--warehouse", scored.warehouse, "--publish", scored.published]
    lead = demo.query("select min(lead_id) from marts.lead_scores")[0][0]
    said = run("leadscore", "explain", lead, "--set", "lead.seniority=c_level", *options)
    assert said.returncode == 0, said.stderr


def test_a_full_disk_while_building_leaves_what_is_published(demo: Scored, tmp_path: Path) -> None:
    """The run fails in plain words, and the next one, with room, succeeds."""
    scored = in_folder(tmp_path, demo)
    scored.published.parent.mkdir()
    shutil.copy(demo.published, scored.published)
    before = scored.published.read_bytes()
    for share in (0.02, 0.1, 0.3):
        room = int(demo.warehouse.stat().st_size * share)
        process = start(scored, "--raw", demo.raw, largest_file=room)
        said, _ = process.communicate()
        assert process.returncode == 1, said
        assert "Traceback" not in said
        assert scored.published.read_bytes() == before
    process = start(scored, "--raw", demo.raw)
    said, _ = process.communicate()
    assert process.returncode == 0, said
    assert contents(scored.published) == contents(demo.published)


def test_a_full_disk_while_publishing_leaves_what_is_published(
    demo: Scored, tmp_path: Path
) -> None:
    """Half a copy never takes the place of the whole one."""
    published = tmp_path / "scores.duckdb"
    publish(demo.warehouse, published)
    before = published.read_bytes()
    room = len(before) // 2
    script = (
        "import resource, sys; from pathlib import Path; from leadscore.publish import publish;"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}));"
        "publish(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    said = run("python", "-c", script, demo.warehouse, published)
    assert said.returncode
    assert published.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["scores.duckdb"]


def test_a_reader_never_sees_an_error_or_a_mix(tmp_path: Path) -> None:
    """While two runs take turns in publishing, every look finds the tables of one of them."""
    published = tmp_path / "scores.duckdb"
    turns = [tmp_path / "odd.duckdb", tmp_path / "even.duckdb"]
    for number, warehouse in enumerate(turns):
        with duckdb.connect(warehouse) as connection:
            for table in ("marts.lead_scores", "marts.zebras", "audit.raw_rejects"):
                connection.execute(f"create schema if not exists {table.split('.')[0]}")
                connection.execute(
                    f"create table {table} as select {number} as turn from range(5000)"
                )
    publish(turns[0], published)
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(published)], stdout=subprocess.PIPE, text=True
    )
    for number in range(PUBLICATIONS):
        publish(turns[number % 2], published)
    published.with_name("done").touch()
    said, _ = reader.communicate()
    assert reader.returncode == 0, said
    looks, *seen = said.split()
    print(f"{PUBLICATIONS} publications, {looks} looks, no error and no mix")
    assert int(looks) > PUBLICATIONS // 10
    assert seen == ["0", "1"]


READER = """
import sys
from pathlib import Path
import duckdb

published = Path(sys.argv[1])
looks, seen = 0, set()
while not published.with_name("done").exists():
    with duckdb.connect(published, read_only=True) as connection:
        turns = connection.sql(
            "select turn from marts.lead_scores union select turn from marts.zebras"
            " union select turn from audit.raw_rejects"
        ).fetchall()
    assert len(turns) == 1, turns
    looks, seen = looks + 1, seen | set(turns[0])
print(looks, *sorted(seen))
"""
