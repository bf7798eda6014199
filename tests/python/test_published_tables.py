"""Great Expectations looks at the published tables as a consumer outside the project would."""

from pathlib import Path
from typing import Any

import duckdb
import great_expectations as gx
import great_expectations.expectations as gxe
import pytest

from conftest import Scored
from leadscore.project import ROOT

DOCS = ROOT / "target" / "data_docs"

SUITES: dict[str, list[Any]] = {
    "lead_scores": [
        gxe.ExpectTableRowCountToBeBetween(min_value=1),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["lead_id", "scorecard_id"]),
        gxe.ExpectColumnValuesToNotBeNull(column="score"),
        gxe.ExpectColumnValuesToBeBetween(column="score", min_value=0, max_value=100),
        gxe.ExpectColumnValuesToNotBeNull(column="band"),
        gxe.ExpectColumnValuesToBeInSet(column="next_step", value_set=["none", "nurture", "sales"]),
        gxe.ExpectColumnValuesToBeBetween(column="completeness", min_value=0, max_value=1),
        gxe.ExpectColumnValuesToBeBetween(column="rank", min_value=1),
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["scorecard_id", "rank"]),
        gxe.ExpectColumnValuesToMatchRegex(column="rules_hash", regex="^[0-9a-f]{32}$"),
        gxe.ExpectColumnValuesToBeUnique(column="lead_and_scorecard"),
    ],
    "lead_score_ledger": [
        gxe.ExpectColumnValuesToBeInSet(
            column="line_type", value_set=["rule", "group_limit", "axis_limit", "score_limit"]
        ),
        gxe.ExpectColumnValuesToNotBeNull(column="points"),
        gxe.ExpectColumnValuesToNotBeNull(column="label"),
    ],
    "lead_segments": [
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["lead_id", "scorecard_id"]),
        gxe.ExpectColumnValuesToNotBeNull(column="band"),
    ],
    "list_members": [
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["list_id", "lead_id"]),
        gxe.ExpectColumnValuesToNotBeNull(column="workflow"),
    ],
    "lead_profiles": [
        gxe.ExpectColumnValuesToBeUnique(column="lead_id"),
        gxe.ExpectColumnValuesToBeInSet(column="audience", value_set=["b2b", "b2c"]),
        gxe.ExpectColumnValuesToMatchRegex(column="country_code", regex="^[A-Z]{2}$"),
        gxe.ExpectColumnValuesToBeInSet(
            column="email_kind",
            value_set=["business", "personal", "disposable", "role", "invalid"],
        ),
    ],
    "company_scores": [
        gxe.ExpectCompoundColumnsToBeUnique(column_list=["company_id", "scorecard_id"]),
        gxe.ExpectColumnValuesToBeBetween(column="score", min_value=0, max_value=100),
    ],
    "rule_statistics": [
        gxe.ExpectColumnValuesToBeBetween(column="share_matched", min_value=0, max_value=1),
        gxe.ExpectColumnValuesToBeBetween(column="conversion_rate", min_value=0, max_value=1),
        gxe.ExpectColumnPairValuesAToBeGreaterThanB(
            column_A="conversion_high", column_B="conversion_low", or_equal=True
        ),
        gxe.ExpectColumnValuesToNotBeNull(column="rule_id"),
    ],
}


@pytest.fixture(scope="module")
def context() -> Any:
    """A Great Expectations project that writes its data docs below target/."""
    context = gx.get_context(mode="ephemeral")
    context.variables.data_docs_sites = {
        "published": {
            "class_name": "SiteBuilder",
            "store_backend": {
                "class_name": "TupleFilesystemStoreBackend",
                "base_directory": str(DOCS),
            },
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        }
    }
    return context


def test_published_tables_meet_what_consumers_expect(demo: Scored, context: Any) -> None:
    """Every table's expectations hold, and its data docs are written."""
    source = context.data_sources.add_pandas("published")
    results = {}
    with duckdb.connect(demo.published, read_only=True) as connection:
        for table, expectations in SUITES.items():
            rows = connection.sql(f"from marts.{table}").df()
            if table == "lead_scores":
                rows["lead_and_scorecard"] = rows["lead_id"] + " " + rows["scorecard_id"]
            batch = source.add_dataframe_asset(table).add_batch_definition_whole_dataframe("all")
            suite = context.suites.add(gx.ExpectationSuite(name=table, expectations=expectations))
            validation = context.validation_definitions.add(
                gx.ValidationDefinition(name=table, data=batch, suite=suite)
            )
            checkpoint = context.checkpoints.add(
                gx.Checkpoint(
                    name=table,
                    validation_definitions=[validation],
                    actions=[gx.checkpoint.UpdateDataDocsAction(name="docs")],
                )
            )
            results[table] = checkpoint.run(batch_parameters={"dataframe": rows})
    failed = {
        table: [
            check.expectation_config.to_domain_obj().configuration
            for run in result.run_results.values()
            for check in run.results
            if not check.success
        ]
        for table, result in results.items()
        if not result.success
    }
    assert not failed
    assert (Path(DOCS) / "index.html").exists()
