"""The same job well written in polars: lazy and streaming over events, kinds matched once."""

from pathlib import Path

import polars as pl

from leadscore.bench.rulebook import EVENT_FIELDS, Condition, Rulebook

KIND = ["event_type", *EVENT_FIELDS]
LINE = ["lead_key", "line_type", "axis", "rule_group", "rule_id", "points", "event_count"]


def met(condition: Condition, values: pl.Expr) -> pl.Expr:
    """Returns whether values of a column meet a condition; null meets is_unknown alone."""
    match condition.operator:
        case "is_unknown":
            return values.is_null()
        case "is_known":
            return values.is_not_null()
        case "equals" | "in_list":
            verdict = values.is_in(list(condition.values))
        case "not_equals" | "not_in_list":
            verdict = ~values.is_in(list(condition.values))
        case "contains":
            verdict = values.str.contains(condition.values[0], literal=True)
        case "matches":
            verdict = values.str.contains(condition.values[0])
        case "starts_with":
            verdict = values.str.starts_with(condition.values[0])
        case "ends_with":
            verdict = values.str.ends_with(condition.values[0])
        case "range":
            verdict = pl.lit(value=True)
            if condition.lower is not None:
                bound = condition.lower
                verdict &= values > bound if condition.is_open else values >= bound
            if condition.upper is not None:
                bound = condition.upper
                verdict &= values < bound if condition.is_open else values <= bound
    return verdict.fill_null(value=False)


def all_met(conditions: tuple[Condition, ...]) -> pl.Expr:
    """Returns whether all conditions hold; none is none to fail."""
    verdict = pl.lit(value=True)
    for condition in conditions:
        verdict &= met(condition, pl.col(condition.field))
    return verdict


def to_units(points: pl.Expr) -> pl.Expr:
    """Returns points as whole ten-thousandths, rounded as a ledger rounds them."""
    nudged = points.abs() + 1e-9
    return ((nudged * 10_000 + 0.5).floor() * points.sign()).cast(pl.Int64)


def score(prepared: Path, out: Path, book: Rulebook) -> None:
    """Scores prepared events and leads into ledger.parquet and scores.parquet."""
    leads = pl.read_parquet(prepared / "leads.parquet")
    events = pl.scan_parquet(prepared / "events.parquet")
    fit = fit_lines(leads, book)
    engagement = engagement_lines(leads, events, book)
    rules = pl.concat([fit, engagement])
    ledger = with_limits(leads, rules, book)
    ledger.write_parquet(out / "ledger.parquet")
    last_events = (
        events.group_by("lead_key")
        .agg(pl.col("occurred_at").max().alias("last_event_at"))
        .collect(engine="streaming")
    )
    best = [reasons(ledger, sign, book) for sign in ("positive", "negative")]
    scores(leads, ledger, last_events, best, book).write_parquet(out / "scores.parquet")


def fit_lines(leads: pl.DataFrame, book: Rulebook) -> pl.DataFrame:
    """Returns the lines of explicit rules: a vectorised verdict per rule."""
    lines = [
        leads.lazy()
        .filter(all_met(rule.conditions))
        .select(
            "lead_key",
            pl.lit("rule").alias("line_type"),
            pl.lit("fit").alias("axis"),
            pl.lit(rule.rule_group).alias("rule_group"),
            pl.lit(rule.rule_id).alias("rule_id"),
            pl.lit(round(rule.points * 10_000), pl.Int64).alias("points"),
            pl.lit(None, pl.Int64).alias("event_count"),
        )
        for rule in book.explicit
    ]
    return pl.concat(pl.collect_all(lines))


