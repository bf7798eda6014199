"""The rule files: their columns, keys and what each cell may hold.

The one place in Python that knows the headers; other modules import ``RULE_FILES`` from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from leadscore.check.values import (
    Parser,
    field_name,
    identifier,
    iso_date,
    numeric,
    one_of,
    or_zero,
    page_prefix,
    text,
    truth,
    word,
)

CONDITION = ("field", "operator", "value")
# Columns of words for people, in which anything may stand.
PROSE = ("purpose", "owner_team", "label", "description", "reason", "author")
EFFECTS = ("points", "veto", "fast_track")
NEXT_STEPS = ("none", "nurture", "sales")
CONTENT_STAGES = ("tofu", "mofu", "bofu")
AUDIENCES = ("b2b", "b2c")
SYNONYM_VOCABULARIES = ("seniority", "job_function", "country_code", "industry", "email_kind")

_whole = numeric(whole=True)
_positive = numeric(whole=True, above=0)
_half_life = numeric(at_least=0)
_axis = one_of("fit", "engagement")
_next_step = one_of(*NEXT_STEPS)


@dataclass(frozen=True)
class FileSpec:
    """What one rule file looks like.

    Attributes:
        columns: parser of each column, in the order of the header.
        key: columns that no two rows may share.
        required: columns that may not be blank.
        defaults: what a blank counts as.
        rule_key: rows that share these are one rule, unequal in their conditions only.
        ordered: pairs of columns (low, high) of which low may not be above high.
        increasing: pairs of columns (low, high) of which low must be below high.
        needs_rows: whether scoring is impossible without a row.
    """

    columns: Mapping[str, Parser]
    key: tuple[str, ...]
    required: tuple[str, ...]
    defaults: Mapping[str, str] = field(default_factory=dict)
    rule_key: tuple[str, ...] = ()
    ordered: tuple[tuple[str, str], ...] = ()
    increasing: tuple[tuple[str, str], ...] = ()
    needs_rows: bool = False


SPECS: Mapping[str, FileSpec] = {
    "scorecards.csv": FileSpec(
        columns={
            "scorecard_id": identifier,
            "subject": one_of("lead", "company"),
            "purpose": text,
            "audience": one_of(*AUDIENCES),
            "half_life_days": _half_life,
            "lookback_days": _positive,
            "floor": _whole,
            "ceiling": _whole,
            "include_customers": truth,
            "owner_team": text,
            "description": text,
        },
        key=("scorecard_id",),
        required=("scorecard_id", "subject"),
        defaults={
            "half_life_days": "0",
            "floor": "0",
            "ceiling": "100",
            "include_customers": "false",
        },
        increasing=(("floor", "ceiling"),),
        needs_rows=True,
    ),
    "explicit_rules.csv": FileSpec(
        columns={
            "rule_id": text,
            "scorecard_id": text,
            "rule_group": text,
            "field": field_name,
            "operator": word,
            "value": text,
            "effect": one_of(*EFFECTS),
            "points": numeric(),
            "valid_from": iso_date,
            "valid_to": iso_date,
            "owner_team": text,
            "label": text,
        },
        key=("rule_id", "valid_from", *CONDITION),
        required=("rule_id", "scorecard_id"),
        defaults={"effect": "points"},
        rule_key=("rule_id", "valid_from"),
        increasing=(("valid_from", "valid_to"),),
    ),
    "implicit_rules.csv": FileSpec(
        columns={
            "rule_id": text,
            "scorecard_id": text,
            "rule_group": text,
            "event_type": word,
            "field": field_name,
            "operator": word,
            "value": text,
            "points": numeric(),
            "award": one_of("each", "once"),
            "count_operator": one_of("at_least", "more_than", "exactly", "at_most"),
            "event_count": numeric(whole=True, at_least=0),
            "window_days": _positive,
            "max_per_day": or_zero(_positive),
            "half_life_days": _half_life,
            "max_points": or_zero(numeric()),
            "valid_from": iso_date,
            "valid_to": iso_date,
            "owner_team": text,
            "label": text,
        },
        key=("rule_id", "valid_from", *CONDITION),
        required=("rule_id", "scorecard_id", "event_type", "points"),
        defaults={"award": "each"},
        rule_key=("rule_id", "valid_from"),
        increasing=(("valid_from", "valid_to"),),
    ),
    "score_limits.csv": FileSpec(
        columns={
            "scorecard_id": text,
            "axis": _axis,
            "rule_group": text,
            "min_points": numeric(),
            "max_points": numeric(),
        },
        key=("scorecard_id", "axis", "rule_group"),
        required=("scorecard_id", "axis"),
        ordered=(("min_points", "max_points"),),
    ),
    "composites.csv": FileSpec(
        columns={
            "scorecard_id": text,
            "component": text,
            "weight": numeric(),
            "owner_team": text,
            "label": text,
        },
        key=("scorecard_id", "component"),
        required=("scorecard_id", "component", "weight"),
    ),
    "value_lists.csv": FileSpec(
        columns={"value_list": text, "value": text},
        key=("value_list", "value"),
        required=("value_list", "value"),
    ),
    "content_map.csv": FileSpec(
        columns={
            "page_prefix": page_prefix,
            "page_group": text,
            "content_stage": one_of(*CONTENT_STAGES),
            "content_topic": text,
            "product": text,
        },
        key=("page_prefix",),
        required=("page_prefix",),
    ),
    "bands.csv": FileSpec(
        columns={
            "scorecard_id": text,
            "measure": one_of("score", "fit", "engagement"),
            "band": text,
            "lower": _whole,
            "upper": _whole,
            "exit_below": _whole,
            "temperature": text,
            "lifecycle_stage": text,
            "next_step": _next_step,
            "content_key": text,
            "description": text,
        },
        key=("scorecard_id", "measure", "band"),
        required=("scorecard_id", "measure", "band", "lower", "upper"),
        ordered=(("lower", "upper"), ("exit_below", "lower")),
        needs_rows=True,
    ),
    "grades.csv": FileSpec(
        columns={
            "scorecard_id": text,
            "fit_band": text,
            "engagement_band": text,
            "grade": text,
            "next_step": _next_step,
        },
        key=("scorecard_id", "fit_band", "engagement_band"),
        required=("scorecard_id", "fit_band", "engagement_band", "grade"),
    ),
    "lists.csv": FileSpec(
        columns={
            "list_id": text,
            "exclusive_set": text,
            "priority": _whole,
            "field": field_name,
            "operator": word,
            "value": text,
            "workflow": text,
            "offer_key": text,
            "description": text,
        },
        key=("list_id", *CONDITION),
        required=("list_id",),
        rule_key=("list_id",),
    ),
    "overrides.csv": FileSpec(
        columns={
            "lead_id": text,
            "scorecard_id": text,
            "score": _whole,
            "reason": text,
            "author": text,
            "valid_from": iso_date,
            "valid_to": iso_date,
        },
        key=("lead_id", "scorecard_id", "valid_from"),
        required=("lead_id", "scorecard_id", "score"),
        increasing=(("valid_from", "valid_to"),),
    ),
    "service_levels.csv": FileSpec(
        columns={
            "temperature": text,
            "response_hours": numeric(whole=True, above=0),
            "description": text,
        },
        key=("temperature",),
        required=("temperature", "response_hours"),
    ),
    "synonyms.csv": FileSpec(
        columns={"vocabulary": one_of(*SYNONYM_VOCABULARIES), "synonym": text, "value": text},
        key=("vocabulary", "synonym"),
        required=("vocabulary", "synonym", "value"),
    ),
}

RULE_FILES: Mapping[str, tuple[str, ...]] = {
    file: tuple(spec.columns) for file, spec in SPECS.items()
}
