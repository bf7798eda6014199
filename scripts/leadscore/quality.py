"""What a run has found about the data: one line for its summary, and bands that nobody is in."""

from pathlib import Path

import duckdb

from leadscore.check.findings import Finding, Report, quote
from leadscore.check.parsing import read_table
from leadscore.database import connect


def data_quality(published: Path) -> str:
    """Returns a sentence on how filled and how fresh the records are; empty without leads."""
    with connect(published, read_only=True) as connection:
        row = connection.execute(
            """
            select
                sum(lead_count),
                sum(stale_count) / sum(lead_count),
                sum(average_completeness * lead_count) / sum(lead_count)
            from audit.data_quality
            """
        ).fetchone()
    if row is None or not row[0]:
        return ""
    leads, stale, complete = row
    return (
        f"Data: {leads:,} leads, {complete:.0%} complete on average, {stale:.0%} of the records"
        " stale; see audit.data_quality, fields_to_fill and records_to_verify."
    )


def empty_bands(rules: Path, published: Path) -> list[Finding]:
    """Returns a warning for every band of a folder of rules that nobody was in when last scored.

    Scorecards that are not in the published database are left out, and so is a database that is
    not ours.
    """
    try:
        with connect(published, read_only=True) as connection:
            found = connection.execute(
                """
                select scorecard_id, band, max(as_of_date) from marts.lead_scores group by all
                union all
                select scorecard_id, band, max(as_of_date) from marts.company_scores group by all
                """
            ).fetchall()
    except duckdb.CatalogException:
        return []
    days = {scorecard_id: day for scorecard_id, _, day in found}
    taken = {(scorecard_id, band) for scorecard_id, band, _ in found}
    report = Report(topic="bands that nobody is in")
    for row in read_table(rules, "bands.csv", Report()).rows:
        scorecard_id, band = row.texts("scorecard_id", "band")
        is_asked = row.text("measure") == "score" and scorecard_id in days
        if is_asked and (scorecard_id, band) not in taken:
            message = f"nobody was in band {quote(band)} of {quote(scorecard_id)} on"
            report.warning(row, "band", f"{message} {days[scorecard_id]}, when it was last scored")
    return report.findings
