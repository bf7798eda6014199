"""The same job in pandas as a good analyst writes it: categoricals, integer keys, no row loops."""

from pathlib import Path

import numpy as np
import pandas as pd

from leadscore.bench.rulebook import (
    EVENT_FIELDS,
    Condition,
    ExplicitRule,
    ImplicitRule,
    Limit,
    Rulebook,
)

KIND = ["event_type", *EVENT_FIELDS]
Flags = np.ndarray[tuple[int], np.dtype[np.bool_]]
Whole = np.ndarray[tuple[int], np.dtype[np.int64]]
# No number of events: explicit rules and limits count none.
NO_COUNT = -1


def met(condition: Condition, values: "pd.Series[object]") -> Flags:
    """Returns which values meet a condition; a missing one meets is_unknown alone."""
    known = values.notna()
    match condition.operator:
        case "is_unknown":
            verdict = ~known
        case "is_known":
            verdict = known
        case "equals" | "in_list":
            verdict = values.isin(condition.values)
        case "not_equals" | "not_in_list":
            verdict = known & ~values.isin(condition.values)
        case "contains":
            verdict = values.str.contains(condition.values[0], regex=False)
        case "matches":
            verdict = values.str.contains(condition.values[0], regex=True)
        case "starts_with":
            verdict = values.str.startswith(condition.values[0])
        case "ends_with":
            verdict = values.str.endswith(condition.values[0])
        case "range":
            verdict = known
            if condition.lower is not None:
                bound = condition.lower
                verdict &= values > bound if condition.is_open else values >= bound
            if condition.upper is not None:
                bound = condition.upper
                verdict &= values < bound if condition.is_open else values <= bound
    flags: Flags = verdict.fillna(value=False).to_numpy(dtype=bool)
    return flags


def all_met(conditions: tuple[Condition, ...], rows: pd.DataFrame) -> Flags:
    """Returns which rows meet all conditions."""
    verdict = np.ones(len(rows), dtype=bool)
    for condition in conditions:
        column = rows[condition.field]
        if isinstance(column.dtype, pd.CategoricalDtype):
            # Ask each different value once; the code of a missing one is -1, the last.
            values = pd.Series([*column.cat.categories, None], dtype=object)
            verdict &= met(condition, values)[column.cat.codes.to_numpy()]
        else:
            verdict &= met(condition, column)
    return verdict


def to_units(points: "np.ndarray[tuple[int], np.dtype[np.float64]]") -> "pd.Series[int]":
    """Returns points as whole ten-thousandths, rounded as a ledger rounds them."""
    units = np.floor((np.abs(points) + 1e-9) * 10_000 + 0.5) * np.sign(points)
    return pd.Series(units.astype(np.int64))


def score(prepared: Path, out: Path, book: Rulebook) -> None:
    """Scores prepared events and leads into ledger.parquet and scores.parquet."""
    leads = read_leads(prepared / "leads.parquet")
    events = pd.read_parquet(prepared / "events.parquet")
    for name in KIND:
        events[name] = events[name].astype("category")
    last_events = events.groupby("lead_key")["occurred_at"].max()
    lines = [*fit_lines(leads, book), *engagement_lines(leads, events, book)]
    del events
    rules = pd.concat(lines, ignore_index=True)
    ledger = with_limits(leads, rules, book)
    ledger.to_parquet(out / "ledger.parquet")
    scored = scores(leads, ledger, last_events, book)
    for sign in ("positive", "negative"):
        best = reasons(ledger, sign, book)
        scored[f"top_{sign}_reasons"] = best.reindex(scored["lead_key"]).to_numpy()
    scored.to_parquet(out / "scores.parquet")


def read_leads(file: Path) -> pd.DataFrame:
    """Reads leads; texts become categoricals."""
    leads = pd.read_parquet(file)
    for name in leads.columns.drop(["lead_key", "lead_id"]):
        if not pd.api.types.is_numeric_dtype(leads[name]):
            leads[name] = leads[name].astype("category")
    return leads


def lines_of(rule: int, lead_keys: Whole, points: Whole | int, counts: Whole | int) -> pd.DataFrame:
    """Returns the lines of a rule, which is known by its number; texts come at the very end."""
    return pd.DataFrame(
        {
            "lead_key": lead_keys,
            "rule": np.int16(rule),
            "points": points,
            "event_count": counts,
        }
    )


def fit_lines(leads: pd.DataFrame, book: Rulebook) -> list[pd.DataFrame]:
    """Returns the lines of each explicit rule: a vectorised verdict per rule."""
    return [
        lines_of(
            number,
            leads["lead_key"].to_numpy()[all_met(rule.conditions, leads)],
            round(rule.points * 10_000),
            NO_COUNT,
        )
        for number, rule in enumerate(book.explicit)
    ]