def engagement_lines(leads: pl.DataFrame, events: pl.LazyFrame, book: Rulebook) -> pl.DataFrame:
    """Returns the lines of implicit rules."""
    daily = (
        events.with_columns(event_date=pl.col("occurred_at").dt.date())
        .with_columns(
            age=(pl.lit(book.as_of) - pl.col("event_date")).dt.total_days().cast(pl.Int32)
        )
        .filter(pl.col("age") < max(rule.window_days for rule in book.implicit))
        .group_by(["lead_key", *KIND, "age"])
        .agg(pl.len().alias("event_count"))
        .collect(engine="streaming")
    )
    kinds = daily.select(KIND).unique().with_row_index("kind")
    rule_kinds = pl.concat(
        kinds.filter(
            pl.lit(rule.event_type == "*") | (pl.col("event_type") == rule.event_type),
            all_met(rule.conditions),
        ).select("kind", pl.lit(number, pl.Int32).alias("rule"))
        for number, rule in enumerate(book.implicit)
    )
    rules = pl.DataFrame(
        {
            "rule": range(len(book.implicit)),
            "rule_id": [rule.rule_id for rule in book.implicit],
            "rule_group": [rule.rule_group for rule in book.implicit],
            "rule_points": [rule.points for rule in book.implicit],
            "award": [rule.award for rule in book.implicit],
            "count_operator": [rule.count_operator for rule in book.implicit],
            "required_count": [rule.event_count for rule in book.implicit],
            "window_days": [rule.window_days for rule in book.implicit],
            "max_per_day": [rule.max_per_day for rule in book.implicit],
            "half_life_days": [rule.half_life_days for rule in book.implicit],
            "max_points": [rule.max_points for rule in book.implicit],
        },
        schema_overrides={
            "rule": pl.Int32, "max_per_day": pl.Int64, "max_points": pl.Float64
        },
    )  # fmt: skip
    terms = rules.select("rule", "window_days", "max_per_day", "half_life_days").lazy()
    summed = (
        daily.lazy()
        .join(kinds.lazy(), on=KIND, nulls_equal=True)
        .select("lead_key", "kind", "age", "event_count")
        .join(rule_kinds.lazy(), on="kind")
        .group_by(["lead_key", "rule", "age"])
        .agg(pl.col("event_count").sum())
        .join(terms, on="rule")
        .filter(pl.col("age") < pl.col("window_days"))
        .with_columns(
            weight=pl.when(pl.col("half_life_days") > 0)
            .then(pl.lit(0.5).pow(pl.col("age") / pl.col("half_life_days")))
            .otherwise(1.0)
        )
        .group_by(["lead_key", "rule"])
        .agg(
            pl.col("event_count").sum().cast(pl.Int64),
            pl.col("weight").max().alias("newest_weight"),
            (pl.min_horizontal("event_count", "max_per_day") * pl.col("weight"))
            .sum()
            .alias("weighted_count"),
        )
        .collect(engine="streaming")
    )
    silent = [
        number
        for number, rule in enumerate(book.implicit)
        if rule.count_operator in ("at_most", "exactly")
    ]
    never = (
        leads.select("lead_key")
        .join(pl.DataFrame({"rule": silent}, schema={"rule": pl.Int32}), how="cross")
        .join(summed, on=["lead_key", "rule"], how="anti")
        .with_columns(event_count=pl.lit(0, pl.Int64))
    )
    count, required = pl.col("event_count"), pl.col("required_count")
    operator = pl.col("count_operator")
    points = (
        pl.when(count == 0)
        .then(pl.col("rule_points"))
        .when(pl.col("award") == "once")
        .then(pl.col("rule_points") * pl.col("newest_weight"))
        .otherwise(pl.col("rule_points") * pl.col("weighted_count"))
    )
    most = pl.col("max_points")
    return (
        pl.concat([summed, never], how="diagonal")
        .lazy()
        .join(rules.lazy(), on="rule")
        .filter(
            pl.when(operator == "at_least")
            .then(count >= required)
            .when(operator == "more_than")
            .then(count > required)
            .when(operator == "exactly")
            .then(count == required)
            .otherwise(count <= required)
        )
        .with_columns(
            pl.lit("rule").alias("line_type"),
            pl.lit("engagement").alias("axis"),
            points=to_units(points.clip(-most, most)),
        )
        .filter((pl.col("points") != 0) | (pl.col("rule_points") == 0))
        .select(LINE)
        .collect()
    )


def with_limits(leads: pl.DataFrame, rules: pl.DataFrame, book: Rulebook) -> pl.DataFrame:
    """Returns all lines of the ledger, with those of the limits of groups, axes and the score."""
    ledger = [rules]
    axes = {}
    for axis in ("fit", "engagement"):
        groups = (
            rules.lazy()
            .filter(pl.col("axis") == axis)
            .group_by("lead_key", "rule_group")
            .agg(pl.col("points").sum())
            .collect()
            .pivot("rule_group", index="lead_key", values="points")
        )
        wide = leads.select("lead_key").join(groups, on="lead_key", how="left").fill_null(0)
        total = wide.select("lead_key", points=pl.sum_horizontal(pl.exclude("lead_key")))["points"]
        for limit in (limit for limit in book.limits if limit.axis == axis and limit.rule_group):
            if limit.rule_group not in wide.columns:
                continue
            points = wide[limit.rule_group]
            change = points.clip(*in_units(limit.minimum, limit.maximum)) - points
            total += change
            ledger.append(limit_lines(wide, change, "group_limit", axis, limit.rule_group))
        for limit in (
            limit for limit in book.limits if limit.axis == axis and not limit.rule_group
        ):
            change = total.clip(*in_units(limit.minimum, limit.maximum)) - total
            total += change
            ledger.append(limit_lines(wide, change, "axis_limit", axis, None))
        axes[axis] = total
    raw = axes["fit"] + axes["engagement"]
    change = raw.clip(*in_units(book.floor, book.ceiling)) - raw
    ledger.append(limit_lines(leads.select("lead_key"), change, "score_limit", None, None))
    return pl.concat(ledger)


