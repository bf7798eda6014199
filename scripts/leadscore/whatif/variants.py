"""Rulebooks side by side in one: each scorecard as it would be, and again per edit made alone.

The engine scores any number of scorecards in one run. So a variant of the rules is a copy of the
scorecards and lists that it changes, under ids that end in a tag: b2b~3 is b2b with edit 3 alone,
b2b~0 is b2b before all edits, b2b as it would be with all of them.
"""

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass

from leadscore.check import RULE_FILES
from leadscore.whatif.edits import SHARED, Edit, Row, Rulebook, applied, value_list

ALL, NONE = "", "0"
"""Tags of the variant with all edits, and of that with none but those of shared files."""

SCORE_FIELDS = ("score", "fit", "engagement", "raw", "band")


@dataclass(frozen=True)
class Variant:
    """The rules with some of the edits made.

    Attributes:
        tag: what its ids end in.
        scorecards: those that may score otherwise than before.
        lists: those that may have other members than before.
        book: the rows of these, under ids of their own.
    """

    tag: str
    scorecards: frozenset[str]
    lists: frozenset[str]
    book: Rulebook


def tagged(name: str, tag: str) -> str:
    """Returns the name of something in a variant."""
    return f"{name}~{tag}" if tag else name


def variants_of(before: Rulebook, after: Rulebook, edits: list[Edit]) -> list[Variant]:
    """Returns the variants to score: with all edits, and if they are several, with none and each.

    Args:
        before: the rules in force.
        after: the rules with all edits.
        edits: those that are to be told apart; that of shared files, if any, comes first.
    """
    touched = frozenset(scorecard for edit in edits for scorecard in edit.scorecards)
    lists = touched_lists(before, touched, edits) | touched_lists(after, touched, edits)
    value_lists = frozenset(row["value_list"] for row in changes(edits, "value_lists.csv"))
    needed = touched | needed_scorecards(before, touched, lists)
    needed |= needed_scorecards(after, touched, lists)
    book = copied(after, ALL, needed, lists, {}, value_lists)
    for file in (*SHARED, "value_lists.csv", "service_levels.csv"):
        book[file] = list(after[file])
    found = [Variant(ALL, touched, lists, book)]
    if len(edits) > 1:
        tags = dict.fromkeys(touched, NONE)
        book = copied(before, NONE, touched, lists, tags, value_lists)
        found.append(Variant(NONE, touched, lists, book))
        for number, edit in enumerate(edits, start=1):
            # Shared files can only be as they would be: their edit alone is variant NONE.
            if edit.is_shared:
                continue
            tag, edited = str(number), applied(edit, before)
            own = touched_lists(before, edit.scorecards, [edit])
            own |= touched_lists(edited, edit.scorecards, [edit])
            tags = dict.fromkeys(touched, NONE) | dict.fromkeys(edit.scorecards, tag)
            book = copied(edited, tag, edit.scorecards, own, tags, value_lists)
            found.append(Variant(tag, edit.scorecards, own, book))
    return found


def merged_book(variants: Iterable[Variant]) -> Rulebook:
    """Returns all variants as one rulebook."""
    book: Rulebook = {file: [] for file in RULE_FILES}
    for variant in variants:
        for file, rows in variant.book.items():
            book[file] += rows
    return book


def copied(
    book: Rulebook,
    tag: str,
    scorecards: Set[str],
    lists: Set[str],
    tags: Mapping[str, str],
    value_lists: Set[str],
) -> Rulebook:
    """Returns some scorecards and lists of a rulebook under ids that end in tags.

    Args:
        book: the rulebook.
        tag: of lists, and of the value lists that variants disagree about.
        scorecards: those to copy, with their rules, components, limits, bands, grades and
            overrides.
        lists: those to copy.
        tags: of scorecards, by scorecard; others are called as they are.
        value_lists: those that variants disagree about.
    """
    asked = asked_scorecards(book)

    def renamed(row: Row) -> Row:
        cells = dict(row)
        scorecard = row.get("scorecard_id", "")
        if scorecard:
            cells["scorecard_id"] = tagged(scorecard, tags.get(scorecard, ""))
        if "component" in row:
            cells["component"] = tagged(row["component"], tags.get(row["component"], ""))
        if "rule_id" in row:
            cells["rule_id"] = tagged(row["rule_id"], tags.get(scorecard, ""))
        if row.get("value_list", value_list(row)) in value_lists:
            column = "value_list" if "value_list" in row else "value"
            cells[column] = tagged(row[column], tag)
        if "list_id" in row:
            cells["list_id"] = tagged(row["list_id"], tag)
            if row["exclusive_set"]:
                cells["exclusive_set"] = tagged(row["exclusive_set"], tag)
            cells["field"] = tagged(row["field"], tags.get(asked.get(row["field"], ""), ""))
        return cells

    return {
        file: [
            renamed(row)
            for row in rows
            if row.get("scorecard_id") in scorecards
            or row.get("list_id") in lists
            or row.get("value_list") in value_lists
        ]
        for file, rows in book.items()
    }


def touched_lists(book: Rulebook, scorecards: Set[str], edits: list[Edit]) -> frozenset[str]:
    """Returns the lists whose members hang on scorecards or edits, with those of their sets."""
    asked = asked_scorecards(book)
    value_lists = {row["value_list"] for row in changes(edits, "value_lists.csv")}
    list_ids = {row["list_id"] for row in changes(edits, "lists.csv")}
    if any(edit.is_shared for edit in edits):
        list_ids |= {row["list_id"] for row in book["lists.csv"]}
    touched = [
        row
        for row in book["lists.csv"]
        if row["list_id"] in list_ids
        or asked.get(row["field"]) in scorecards
        or value_list(row) in value_lists
    ]
    list_ids |= {row["list_id"] for row in touched}
    sets = {row["exclusive_set"] for row in touched} - {""}
    return frozenset(
        row["list_id"]
        for row in book["lists.csv"]
        if row["list_id"] in list_ids or row["exclusive_set"] in sets
    )


def needed_scorecards(book: Rulebook, scorecards: Set[str], lists: Set[str]) -> frozenset[str]:
    """Returns the scorecards that lists ask for, and the components of all these and of others."""
    asked = asked_scorecards(book)
    found = {
        asked[row["field"]]
        for row in book["lists.csv"]
        if row["list_id"] in lists and row["field"] in asked
    }
    components = {
        row["component"]
        for row in book["composites.csv"]
        if row["scorecard_id"] in scorecards | found
    }
    return frozenset(found | components)


def changes(edits: list[Edit], file: str) -> list[Row]:
    """Returns the rows of a file that edits are about, as they are and as they would be."""
    return [
        row for edit in edits for side in (edit.before, edit.after) for row in side.get(file, [])
    ]


def asked_scorecards(book: Rulebook) -> dict[str, str]:
    """Returns which scorecard a field of a list asks for, by the field in lower case."""
    fields = {
        f"{measure}.{row['scorecard_id']}".lower(): row["scorecard_id"]
        for row in book["scorecards.csv"]
        for measure in SCORE_FIELDS
    }
    counts = {
        f"rule_count.{row['rule_id']}".lower(): row["scorecard_id"]
        for row in book["implicit_rules.csv"]
    }
    return fields | counts
