"""What a run has found about the data: one line for its summary."""

from pathlib import Path

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