def engagement_lines(
    leads: pd.DataFrame, events: pd.DataFrame, book: Rulebook
) -> list[pd.DataFrame]:
    """Returns the lines of each implicit rule."""
    age = (
        (pd.Timestamp(book.as_of) - events["occurred_at"].dt.normalize())
        .dt.days.to_numpy()
        .astype(np.int64)
    )
    # One integer tells kinds apart: their categories as digits of a number.
    kind = np.zeros(len(events), dtype=np.int64)
    for name in KIND:
        codes = events[name].cat.codes.to_numpy().astype(np.int64) + 1
        kind = kind * (len(events[name].cat.categories) + 1) + codes
    kind_codes, kind_values = pd.factorize(kind)
    first_rows = pd.Series(np.arange(len(events))).groupby(kind_codes).first().to_numpy()
    kinds = events.loc[first_rows, KIND].reset_index(drop=True)
    del kind, kind_values
    days = 1 + int(age.max(initial=0))
    key = (kind_codes * (1 + len(leads)) + events["lead_key"].to_numpy()) * days + age
    # Sorted by kind, lead and day: the days of a kind are a slice.
    keys, counts = np.unique(key, return_counts=True)
    del key, age
    pairs, ages = keys // days, keys % days
    kind_of, lead_of = pairs // (1 + len(leads)), pairs % (1 + len(leads))
    starts = np.searchsorted(kind_of, np.arange(len(kinds) + 1))
    lines = []
    for number, rule in enumerate(book.implicit, start=len(book.explicit)):
        counted = all_met(rule.conditions, kinds)
        if rule.event_type != "*":
            counted &= (kinds["event_type"] == rule.event_type).to_numpy()
        slices = [
            np.arange(starts[position], starts[position + 1])
            for position in np.flatnonzero(counted)
        ]
        rows = np.concatenate([*slices, np.empty(0, dtype=np.int64)]).astype(np.int64)
        rows = rows[ages[rows] < rule.window_days]
        per_day = (
            pd.DataFrame(
                {"lead_key": lead_of[rows], "age": ages[rows], "event_count": counts[rows]}
            )
            .groupby(["lead_key", "age"], as_index=False)["event_count"]
            .sum()
        )
        weight = 0.5 ** (per_day["age"] / rule.half_life_days) if rule.half_life_days else 1.0
        limited = per_day["event_count"]
        if rule.max_per_day is not None:
            limited = limited.clip(upper=rule.max_per_day)
        per_day["newest"] = weight
        per_day["weighted"] = limited * weight
        sums = per_day.groupby("lead_key").agg(
            event_count=("event_count", "sum"),
            newest=("newest", "max"),
            weighted=("weighted", "sum"),
        )
        if rule.count_operator in ("at_most", "exactly"):
            sums = sums.reindex(leads["lead_key"], fill_value=0)
        count = sums["event_count"]
        fires = {
            "at_least": count >= rule.event_count,
            "more_than": count > rule.event_count,
            "exactly": count == rule.event_count,
            "at_most": count <= rule.event_count,
        }[rule.count_operator]
        sums = sums[fires]
        factor = sums["newest"] if rule.award == "once" else sums["weighted"]
        points = rule.points * factor.where(sums["event_count"] > 0, 1.0).to_numpy()
        if rule.max_points is not None:
            points = points.clip(-rule.max_points, rule.max_points)
        units = to_units(points).to_numpy()
        kept = (units != 0) | (rule.points == 0)
        lines.append(
            lines_of(
                number,
                sums.index.to_numpy()[kept],
                units[kept],
                sums["event_count"].to_numpy()[kept],
            )
        )
    return lines


def with_limits(leads: pd.DataFrame, rules: pd.DataFrame, book: Rulebook) -> pd.DataFrame:
    """Returns all lines of the ledger, with those of the limits of groups, axes and the score."""
    all_rules: list[ExplicitRule | ImplicitRule] = [*book.explicit, *book.implicit]
    axis_of = np.where(np.arange(len(all_rules)) < len(book.explicit), "fit", "engagement")
    group_of = np.array([rule.rule_group for rule in all_rules])
    ids = [rule.rule_id for rule in all_rules]
    number = rules.pop("rule").to_numpy()
    rules["line_type"] = "rule"
    rules["axis"] = categorical(axis_of, number)
    rules["rule_group"] = categorical(group_of, number)
    rules["rule_id"] = pd.Categorical.from_codes(number, ids)
    ledger: list[pd.DataFrame] = []
    keys = leads["lead_key"].to_numpy()
    raw = np.zeros(len(leads), dtype=np.int64)
    for axis in ("fit", "engagement"):
        groups = (
            rules[rules["axis"] == axis]
            .groupby(["lead_key", "rule_group"], observed=True)["points"]
            .sum()
            .unstack(fill_value=0)
            .reindex(keys, fill_value=0)
        )
        total = groups.sum(axis=1).to_numpy()
        for limit in (limit for limit in book.limits if limit.axis == axis and limit.rule_group):
            if limit.rule_group in groups:
                points = groups[limit.rule_group].to_numpy()
                total = total + limited(ledger, keys, points, limit, "group_limit")
        for limit in (
            limit for limit in book.limits if limit.axis == axis and not limit.rule_group
        ):
            total = total + limited(ledger, keys, total, limit, "axis_limit")
        raw += total
    limited(ledger, keys, raw, Limit("", "", book.floor, book.ceiling), "score_limit")
    limits = pd.concat(ledger, ignore_index=True)
    for name in ("axis", "rule_group", "rule_id"):
        limits[name] = limits[name].replace("", None).astype(rules[name].dtype)
    both = pd.concat([rules, limits], ignore_index=True)
    both["event_count"] = both["event_count"].astype("Int64").mask(both["event_count"] == NO_COUNT)
    return both


