"""Tables of a trial that are replaced by what concerns one lead, with its facts as supposed."""

import duckdb

from leadscore.database import Row, rows
from leadscore.explain.facts import OWN_NAMES, TABLES, Fact
from leadscore.project import raw_tables
from leadscore.trial import put


def put_raw(connection: duckdb.DuckDBPyConnection, table: str, own: list[Row]) -> None:
    """Puts rows into the place of a table of the input contract."""
    columns = raw_tables()[table].columns
    lists = ", ".join(f"unnest(${name}::varchar[]) as {name}" for name in columns)
    values = {name: [row.get(name) for row in own] for name in columns}
    put(connection, f"raw_contract.{table}", f"select {lists}", values)


def put_events(connection: duckdb.DuckDBPyConnection, lead_ids: list[str]) -> None:
    """Leaves of the events those of some leads, and those of the messages that they got."""
    put(
        connection,
        "staging.stg_event_log",
        """
        with own as (
            select events.event_key, events.message_key from staging.stg_events as events
            inner join intermediate.int_lead_profiles as leads on events.lead_key = leads.lead_key
            where list_contains($lead_ids, leads.lead_id)
        )
        from staging.stg_event_log
        where event_key in (select own.event_key from own)
            or message_key in (select own.message_key from own)
        """,
        {"lead_ids": lead_ids},
    )


def put_supposed_profile(
    connection: duckdb.DuckDBPyConnection, lead_id: str, facts: list[Fact]
) -> None:
    """Puts the profiles of a lead and its company with some fields changed, and its colleagues'."""
    (keys,) = rows(
        connection,
        "select lead_key, company_key from intermediate.int_lead_profiles where lead_id = ?",
        lead_id,
    )
    for subject in TABLES:
        own = [f for f in facts if f.subject == subject and not f.name.startswith("contact_count.")]
        put_fields(connection, subject, keys, own)
    extra = [f for f in facts if f.subject in OWN_NAMES or f.name.startswith("contact_count.")]
    put(
        connection,
        "intermediate.int_extra_facts",
        """
        from intermediate.int_extra_facts
        where entity_key in ($lead_key, $company_key) and not list_contains($fields, field)
        union all by name
        select
            case when starts_with(field, 'company.') then $company_key else $lead_key end
                as entity_key,
            field,
            value,
            hash(field, value) as fact_key
        from (select unnest($fields) as field, unnest($values) as value)
        where value is not null
        """,
        {**keys, "fields": [f.field for f in extra], "values": [f.value for f in extra]},
    )
    put(
        connection,
        "intermediate.int_activity_daily",
        """
        from intermediate.int_activity_daily
        where lead_key in (select leads.lead_key from intermediate.int_lead_profiles as leads)
        """,
    )


def put_fields(
    connection: duckdb.DuckDBPyConnection, subject: str, keys: Row, facts: list[Fact]
) -> None:
    """Puts the profile of one lead or company with some of its columns changed.

    Who is a decision maker follows from the seniority, unless both are said.
    """
    table = f"intermediate.int_{subject}_profiles"
    types = {
        row["column_name"]: row["column_type"] for row in rows(connection, f"describe {table}")
    }
    columns = {fact.name: f"cast(${fact.name} as {types[fact.name]})" for fact in facts}
    if subject == "lead" and "seniority" in columns:
        columns.setdefault(
            "is_decision_maker",
            "(select any_value(is_decision_maker::boolean) from reference.seniorities"
            " where seniority = $seniority)",
        )
    changed = ", ".join(
        f"case when {subject}_key = $own_key then {value} else {name} end as {name}"
        for name, value in columns.items()
    )
    put(
        connection,
        table,
        f"""
        select * {f"replace ({changed})" if changed else ""} from {table}
        where {subject}_key = $own_key or company_key = $company_key
        """,
        {
            "own_key": keys[f"{subject}_key"],
            "company_key": keys["company_key"],
            **{fact.name: fact.value for fact in facts},
        },
    )
