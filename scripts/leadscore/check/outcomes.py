"""What becomes of points: limits, bands, grades, lists, overrides and service levels."""

from __future__ import annotations

from collections import defaultdict

from leadscore.check.conditions import EXPLICIT, IMPLICIT, LISTS, Context
from leadscore.check.findings import did_you_mean, known_are, normalise, quote
from leadscore.check.reader import DELIMITERS
from leadscore.check.tables import Row

RESERVED_BAND = "disqualified"


def check_limit_groups(context: Context) -> None:
    """Limits are of groups that have rules, and limit something."""
    groups: dict[tuple[str, str], dict[str, Row]] = defaultdict(dict)
    for file, axis in ((EXPLICIT, "fit"), (IMPLICIT, "engagement")):
        table = context.tables[file]
        for row in table.all_rows:
            if row.text("rule_group"):
                groups[row.text("scorecard_id"), axis][row.text("rule_group")] = row
    scorecards = context.known("scorecards.csv", "scorecard_id")
    for row in context.tables["score_limits.csv"].rows:
        scorecard_id, axis, group = row.texts("scorecard_id", "axis", "rule_group")
        if not row.text("min_points") and not row.text("max_points"):
            message = "a limit without min_points and max_points limits nothing; give one"
            context.report.warning(row, "min_points", message)
        if not group or row.is_wrong("axis") or not axis:
            continue
        is_readable = context.tables[EXPLICIT if axis == "fit" else IMPLICIT].is_whole
        is_scorecard = scorecards is None or scorecard_id in scorecards
        if group in groups[scorecard_id, axis] or not is_readable or not is_scorecard:
            continue
        other = "engagement" if axis == "fit" else "fit"
        hint = did_you_mean(group, groups[scorecard_id, axis])
        if group in groups[scorecard_id, other]:
            hint = f"; its rules are on the axis {other}"
        message = f"unknown group {quote(group)}: no {axis} rule of {quote(scorecard_id)} is in it"
        context.report.error(row, "rule_group", message + hint)


def check_bands(context: Context) -> None:
    """The bands of a scorecard take every score, and each score to one band."""
    table = context.tables["bands.csv"]
    bands: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in table.rows:
        bands[row.text("scorecard_id"), row.text("measure")].append(row)
        if normalise(row.text("band")) == RESERVED_BAND:
            message = f"band {quote(row.text('band'))} is reserved for vetoed leads; rename it"
            context.report.error(row, "band", message)
    # Where a row could not be read, whatever seems to be missing may stand in it.
    unclear = {row.text("scorecard_id") for row in table.misshapen}
    unclear |= {row.text("scorecard_id") for row in table.rows if row.is_wrong("measure")}
    for scorecard_id, card in context.tables["scorecards.csv"].names("scorecard_id").items():
        if scorecard_id in unclear or not table.is_whole or not table.rows:
            continue
        for measure in ("score", "fit", "engagement"):
            _check_ranges(context, bands[scorecard_id, measure], card, measure)
        if not bands[scorecard_id, "score"]:
            message = f"scorecard {quote(scorecard_id)} has no bands for its score"
            hint = "; add rows of measure score to bands.csv"
            context.report.error(card, "scorecard_id", message + hint)


def _check_ranges(context: Context, rows: list[Row], card: Row, measure: str) -> None:
    """Gaps and overlaps between the bands of a measure; those of the score reach to its ends."""
    ranges = []
    for row in rows:
        lower, upper = row.number("lower"), row.number("upper")
        if lower is None or upper is None or lower > upper:
            return  # reported already, and what this range leaves out is anybody's guess
        ranges.append((lower, upper, row))
    if not ranges:
        return
    ranges.sort(key=lambda each: each[:2])
    lowest, reached, top = ranges[0]
    bottom = top
    for lower, upper, row in ranges[1:]:
        before = f"band {quote(top.text('band'))} (line {top.line}) ends at {reached:.0f}"
        if lower <= reached:
            message = f"bands overlap: {before}; begin this one at {reached + 1:.0f}"
            context.report.error(row, "lower", message)
        elif lower > reached + 1:
            message = f"no band for {_span(reached + 1, lower - 1)}: {before}; close the gap"
            context.report.error(row, "lower", message)
        if upper > reached:
            reached, top = upper, row

    floor, ceiling = card.number("floor"), card.number("ceiling")
    if measure != "score" or floor is None or ceiling is None or floor >= ceiling:
        return
    if lowest > floor:
        message = f"no band for {_span(floor, lowest - 1)}: the scorecard's floor is {floor:.0f}"
        context.report.error(bottom, "lower", f"{message}; lower this band or add one")
    if reached < ceiling:
        message = f"no band for {_span(reached + 1, ceiling)}: the scorecard's ceiling is"
        context.report.error(top, "upper", f"{message} {ceiling:.0f}; raise this band or add one")


def _span(low: float, high: float) -> str:
    return f"{low:.0f}" if low == high else f"{low:.0f} to {high:.0f}"


