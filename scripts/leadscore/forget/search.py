"""Where a person stands in a database: in which rows, and in which cells of other people's rows."""

from __future__ import annotations

import re
from dataclasses import dataclass

from leadscore.database import quote
from leadscore.forget.person import Connection, Person, as_id, ids_in, remember
from leadscore.rewrite import Edit, Table, tables_of

FORGOTTEN = "[forgotten]"
# Columns that hold all of a row, or say where it is: what they tell of a person is the row.
COPIES_OF_ROWS = {"row_locator", "raw_row"}
KEYS = ("UBIGINT", "UHUGEINT", "HUGEINT")


@dataclass(frozen=True)
class Trace:
    """What a table has of a person.

    Attributes:
        table: the table.
        rows: how many rows are about the person.
        cells: by column, in how many other rows a cell mentions the person.
        edit: what takes them out.
    """

    table: Table
    rows: int
    cells: dict[str, int]
    edit: Edit

    def __str__(self) -> str:
        """The table and what is in it, for a message."""
        return f"{self.table} ({self.rows} rows, cells in: {', '.join(self.cells) or 'none'})"


def literal(text: str) -> str:
    """Returns a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def list_of(texts: set[str]) -> str:
    """Returns texts as an SQL list in brackets, which is never empty."""
    return f"({', '.join(map(literal, sorted(texts)))})" if texts else "(null)"


def prepare(connection: Connection, person: Person) -> None:
    """Gives a connection the temporary tables that the conditions read, as events may be many."""
    remember(connection, "events_of_person", person.event_ids)
    remember(connection, "telling_events_of_person", set(person.telling_event_ids))
    connection.execute(
        "create or replace temp table event_keys_of_person as "
        "select md5_number(id) as key from events_of_person"
    )


def keys_of(connection: Connection, person: Person) -> str:
    """Returns the keys of the leads and visitors of a person as an SQL list in brackets."""
    keys = connection.execute(
        "select hash('lead', unnest(?::varchar[])) union all "
        "select hash('visitor', unnest(?::varchar[])) order by 1",
        [sorted(person.lead_ids), sorted(person.visitor_ids)],
    ).fetchall()
    return f"({', '.join(str(key) for (key,) in keys)})"


def traces_in(connection: Connection, person: Person) -> list[Trace]:
    """Returns what the tables of a database have of a person; nothing for those that have none.

    Args:
        connection: to the database, after `prepare`.
        person: whom to look for.
    """
    keys = keys_of(connection, person)
    found = (trace_in(connection, table, person, keys) for table in tables_of(connection))
    return [trace for trace in found if trace is not None]


def trace_in(connection: Connection, table: Table, person: Person, keys: str) -> Trace | None:
    """Returns what a table has of a person, None if nothing."""
    mentions = mentions_in(connection, table, person)
    is_about = about(table, person, mentions, keys)
    counts = ", ".join(
        ["count_if(is_about)"]
        + [f"count_if(not is_about and ({mention}))" for mention in mentions.values()]
    )
    (found,) = connection.execute(
        f"select {counts} from ("
        f"select *, coalesce({is_about}, false) as is_about from {table.relation})"
    ).fetchall()
    rows, *cells = found
    by_column = {name: count for name, count in zip(mentions, cells, strict=True) if count}
    if not (rows or by_column):
        return None
    replaced = tuple(
        (
            column,
            f"case when {mentions[column]} then "
            f"{literal(FORGOTTEN) if table.columns[column] == 'VARCHAR' else 'null'} "
            f"else {quote(column)} end",
        )
        for column in by_column
    )
    return Trace(table, rows, by_column, Edit(is_about, replaced))


def mentions_in(connection: Connection, table: Table, person: Person) -> dict[str, str]:
    """Returns the columns that may mention the person, each with the SQL condition that it does.

    Patterns take long to compile, and a query with many subqueries long to plan: columns are asked
    for the bare texts first, and most have none.
    """
    rough: dict[str, list[str]] = {}
    exact: dict[str, list[str]] = {}
    for column, data_type in table.columns.items():
        name = quote(column)
        is_text = re.search(r"VARCHAR|JSON|BLOB|VARIANT", data_type)
        text, marks = f"lower({name}::varchar)", person.marks if is_text else []
        rough[column] = [f"contains({text}, {literal(mark)})" for mark in marks]
        exact[column] = [
            f"case when {contains} then regexp_matches({text}, {literal(pattern_of(mark))})"
            " else false end"
            for mark, contains in zip(marks, rough[column], strict=True)
        ]
        for end, ids in (("lead_id", person.lead_ids), ("anonymous_id", person.visitor_ids)):
            if column.lower().endswith(end):
                is_one = f"{as_id(name, data_type)} in {list_of(ids)}"
                rough[column].append(is_one)
                exact[column].append(is_one)
    counts = ", ".join(f"count_if({' or '.join(said) or 'false'})" for said in rough.values())
    (found,) = connection.execute(f"select {counts} from {table.relation}").fetchall()
    mentions = {}
    for (column, data_type), count in zip(table.columns.items(), found, strict=True):
        said = exact[column] if count else []
        if data_type == "VARCHAR":
            is_event = f"{quote(column)} in (from telling_events_of_person)"
            query = f"select 1 from {table.relation} where {is_event} limit 1"
            said = said + [is_event] * bool(connection.execute(query).fetchall())
        if said:
            mentions[column] = f"coalesce({' or '.join(said)}, false)"
    return mentions


def pattern_of(mark: str) -> str:
    """Returns the pattern of a text that is no part of a longer word, id or address."""
    return (
        r"(^|[^\pL\pN._%+-])"
        + re.sub(r"([^\w\s]|_)", r"\\\1", mark)
        + r"($|[^\pL\pN._@-]|\.($|[^\pL\pN]))"
    )


def about(table: Table, person: Person, mentions: dict[str, str], keys: str) -> str:
    """Returns an SQL condition: the row is about the person, and nobody else."""
    leads, visitors = list_of(person.lead_ids), list_of(person.visitor_ids)
    said = []
    for column, data_type in table.columns.items():
        if data_type in KEYS:
            said.append(f"{quote(column)} in {keys}")
        if data_type in KEYS[1:]:
            said.append(f"{quote(column)}::uhugeint in (from event_keys_of_person)")
    if COPIES_OF_ROWS & set(table.columns):
        said += mentions.values()
        said += [
            f"regexp_extract({quote(column)}, '(?:lead|subject)_id=([^,]+)', 1) in {leads}"
            f" or regexp_extract({quote(column)}, 'event_id=([^,]+)', 1) in (from events_of_person)"
            for column in COPIES_OF_ROWS & set(table.columns)
        ]
    event, visitor = ids_in(table, "event_id"), ids_in(table, "anonymous_id")
    by_other_ids = [f"{event} in (from events_of_person)"] if event else []
    by_other_ids += [f"{visitor} in {visitors}"] if visitor else []
    lead, email = ids_in(table, "lead_id"), ids_in(table, "email")
    if lead:
        said.append(f"{lead} in {leads}")
        if email:
            by_other_ids.append(f"lower({email}) in {list_of(person.emails)}")
        if by_other_ids:
            said.append(f"(coalesce({lead}, '') = '' and ({' or '.join(by_other_ids)}))")
        return joined(said)
    said += by_other_ids
    said += [
        f"{as_id(quote(column), data_type)} in {leads}"
        for column, data_type in table.columns.items()
        if column.lower().endswith("_lead_id")
    ]
    if subject := ids_in(table, "subject_id"):
        is_lead = "subject_type = 'lead'" if "subject_type" in table.columns else "true"
        said.append(f"({is_lead} and {subject} in {leads})")
    return joined(said)


def joined(conditions: list[str]) -> str:
    """Returns conditions of which one is enough; unknown is no."""
    return " or ".join(f"coalesce({one}, false)" for one in conditions) or "false"
