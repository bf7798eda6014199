"""What is said of the data is what the published tables say."""

from conftest import Scored
from leadscore.quality import data_quality


def test_the_summary_of_a_run_tells_how_filled_and_fresh_the_records_are(demo: Scored) -> None:
    """Of all leads, whatever their audience."""
    ((leads, complete, stale),) = demo.query(
        """
        select
            count(*),
            avg(completeness),
            avg(case when data_age_days > 1095 then 1 else 0 end)
        from marts.lead_profiles
        """
    )
    said = data_quality(demo.published)
    assert f"{leads:,} leads, {complete:.0%} complete" in said
    assert f"{stale:.0%} of the records stale" in said


def test_the_first_gap_of_a_lead_is_a_field_that_is_unknown_and_worth_its_points(
    demo: Scored,
) -> None:
    """Seniority is the field of one condition only: who lacks it may win what the rule gives."""
    lacking = demo.query(
        """
        select count(*)
        from marts.lead_scores
        inner join marts.lead_profiles using (lead_id)
        where scorecard_id = 'b2b' and seniority is null
        """
    )
    at_stake = demo.query(
        """
        select subjects_without
        from audit.fields_to_fill
        where scorecard_id = 'b2b' and field = 'lead.seniority' and most_points_at_stake = 5
        """
    )
    assert lacking == at_stake


def test_every_stale_record_waits_for_its_review_once(demo: Scored) -> None:
    """And nobody else does."""
    stale = demo.query(
        "select distinct lead_id from marts.lead_scores where is_stale order by lead_id"
    )
    assert stale == demo.query("select lead_id from audit.records_to_verify order by lead_id")
    assert stale
