"""The rule report as a page: which tables and charts it has, and what stands in their cells."""

from collections.abc import Iterable
from pathlib import Path

from markupsafe import Markup

from leadscore.charts import Interval, bars, intervals
from leadscore.database import Row
from leadscore.pages import count, percent, points, write_page
from leadscore.report import ENOUGH, Rule, RuleReport, Scorecard

Cells = list[str | Markup]
Columns = list[tuple[str, str]]

OBSTACLES = {
    "nobody_scored": "its scorecard applies to nobody",
    "field_unknown": "nobody has a value there",
    "event_unseen": "there is no such event",
    "value_unseen": "nothing that is there meets it",
    "never_together": "it is met, but not together with the rule's other conditions",
    "out_of_window": "such events are too old, a bot's, or nobody's",
    "too_few_events": "nobody who is scored has as many as it asks for",
    "not_in_audience": "only others meet it than the scorecard applies to",
    "no_component_points": "the component gives nobody points",
}
FOUR_FIFTHS = 0.8
ALIKE = 0.5
SHOWN = 15
"""Rows of a chart or of a table of pairs: the first ones tell most."""

WITHOUT_EFFECT: Columns = [
    ("rule", "text"),
    ("scorecard", "text"),
    ("why", "text"),
    ("last fired", "number"),
]
EFFECT: Columns = [
    ("rule", "text"),
    ("fires for", "number"),
    ("share", "number"),
    ("points", "number"),
    ("on average", "number"),
    ("largest", "number"),
    ("first, last fired", "number"),
]
CONVERSION: Columns = [
    ("rule", "text"),
    ("fires for", "number"),
    ("won", "number"),
    ("share won", "number"),
    ("of the rest", "number"),
    ("times as often", "number"),
    ("what that says", "text"),
]
OVERLAPS: Columns = [
    ("rule", "text"),
    ("and", "text"),
    ("both fire for", "number"),
    ("of those of either", "number"),
]
GROUPS: Columns = [
    ("group", "text"),
    ("band or better", "text"),
    ("in the group", "number"),
    ("reach it", "number"),
    ("95 % interval", "number"),
    ("of the best group", "number"),
    ("remark", "text"),
]


def write_report(report: RuleReport, file: Path) -> None:
    """Writes the report; the same published tables make the same bytes."""
    write_page(
        file,
        "report.html.j2",
        report=report,
        enough=ENOUGH,
        never_fired=without_effect(report.never_fired),
        always_fired=without_effect(report.always_fired),
        sections=[section(scorecard) for scorecard in report.scorecards],
        columns={
            "without_effect": WITHOUT_EFFECT,
            "conversion": CONVERSION,
            "overlaps": OVERLAPS,
            "groups": GROUPS,
        },
    )


def section(scorecard: Scorecard) -> dict[str, object]:
    """Returns what the template shows of a scorecard."""
    firing = [rule for rule in scorecard.rules if not rule.statistics["never_fired"]]
    telling = [rule for rule in firing if rule.is_telling]
    return {
        "scorecard": scorecard,
        "bands": bars(
            f"{scorecard.subjects} of {scorecard.scorecard_id} by band",
            list(scorecard.bands),
            list(scorecard.bands.values()),
            scorecard.subjects,
        )
        if scorecard.bands
        else None,
        "effect_columns": EFFECT + [(f"decides {band}", "number") for band in scorecard.bands],
        "effect": [effect(rule, scorecard) for rule in firing],
        "conversion": [conversion(rule) for rule in firing] if scorecard.has_enough_won else [],
        "conversions": conversion_chart(scorecard, telling),
        "is_chart_cut": len(telling) > SHOWN,
        "overlaps": overlaps(scorecard),
        "groups": groups(scorecard),
    }


def named(label: str | None, rule_id: str) -> Markup:
    """Returns a rule as its reason in words and its name."""
    return Markup("{}<br><code>{}</code>").format(label or "", rule_id)


def without_effect(found: Iterable[Row]) -> list[Cells]:
    """Returns the rules that tell nobody apart, with the reason as far as it is known."""
    lines: list[Cells] = []
    for row in found:
        why: str | Markup = OBSTACLES.get(row["obstacle"], "everybody meets it")
        if row["cause"]:
            why = Markup("<code>{}</code>: {}").format(row["cause"], why)
        lines.append(
            [
                named(row["label"], row["rule_id"]),
                row["scorecard_id"],
                why,
                str(row["last_fired_on"] or ""),
            ]
        )
    return lines


