"""Who a lead is in the tables: all its ids, addresses and names, and the keys made of them."""

from __future__ import annotations

from dataclasses import dataclass, field

import duckdb

from leadscore.database import quote
from leadscore.rewrite import Table, tables_of

Connection = duckdb.DuckDBPyConnection

SHORTEST_MARK = 6


@dataclass
class Person:
    """What stands for a person in the tables.

    Attributes:
        lead_ids: of all leads that were merged into each other.
        visitor_ids: anonymous ids that were stitched to them, or that nobody else has.
        event_ids: of what these leads and visitors did.
        emails: in lower case.
        names: in lower case.
        shared: addresses and names that other leads have, too: they do not tell them apart.
    """

    lead_ids: set[str]
    visitor_ids: set[str] = field(default_factory=set)
    event_ids: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)

    @property
    def marks(self) -> list[str]:
        """Texts that speak of nobody else, wherever they stand; in lower case."""
        ids = {text.lower() for text in self.lead_ids | self.visitor_ids if is_telling(text)}
        names = {name for name in self.names if " " in name and len(name) >= SHORTEST_MARK}
        return sorted(ids | ((self.emails | names) - self.shared))

    @property
    def telling_event_ids(self) -> list[str]:
        """Ids of events that are nothing else, wherever they stand."""
        return sorted(text for text in self.event_ids if is_telling(text))


def is_telling(text: str) -> bool:
    """Tells whether an id cannot be taken for a word or a number."""
    has_both = any(map(str.isdigit, text)) and any(map(str.isalpha, text))
    return len(text) >= 2 * SHORTEST_MARK or (has_both and len(text) >= SHORTEST_MARK)


def as_id(column: str, data_type: str) -> str:
    """Returns SQL for an id as text, whatever the type of its column: 7.0 is the id 7."""
    if data_type.startswith(("DECIMAL", "DOUBLE", "FLOAT")):
        return f"cast(try_cast({column} as hugeint) as varchar)"
    return f"regexp_replace(cast({column} as varchar), '^[\\s\\pZ]+|[\\s\\pZ]+$', '', 'g')"


def columns_named(table: Table, *names: str) -> list[str]:
    """Returns the columns of a table whose name is one of these, in any case."""
    return [column for column in table.columns if column.lower() in names]


def ids_in(table: Table, name: str) -> str | None:
    """Returns SQL for the ids in a column, or None if the table does not have it."""
    found = columns_named(table, name)
    return as_id(quote(found[0]), table.columns[found[0]]) if found else None


def remember(connection: Connection, name: str, values: set[str]) -> None:
    """Makes a temporary table of texts."""
    connection.execute(
        f"create or replace temp table {name} as select distinct unnest(?::varchar[]) as id",
        [sorted(values)],
    )


def find_person(connections: list[Connection], lead_id: str) -> Person:
    """Gathers what stands for the person that a lead is.

    Args:
        connections: to the databases that may know the person.
        lead_id: any lead of the person.
    """
    person, found = Person(set()), {lead_id.strip()}
    while found:
        person.lead_ids |= found
        found = set().union(*(merged_with(one, person.lead_ids) for one in connections))
        found -= person.lead_ids
    for connection in connections:
        person.visitor_ids |= visitors_of(connection)
    for connection in connections:
        remember(connection, "visitors_of_person", person.visitor_ids)
    for connection in connections:
        person.event_ids |= events_of(connection)
        person.emails |= texts_of(connection, "email")
        person.names |= texts_of(connection, "full_name")
    for connection in connections:
        for text in person.emails | person.names:
            if others_have(connection, text):
                person.shared.add(text)
    return person


def merged_with(connection: Connection, lead_ids: set[str]) -> set[str]:
    """Returns the leads that were merged into these, or into which these were merged."""
    remember(connection, "leads_of_person", lead_ids)
    found: set[str] = set()
    for table in tables_of(connection):
        merged, survivor = ids_in(table, "merged_lead_id"), ids_in(table, "surviving_lead_id")
        if merged and survivor:
            found |= texts(
                connection,
                f"select unnest([{merged}, {survivor}]) from {table.relation} "
                f"where {merged} in (from leads_of_person) or {survivor} in (from leads_of_person)",
            )
    return found


def visitors_of(connection: Connection) -> set[str]:
    """Returns the anonymous ids stitched to the leads, and those that they alone have used."""
    stitched: set[str] = set()
    used: set[str] = set()
    tables = [
        (table, lead, visitor)
        for table in tables_of(connection)
        if (lead := ids_in(table, "lead_id")) and (visitor := ids_in(table, "anonymous_id"))
    ]
    for table, lead, visitor in tables:
        query = f"select {visitor} from {table.relation} where {lead} in (from leads_of_person)"
        (used if columns_named(table, "event_id") else stitched).update(texts(connection, query))
    remember(connection, "visitors_in_doubt", used)
    for table, lead, visitor in tables:
        used -= texts(
            connection,
            f"select {visitor} from {table.relation} where {visitor} in (from visitors_in_doubt)"
            f" and {lead} not in (from leads_of_person) and {lead} <> ''",
        )
    return stitched | used


def events_of(connection: Connection) -> set[str]:
    """Returns the ids of what the leads did, and of what their visitors did under no other name."""
    found: set[str] = set()
    for table in tables_of(connection):
        event, lead = ids_in(table, "event_id"), ids_in(table, "lead_id")
        visitor = ids_in(table, "anonymous_id")
        if event and lead:
            theirs = f"{lead} in (from leads_of_person)"
            if visitor:
                nameless = f"coalesce({lead}, '') = ''"
                theirs += f" or ({nameless} and {visitor} in (from visitors_of_person))"
            found |= texts(connection, f"select {event} from {table.relation} where {theirs}")
    return found


def texts_of(connection: Connection, column: str) -> set[str]:
    """Returns what a column says of the leads in any table that has it, in lower case."""
    found: set[str] = set()
    for table in tables_of(connection):
        lead, text = ids_in(table, "lead_id"), ids_in(table, column)
        if lead and text:
            found |= texts(
                connection,
                f"select lower({text}) from {table.relation}"
                f" where {lead} in (from leads_of_person)",
            )
    return found


def others_have(connection: Connection, text: str) -> bool:
    """Tells whether the record of another lead says a text, be it as its name or employer."""
    for table in tables_of(connection):
        lead, email = ids_in(table, "lead_id"), ids_in(table, "email")
        if not (lead and email):
            continue
        said = " or ".join(
            f"contains(lower({quote(column)}), $text)"
            for column, data_type in table.columns.items()
            if data_type == "VARCHAR"
        )
        query = (
            f"select 1 from {table.relation} "
            f"where {lead} not in (from leads_of_person) and {lead} <> '' and ({said}) limit 1"
        )
        if connection.execute(query, {"text": text}).fetchall():
            return True
    return False


def texts(connection: Connection, query: str) -> set[str]:
    """Returns what a query of one column finds, blanks left out."""
    return {text for (text,) in connection.execute(query).fetchall() if text}
