"""Field, operator and value: the conditions of explicit rules, implicit rules and lists."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from leadscore.check.fields import EventType, Field, Registry, why_never
from leadscore.check.files import CONDITION
from leadscore.check.findings import Report, did_you_mean, known_are, quote
from leadscore.check.spreadsheets import why_turned
from leadscore.check.tables import Row, Table
from leadscore.check.values import (
    Misfit,
    Parser,
    days,
    iso_date,
    number,
    number_or_date,
    regex,
    span,
    text,
    truth,
)

EXPLICIT, IMPLICIT, LISTS = "explicit_rules.csv", "implicit_rules.csv", "lists.csv"
# The cell that has to justify a condition on a protected field.
_REASON = {EXPLICIT: "label", IMPLICIT: "label", LISTS: "description"}

ANY_TYPE = ("text", "number", "date", "boolean")
OPERATORS: Mapping[str, tuple[str, ...]] = {
    "equals": ANY_TYPE,
    "not_equals": ANY_TYPE,
    "in_list": ANY_TYPE,
    "not_in_list": ANY_TYPE,
    "contains": ("text",),
    "starts_with": ("text",),
    "ends_with": ("text",),
    "matches": ("text",),
    "gt": ("number", "date"),
    "gte": ("number", "date"),
    "lt": ("number", "date"),
    "lte": ("number", "date"),
    "between": ("number", "date"),
    "older_than_days": ("date",),
    "within_days": ("date",),
    "is_known": ANY_TYPE,
    "is_unknown": ANY_TYPE,
}
# Fields whose values are those of a column of content_map.csv.
CONTENT_FIELDS = {
    "event.page_group": "page_group",
    "event.content_stage": "content_stage",
    "event.content_topic": "content_topic",
}
VALUELESS = ("is_known", "is_unknown")
LIST_OPERATORS = ("in_list", "not_in_list")
_SCALARS: Mapping[str, Parser] = {"number": number, "date": iso_date, "boolean": truth}
_ORDERED: Mapping[str, Callable[[str], float | date]] = {
    "number": number,
    "date": iso_date,
    "": number_or_date,
}


@dataclass
class Context:
    """Everything that the checks across files look at."""

    tables: Mapping[str, Table]
    registry: Registry | None
    event_types: Mapping[str, EventType]
    report: Report
    reference: Path
    allow_protected_fields: bool = False
    members: Mapping[str, list[Row]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Gather the members of each value list."""
        members: dict[str, list[Row]] = {}
        table = self.tables["value_lists.csv"]
        for row in table.all_rows:
            members.setdefault(row.text("value_list"), []).append(row)
        self.members = members

    def known(self, file: str, column: str) -> dict[str, Row] | None:
        """Names that a file declares, or None if it cannot be told which those are."""
        table = self.tables[file]
        names = table.names(column)
        return names if table.is_whole and (names or not table.spec.needs_rows) else None

    def card(self, scorecard_id: str) -> Row | None:
        """The row of a scorecard, if there is one."""
        return self.tables["scorecards.csv"].names("scorecard_id").get(scorecard_id)

    def subject(self, scorecard_id: str) -> str:
        """What a scorecard scores; blank if unknown."""
        card = self.card(scorecard_id)
        return card.text("subject") if card else ""


def parser_of(operator: str, data_type: str) -> Parser:
    """The parser of an operator's value, for fields of that type (blank: unregistered)."""
    if operator in ("equals", "not_equals"):
        return _SCALARS.get(data_type, text)
    if operator in ("older_than_days", "within_days"):
        return days
    if operator == "matches":
        return regex
    if operator in ("gt", "gte", "lt", "lte"):
        return _ORDERED.get(data_type, number_or_date)
    if operator == "between":
        return span(_ORDERED.get(data_type, number_or_date))
    return text