def effect(rule: Rule, scorecard: Scorecard) -> Cells:
    """Returns how far a rule reaches and what it gives."""
    found = rule.statistics
    decided = []
    for band, subject_count in scorecard.bands.items():
        number = rule.decided.get(band, 0)
        cell = Markup("{}<br>{}").format(count(number), percent(number / subject_count))
        decided.append(cell if number else "")
    return [
        named(found["label"], rule.rule_id),
        count(found["subjects_matched"]),
        percent(found["share_matched"]),
        points(found["points_total"]),
        points(found["average_points"]),
        points(found["largest_points"]),
        Markup("{}<br>{}").format(found["first_fired_on"], found["last_fired_on"]),
        *decided,
    ]


def between(low: float, high: float) -> str:
    """Returns an interval of shares as percentages."""
    return f"{low * 100:.1f} to {high * 100:.1f} %"


def conversion(rule: Rule) -> Cells:
    """Returns how many of those a rule fires for were won, beside the rest."""
    found = rule.statistics
    shares = []
    for side in ("conversion", "rest_conversion"):
        rate = found[f"{side}_rate"]
        interval = "" if rate is None else between(found[f"{side}_low"], found[f"{side}_high"])
        shares.append(Markup("{}<br>{}").format(percent(rate), interval))
    return [
        named(found["label"], rule.rule_id),
        count(found["subjects_matched"]),
        count(found["subjects_won"]),
        *shares,
        f"{found['lift']:.1f}" if rule.is_telling and found["lift"] is not None else "",
        rule.verdict,
    ]


def conversion_chart(scorecard: Scorecard, telling: list[Rule]) -> Markup | None:
    """Returns rules of which something can be said, those won most often first."""
    if not telling:
        return None
    telling = sorted(telling, key=lambda rule: (-rule.statistics["conversion_rate"], rule.rule_id))
    if len(telling) > SHOWN:
        telling = telling[: SHOWN - SHOWN // 3] + telling[-(SHOWN // 3) :]
    rows = [
        Interval(
            rule.statistics["label"] or rule.rule_id,
            *(rule.statistics[f"conversion_{end}"] * 100 for end in ("low", "rate", "high")),
        )
        for rule in telling
    ]
    average = scorecard.subjects_won / scorecard.subjects_scored * 100
    title = f"Share of {scorecard.subjects} of {scorecard.scorecard_id} won, by rule"
    return intervals(title, rows, f"% of {scorecard.subjects} won", average)


def overlaps(scorecard: Scorecard) -> list[Cells]:
    """Returns rules that fire for much the same, each two of them once, the most alike first."""
    labels = {rule.rule_id: rule.statistics["label"] for rule in scorecard.rules}
    pairs = [
        (overlap, rule.rule_id)
        for rule in scorecard.rules
        for overlap in rule.overlaps
        if rule.rule_id < overlap.rule_id and overlap.share >= ALIKE
    ]
    pairs.sort(key=lambda pair: (-pair[0].share, pair[1], pair[0].rule_id))
    return [
        [
            named(labels[rule_id], rule_id),
            named(labels.get(overlap.rule_id), overlap.rule_id),
            count(overlap.both_count),
            percent(overlap.share),
        ]
        for overlap, rule_id in pairs[:SHOWN]
    ]


def groups(scorecard: Scorecard) -> dict[str, list[Cells]]:
    """Returns by protected field how often its groups reach each band but the worst."""
    lines: dict[str, list[Cells]] = {}
    shown = [row for row in scorecard.group_rates if row["band_rank"] > 1]
    known = {row["field"] for row in shown if row["group_name"] != "unknown"}
    best: dict[tuple[str, str], float] = {}
    for row in shown:
        if not row["is_too_small"] and row["group_name"] != "unknown":
            band = (row["field"], row["band"])
            best[band] = max(best.get(band, 0.0), row["reached_share"])
    for row in shown:
        if row["field"] in known:
            limit = FOUR_FIFTHS * best.get((row["field"], row["band"]), 0.0)
            lines.setdefault(row["field"], []).append(group(row, limit))
    return lines


def group(row: Row, limit: float) -> Cells:
    """Returns how often a group reaches a band; limit is four fifths of how often the best does."""
    if row["is_too_small"]:
        return [row["group_name"], row["band"], "too few to show", "", "", "", ""]
    remark = ""
    if row["is_below_four_fifths"]:
        is_telling = row["reached_high"] < limit
        remark = "below four fifths" if is_telling else "below four fifths, may be chance"
    return [
        row["group_name"],
        row["band"],
        count(row["group_size"]),
        percent(row["reached_share"]),
        between(row["reached_low"], row["reached_high"]),
        "" if row["ratio_to_best"] is None else f"{row['ratio_to_best']:.2f}",
        remark,
    ]