def in_units(minimum: float, maximum: float) -> tuple[int, int]:
    """Returns bounds in ten-thousandths, where there is none far away."""
    return int(max(minimum, -1e9) * 10_000), int(min(maximum, 1e9) * 10_000)


def limit_lines(
    leads: pl.DataFrame, change: pl.Series, line_type: str, axis: str | None, group: str | None
) -> pl.DataFrame:
    """Returns a line for each lead that a limit changes."""
    return (
        leads.select("lead_key", points=change)
        .filter(pl.col("points") != 0)
        .with_columns(
            pl.lit(line_type).alias("line_type"),
            pl.lit(axis, pl.String).alias("axis"),
            pl.lit(group, pl.String).alias("rule_group"),
            pl.lit(None, pl.String).alias("rule_id"),
            pl.lit(None, pl.Int64).alias("event_count"),
        )
        .select(LINE)
    )


def reasons(ledger: pl.DataFrame, sign: str, book: Rulebook) -> pl.DataFrame:
    """Returns the three largest lines of rules for or against each lead, in words.

    A line is one number that sorts by lead, points and the name of the rule: sorting whole numbers
    and looking three rows back takes a tenth of the largest three of each group.
    """
    names = pl.DataFrame({"rule_id": book.rule_ids()}).with_row_index("rule")
    names = names.with_columns(
        label=pl.col("rule_id").replace_strict(book.labels), rule=pl.col("rule").cast(pl.Int64)
    )
    units = pl.col("points") if sign == "positive" else -pl.col("points")
    most = 2**30 - 1
    line = pl.col("lead_key").cast(pl.Int64) * 2**38 + (most - units) * 2**8 + pl.col("rule")
    lead_key, rest = pl.col("line") // 2**38, pl.col("line") % 2**38
    tenths = (most - rest // 2**8 + 500) // 1_000
    return (
        ledger.lazy()
        .filter(pl.col("line_type") == "rule", units > 0)
        .join(names.select("rule_id", "rule").lazy(), on="rule_id")
        .select(line=line)
        .sort("line")
        .filter((lead_key != lead_key.shift(3)).fill_null(value=True))
        .select(lead_key=lead_key.cast(pl.Int32), tenths=tenths, rule=rest % 2**8)
        .join(names.select("rule", "label").lazy(), on="rule", how="left", maintain_order="left")
        .select(
            "lead_key",
            reason=pl.format(
                "{} ({}{}.{})",
                "label",
                pl.lit("+" if sign == "positive" else "-"),
                pl.col("tenths") // 10,
                pl.col("tenths") % 10,
            ),
        )
        .group_by("lead_key", maintain_order=True)
        .agg(pl.col("reason").str.join("; ").alias(f"top_{sign}_reasons"))
        .collect()
    )


def scores(
    leads: pl.DataFrame,
    ledger: pl.DataFrame,
    last_events: pl.DataFrame,
    best: list[pl.DataFrame],
    book: Rulebook,
) -> pl.DataFrame:
    """Returns the score, band, rank and reasons of each lead."""
    points = pl.col("points")
    sums = (
        ledger.lazy()
        .group_by("lead_key")
        .agg(
            fit_points=points.filter(pl.col("axis") == "fit").sum(),
            engagement_points=points.filter(pl.col("axis") == "engagement").sum(),
            raw_points=points.filter(pl.col("line_type") != "score_limit").sum(),
            score_points=points.sum(),
        )
        .collect()
    )
    whole = (pl.col("score_points").abs() + 5_000) // 10_000 * pl.col("score_points").sign()
    bands = pl.DataFrame(book.bands, schema={"band": pl.String, "score": pl.Int64}, orient="row")
    positive, negative = best
    return (
        leads.select("lead_key", "lead_id")
        .join(sums, on="lead_key", how="left")
        .join(positive, on="lead_key", how="left")
        .join(negative, on="lead_key", how="left")
        .join(last_events, on="lead_key", how="left")
        .with_columns(pl.selectors.ends_with("_points").fill_null(0))
        .with_columns(score=whole)
        .sort("score")
        .join_asof(bands.sort("score"), on="score")
        .sort(
            ["score", "engagement_points", "last_event_at", "lead_id"],
            descending=[True, True, True, False],
            nulls_last=True,
        )
        .with_row_index("rank", offset=1)
    )
