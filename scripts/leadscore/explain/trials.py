"""Leads scored in a trial: on another day, with other facts, or made up.

All that is scored is scored by the models. Before they run, the tables that they start from are
replaced by what concerns one lead: its rows, and what those of its company add to them.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

import duckdb

from leadscore.check import RULE_FILES
from leadscore.database import rows
from leadscore.errors import LeadscoreError
from leadscore.explain.facts import OWN_NAMES, Fact
from leadscore.explain.made_up import COMPANY_ID, RawRows
from leadscore.explain.puts import put_events, put_raw, put_supposed_profile
from leadscore.explain.reading import LeadExplanation, no_score, read_lead, unknown_lead
from leadscore.project import raw_tables
from leadscore.trial import Trial, put

WANTED = ("lead_scores", "lead_score_ledger", "lead_profiles", "missing_facts", "rules_in_force")
RULES = tuple(file.removesuffix(".csv") for file in RULE_FILES)
PROFILES = ("int_lead_profiles", "int_company_profiles", "int_extra_facts", "int_activity_daily")
SUPPOSED = ("leads", "companies", "lead_attributes", "answers")
# What was known when, and which of it concerns a lead: it and its colleagues, in this order.
VERSIONS = {
    "stg_lead_versions": """
        lead_id = $lead_id or company_id in (
            select own.company_id from staging.stg_lead_versions as own
            where own.lead_id = $lead_id
        )
    """,
    "stg_company_versions": """
        company_id in (
            select own.company_id from staging.stg_lead_versions as own
            where own.lead_id = $lead_id
        )
    """,
    "stg_lead_attribute_versions": """
        lead_id = $lead_id or lead_id in (
            select merges.merged_lead_id from staging.stg_lead_merges as merges
            where merges.surviving_lead_id = $lead_id
        )
    """,
}
OWN_TABLES = {
    "attribute": ("lead_attributes", "field", "value"),
    "answer": ("answers", "question", "answer"),
}
ANSWERED = "answered_at"

Score = Callable[[Iterable[str]], None]
"""Runs the models that follow from tables that have been put."""


def score_another_day(trial: Trial, lead_id: str, score: Score) -> None:
    """Scores a lead on the day of a trial, as it was known then.

    Raises:
        LeadscoreError: if the warehouse does not know the lead.
    """
    with trial.connect() as connection:
        if not rows(connection, "from staging.stg_lead_versions where lead_id = ?", lead_id):
            raise LeadscoreError(unknown_lead(connection, lead_id))
        for table, where in VERSIONS.items():
            query = f"from staging.{table} where {where}"
            put(connection, f"staging.{table}", query, {"lead_id": lead_id})
        known = rows(connection, "select distinct lead_id from staging.stg_lead_versions")
        put_events(connection, [row["lead_id"] for row in known])
    score([*RULES, *VERSIONS, "stg_event_log"])


def score_made_up(trial: Trial, made_up: RawRows, score: Score) -> None:
    """Scores a lead of which the warehouse has nothing, but may have the company."""
    (lead,) = made_up["leads"]
    with trial.connect() as connection:
        tables = {table: list(made_up.get(table, [])) for table in raw_tables()}
        if not tables["companies"]:
            known = known_rows(connection, None, [lead.get("company_id")])
            colleagues = [row for row in known["leads"] if row["lead_id"] != lead["lead_id"]]
            tables["companies"] = known["companies"]
            tables["leads"] += colleagues
            did = known_activity(connection, [row["lead_id"] for row in colleagues])
            for table, found in did.items():
                tables[table] += found
        tables["answers"] = [row | {ANSWERED: str(trial.as_of)} for row in tables["answers"]]
        for table, own in tables.items():
            put_raw(connection, table, own)
    score([*RULES, *(f"source:raw.{table}" for table in raw_tables())])


def score_supposed(trial: Trial, lead_id: str, facts: list[Fact], score: Score) -> None:
    """Scores a lead that is in the trial, as if some facts were others.

    A fact that only the input contract has, such as a job title, is put there, and all is read
    anew. A field that rules look at is put into the profile of the lead or its company.
    """
    facts = list({fact.field: fact for fact in facts}.values())
    with trial.connect() as connection:
        (lead,) = rows(connection, "from marts.lead_profiles where lead_id = ?", lead_id)
        is_new_company = lead["company_id"] is None and any(f.subject == "company" for f in facts)
        is_anew = is_new_company or any(fact.is_read for fact in facts)
        if is_anew:
            put_supposed_rows(connection, trial.as_of, lead_id, facts)
    if is_anew:
        facts = [fact for fact in facts if not fact.is_raw]
        score(["stg_event_log", *(f"source:raw.{table}" for table in SUPPOSED)])
    if facts:
        with trial.connect() as connection:
            put_supposed_profile(connection, lead_id, facts)
        score(PROFILES)


def put_supposed_rows(
    connection: duckdb.DuckDBPyConnection, as_of: date, lead_id: str, facts: list[Fact]
) -> None:
    """Puts the rows of a lead with some facts changed, a company too if it needs one."""
    tables = known_rows(
        connection, lead_id, [fact.value for fact in facts if fact.field == "lead.company_id"]
    )
    (lead,) = (row for row in tables["leads"] if row["lead_id"] == lead_id)
    lead |= {fact.name: fact.value for fact in facts if fact.subject == "lead" and fact.is_raw}
    company_facts = [fact for fact in facts if fact.subject == "company"]
    if company_facts:
        lead["company_id"] = lead["company_id"] or COMPANY_ID
        own = [row for row in tables["companies"] if row["company_id"] == lead["company_id"]]
        if not own:
            own = [{"company_id": lead["company_id"]}]
            tables["companies"] += own
        own[0] |= {fact.name: fact.value for fact in company_facts if fact.is_raw}
    for fact in facts:
        if fact.subject in OWN_NAMES:
            table, name, value = OWN_TABLES[fact.subject]
            tables[table] = [row for row in tables[table] if row[name] != fact.name]
            tables[table].append(
                {"lead_id": lead_id, name: fact.name, value: fact.value, ANSWERED: str(as_of)}
            )
    for table in SUPPOSED:
        put_raw(connection, table, tables[table])
    # What is supposed was never observed: it counts on whatever day is scored.
    for table in VERSIONS:
        put(connection, f"staging.{table}", f"from staging.{table} limit 0")
        connection.execute(f"drop table staging.{table}")
    put_events(connection, [row["lead_id"] for row in tables["leads"]])


def known_rows(
    connection: duckdb.DuckDBPyConnection, lead_id: str | None, company_ids: Iterable[str | None]
) -> RawRows:
    """Returns what is known of a lead, and who else is at its company or at another one.

    Raises:
        LeadscoreError: if there is no such other company.
    """
    own = rows(connection, "select company_id from staging.stg_leads where lead_id = ?", lead_id)
    others = [*filter(None, company_ids)]
    companies = [*others, *(row["company_id"] for row in own)]
    chosen: dict[str, tuple[str, list[object]]] = {
        "leads": ("lead_id = ? or list_contains(?, company_id)", [lead_id, companies]),
        "companies": ("list_contains(?, company_id)", [companies]),
        "lead_attributes": ("lead_id = ?", [lead_id]),
        "answers": ("lead_id = ?", [lead_id]),
    }
    found = {}
    for table, (where, values) in chosen.items():
        staged = {"name": "company_name"} if table == "companies" else {}
        columns = ", ".join(
            f"cast({staged.get(name, name)} as varchar) as {name}"
            for name in raw_tables()[table].columns
        )
        query = f"select {columns} from staging.stg_{table} where {where} order by all"
        found[table] = rows(connection, query, *values)
    for company_id in {*others} - {row["company_id"] for row in found["companies"]}:
        raise LeadscoreError(
            f"there is no company {company_id!r}: describe it, or leave its id out"
        )
    return found


def known_activity(connection: duckdb.DuckDBPyConnection, lead_ids: list[str]) -> RawRows:
    """Returns what some leads did, as rows of the contract: a company did what its leads do."""
    found: RawRows = {
        "identities": rows(
            connection,
            "select anonymous_id, lead_id from staging.stg_identities"
            " where list_contains(?, lead_id)",
            lead_ids,
        ),
        "lead_merges": rows(
            connection,
            "from staging.stg_lead_merges where list_contains(?, surviving_lead_id)",
            lead_ids,
        ),
    }
    columns = ", ".join(
        f"cast({name} as varchar) as {name}" for name in raw_tables()["events"].columns
    )
    found["events"] = rows(
        connection,
        f"""
        select {columns} from raw_contract.events
        where list_contains($1, trim(lead_id)) or list_contains($2, trim(anonymous_id))
        """,
        [*lead_ids, *(row["merged_lead_id"] for row in found["lead_merges"])],
        [row["anonymous_id"] for row in found["identities"]],
    )
    return found


def read_tried(
    trial: Trial, lead_id: str, scorecard_id: str | None, *, may_lack: bool
) -> LeadExplanation:
    """Reads a lead that a trial has scored. Its rank is unknown: nobody else was scored.

    Raises:
        LeadscoreError: if there is no such lead, or it has no score and may not lack one.
    """
    with trial.connect() as connection:
        lead = read_lead(connection, lead_id, scorecard_id)
        if not (lead.explanations or may_lack):
            raise LeadscoreError(no_score(connection, lead_id, scorecard_id))
    return LeadExplanation(
        lead.profile,
        [replace(own, score=own.score | {"rank": None}) for own in lead.explanations],
    )
