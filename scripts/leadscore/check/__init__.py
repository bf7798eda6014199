"""The linter of rule files: finds everything that is wrong with them, and says how to mend it.

It needs no warehouse, and it never stops at the first error. The standard library is enough for it,
but for regular expressions: DuckDB, which is to run them, judges them.
``RULE_FILES`` (file -> columns) is the one place in Python that knows the headers.
"""

from __future__ import annotations

from pathlib import Path

from leadscore.check.across import CHECKS
from leadscore.check.conditions import Context, check_conditions
from leadscore.check.fields import read_event_types, read_registry
from leadscore.check.files import RULE_FILES, SPECS, FileSpec
from leadscore.check.findings import Finding, Report, did_you_mean, one_line, quote
from leadscore.check.synonyms import check_synonyms
from leadscore.check.tables import read_table

__all__ = ["RULE_FILES", "SPECS", "FileSpec", "Finding", "check_rules"]

_NOT_RULES = (".md", ".yml", ".yaml")


def check_rules(
    rules: Path, reference: Path, *, allow_protected_fields: bool = False
) -> list[Finding]:
    """Lint a folder of rule files.

    Args:
        rules: folder with the files of ``RULE_FILES``.
        reference: folder with the vocabularies ``fields.csv`` and, if there, ``event_types.csv``,
            ``job_functions.csv``, ``seniorities.csv``, ``country_names.csv``, ``industries.csv``.
        allow_protected_fields: whether rules may look at protected fields if they say why.

    Returns:
        All errors and warnings of all files, sorted by file and line.
    """
    report = Report()
    try:
        present = sorted(path.name for path in rules.iterdir())
    except OSError as error:
        message = f"no folder of rules at {rules}: {error.strerror or error}"
        return [Finding(rules.name or str(rules), 1, 1, "error", message)]
    for name in present:
        if name not in RULE_FILES and not name.startswith(".") and not name.endswith(_NOT_RULES):
            hint = did_you_mean(name, [file for file in RULE_FILES if file not in present])
            message = f"{quote(name)} is no rule file and is ignored{hint}"
            report.warning_at(one_line(name), 1, 1, message)

    context = Context(
        tables={file: read_table(rules, file, report) for file in RULE_FILES},
        registry=read_registry(reference, report),
        event_types=read_event_types(reference),
        report=report,
        allow_protected_fields=allow_protected_fields,
    )
    check_conditions(context)
    for check in CHECKS:
        check(context)
    check_synonyms(context, reference)
    return sorted(set(report.findings))