def check_conditions(context: Context) -> None:
    """Check the conditions of all rules and lists."""
    for file in (EXPLICIT, IMPLICIT, LISTS):
        table = context.tables[file]
        if not table.rows or not all(column in table.rows[0].cells for column in CONDITION):
            continue
        with_conditions = {
            row.texts(*table.spec.rule_key) for row in table.rows if row.text("field")
        }
        for row in table.rows:
            name, operator, value = row.texts(*CONDITION)
            if name and operator:
                _check_condition(context, row)
            elif name or operator or value:
                given, absent = ("field", "operator") if name else ("operator", "field")
                if not (name or operator):
                    given, absent = "value", "field and operator"
                message = f"{given} {quote(row.text(given))} without {absent}; give all or none"
                context.report.error(row, given, message)
            elif file != IMPLICIT:
                noun = "list" if file == LISTS else "explicit rule"
                message = f"the {noun} has no condition here; give it a field and an operator"
                context.report.error(row, "field", message)
            elif row.texts(*table.spec.rule_key) in with_conditions:
                message = "this row has no condition but the rule has others; drop the row"
                context.report.error(row, "field", message)


def _check_condition(context: Context, row: Row) -> None:
    name, operator, _ = row.texts(*CONDITION)
    entry = _find_field(context, row, name) if context.registry else None
    if operator not in OPERATORS:
        hint = did_you_mean(operator, OPERATORS) or f"; known are {', '.join(OPERATORS)}"
        context.report.error(row, "operator", f"unknown operator {quote(operator)}{hint}")
        return
    if entry:
        _check_protection(context, row, entry)
        if entry.data_type and entry.data_type not in OPERATORS[operator]:
            fitting = [each for each in OPERATORS if entry.data_type in OPERATORS[each]]
            message = (
                f"operator {quote(operator)} does not fit the {entry.data_type} field {name};"
                f" use one of {', '.join(fitting)}"
            )
            context.report.error(row, "operator", message)
            return
    _check_value(context, row, entry)


def _find_field(context: Context, row: Row, name: str) -> Field | None:
    """The field of a condition, or None having reported that it may not stand there."""
    registry = context.registry or Registry()
    entry = registry.find(name)
    prefix = f"{name.partition('.')[0]}."
    problem = ""
    if prefix in registry.second_stage and row.file != LISTS:
        problem = f"field {quote(name)} exists in lists.csv only; rules cannot look at scores"
    elif prefix in registry.second_stage and entry:
        problem = _second_stage_problem(context, name)
    elif prefix == "event." and row.file != IMPLICIT:
        where = "rules on events belong in implicit_rules.csv"
        if row.file == LISTS:
            where = "count them with an implicit rule and use rule_count.<rule_id>"
        problem = f"field {quote(name)} is of events; {where}"
    elif entry is None:
        prefixes = ("event.",) if row.file == IMPLICIT else ("lead.", "company.")
        hint = registry.suggest(name, prefixes) or registry.suggest(name)
        problem = f"unknown field {quote(name)}{hint or '; see seeds/reference/fields.csv'}"
    elif prefix != "event." and row.file == IMPLICIT:
        problem = (
            f"field {quote(name)} is not of events; implicit rules look at event.* only,"
            " rules on who somebody is belong in explicit_rules.csv"
        )
    elif (
        row.file == EXPLICIT
        and prefix != "company."
        and context.subject(row.text("scorecard_id")) == "company"
    ):
        problem = f"field {quote(name)} is of leads, but the scorecard scores companies"
    if problem:
        context.report.error(row, "field", problem)
        return None
    return entry


def _second_stage_problem(context: Context, name: str) -> str:
    stage, _, wanted = name.partition(".")
    if stage != "rule_count":
        known = _in_lower_case(context.known("scorecards.csv", "scorecard_id"))
        if known is None or wanted in known:
            return ""
        hint = did_you_mean(wanted, known) or known_are(known)
        return f"field {quote(name)} names an unknown scorecard{hint}"
    known = _in_lower_case(context.known(IMPLICIT, "rule_id"))
    if known is None or wanted in known:
        return ""
    if wanted in (_in_lower_case(context.tables[EXPLICIT].names("rule_id")) or ()):
        return f"field {quote(name)} names an explicit rule; only implicit rules count events"
    return f"field {quote(name)} names an unknown rule{did_you_mean(wanted, known)}"


