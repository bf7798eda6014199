"""`leadscore demo`: a realistic CRM, scored and published, and what to look at in it."""

from pathlib import Path

from leadscore.database import connect
from leadscore.display import bar, console, table_of
from leadscore.errors import LeadscoreError
from leadscore.explain.display import show_lead
from leadscore.explain.reading import explain_lead
from leadscore.project import ROOT

DEMO_FOLDER = ROOT / "demo"


def make_crm() -> Path:
    """Writes the demo CRM into its folder and returns it."""
    from leadscore.demo_data import write_demo_crm

    with bar("Making a CRM") as shown:
        write_demo_crm(DEMO_FOLDER, advance=lambda step: shown.update(shown.task_ids[0], now=step))
    return DEMO_FOLDER


def refuse_to_replace_data(warehouse: Path) -> None:
    """Stops the demo where it would replace somebody's own data.

    Raises:
        LeadscoreError: if the warehouse holds raw tables that are not the demo's.
    """
    if not warehouse.exists():
        return
    with connect(warehouse, read_only=True) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where schema_name = 'raw'"
        ).fetchall()
        if not tables:
            return
        files = []
        if ("load_files",) in tables:
            files = connection.execute("select file from raw.load_files").fetchall()
    if not files or any(Path(file).parent != DEMO_FOLDER for (file,) in files):
        raise LeadscoreError(
            f"{warehouse} holds data of your own, which the demo would replace. "
            "Give it a database of its own: leadscore demo --warehouse demo.duckdb "
            "--publish demo_scores.duckdb"
        )


def show_results(published: Path) -> None:
    """Prints the top of the sales queue, the bands, one lead explained, and what to try next."""
    with connect(published, read_only=True) as connection:
        queue = connection.execute(
            """
            select
                queue.queue_rank, queue.lead_id, queue.score, queue.grade,
                profiles.full_name, profiles.job_title,
                split_part(queue.top_positive_reasons, '; ', 1)
            from marts.sales_queue as queue
            inner join marts.lead_profiles as profiles on queue.lead_id = profiles.lead_id
            where queue.scorecard_id = 'b2b'
            order by queue.queue_rank
            limit 5
            """
        ).fetchall()
        bands = connection.execute(
            """
            select scorecard_id, band, count(*), min(score), max(score)
            from marts.lead_scores
            group by scorecard_id, band
            order by scorecard_id, max(score) desc, band
            """
        ).fetchall()
    columns = ["rank", "lead", "score", "grade", "name", "title", "first reason"]
    console.print(table_of("Top of the sales queue (scorecard b2b)", columns, queue))
    console.print(table_of("Leads by band", ["scorecard", "band", "leads", "from", "to"], bands))
    if queue:
        console.print("\n[bold]Why is the first of them first?[/]")
        show_lead(explain_lead(published, queue[0][1], "b2b"))
    console.print(
        f"""
[bold]What to look at next[/]
  leadscore explain {queue[0][1] if queue else "LEAD_ID"}      the same under all scorecards
  seeds/rules/*.csv            change a rule, then: leadscore check
  leadscore build --as-of ...  score again; the README says how, and how to load your own data
  {published}
                               open it with DuckDB: marts.sales_queue, marts.lead_score_ledger""",
        soft_wrap=True,
    )
