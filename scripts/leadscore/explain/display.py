"""What `leadscore explain` shows on the terminal."""

from decimal import Decimal
from typing import Any, Literal

from rich.markup import escape
from rich.table import Table

from leadscore.database import Row
from leadscore.display import console, counted, signed
from leadscore.explain.compare import Comparison, line_changes
from leadscore.explain.reading import Explanation, LeadExplanation, Outlook
from leadscore.explain.story import Cut, Fading, Lift, Step, cuts, fadings, lift, remarks
from leadscore.history import CAUSES, LeadStory

MOST_FADINGS = 5

SECTIONS = {
    "fit": "fit: who they are",
    "engagement": "engagement: what they do",
    None: "whole score",
}


def show_answer(told: LeadExplanation | Comparison) -> None:
    """Prints why a lead has its scores, or what supposed facts change of them."""
    if isinstance(told, Comparison):
        show_comparison(told)
    else:
        show_lead(told)


def show_lead(lead: LeadExplanation) -> None:
    """Prints why a lead has its scores, for a person to read."""
    show_profile(lead.profile)
    if len(lead.explanations) > 1:
        show_scores([explanation.score for explanation in lead.explanations])
    for explanation in lead.explanations:
        show_explanation(explanation)
    if lead.unknown_fields:
        console.print(
            f"\n[bold]Missing[/]  {', '.join(lead.unknown_fields)}"
            f"  [dim](completeness {lead.profile['completeness']:.0%})[/]"
        )


def show_profile(profile: Row) -> None:
    """Prints who a lead is."""
    title = profile["job_title"] or "no job title"
    name = profile["full_name"] or profile["email"] or "no name"
    console.print(f"[bold]{escape(profile['lead_id'])}[/]  {escape(name)}, {escape(title)}")
    if profile["job_title_canonical"]:
        console.print(escape(f'job title  "{title}" -> {title_reading(profile)}'), soft_wrap=True)
    known = {
        "industry": profile["company_industry"],
        "employees": profile["company_employee_band"],
        "country": profile["country_code"],
        "e-mail": profile["email_kind"],
    }
    facts = [f"{name}: {value}" for name, value in known.items() if value]
    if facts:
        console.print(escape(" · ".join(facts)))


def show_scores(scores: list[Row]) -> None:
    """Prints all scores of a lead in short, before each is told at length."""
    table = section(scorecard="left", score="right", band="left", next_step="left", rank="right")
    for score in scores:
        table.add_row(
            escape(score["scorecard_id"]),
            str(score["score"]),
            escape(score["band"] or "-"),
            score["next_step"],
            "" if score["rank"] is None else f"{score['rank']:,}",
        )
    console.print()
    console.print(table)


def show_comparison(told: Comparison) -> None:
    """Prints a lead's scores before and after facts are supposed, and the lines that differ."""
    show_profile(told.before.profile)
    supposed = ", ".join(f"{fact.field} = {fact.value or 'unknown'}" for fact in told.facts)
    console.print(f"\nSupposed: {escape(supposed)}", soft_wrap=True)
    for column, old, new in told.profile_changes:
        console.print(f"  {column}: {escape(shown(old))} -> {escape(shown(new))}", soft_wrap=True)
    for before, after in told.scores:
        show_change(before, after)


def show_change(before: Explanation | None, after: Explanation | None) -> None:
    """Prints a score before and after, and the lines that differ."""
    ends = [own.score if own else {} for own in (before, after)]
    said = []
    for name in ("score", "band", "grade", "next_step"):
        values = dict.fromkeys(shown(end.get(name)) for end in ends)
        said.append(f"{name.replace('_', ' ')} {' -> '.join(values)}")
    scorecard_id = ends[0].get("scorecard_id") or ends[1]["scorecard_id"]
    console.print(f"\n[bold]{escape(scorecard_id)}[/]  {escape(', '.join(said))}", soft_wrap=True)
    changes = line_changes(before, after)
    if not changes:
        console.print("  No line differs.")
        return
    table = section(change="right", before="right", after="right", why="left")
    for change in changes:
        old, new = change["before"], change["after"]
        table.add_row(
            signed((new or Decimal(0)) - (old or Decimal(0))),
            "" if old is None else plain(old),
            "" if new is None else plain(new),
            escape(change["label"]),
        )
    console.print(table)