def _in_lower_case(names: Iterable[str] | None) -> set[str] | None:
    """Names as they stand in those of fields, or None if it cannot be told which those are."""
    return None if names is None else {name.lower() for name in names}


def _check_protection(context: Context, row: Row, entry: Field) -> None:
    if not entry.is_protected:
        return
    reason = _REASON[row.file]
    if not context.allow_protected_fields:
        message = (
            f"field {quote(entry.name)} is protected; drop the rule, or set the var"
            f" allow_protected_fields and say why in the {reason}"
        )
        context.report.error(row, "field", message)
    elif not row.text(reason):
        message = f"field {quote(entry.name)} is protected; say in the {reason} why it is used"
        context.report.error(row, reason, message)


def _check_value(context: Context, row: Row, entry: Field | None) -> None:
    name, operator, value = row.texts(*CONDITION)
    if operator in VALUELESS:
        if value:
            message = f"operator '{operator}' takes no value, got {quote(value)}; leave it blank"
            context.report.error(row, "value", message)
        return
    if not value:
        message = f"operator '{operator}' needs a value; use is_unknown to ask for blanks"
        context.report.error(row, "value", message)
        return
    if operator in LIST_OPERATORS:
        _check_list(context, row, entry)
        return
    # Of a field that nobody knows, the type is as open as that of one nobody registered.
    data_type = entry.data_type if entry else ""
    try:
        meaning = context.tables[row.file].read(row, "value", parser_of(operator, data_type))
    except Misfit as misfit:
        context.report.error(row, "value", misfit.about(f"operator '{operator}'", value))
        return
    value = row.text("value")
    turned = why_turned(value) if isinstance(meaning, str) and operator != "matches" else ""
    if turned:
        context.report.error(row, "value", f"value {quote(value)} {turned}")
        return
    why = why_never(name, operator, value, known_values(context, name))
    if why:
        message = f"{name} {operator} {quote(value)} can never be: {name} {why}"
        context.report.warning(row, "value", message)


def _check_list(context: Context, row: Row, entry: Field | None) -> None:
    name, operator, value_list = row.texts(*CONDITION)
    if value_list not in context.members:
        known = context.known("value_lists.csv", "value_list")
        if known is not None:
            hint = did_you_mean(value_list, known) or "; add it to value_lists.csv"
            context.report.error(row, "value", f"unknown value list {quote(value_list)}{hint}")
        return
    members = [member for member in context.members[value_list] if member.text("value")]
    if not members and context.tables["value_lists.csv"].is_whole:
        message = f"value list {quote(value_list)} is empty; give it values in value_lists.csv"
        context.report.error(row, "value", message)
    parse = _SCALARS.get(entry.data_type, text) if entry else text
    for member in members:
        value = member.text("value")
        try:
            parse(value)
        except Misfit as misfit:
            message = misfit.about(f"list {quote(value_list)}, compared with {name},", value)
            context.report.warning(member, "value", message)
            continue
        why = why_never(name, operator, value, known_values(context, name))
        if why:
            message = f"list {quote(value_list)} is compared with {name}, which {why}"
            context.report.warning(member, "value", f"{message} (got {quote(value)})")


def known_values(context: Context, name: str) -> tuple[str, ...]:
    """The values that a field can have; nothing if that is open."""
    prefix, _, scorecard_id = name.partition(".")
    pages = context.tables["content_map.csv"]
    if name in CONTENT_FIELDS and pages.rows and pages.is_whole and not pages.misshapen:
        return tuple(pages.names(CONTENT_FIELDS[name]))
    if prefix != "band":
        return (context.registry or Registry()).vocabularies.get(name, ())
    bands = context.tables["bands.csv"]
    names = [
        row.text("band")
        for row in bands.all_rows
        if row.text("scorecard_id").lower() == scorecard_id and row.text("measure") == "score"
    ]
    return (*names, "disqualified") if names and bands.is_whole else ()