def categorical(
    names: "np.ndarray[tuple[int], np.dtype[np.str_]]", number: Whole
) -> pd.Categorical:
    """Returns the name of the rule of each line as a categorical."""
    different, codes = np.unique(names, return_inverse=True)
    return pd.Categorical.from_codes(codes[number], different)


def limited(
    ledger: list[pd.DataFrame], keys: Whole, points: Whole, limit: Limit, line_type: str
) -> Whole:
    """Adds the lines of a limit to the ledger and returns what it adds to each lead."""
    lowest = int(max(limit.minimum, -1e9) * 10_000)
    highest = int(min(limit.maximum, 1e9) * 10_000)
    change: Whole = points.clip(lowest, highest) - points
    lines = lines_of(0, keys[change != 0], change[change != 0], NO_COUNT).drop(columns="rule")
    lines["line_type"] = line_type
    lines["axis"], lines["rule_group"], lines["rule_id"] = limit.axis, limit.rule_group, ""
    ledger.append(lines)
    return change


def scores(
    leads: pd.DataFrame,
    ledger: pd.DataFrame,
    last_events: "pd.Series[pd.Timestamp]",
    book: Rulebook,
) -> pd.DataFrame:
    """Returns the score, band and rank of each lead."""
    result = leads[["lead_key", "lead_id"]].set_index("lead_key")

    def summed(rows: "pd.Series[bool]") -> "pd.Series[int]":
        return ledger[rows].groupby("lead_key")["points"].sum().reindex(result.index, fill_value=0)

    result["fit_points"] = summed(ledger["axis"] == "fit")
    result["engagement_points"] = summed(ledger["axis"] == "engagement")
    result["raw_points"] = summed(ledger["line_type"] != "score_limit")
    limits = summed(ledger["line_type"] == "score_limit")
    result["score_points"] = result["raw_points"] + limits
    points = result["score_points"]
    result["score"] = (points.abs() + 5_000) // 10_000 * np.sign(points)
    names, lowest = zip(*book.bands, strict=True)
    result["band"] = np.array(names)[np.searchsorted(lowest, result["score"], side="right") - 1]
    result["last_event_at"] = last_events.reindex(result.index)
    result = result.sort_values(
        ["score", "engagement_points", "last_event_at", "lead_id"],
        ascending=[False, False, False, True],
        na_position="last",
    )
    result["rank"] = np.arange(1, len(result) + 1)
    return result.reset_index()


def reasons(ledger: pd.DataFrame, sign: str, book: Rulebook) -> "pd.Series[str]":
    """Returns the three largest lines of rules for or against each lead, in words.

    Lines are sorted by points, of equal ones by the name of the rule.
    """
    units = ledger["points"] if sign == "positive" else -ledger["points"]
    of_rules = (ledger["line_type"] == "rule") & (units > 0)
    lines = ledger.loc[of_rules, ["lead_key"]].assign(units=units[of_rules])
    ids = ledger.loc[of_rules, "rule_id"].cat
    place_of = {rule_id: place for place, rule_id in enumerate(book.rule_ids())}
    places = np.array([place_of.get(rule_id, 0) for rule_id in ids.categories])
    lines["place"] = places[ids.codes]
    lines = lines.iloc[np.lexsort((lines["place"], -lines["units"], lines["lead_key"]))]
    lines["nth"] = lines.groupby("lead_key").cumcount()
    lines = lines[lines["nth"] < 3]
    labels = np.array([book.labels[rule_id] for rule_id in book.rule_ids()], dtype=object)
    tenths = (lines["units"] + 500) // 1_000
    mark = "+" if sign == "positive" else "-"
    whole, part = (tenths // 10).astype(str), (tenths % 10).astype(str)
    lines["reason"] = labels[lines["place"]] + " (" + mark + whole + "." + part + ")"
    first, *more = (lines[lines["nth"] == nth].set_index("lead_key")["reason"] for nth in range(3))
    for others in more:
        first = first + ("; " + others).reindex(first.index, fill_value="")
    return first