def shown(value: object) -> str:
    """Returns a value for a person to read, a dash where there is none."""
    return "-" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def title_reading(profile: dict[str, Any]) -> str:
    """Returns how a job title is read, and which words of it decided."""
    why = [
        f"{name} {profile[column]} from '{profile[phrase]}'"
        for name, column, phrase in (
            ("seniority", "seniority", "seniority_phrase"),
            ("function", "job_function", "job_function_phrase"),
        )
        if profile[column]
    ]
    return f"{profile['job_title_canonical']} ({', '.join(why)})"


def show_explanation(explanation: Explanation) -> None:
    """Prints the ledger of one score and what comes of it."""
    score = explanation.score
    console.print(
        f"\n[bold]{escape(score['scorecard_id'])}[/]  score [bold]{score['score']}[/]"
        f", band [bold]{escape(score['band'] or '-')}[/]"
        f", next step {score['next_step']}"
        + (f", rank {score['rank']:,}" if score["rank"] else "")
        + f", as of {score['as_of_date']}"
    )
    ledger = section(points="right", why="left", events="right", last_on="left")
    for axis, title in SECTIONS.items():
        lines = [line for line in explanation.lines if line["axis"] == axis]
        for line in lines:
            ledger.add_row(
                signed(line["points"]),
                escape(line["label"] or line["rule_id"] or line["line_type"]),
                "" if line["event_count"] is None else f"{line['event_count']:,}",
                str(line["last_event_date"] or ""),
            )
        if axis and lines:
            ledger.add_row(f"[bold]{signed(score[f'{axis}_points'])}[/]", f"[bold]{title}[/]")
    ledger.add_row(f"[bold]{signed(score['score_points'])}[/]", "[bold]sum of all lines[/]")
    console.print(ledger)
    for remark in remarks(explanation):
        console.print(f"  {escape(remark)}", soft_wrap=True)
    show_cuts(cuts(explanation))
    show_fadings(fadings(explanation))
    if explanation.outlook:
        show_outlook(explanation.score["band"], explanation.outlook)
    show_gaps(explanation.gaps)
    if rise := lift(explanation):
        show_lift(rise)


def show_cuts(found: list[Cut]) -> None:
    """Prints which limits change something, from how much to how much."""
    if not found:
        return
    table = section(points="right", limit="left", before="right", after="right")
    for cut in found:
        line = cut.line
        name = f"group {line['rule_group']}" if line["rule_group"] else f"axis {line['axis']}"
        table.add_row(
            signed(line["points"]),
            escape(name if line["axis"] else "whole score"),
            plain(cut.before),
            plain(cut.after),
        )
    show_section("What limits change", table)


def show_fadings(found: list[Fading]) -> None:
    """Prints the largest lines that fade, with the days by which they have halved and gone."""
    if not found:
        return
    table = section(points="right", why="left", half_life="right", half_by="left", gone_by="left")
    for fading in found[:MOST_FADINGS]:
        half_life = fading.half_life_days
        table.add_row(
            signed(fading.line["points"]),
            escape(fading.line["label"]),
            "" if half_life is None else f"{half_life:g} d",
            str(fading.half_by or ""),
            str(fading.gone_by or ""),
        )
    show_section(
        "What fades if nothing more happens: half of it and all of it at the latest", table
    )
    if rest := found[MOST_FADINGS:]:
        console.print(f"  and {counted(len(rest), 'smaller line')}")


def show_outlook(band: str, outlook: Outlook) -> None:
    """Prints what the days to come will make of a score, if nothing more happens."""
    last, left = outlook.days[-1], outlook.left
    said = f"it stays in {band}"
    if left:
        said = f"it leaves {band} for {left['band']} on {left['date']}, with {left['score']}"
    show_section(
        f"If nothing more happens, {said}; its score on {last['date']} is {last['score']}", None
    )
    for begun in outlook.begins:
        console.print(f"  {begun['date']}  begins: {escape(begun['label'])}", soft_wrap=True)
    for ended in outlook.ends:
        console.print(f"  {ended['date']}  gone: {escape(ended['label'])}", soft_wrap=True)