def check_grades(context: Context) -> None:
    """Grades join bands that exist, and all of them."""
    if context.known("bands.csv", "band") is None:
        return
    bands: dict[tuple[str, str], dict[str, None]] = defaultdict(dict)
    for row in context.tables["bands.csv"].all_rows:
        written = row.text("measure")
        # A band of a misspelt measure may be of either.
        for measure in (written,) if "measure" in row.values else ("fit", "engagement"):
            bands[row.text("scorecard_id"), measure][row.text("band")] = None
    scorecards = context.known("scorecards.csv", "scorecard_id")
    graded: dict[str, dict[tuple[str, ...], Row]] = defaultdict(dict)
    grades = context.tables["grades.csv"]
    for row in grades.rows:
        scorecard_id = row.text("scorecard_id")
        if scorecards is not None and scorecard_id not in scorecards:
            continue
        graded[scorecard_id][row.texts("fit_band", "engagement_band")] = row
        for measure in ("fit", "engagement"):
            known, band = bands[scorecard_id, measure], row.text(f"{measure}_band")
            if not band or band in known:
                continue
            hint = did_you_mean(band, known) or f"; add it to bands.csv with measure {measure}"
            message = f"unknown {measure} band {quote(band)} of {quote(scorecard_id)}{hint}"
            context.report.error(row, f"{measure}_band", message)
    for scorecard_id, pairs in graded.items():
        missing = [
            f"{quote(fit)} and {quote(engagement)}"
            for fit in bands[scorecard_id, "fit"]
            for engagement in bands[scorecard_id, "engagement"]
            if (fit, engagement) not in pairs
        ]
        if missing and not grades.misshapen:
            more = f" and {len(missing) - 3} more" if len(missing) > 3 else ""
            pair = "pair" if len(missing) == 1 else "pairs"
            message = (
                f"{quote(scorecard_id)} has no grade for the {pair} of fit and engagement bands"
                f" {', '.join(missing[:3])}{more}; leads in them get none"
            )
            context.report.warning(next(iter(pairs.values())), "scorecard_id", message)


def check_lists(context: Context) -> None:
    """Lists lead somewhere, and those of one exclusive set have an order."""
    first_rows: dict[str, Row] = {}
    ranks: dict[tuple[str, str], Row] = {}
    for row in context.tables[LISTS].rows:
        list_id, exclusive_set, priority = row.texts("list_id", "exclusive_set", "priority")
        if not list_id or first_rows.setdefault(list_id, row) is not row:
            continue
        if "workflow" in row.cells and not row.text("workflow"):
            message = f"list {quote(list_id)} has no workflow; its members get no treatment"
            context.report.warning(row, "workflow", message)
        if not exclusive_set:
            continue
        rival = ranks.setdefault((exclusive_set, priority), row)
        if not priority and "priority" in row.cells:
            message = f"priority is blank, but the exclusive set {quote(exclusive_set)} needs one"
            context.report.error(row, "priority", message)
        elif priority and rival is not row:
            message = (
                f"priority {priority} is also that of {quote(rival.text('list_id'))} on line"
                f" {rival.line}; lists of one exclusive set need an order"
            )
            context.report.warning(row, "priority", message)


def check_overrides(context: Context) -> None:
    """Overrides are scores that the scorecard knows, of leads."""
    scorecards = context.tables["scorecards.csv"].names("scorecard_id")
    for row in context.tables["overrides.csv"].rows:
        card, score = scorecards.get(row.text("scorecard_id")), row.number("score")
        if card is None:
            continue
        if card.text("subject") == "company":
            message = f"scorecard {quote(row.text('scorecard_id'))} scores companies, not leads"
            context.report.warning(row, "scorecard_id", message)
        floor, ceiling = card.number("floor"), card.number("ceiling")
        if score is None or floor is None or ceiling is None or floor >= ceiling:
            continue
        if not floor <= score <= ceiling:
            message = f"score {score:.0f} is out of range; write {floor:.0f} to {ceiling:.0f}"
            context.report.warning(row, "score", message)


def check_service_levels(context: Context) -> None:
    """Service levels are of temperatures that bands have, one of each."""
    bands = context.tables["bands.csv"]
    known = {normalise(row.text("temperature")): row.text("temperature") for row in bands.all_rows}
    first_rows: dict[str, Row] = {}
    for row in context.tables["service_levels.csv"].rows:
        temperature = row.text("temperature")
        first = first_rows.setdefault(normalise(temperature), row)
        if first is not row and first.text("temperature") != temperature:
            message = f"{quote(temperature)} is the temperature of line {first.line}; drop one"
            context.report.error(row, "temperature", message)
        elif temperature and bands.is_whole and normalise(temperature) not in known:
            names = [name for name in known.values() if name]
            hint = did_you_mean(temperature, names) or known_are(names)
            message = f"no band of bands.csv has the temperature {quote(temperature)}{hint}"
            context.report.warning(row, "temperature", message)


def check_style(context: Context) -> None:
    """Files are read in the ways of spreadsheets, but dbt alone knows only that of the contract."""
    for file, table in context.tables.items():
        ways = []
        if table.style.delimiter != ",":
            ways.append(f"{DELIMITERS[table.style.delimiter]}s")
        if table.respelt:
            (written, plain), count = table.respelt[0], len(table.respelt)
            more = f" and {count - 1} more" if count > 1 else ""
            ways.append(f"{quote(written)} read as {quote(plain)}{more}")
        if ways:
            hint = "leadscore build can do with that; for dbt alone, run leadscore check --fix"
            context.report.warning_at(file, 1, 1, f"{', '.join(ways)}; {hint}")
