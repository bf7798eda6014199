"""The linter of rule files: finds everything that is wrong with them, and says how to mend it.

It needs no warehouse, and it never stops at the first error. The standard library is enough for it,
but for regular expressions: DuckDB, which is to run them, judges them.
``RULE_FILES`` (file -> columns) is the one place in Python that knows the headers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from leadscore.check.composites import check_composites, check_composites_have_no_rules
from leadscore.check.conditions import Context, check_conditions
from leadscore.check.exclusion import check_exclusions
from leadscore.check.fields import read_event_types, read_registry
from leadscore.check.files import RULE_FILES, SPECS, FileSpec
from leadscore.check.findings import Finding, Report, did_you_mean, one_line, quote
from leadscore.check.outcomes import (
    check_bands,
    check_grades,
    check_limit_groups,
    check_lists,
    check_overrides,
    check_service_levels,
    check_style,
)
from leadscore.check.parsing import read_table
from leadscore.check.reach import check_cut_points, check_reached_bands
from leadscore.check.rivals import check_order, check_rivals
from leadscore.check.rules import (
    check_balance,
    check_cases,
    check_counts,
    check_event_types,
    check_explicit_points,
    check_labels,
    check_rule_ids,
    check_scorecards_exist,
    check_versions,
)
from leadscore.check.synonyms import check_synonyms

__all__ = ["RULE_FILES", "SPECS", "Checked", "FileSpec", "Finding", "check_rules", "read_rules"]

_NOT_RULES = (".md", ".yml", ".yaml")

# What findings are shown under, and the checks that make them.
CHECKS: tuple[tuple[str, Callable[[Context], None]], ...] = (
    ("conditions that cannot hold", check_conditions),
    ("conditions that cannot hold", check_exclusions),
    ("scorecards that do not exist", check_scorecards_exist),
    ("points that do not count", check_explicit_points),
    ("counts of events", check_counts),
    ("event types nobody knows", check_event_types),
    ("reasons without words", check_labels),
    ("rules that share an id", check_rule_ids),
    ("rules that share an id", check_cases),
    ("versions of rules", check_versions),
    ("limits", check_limit_groups),
    ("rules that contradict or repeat each other", check_rivals),
    ("points out of order", check_order),
    ("points that a limit cuts", check_cut_points),
    ("composites", check_composites),
    ("composites", check_composites_have_no_rules),
    ("bands", check_bands),
    ("bands that nobody can reach", check_reached_bands),
    ("grades", check_grades),
    ("lists", check_lists),
    ("scores set by hand", check_overrides),
    ("service levels", check_service_levels),
    ("scorecards with few rules", check_balance),
    ("synonyms", check_synonyms),
    ("files as a spreadsheet writes them", check_style),
)


class Checked(NamedTuple):
    """What there is to say of a folder of rule files, and what they say.

    Attributes:
        findings: all errors and warnings of all files, sorted by file and line.
        files: by name of a rule file its header and rows, as the contract writes them. Where there
            are errors, what could not be read is missing.
    """

    findings: list[Finding]
    files: Mapping[str, list[list[str]]]

    @property
    def has_errors(self) -> bool:
        """Whether some of the findings are errors."""
        return any(finding.severity == "error" for finding in self.findings)


def check_rules(
    rules: Path, reference: Path, *, allow_protected_fields: bool = False
) -> list[Finding]:
    """Lint a folder of rule files: the findings of ``read_rules``."""
    return read_rules(rules, reference, allow_protected_fields=allow_protected_fields).findings


def read_rules(rules: Path, reference: Path, *, allow_protected_fields: bool = False) -> Checked:
    """Lint a folder of rule files, and read them.

    Args:
        rules: folder with the files of ``RULE_FILES``.
        reference: folder with the vocabularies ``fields.csv`` and, if there, ``event_types.csv``,
            ``job_functions.csv``, ``seniorities.csv``, ``country_names.csv``, ``industries.csv``.
        allow_protected_fields: whether rules may look at protected fields if they say why.

    Returns:
        The findings, and the files as they were read.
    """
    report = Report(topic="files")
    try:
        present = sorted(path.name for path in rules.iterdir())
    except OSError as error:
        message = f"no folder of rules at {rules}: {error.strerror or error}"
        return Checked([Finding(rules.name or str(rules), 1, 1, "error", message)], {})
    for name in present:
        if name not in RULE_FILES and not name.startswith(".") and not name.endswith(_NOT_RULES):
            hint = did_you_mean(name, [file for file in RULE_FILES if file not in present])
            message = f"{quote(name)} is no rule file and is ignored{hint}"
            report.warning_at(one_line(name), 1, 1, message)

    report.topic = "cells"
    context = Context(
        tables={file: read_table(rules, file, report) for file in RULE_FILES},
        registry=read_registry(reference, report),
        event_types=read_event_types(reference),
        report=report,
        reference=reference,
        allow_protected_fields=allow_protected_fields,
    )
    for report.topic, check in CHECKS:
        check(context)
    files = {file: table.texts for file, table in context.tables.items()}
    return Checked(sorted(set(report.findings)), files)