def show_gaps(gaps: list[Row]) -> None:
    """Prints which unknown fields could bring most points."""
    if not gaps:
        return
    table = section(up_to="right", if_this_were_known="left", and_said="left")
    for gap in gaps:
        reason = gap["label"] or gap["rule_id"]
        table.add_row(signed(gap["points_at_stake"]), escape(gap["field"]), escape(reason))
    show_section("What is missing", table)


def show_lift(rise: Lift) -> None:
    """Prints what would lift the lead to the next band, and what stands in the way."""
    title = f"Up to {rise.band} (from {rise.lower_score}): {signed(rise.points_needed)} points"
    table = section(points="right", by="left", how="left")
    for step in rise.singles or rise.together:
        table.add_row(signed(step.points), escape(step.rule["label"]), escape(how(step)))
    if rise.singles:
        title += ". Each of these alone is enough:"
    elif rise.together:
        title += ". These are enough together:"
    elif rise.best_score is not None:
        title += f". All that is within reach makes a score of {rise.best_score}."
    show_section(title, table if table.row_count else None)
    if rise.full:
        names = ", ".join(f"{name} ({plain(most)})" for name, most in rise.full)
        console.print(f"  At its most points, gives nothing more: {escape(names)}", soft_wrap=True)


def how(step: Step) -> str:
    """Returns what would have to be known, or how often the lead would have to do something."""
    if step.field:
        return f"if {step.field} says so"
    return "once" if step.event_count == 1 else f"{step.event_count} times"


def section(**columns: Literal["left", "right"]) -> Table:
    """Returns an empty table whose columns are named, and lean to a side."""
    table = Table(box=None, padding=(0, 2, 0, 2), header_style="dim")
    for name, side in columns.items():
        table.add_column(
            name.replace("_", " "), justify=side, no_wrap=name.endswith(("_by", "_on"))
        )
    return table


def show_section(title: str, table: Table | None) -> None:
    """Prints a table below its title."""
    console.print(f"\n  [bold]{escape(title)}[/]", soft_wrap=True)
    if table:
        console.print(table)


def plain(points: Decimal) -> str:
    """Returns points without needless zeros: 12.5, -3, 0."""
    return signed(points).removeprefix("+")


def show_story(told: LeadStory) -> None:
    """Prints, scorecard by scorecard, the days on which a score has moved, and by what."""
    for story in told.stories:
        start, moves = story.start, story.moves
        end = moves[-1] if moves else start
        console.print(
            f"\n[bold]{escape(story.scorecard_id)}[/]  {start['score']} on {start['as_of_date']}"
            f" (band {escape(start['band'] or '-')}), {end['score']} now"
            f" (band {escape(end['band'] or '-')}); {counted(story.day_count, 'day')} scored,"
            f" {counted(len(moves), 'day')} with a change",
            soft_wrap=True,
        )
        table = Table(box=None, padding=(0, 2, 0, 2), header_style="dim")
        table.add_column("day", no_wrap=True)
        table.add_column("score", justify="right")
        table.add_column("change", justify="right")
        table.add_column("by")
        table.add_column("band")
        for move in moves:
            is_new = move["band"] != move["previous_band"]
            table.add_row(
                str(move["as_of_date"]),
                str(move["score"]),
                "" if move["change"] is None else signed(Decimal(move["change"])),
                causes_of(move),
                f"-> {escape(move['band'] or '-')}" if is_new else "",
            )
        if moves:
            console.print(table)
        if story.unknown_days:
            days = ", ".join(map(str, story.unknown_days))
            console.print(f"  Not known is what moved the score on {days}.", soft_wrap=True)
    if told.stays:
        console.print("\n[bold]Lists[/]")
    for stay in told.stays:
        until = f"left on {stay['left_on']}" if stay["left_on"] else "is in it now"
        console.print(
            f"  {escape(stay['list_id'])}: entered on {stay['entered_on']}, {until}", soft_wrap=True
        )


def causes_of(move: dict[str, Any]) -> str:
    """Returns what brought a change, the largest first: events +10, decay -2.5."""
    causes = [(name, move[column]) for column, name in CAUSES.items() if move[column]]
    causes.sort(key=lambda cause: -abs(cause[1]))
    return ", ".join(f"{name} {signed(points)}" for name, points in causes)
