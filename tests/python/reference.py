"""The scoring contract in plain Python: slow, naive and easy to check against the specification.

`score` takes a `World` (raw tables and rule files as rows of text) and returns the score tables.
It shares nothing with the SQL engine, so that the two can be compared on random worlds. It follows
the specification section by section and decides what that leaves open:

Text. Two texts are compared in lower case, without accents, with white space collapsed and trimmed.
Keys (ids, names of attributes and questions) are only trimmed. A blank is unknown everywhere.
Numbers are plain decimals, booleans are `true` or `false` in any case, dates are ISO dates or the
UTC date of an ISO timestamp.

Rejects. A row without its key, an event without a readable time or without a type and a merge
without a survivor are left out before duplicates are settled. An unreadable value is unknown.

The clock. An event after `as_of_date` does not exist: neither for scores, nor for the verdict on
bots, nor for derived events. Adding such an event therefore changes nothing.

Sales sends a lead back by an event `sales_rejected`. Events of the lead up to the newest one do not
count for implicit rules that give points for events (points above 0; not at_most, not exactly 0),
for the lead or for its company. Such a lead is nurtured where its next step were sales, until its
engagement points are above 0 or a person sets its score.

Composites. A composite has a line on each axis for each component that scores the subject, or the
subject's company: what the component has on the axis times the weight. Lines of 0 points are left
out. It is vetoed or on the fast track where a component of the same subject is. The version of such
a line is all that decides on the component's points on the axis.

History. A day follows the run day before it, whatever lies between. A lead without a score on that
day comes from nowhere: it has no previous band, and all of its score is change. Bands of the axes
are held like those of the score.

Not covered: vocabularies (countries, titles, industries, e-mail kinds), completeness.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from math import copysign

Row = dict[str, str | None]
"""A row as in a CSV file: everything is text, None is blank."""

Record = dict[str, object]
"""A row of an output table: texts, whole numbers, Decimals, booleans, dates, naive UTC times."""

Value = str | Decimal | date | bool | None
"""The value of a field: text in its compared form, or typed, or None where it is unknown."""

FieldLookup = Callable[[str], Value]
"""Gives the value of a qualified field for one subject or one event."""

EMAIL_IGNORED_AFTER = timedelta(days=7)
STALE_AFTER_DAYS = 1095
FAST_REACTION = timedelta(seconds=2)
BURST_WINDOW = timedelta(seconds=2)
BURST_URLS = 3
BOT_AGENTS = ("googlebot", "bingbot", "barracuda", "mimecast", "proofpoint")
REACTIONS = ("email_open", "email_click")
SALES_EVENTS = ("sales_call", "sales_meeting", "sales_email_reply")
REJECTION = "sales_rejected"
CONTACT_EVENTS = ("unsubscribe", "spam_report", "hard_bounce", "resubscribe")
ZERO = Decimal("0.0000")

RAW_COLUMNS = {
    name: columns.split()
    for name, columns in {
        "leads": """lead_id email full_name job_title company_id company_name country region city
            lead_source origin audience lifecycle_stage is_customer consent_status birth_date
            gender purchasing_power lifestyle education experience_years created_at updated_at""",
        "lead_attributes": "lead_id field value updated_at",
        "companies": """company_id name domain industry employee_count annual_revenue company_type
            country updated_at""",
        "events": """event_id lead_id anonymous_id event_type occurred_at loaded_at channel url
            campaign_id content_id message_id user_agent ip_address""",
        "identities": "anonymous_id lead_id",
        "lead_merges": "merged_lead_id surviving_lead_id",
        "answers": "lead_id question answer answered_at",
        "outcomes": "opportunity_id lead_id stage amount opened_at closed_at is_won",
    }.items()
}
RULE_COLUMNS = {
    name: columns.split()
    for name, columns in {
        "scorecards": """scorecard_id subject purpose audience half_life_days lookback_days floor
            ceiling include_customers owner_team description""",
        "explicit_rules": """rule_id scorecard_id rule_group field operator value effect points
            valid_from valid_to owner_team label""",
        "implicit_rules": """rule_id scorecard_id rule_group event_type field operator value points
            award count_operator event_count window_days max_per_day half_life_days max_points
            valid_from valid_to owner_team label""",
        "score_limits": "scorecard_id axis rule_group min_points max_points",
        "composites": "scorecard_id component weight owner_team label",
        "value_lists": "value_list value",
        "content_map": "page_prefix page_group content_stage content_topic product",
        "bands": """scorecard_id measure band lower upper exit_below temperature lifecycle_stage
            next_step content_key description""",
        "grades": "scorecard_id fit_band engagement_band grade next_step",
        "lists": """list_id exclusive_set priority field operator value workflow offer_key
            description""",
        "overrides": "lead_id scorecard_id score reason author valid_from valid_to",
        "service_levels": "temperature response_hours description",
    }.items()
}
LEAD_TEXTS = (
    "lead_source",
    "origin",
    "lifecycle_stage",
    "consent_status",
    "region",
    "city",
    "gender",
    "purchasing_power",
    "lifestyle",
    "education",
)
EVENT_TEXTS = ("event_type", "channel", "campaign_id", "content_id")
CONTENT_FIELDS = ("page_group", "content_stage", "content_topic", "product")


@dataclass(frozen=True)
class World:
    """All that a run depends on.

    Attributes:
        as_of_date: The day that is scored.
        raw: Rows by raw table; `leads` and `events` are always there.
        rules: Rows by rule file, named without `.csv`.
    """

    as_of_date: date
    raw: dict[str, list[Row]]
    rules: dict[str, list[Row]]


@dataclass(frozen=True)
class Result:
    """The output tables; the rows are in no particular order.

    Attributes:
        lead_scores: One row per lead and scorecard.
        lead_score_ledger: One row per reason for points of a lead.
        company_scores: One row per company and scorecard, without what only people have.
        company_score_ledger: One row per reason for points of a company.
        list_members: One row per list and member.
        sales_queue: One row per lead and scorecard whose next step is sales.
    """

    lead_scores: list[Record]
    lead_score_ledger: list[Record]
    company_scores: list[Record]
    company_score_ledger: list[Record]
    list_members: list[Record]
    sales_queue: list[Record]


@dataclass(frozen=True)
class Event:
    """An event that is known to belong to a surviving lead, or to nobody (`lead_id` is None)."""

    event_id: str
    lead_id: str | None
    event_type: str
    occurred_at: datetime
    message_id: str | None = None
    channel: str | None = None
    url: str | None = None
    campaign_id: str | None = None
    content_id: str | None = None
    user_agent: str | None = None
    is_before_rejection: bool = False

    @property
    def event_date(self) -> date:
        """The UTC date of the event."""
        return self.occurred_at.date()


@dataclass(frozen=True)
class Line:
    """A ledger line of one subject."""

    line_type: str
    axis: str | None
    rule_group: str | None
    rule_id: str | None
    points: Decimal
    event_count: int | None = None
    last_event_date: date | None = None
    effect: str = "points"


@dataclass(frozen=True)
class Rule:
    """A rule or list: what its rows share, and its conditions (field, operator, value)."""

    row: Row
    conditions: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Subject:
    """What a scorecard scores: its id, its fields and its human events."""

    subject_id: str
    fields: FieldLookup
    events: list[Event]
    data_age_days: int | None
    rejection: Event | None = None


@dataclass
class Card:
    """The outcome of one scorecard for one subject; `axis_bands` by fit and engagement."""

    subject: Subject
    lines: list[Line]
    record: Record
    rule_counts: dict[str, int] = field(default_factory=dict)
    axis_bands: dict[str, str | None] = field(default_factory=dict)


CardKey = tuple[str, str, str]
"""Subject type, scorecard and subject."""


@dataclass
class Day:
    """All that a day leaves to the next one.

    Attributes:
        as_of_date: The day.
        versions: What decides on the points of each rule in force: rules are the same on two days
            if it is equal.
        half_lives: Half-life by implicit rule, 0 without decay.
        cards: The outcomes.
        members: Rows of `list_members`.
    """

    as_of_date: date
    versions: dict[str, object]
    half_lives: dict[str, float]
    cards: dict[CardKey, Card]
    members: list[Record]


# Reading text


def trimmed(text: str | None) -> str | None:
    """Return the text without white space around it, None if nothing is left."""
    return (text or "").strip() or None


def strip_accents(text: str) -> str:
    """Return the text without combining marks; compatibility forms are left alone."""
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(char for char in decomposed if not unicodedata.category(char).startswith("M"))


def compared(text: str | None) -> str | None:
    """Return the form in which texts are compared, None for a blank."""
    return " ".join(strip_accents((text or "").lower()).split()) or None


def number(text: str | None) -> Decimal | None:
    """Return the number in plain decimal notation, None for anything else."""
    text = trimmed(text)
    return Decimal(text) if text and re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", text) else None


def whole(text: str | None) -> int | None:
    """Return the whole number, None for a blank."""
    value = number(text)
    return None if value is None else int(value)


def boolean(text: str | None) -> bool | None:
    """Return the truth value of `true` or `false`, None for anything else."""
    return {"true": True, "false": False}.get(compared(text) or "")


def timestamp(text: str | None) -> datetime | None:
    """Return the naive UTC time of an ISO date or timestamp, None for anything else."""
    text = re.sub(r"\s+([+-]|Z$)", r"\1", (trimmed(text) or "").upper())
    if not re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}($|[ T])", text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is None else moment.astimezone(UTC).replace(tzinfo=None)


def day(text: str | None) -> date | None:
    """Return the UTC date of an ISO date or timestamp, None for anything else."""
    moment = timestamp(text)
    return None if moment is None else moment.date()


def page_of(url: str | None) -> str | None:
    """Return the path of a url: lower case, no trailing slash, `/` for the root."""
    url = trimmed(url)
    if url is None:
        return None
    path = re.split(r"[?#]", url)[0].lower()
    if not path.startswith("/"):
        path = re.sub(r"^([a-z][a-z0-9+.-]*:)?(//)?[^/]*", "", path)
    return path.rstrip("/") or "/"


# Rounding


def half_away(value: Decimal, places: str) -> Decimal:
    """Round to the places of the pattern, ties away from zero."""
    return value.quantize(Decimal(places), ROUND_HALF_UP)


def line_points(value: float) -> Decimal:
    """Move 1e-9 away from zero and round to four places, ties away from zero."""
    if value == 0:
        return ZERO
    return half_away(Decimal(value + copysign(1e-9, value)), "0.0001")


def clamp(value: Decimal, low: Decimal | None, high: Decimal | None) -> Decimal:
    """Return the value moved into the range; None leaves a side open."""
    if low is not None and value < low:
        return low
    if high is not None and value > high:
        return high
    return value


# Operators


def of_same_type(value: Value, text: str) -> Value:
    """Read a rule's text as the type of a field's value."""
    if isinstance(value, bool):
        return boolean(text)
    if isinstance(value, Decimal):
        return number(text)
    if isinstance(value, date):
        return day(text)
    return compared(text)


def ordinal(value: Value, like: str) -> Decimal | None:
    """Return a number to order a value by: dates where the rule says a date, else numbers.

    Text (of attributes and answers that are not registered) is read as what the rule speaks of.
    """
    speaks_of_dates = re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", like.strip()) is not None
    if isinstance(value, str):
        value = day(value) if speaks_of_dates else number(value)
    if isinstance(value, date):
        return Decimal(value.toordinal()) if speaks_of_dates else None
    if isinstance(value, Decimal):
        return None if speaks_of_dates else value
    return None


def condition_holds(
    value: Value,
    operator: str,
    operand: str,
    value_lists: dict[str, list[str]],
    as_of_date: date,
) -> bool:
    """Tell whether a field's value satisfies an operator; an unknown value only `is_unknown`.

    Text operators never match a number, date or boolean.

    Args:
        value: The field's value.
        operator: A name of the operator table.
        operand: The rule's value as written.
        value_lists: Values by list, for `in_list` and `not_in_list`.
        as_of_date: The day from which ages of dates are counted.

    Raises:
        ValueError: If the operator does not exist.
    """
    if operator == "is_unknown":
        return value is None
    if value is None:
        return False
    if operator == "is_known":
        return True

    if operator == "equals":
        return value == of_same_type(value, operand)
    if operator == "not_equals":
        return value != of_same_type(value, operand)
    if operator == "in_list":
        return value in [of_same_type(value, entry) for entry in value_lists[operand]]
    if operator == "not_in_list":
        return value not in [of_same_type(value, entry) for entry in value_lists[operand]]

    if operator in ("contains", "starts_with", "ends_with", "matches"):
        if not isinstance(value, str):
            return False
        text = compared(operand) or ""
        if operator == "contains":
            return text in value
        if operator == "starts_with":
            return value.startswith(text)
        if operator == "ends_with":
            return value.endswith(text)
        return re.search(strip_accents(operand), value, re.IGNORECASE) is not None

    if operator in ("gt", "gte", "lt", "lte"):
        left, right = ordinal(value, operand), ordinal(operand, operand)
        if left is None or right is None:
            return False
        if operator == "gt":
            return left > right
        if operator == "gte":
            return left >= right
        if operator == "lt":
            return left < right
        return left <= right

    if operator == "between":
        low_text, high_text = operand.split("..", 1)
        left = ordinal(value, low_text)
        low, high = ordinal(low_text, low_text), ordinal(high_text, high_text)
        return left is not None and low is not None and high is not None and low <= left <= high

    if operator in ("older_than_days", "within_days"):
        moment = day(value) if isinstance(value, str) else value
        limit = whole(operand)
        if not isinstance(moment, date) or limit is None:
            return False
        age = (as_of_date - moment).days
        return age > limit if operator == "older_than_days" else 0 <= age <= limit

    raise ValueError(f"no such operator: {operator}")


# Inputs


def table(tables: dict[str, list[Row]], columns: dict[str, list[str]], name: str) -> list[Row]:
    """Return the rows of a table with the columns of the contract; what is missing is blank."""
    return [{column: row.get(column) for column in columns[name]} for row in tables.get(name, [])]


def distinct_rows(rows: list[Row], key: tuple[str, ...], stamp: str = "updated_at") -> list[Row]:
    """Return one row per key, the one with the newest stamp; no stamp is the oldest.

    Keys are trimmed. Rows without a key are left out. Among equally new rows the first one stays.
    """
    newest: dict[tuple[str | None, ...], Row] = {}
    for row in rows:
        row = row | {column: trimmed(row.get(column)) for column in key}
        row_key = tuple(row[column] for column in key)
        if None in row_key:
            continue
        stamp_of = timestamp(row.get(stamp)) or datetime.min
        if row_key not in newest or stamp_of > (
            timestamp(newest[row_key].get(stamp)) or datetime.min
        ):
            newest[row_key] = row
    return list(newest.values())


def surviving_ids(merges: list[Row], lead_ids: set[str]) -> dict[str, str]:
    """Return the surviving lead by merged lead, chains followed.

    A merge that belongs to a cycle, leads into one or ends at a lead that does not exist is
    rejected: its lead stays unmerged.
    """
    steps = {}
    for row in distinct_rows(merges, ("merged_lead_id",)):
        survivor = trimmed(row["surviving_lead_id"])
        if survivor is not None:
            steps[str(row["merged_lead_id"])] = survivor
    survivors = {}
    for merged in steps:
        seen = {merged}
        current = steps[merged]
        while current in steps and current not in seen:
            seen.add(current)
            current = steps[current]
        if current not in seen and current in lead_ids:
            survivors[merged] = current
    return survivors


def is_bot(event: Event, events: list[Event]) -> bool:
    """Tell whether an event is the work of a scanner or crawler.

    Reactions are judged among the events of the same lead and message, bots included; those of
    nobody only by their agent. A burst is a window of two seconds, both ends included.

    Args:
        event: The event in question.
        events: All events.
    """
    if any(agent in (event.user_agent or "").lower() for agent in BOT_AGENTS):
        return True
    if event.event_type not in REACTIONS or None in (event.message_id, event.lead_id):
        return False
    siblings = [
        other
        for other in events
        if other.lead_id == event.lead_id and other.message_id == event.message_id
    ]
    for other in siblings:
        if other.event_type == "email_delivered":
            reaction_time = event.occurred_at - other.occurred_at
            if timedelta(0) <= reaction_time < FAST_REACTION:
                return True
    if event.event_type != "email_click":
        return False
    clicks = [other for other in siblings if other.event_type == "email_click"]
    for first in clicks:
        window = [
            click
            for click in clicks
            if timedelta(0) <= click.occurred_at - first.occurred_at <= BURST_WINDOW
        ]
        urls = {click.url for click in window if click.url is not None}
        if len(urls) >= BURST_URLS and event in window:
            return True
    return False


def derived_events(human_events: list[Event]) -> list[Event]:
    """Return `email_ignored` and `email_opened_and_clicked` events, made of human events only.

    There is at most one of each per lead and message. An open or click that resolves to no lead
    still shows that a message with one recipient was not ignored, but earns nobody anything. Among
    events at the same time the smallest event id counts as the first, and stands for the last.
    """
    groups = {
        (event.lead_id, event.message_id)
        for event in human_events
        if event.lead_id is not None
        and event.message_id is not None
        and event.event_type in ("email_delivered", *REACTIONS)
    }
    derived = []
    for lead_id, message_id in groups:
        message = [event for event in human_events if event.message_id == message_id]
        message.sort(key=lambda event: (event.occurred_at, event.event_id))
        own = [event for event in message if event.lead_id == lead_id]
        recipients = {
            event.lead_id
            for event in message
            if event.event_type == "email_delivered" and event.lead_id is not None
        }
        readers = (lead_id, None) if len(recipients) == 1 else (lead_id,)
        shared = [event for event in message if event.lead_id in readers]
        deliveries = [event for event in own if event.event_type == "email_delivered"]
        reactions = [event for event in shared if event.event_type in REACTIONS]
        opens = [event for event in own if event.event_type == "email_open"]
        clicks = [event for event in own if event.event_type == "email_click"]

        if deliveries:
            deadline = deliveries[0].occurred_at + EMAIL_IGNORED_AFTER
            if not any(event.occurred_at <= deadline for event in reactions):
                derived.append(
                    replace(
                        deliveries[0],
                        event_id=f"email_ignored {message_id}",
                        event_type="email_ignored",
                        occurred_at=deadline,
                        url=None,
                    )
                )

        if opens and clicks:
            opened_at = opens[0].occurred_at
            later = [click for click in clicks if click.occurred_at >= opened_at]
            last = [click for click in clicks if click.occurred_at == clicks[-1].occurred_at]
            click = later[0] if later else last[0]
            derived.append(
                replace(
                    click,
                    event_id=f"email_opened_and_clicked {message_id}",
                    lead_id=lead_id,
                    event_type="email_opened_and_clicked",
                    occurred_at=max(click.occurred_at, opened_at),
                )
            )
    return derived


def rejection_reason(event: Event) -> str | None:
    """Return why sales sent a lead back, as one word."""
    reason = compared(event.content_id)
    return None if reason is None else reason.replace(" ", "_").replace("-", "_")


def newest_rejections(human_events: list[Event]) -> dict[str, Event]:
    """Return the newest `sales_rejected` by lead; of equally new ones that with a first reason."""
    rejections = [event for event in human_events if event.event_type == REJECTION]
    rejections.sort(
        key=lambda event: (
            datetime.max - event.occurred_at,
            rejection_reason(event) is None,
            rejection_reason(event) or "",
        )
    )
    newest: dict[str, Event] = {}
    for event in rejections:
        newest.setdefault(str(event.lead_id), event)
    return newest


class Inputs:
    """The raw tables after de-duplication, merging, stitching and the verdict on bots.

    Attributes:
        leads: Row by surviving lead.
        companies: Row by company.
        attributes: Value by surviving lead and attribute.
        answers: Newest answer on or before the day, by surviving lead and question.
        events: Events up to the day that belong to a surviving lead, bots included.
        human_events: The same without bots, with the derived ones.
        rejections: Newest `sales_rejected` event by surviving lead that has one.
    """

    def __init__(self, world: World) -> None:
        """Read the raw tables of a world."""
        self.as_of_date = world.as_of_date
        self.raw = world.raw
        all_leads = {
            str(row["lead_id"]): row for row in distinct_rows(self._table("leads"), ("lead_id",))
        }
        self.survivors = surviving_ids(self._table("lead_merges"), set(all_leads))
        self.leads = {
            lead_id: row for lead_id, row in all_leads.items() if lead_id not in self.survivors
        }
        self.companies = {
            str(row["company_id"]): row
            for row in distinct_rows(self._table("companies"), ("company_id",))
        }
        self.attributes = self._read_attributes()
        self.answers = self._read_answers()
        resolved = self._read_events()
        human = [event for event in resolved if not is_bot(event, resolved)]
        derived = [event for event in derived_events(human) if event.event_date <= self.as_of_date]
        self.events = [event for event in resolved if event.lead_id is not None]
        human_events = [event for event in human + derived if event.lead_id is not None]
        self.rejections = newest_rejections(human_events)
        self.human_events = [
            replace(event, is_before_rejection=self._is_before_rejection(event))
            for event in human_events
        ]

    def _is_before_rejection(self, event: Event) -> bool:
        rejection = self.rejections.get(str(event.lead_id))
        return rejection is not None and event.occurred_at <= rejection.occurred_at

    def _table(self, name: str) -> list[Row]:
        return table(self.raw, RAW_COLUMNS, name)

    def _survivor(self, lead_id: str | None) -> str | None:
        """Return the surviving lead an id stands for, None if there is none."""
        survivor = self.survivors.get(lead_id or "", lead_id)
        return survivor if survivor in self.leads else None

    def _read_attributes(self) -> dict[tuple[str, str], str]:
        """Return the attributes: the survivor's own value, else the newest, then smallest id.

        A blank is no value, so a merged lead's value fills it.
        """
        candidates: dict[tuple[str, str], list[tuple[bool, datetime, str, str]]] = {}
        for row in distinct_rows(self._table("lead_attributes"), ("lead_id", "field")):
            survivor = self._survivor(row["lead_id"])
            value = trimmed(row["value"])
            if survivor is None or value is None:
                continue
            candidates.setdefault((survivor, str(row["field"])), []).append(
                (
                    row["lead_id"] == survivor,
                    timestamp(row["updated_at"]) or datetime.min,
                    str(row["lead_id"]),
                    value,
                )
            )
        attributes = {}
        for key, found in candidates.items():
            found.sort(key=lambda one: one[2])
            attributes[key] = max(found, key=lambda one: (one[0], one[1]))[3]
        return attributes

    def _read_answers(self) -> dict[tuple[str, str], str | None]:
        """Return the newest answers up to the day; a blank one makes the answer unknown."""
        newest: dict[tuple[str, str], tuple[datetime, str | None]] = {}
        for row in self._table("answers"):
            survivor = self._survivor(trimmed(row["lead_id"]))
            question = trimmed(row["question"])
            answered_at = timestamp(row["answered_at"])
            if survivor is None or question is None or answered_at is None:
                continue
            if answered_at.date() > self.as_of_date:
                continue
            key = (survivor, question)
            if key not in newest or answered_at > newest[key][0]:
                newest[key] = (answered_at, row["answer"])
        return {key: answer for key, (_, answer) in newest.items()}

    def _read_events(self) -> list[Event]:
        """Return the events up to the day: one per id, stitched to leads and merged.

        Of several rows with one id the earliest load counts (none is last), then the earliest
        event. An event that names a lead never takes another one from its anonymous id.
        """
        identities = {
            str(row["anonymous_id"]): trimmed(row["lead_id"])
            for row in distinct_rows(self._table("identities"), ("anonymous_id",))
        }
        first: dict[str, tuple[datetime, Event]] = {}
        for row in self._table("events"):
            event_id = trimmed(row["event_id"])
            event_type = compared(row["event_type"])
            occurred_at = timestamp(row["occurred_at"])
            if event_id is None or event_type is None or occurred_at is None:
                continue
            lead_id = trimmed(row["lead_id"])
            if lead_id is None:
                lead_id = identities.get(trimmed(row["anonymous_id"]) or "")
            event = Event(
                event_id=event_id,
                lead_id=self._survivor(lead_id),
                event_type=event_type,
                occurred_at=occurred_at,
                message_id=trimmed(row["message_id"]),
                channel=row["channel"],
                url=trimmed(row["url"]),
                campaign_id=row["campaign_id"],
                content_id=row["content_id"],
                user_agent=row["user_agent"],
            )
            loaded_at = timestamp(row["loaded_at"]) or datetime.max
            if event_id not in first or (loaded_at, occurred_at) < (
                first[event_id][0],
                first[event_id][1].occurred_at,
            ):
                first[event_id] = (loaded_at, event)
        return [event for _, event in first.values() if event.event_date <= self.as_of_date]

    def has_company(self, lead_id: str) -> bool:
        """Tell whether a lead names a company, be it one of `companies` or not."""
        row = self.leads[lead_id]
        return trimmed(row["company_id"]) is not None or trimmed(row["company_name"]) is not None

    def audience(self, lead_id: str) -> str:
        """Return the audience; without a valid one b2b if the lead has a company, else b2c."""
        stated = compared(self.leads[lead_id]["audience"])
        if stated in ("b2b", "b2c"):
            return stated
        return "b2b" if self.has_company(lead_id) else "b2c"

    def is_contactable(self, lead_id: str) -> bool:
        """Tell whether a lead may be contacted; bots count, and of equally new events the worst."""
        if compared(self.leads[lead_id]["consent_status"]) == "unsubscribed":
            return False
        signals = [
            event
            for event in self.events
            if event.lead_id == lead_id and event.event_type in CONTACT_EVENTS
        ]
        if not signals:
            return True
        newest_at = max(event.occurred_at for event in signals)
        newest = [event for event in signals if event.occurred_at == newest_at]
        return all(event.event_type == "resubscribe" for event in newest)

    def data_age_days(self, row: Row) -> int | None:
        """Return the days from a record's last update to the day; negative for the future."""
        updated_on = day(row["updated_at"])
        return None if updated_on is None else (self.as_of_date - updated_on).days

    def lead_field(self, lead_id: str, name: str) -> Value:
        """Return the value of a lead.*, attribute.*, answer.* or company.* field of a lead.

        Raises:
            ValueError: If the reference does not cover the field.
        """
        row = self.leads[lead_id]
        prefix, rest = name.split(".", 1)
        if prefix == "attribute":
            return compared(self.attributes.get((lead_id, rest)))
        if prefix == "answer":
            return compared(self.answers.get((lead_id, rest)))
        if prefix == "company":
            company_id = trimmed(row["company_id"])
            return None if company_id is None else self.company_field(company_id, name)
        if prefix != "lead":
            raise ValueError(f"not a field of a lead: {name}")
        if rest in LEAD_TEXTS:
            return compared(row[rest])
        if rest == "audience":
            return self.audience(lead_id)
        if rest == "is_customer":
            return boolean(row["is_customer"])
        if rest in ("created_at", "updated_at"):
            return day(row[rest])
        if rest == "email_domain":
            _, at, domain = (row["email"] or "").rpartition("@")
            return compared(domain) if at else None
        if rest == "age":
            born = day(row["birth_date"])
            if born is None:
                return None
            had_birthday = (self.as_of_date.month, self.as_of_date.day) >= (born.month, born.day)
            return Decimal(self.as_of_date.year - born.year - (0 if had_birthday else 1))
        if rest == "experience_years":
            return number(row["experience_years"])
        if rest == "data_age_days":
            age = self.data_age_days(row)
            return None if age is None else Decimal(age)
        raise ValueError(f"the reference does not cover {name}")

    def company_field(self, company_id: str, name: str) -> Value:
        """Return the value of a company.* field.

        The contacts of a company are known even if it is not in `companies`.

        Raises:
            ValueError: If the reference does not cover the field.
        """
        if name == "company.contact_count":
            return Decimal(
                sum(trimmed(row["company_id"]) == company_id for row in self.leads.values())
            )
        row = self.companies.get(company_id)
        if name == "company.company_type":
            return None if row is None else compared(row["company_type"])
        if name in ("company.employee_count", "company.annual_revenue"):
            return None if row is None else number(row[name.removeprefix("company.")])
        if name == "company.data_age_days":
            age = None if row is None else self.data_age_days(row)
            return None if age is None else Decimal(age)
        raise ValueError(f"the reference does not cover {name}")

    def lead_subjects(self, scorecard: Row) -> list[Subject]:
        """Return the leads a scorecard applies to."""
        audience = compared(scorecard["audience"])
        takes_customers = boolean(scorecard["include_customers"]) is True
        return [
            Subject(
                subject_id=lead_id,
                fields=partial(self.lead_field, lead_id),
                events=[event for event in self.human_events if event.lead_id == lead_id],
                data_age_days=self.data_age_days(row),
                rejection=self.rejections.get(lead_id),
            )
            for lead_id, row in self.leads.items()
            if audience in (None, self.audience(lead_id))
            and (takes_customers or boolean(row["is_customer"]) is not True)
        ]

    def company_subjects(self) -> list[Subject]:
        """Return all companies; the events of a company are those of its surviving leads."""
        return [
            Subject(
                subject_id=company_id,
                fields=partial(self.company_field, company_id),
                events=[
                    event
                    for event in self.human_events
                    if trimmed(self.leads[str(event.lead_id)]["company_id"]) == company_id
                ],
                data_age_days=self.data_age_days(row),
            )
            for company_id, row in self.companies.items()
        ]


# Rules


def in_force(row: Row, as_of_date: date) -> bool:
    """Tell whether a version is in force: from `valid_from` on, before `valid_to`."""
    valid_from, valid_to = day(row["valid_from"]), day(row["valid_to"])
    return (valid_from is None or valid_from <= as_of_date) and (
        valid_to is None or as_of_date < valid_to
    )


def grouped(rows: Iterable[Row], key: tuple[str, ...]) -> list[Rule]:
    """Gather the rows of one key into one rule with all their conditions."""
    groups: dict[tuple[str | None, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[column] for column in key), []).append(row)
    return [
        Rule(
            row=members[0],
            conditions=[
                (name, str(row["operator"]), row["value"] or "")
                for row in members
                if (name := trimmed(row["field"])) is not None
            ],
        )
        for members in groups.values()
    ]


class RuleBook:
    """The rules in force on a day, and the tables that give them meaning."""

    def __init__(self, world: World) -> None:
        """Read the rule files of a world; a missing file counts as empty."""
        self.as_of_date = world.as_of_date
        rows = partial(table, world.rules, RULE_COLUMNS)

        def current(name: str) -> list[Row]:
            return [row for row in rows(name) if in_force(row, world.as_of_date)]

        self.scorecards = rows("scorecards")
        self.bands = rows("bands")
        self.explicit = grouped(current("explicit_rules"), ("rule_id", "valid_from"))
        self.implicit = grouped(current("implicit_rules"), ("rule_id", "valid_from"))
        self.overrides = current("overrides")
        self.service_levels = rows("service_levels")
        self.limits = rows("score_limits")
        self.composites = rows("composites")
        self.content_map = rows("content_map")
        self.grades = rows("grades")
        self.lists = grouped(rows("lists"), ("list_id",))
        self.value_lists: dict[str, list[str]] = {}
        for row in rows("value_lists"):
            self.value_lists.setdefault(str(row["value_list"]), []).append(str(row["value"]))

    def components(self, scorecard_id: object) -> list[Row]:
        """Return the components of a scorecard; none but composites have some."""
        return [row for row in self.composites if row["scorecard_id"] == scorecard_id]

    def all_hold(self, rule: Rule, fields: FieldLookup) -> bool:
        """Tell whether all conditions of a rule hold."""
        return all(
            condition_holds(fields(name), operator, value, self.value_lists, self.as_of_date)
            for name, operator, value in rule.conditions
        )

    def content(self, page: str | None) -> Row | None:
        """Return the content of a page: the longest prefix that ends at `/` or at its end."""
        best = None
        best_length = -1
        for row in self.content_map:
            prefix = page_of(row["page_prefix"])
            if page is None or prefix is None:
                continue
            fits = prefix in ("/", page) or page.startswith(prefix + "/")
            if fits and len(prefix) > best_length:
                best, best_length = row, len(prefix)
        return best

    def event_field(self, event: Event, name: str) -> Value:
        """Return the value of an event.* field.

        Raises:
            ValueError: If there is no such field.
        """
        rest = name.removeprefix("event.")
        if rest in EVENT_TEXTS:
            return compared(getattr(event, rest))
        page = page_of(event.url)
        if rest == "page":
            return compared(page)
        if rest in CONTENT_FIELDS:
            content = self.content(page)
            return None if content is None else compared(content[rest])
        raise ValueError(f"no such field of an event: {name}")

    def band(
        self, scorecard_id: str, measure: str, value: int, previous: object = None
    ) -> Row | None:
        """Return the band of a whole number; beyond the outermost bands these count.

        A higher band that was the previous one is held down to its `exit_below`.
        """
        rows = [
            row
            for row in self.bands
            if row["scorecard_id"] == scorecard_id and row["measure"] == measure
        ]
        if not rows:
            return None
        for row in rows:
            lower, exit_below = whole(row["lower"]), whole(row["exit_below"])
            if row["band"] != previous or lower is None or exit_below is None:
                continue
            if exit_below <= value < lower:
                return row
        ranges = [(whole(row["lower"]), whole(row["upper"]), row) for row in rows]
        lowers = [lower for lower, _, _ in ranges if lower is not None]
        uppers = [upper for _, upper, _ in ranges if upper is not None]
        if len(lowers) == len(ranges):
            value = max(value, min(lowers))
        if len(uppers) == len(ranges):
            value = min(value, max(uppers))
        for lower, upper, row in ranges:
            if (lower is None or lower <= value) and (upper is None or value <= upper):
                return row
        raise ValueError(f"the {measure} bands of {scorecard_id} have a gap at {value}")


# The score


def explicit_lines(subject: Subject, scorecard_id: str, book: RuleBook) -> list[Line]:
    """Return the lines of the explicit rules that fire for a subject."""
    return [
        Line(
            line_type="rule",
            axis="fit",
            rule_group=trimmed(rule.row["rule_group"]),
            rule_id=rule.row["rule_id"],
            points=line_points(float(number(rule.row["points"]) or 0))
            if rule.row["effect"] == "points"
            else ZERO,
            effect=str(rule.row["effect"]),
        )
        for rule in book.explicit
        if rule.row["scorecard_id"] == scorecard_id and book.all_hold(rule, subject.fields)
    ]


def qualifying_events(subject: Subject, rule: Rule, scorecard: Row, book: RuleBook) -> list[Event]:
    """Return Q: the subject's human events of the rule's type, conditions and window."""
    wanted = compared(rule.row["event_type"])
    window = whole(rule.row["window_days"])
    if window is None:
        window = whole(scorecard["lookback_days"])
    qualifying = []
    for event in subject.events:
        if event.is_before_rejection and gives_points_for_events(rule):
            continue
        age = (book.as_of_date - event.event_date).days
        of_type = wanted in ("*", event.event_type)
        in_window = age >= 0 and (window is None or age < window)
        if of_type and in_window and book.all_hold(rule, partial(book.event_field, event)):
            qualifying.append(event)
    return qualifying


def gives_points_for_events(rule: Rule) -> bool:
    """Tell whether a rule rewards what somebody does, and not silence."""
    operator, wanted = rule.row["count_operator"], whole(rule.row["event_count"])
    speaks_of_silence = operator == "at_most" or (operator == "exactly" and wanted == 0)
    return (number(rule.row["points"]) or 0) > 0 and not speaks_of_silence


def count_holds(count: int, rule: Rule) -> bool:
    """Tell whether the number of qualifying events makes a rule fire."""
    wanted = whole(rule.row["event_count"])
    if wanted is None:
        wanted = 1
    return {
        "at_least": count >= wanted,
        "more_than": count > wanted,
        "exactly": count == wanted,
        "at_most": count <= wanted,
    }[rule.row["count_operator"] or "at_least"]


def implicit_points(events: list[Event], rule: Rule, scorecard: Row, as_of_date: date) -> float:
    """Return the points of an implicit rule that fires, before rounding."""
    points = float(number(rule.row["points"]) or 0)
    half_life = number(rule.row["half_life_days"])
    if half_life is None:
        half_life = number(scorecard["half_life_days"])
    max_per_day = whole(rule.row["max_per_day"])
    max_points = number(rule.row["max_points"])

    def weight(on: date) -> float:
        return 0.5 ** ((as_of_date - on).days / float(half_life)) if half_life else 1.0

    if not events:
        value = points
    elif rule.row["award"] == "once":
        value = points * weight(max(event.event_date for event in events))
    else:
        total = 0.0
        for on, count in sorted(Counter(event.event_date for event in events).items()):
            total += (count if max_per_day is None else min(count, max_per_day)) * weight(on)
        value = points * total
    if max_points is not None:
        limit = abs(float(max_points))
        value = max(-limit, min(limit, value))
    return value


def implicit_lines(
    subject: Subject, scorecard: Row, book: RuleBook
) -> tuple[list[Line], dict[str, int]]:
    """Return the lines of the implicit rules that fire, and the count of events of every rule."""
    lines = []
    counts = {}
    for rule in book.implicit:
        if rule.row["scorecard_id"] != scorecard["scorecard_id"]:
            continue
        events = qualifying_events(subject, rule, scorecard, book)
        counts[str(rule.row["rule_id"])] = len(events)
        if not count_holds(len(events), rule):
            continue
        points = line_points(implicit_points(events, rule, scorecard, book.as_of_date))
        if points == 0 and number(rule.row["points"]) != 0:
            continue
        lines.append(
            Line(
                line_type="rule",
                axis="engagement",
                rule_group=trimmed(rule.row["rule_group"]),
                rule_id=rule.row["rule_id"],
                points=points,
                event_count=len(events),
                last_event_date=max((event.event_date for event in events), default=None),
            )
        )
    return lines, counts


def component_lines(scorecard: Row, book: RuleBook, components: dict[str, Card]) -> list[Line]:
    """Return what the components that score a subject give to their composite."""
    lines = []
    for row in book.components(scorecard["scorecard_id"]):
        card = components.get(str(row["component"]))
        for axis in ("fit", "engagement") if card else ():
            assert card is not None
            points = line_points(
                float(number(row["weight"]) or 0) * float(str(card.record[f"{axis}_points"]))
            )
            rule_id = f"{row['scorecard_id']}.{axis}.{row['component']}"
            if points:
                lines.append(Line("rule", axis, None, rule_id, points))
    return lines


def total(lines: Iterable[Line]) -> Decimal:
    """Return the sum of the points of lines."""
    return sum((line.points for line in lines), ZERO)


def limit_line(
    line_type: str, axis: str | None, group: str | None, lines: list[Line], limits: Row
) -> list[Line]:
    """Return the line that moves the sum of lines into the limits; none if it is there already."""
    before = total(lines)
    change = clamp(before, number(limits["min_points"]), number(limits["max_points"])) - before
    if change == 0:
        return []
    return [Line(line_type, axis, group, None, half_away(change, "0.0001"))]


def limited(rule_lines: list[Line], scorecard: Row, book: RuleBook) -> list[Line]:
    """Return the rule lines followed by the limit lines: of groups, of axes, of the score."""
    lines = list(rule_lines)
    limits = [row for row in book.limits if row["scorecard_id"] == scorecard["scorecard_id"]]
    for row in limits:
        group = trimmed(row["rule_group"])
        if group is not None:
            members = [
                line for line in rule_lines if line.axis == row["axis"] and line.rule_group == group
            ]
            lines += limit_line("group_limit", row["axis"], group, members, row)
    for row in limits:
        if trimmed(row["rule_group"]) is None:
            members = [line for line in lines if line.axis == row["axis"]]
            lines += limit_line("axis_limit", row["axis"], None, members, row)
    bounds: Row = {
        "min_points": trimmed(scorecard["floor"]) or "0",
        "max_points": trimmed(scorecard["ceiling"]) or "100",
    }
    lines += limit_line("score_limit", None, None, lines, bounds)
    return lines


def score_subject(
    subject: Subject,
    scorecard: Row,
    book: RuleBook,
    override: int | None,
    before: Card | None,
    components: dict[str, Card],
) -> Card:
    """Return the outcome of a scorecard for a subject, given those of its components.

    An override replaces the score before its band is looked up, but no points. A veto takes the
    band, its temperature, stage and next step, but not the grade; a fast track is shown even
    under a veto. A record of unknown age is not stale.
    """
    scorecard_id = str(scorecard["scorecard_id"])
    lines, rule_counts = implicit_lines(subject, scorecard, book)
    lines += explicit_lines(subject, scorecard_id, book)
    lines += component_lines(scorecard, book, components)
    lines = limited(lines, scorecard, book)
    fit_points = total(line for line in lines if line.axis == "fit")
    engagement_points = total(line for line in lines if line.axis == "engagement")
    score_points = total(lines)
    score_value = int(half_away(score_points, "1")) if override is None else override

    held = before.axis_bands | {"score": before.record["band"]} if before else {}
    band = book.band(scorecard_id, "score", score_value, held.get("score"))
    fit_band, engagement_band = (
        book.band(scorecard_id, axis, int(half_away(points, "1")), held.get(axis))
        for axis, points in (("fit", fit_points), ("engagement", engagement_points))
    )
    grades = [
        row
        for row in book.grades
        if row["scorecard_id"] == scorecard_id
        and fit_band is not None
        and row["fit_band"] == fit_band["band"]
        and engagement_band is not None
        and row["engagement_band"] == engagement_band["band"]
    ]
    judged = [card for card in components.values() if card.subject.subject_id == subject.subject_id]
    is_vetoed = any(line.effect == "veto" for line in lines) or any(
        card.record["is_vetoed"] for card in judged
    )
    is_fast_tracked = any(line.effect == "fast_track" for line in lines) or any(
        card.record["is_fast_tracked"] for card in judged
    )
    if is_vetoed:
        next_step: str | None = "none"
    elif is_fast_tracked:
        next_step = "sales"
    elif grades and trimmed(grades[0]["next_step"]) is not None:
        next_step = trimmed(grades[0]["next_step"])
    else:
        next_step = None if band is None else trimmed(band["next_step"])
    has_to_start_anew = (
        subject.rejection is not None and override is None and engagement_points <= 0
    )
    if next_step == "sales" and has_to_start_anew:
        next_step = "nurture"
    shown = None if is_vetoed else band

    record: Record = {
        "scorecard_id": scorecard_id,
        "fit_points": fit_points,
        "engagement_points": engagement_points,
        "raw_points": fit_points + engagement_points,
        "score_points": score_points,
        "score": score_value,
        "is_overridden": override is not None,
        "band": "disqualified" if is_vetoed else (None if band is None else band["band"]),
        "grade": grades[0]["grade"] if grades else None,
        "temperature": None if shown is None else trimmed(shown["temperature"]),
        "lifecycle_stage": None if shown is None else trimmed(shown["lifecycle_stage"]),
        "next_step": next_step,
        "is_vetoed": is_vetoed,
        "is_fast_tracked": is_fast_tracked,
        "last_event_at": max((event.occurred_at for event in subject.events), default=None),
        "data_age_days": subject.data_age_days,
        "is_stale": subject.data_age_days is not None and subject.data_age_days > STALE_AFTER_DAYS,
    }
    date_stay(record, before, book.as_of_date)
    axis_bands = {
        "fit": None if fit_band is None else fit_band["band"],
        "engagement": None if engagement_band is None else engagement_band["band"],
    }
    return Card(subject, lines, record, rule_counts, axis_bands)


def date_stay(record: Record, before: Card | None, as_of_date: date) -> None:
    """Fill in since when a subject is where it is."""
    previous: Record = before.record if before else {}
    record["previous_band"] = previous.get("band")
    stays = previous.get("band") == record["band"]
    entered_on = previous["entered_on"] if stays else as_of_date
    assert isinstance(entered_on, date)
    record["entered_on"] = entered_on
    record["days_in_band"] = (as_of_date - entered_on).days
    record["sales_entered_on"] = None
    if record["next_step"] == "sales":
        record["sales_entered_on"] = previous.get("sales_entered_on") or as_of_date


def rank(cards: list[Card]) -> None:
    """Number the cards of one scorecard from best to worst; the last word has the id."""

    def order(card: Card) -> tuple[object, ...]:
        record = card.record
        engagement_points, last_event_at = record["engagement_points"], record["last_event_at"]
        assert isinstance(record["score"], int)
        assert isinstance(engagement_points, Decimal)
        recency = (
            datetime.max - last_event_at if isinstance(last_event_at, datetime) else timedelta.max
        )
        return (
            record["is_vetoed"],
            -record["score"],
            -engagement_points,
            recency,
            card.subject.subject_id,
        )

    for position, card in enumerate(sorted(cards, key=order), start=1):
        card.record["rank"] = position


def ledger(cards: list[Card], id_column: str) -> list[Record]:
    """Return the ledger rows of cards."""
    return [
        {
            id_column: card.subject.subject_id,
            "scorecard_id": card.record["scorecard_id"],
            "line_type": line.line_type,
            "axis": line.axis,
            "rule_group": line.rule_group,
            "rule_id": line.rule_id,
            "points": line.points,
            "event_count": line.event_count,
            "last_event_date": line.last_event_date,
        }
        for card in cards
        for line in card.lines
    ]


# Lists


def second_stage_field(lead_id: str, name: str, cards: list[Card]) -> Value:
    """Return a field that speaks of scores; unknown where the lead is not scored.

    `rule_count` is the number of qualifying events of the rule's version in force, be the rule
    fired or not; unknown if there is no such version or its scorecard does not score the lead.
    """
    prefix, rest = name.split(".", 1)
    own = [card for card in cards if card.subject.subject_id == lead_id]
    if prefix == "rule_count":
        counts = [card.rule_counts[rest] for card in own if rest in card.rule_counts]
        return Decimal(counts[0]) if counts else None
    records = [card.record for card in own if card.record["scorecard_id"] == rest]
    if not records:
        return None
    if prefix == "band":
        return compared(str(records[0]["band"]))
    column = {
        "score": "score",
        "fit": "fit_points",
        "engagement": "engagement_points",
        "raw": "raw_points",
    }[prefix]
    return Decimal(str(records[0][column]))


def list_members(inputs: Inputs, book: RuleBook, cards: list[Card]) -> list[Record]:
    """Return the members of all lists, all surviving leads being candidates.

    In an exclusive set the list with the highest priority number keeps the lead, then the one
    with the smallest id.
    """
    members: list[Record] = []
    for lead_id in inputs.leads:

        def fields(name: str, lead_id: str = lead_id) -> Value:
            if name.split(".", 1)[0] in ("lead", "attribute", "answer", "company"):
                return inputs.lead_field(lead_id, name)
            return second_stage_field(lead_id, name, cards)

        qualifying = [rule.row for rule in book.lists if book.all_hold(rule, fields)]
        qualifying.sort(key=lambda row: (-(number(row["priority"]) or 0), str(row["list_id"])))
        taken_sets = set()
        for row in qualifying:
            exclusive_set = trimmed(row["exclusive_set"])
            if exclusive_set is not None and exclusive_set in taken_sets:
                continue
            taken_sets.add(exclusive_set)
            members.append({"list_id": row["list_id"], "lead_id": lead_id})
    return members


# Hand-off


def sales_queue(
    book: RuleBook, cards: list[Card], entries: dict[tuple[str, str], date]
) -> list[Record]:
    """Return the leads whose next step is sales, and how long sales has waited or waits.

    Args:
        book: The rules in force.
        cards: The scores of all leads.
        entries: First day of the present time in the hands of sales, by lead and scorecard; who is
            not there enters on the day that is scored.
    """
    one_day = timedelta(days=1)
    hours = {
        compared(row["temperature"]): whole(row["response_hours"]) for row in book.service_levels
    }
    queue: list[Record] = []
    for card in cards:
        lead_id, scorecard_id = card.subject.subject_id, str(card.record["scorecard_id"])
        if card.record["next_step"] != "sales":
            continue
        entered_on = entries.get((lead_id, scorecard_id), book.as_of_date)
        rejection = card.subject.rejection
        if rejection is not None:
            entered_on = max(entered_on, rejection.event_date)
        entered_at = datetime.combine(entered_on, datetime.min.time()) + one_day
        temperature = card.record["temperature"]
        response_hours = hours.get(compared(None if temperature is None else str(temperature)))
        due_at = None
        if response_hours is not None and card.record["is_contactable"]:
            due_at = entered_at + timedelta(hours=response_hours)
        activities = [
            event.occurred_at
            for event in card.subject.events
            if event.event_type in SALES_EVENTS
            and event.event_date >= entered_on
            and (rejection is None or event.occurred_at > rejection.occurred_at)
        ]
        first_at = min(activities, default=None)
        seen_at = datetime.combine(book.as_of_date, datetime.min.time()) + one_day
        queue.append(
            {
                "lead_id": lead_id,
                "scorecard_id": scorecard_id,
                "entered_on": entered_on,
                "entered_at": entered_at,
                "due_at": due_at,
                "first_sales_activity_at": first_at,
                "is_breached": due_at is not None and (first_at or seen_at) > due_at,
                "rank": card.record["rank"],
                "is_contactable": card.record["is_contactable"],
            }
        )
    for scorecard in book.scorecards:
        rows = [row for row in queue if row["scorecard_id"] == scorecard["scorecard_id"]]
        rows.sort(key=lambda row: (not row["is_contactable"], row["rank"]))
        for position, row in enumerate(rows, start=1):
            row["queue_rank"] = position
    return queue


def score_day(world: World, before: Day | None = None) -> Day:
    """Score a world on its day, after the run day before it."""
    inputs = Inputs(world)
    book = RuleBook(world)
    overrides = {
        (trimmed(row["lead_id"]), row["scorecard_id"]): whole(row["score"])
        for row in book.overrides
    }
    cards: dict[CardKey, Card] = {}
    subject_types = {row["scorecard_id"]: str(row["subject"]) for row in book.scorecards}

    def components_of(scorecard_id: str, subject_id: str) -> dict[str, Card]:
        found = {}
        for component in (row["component"] for row in book.components(scorecard_id)):
            kind, key_id = subject_types[component], subject_id
            if kind != subject_types[scorecard_id]:
                key_id = trimmed(inputs.leads[subject_id]["company_id"]) or ""
            card = cards.get((kind, str(component), key_id))
            if card is not None:
                found[str(component)] = card
        return found

    for scorecard in sorted(
        book.scorecards, key=lambda row: bool(book.components(row["scorecard_id"]))
    ):
        subject_type, scorecard_id = str(scorecard["subject"]), str(scorecard["scorecard_id"])
        is_of_leads = subject_type == "lead"
        own: list[Card] = []
        for subject in (
            inputs.lead_subjects(scorecard) if is_of_leads else inputs.company_subjects()
        ):
            key = (subject_type, scorecard_id, subject.subject_id)
            override = overrides.get((subject.subject_id, scorecard_id)) if is_of_leads else None
            previous = before.cards.get(key) if before else None
            components = components_of(scorecard_id, subject.subject_id)
            card = score_subject(subject, scorecard, book, override, previous, components)
            card.record[f"{subject_type}_id"] = subject.subject_id
            if is_of_leads:
                card.record["is_contactable"] = inputs.is_contactable(subject.subject_id)
                rejection = card.subject.rejection
                card.record["recycled_at"] = None if rejection is None else rejection.occurred_at
                card.record["recycle_reason"] = (
                    None if rejection is None else rejection_reason(rejection)
                )
            else:
                del card.record["is_overridden"]
            cards[key] = card
            own.append(card)
        rank(own)
    members = list_members(inputs, book, of_type(cards, "lead"))
    stays = {(row["list_id"], row["lead_id"]): row for row in (before.members if before else [])}
    for row in members:
        stay = stays.get((row["list_id"], row["lead_id"]))
        row["entered_on"] = stay["entered_on"] if stay else world.as_of_date
    versions, half_lives = rule_versions(book)
    return Day(world.as_of_date, versions, half_lives, cards, members)


def of_type(cards: dict[CardKey, Card], subject_type: str) -> list[Card]:
    """Return the outcomes for leads, or for companies."""
    return [card for key, card in cards.items() if key[0] == subject_type]


def score(world: World) -> Result:
    """Score a world.

    Args:
        world: The day, the raw tables and the rule files. The rules must be valid.

    Returns:
        The score tables of that day, as if there had been no day before.

    Raises:
        ValueError: If a rule names a field or operator that the reference does not know.
    """
    day = score_day(world)
    leads, companies = (of_type(day.cards, kind) for kind in ("lead", "company"))
    return Result(
        lead_scores=[card.record for card in leads],
        lead_score_ledger=ledger(leads, "lead_id"),
        company_scores=[card.record for card in companies],
        company_score_ledger=ledger(companies, "company_id"),
        list_members=day.members,
        sales_queue=sales_queue(RuleBook(world), leads, {}),
    )


# History


@dataclass(frozen=True)
class History:
    """What is kept of some days; the rows are in no particular order.

    Attributes:
        scores: One row per subject type, subject, scorecard and day.
        movements: One row per subject type, subject, scorecard and day after another.
        stays: One row per list, lead and stay in it.
    """

    scores: list[Record]
    movements: list[Record]
    stays: list[Record]


def rule_versions(book: RuleBook) -> tuple[dict[str, object], dict[str, float]]:
    """Return what decides on the points of each rule, and the half-lives of implicit ones.

    That is all that is written of it but its words and its end, the values of its lists, the
    content map if it looks at what pages are about, and what it takes over from its scorecard.
    """
    scorecards = {row["scorecard_id"]: row for row in book.scorecards}
    versions: dict[str, object] = {}
    half_lives: dict[str, float] = {}
    for rule in book.explicit + book.implicit:
        rule_id, scorecard = str(rule.row["rule_id"]), scorecards[rule.row["scorecard_id"]]
        conditions = [
            (name, operator, value, book.value_lists[value] if "in_list" in operator else None)
            for name, operator, value in rule.conditions
        ]
        derived = {f"event.{name}" for name in CONTENT_FIELDS}
        written = {
            column: cell
            for column, cell in rule.row.items()
            if column not in ("field", "operator", "value", "valid_to", "owner_team", "label")
        }
        versions[rule_id] = (
            written,
            sorted(conditions, key=repr),
            book.content_map if derived & {name for name, *_ in conditions} else None,
        )
        if "event_type" in rule.row:
            half_life = rule.row["half_life_days"] or scorecard["half_life_days"]
            window = rule.row["window_days"] or scorecard["lookback_days"]
            versions[rule_id] = (versions[rule_id], half_life, window)
            half_lives[rule_id] = float(number(half_life) or 0)
    for row in book.composites:
        half_life = scorecards[row["component"]]["half_life_days"]
        for axis, rules in (("fit", book.explicit), ("engagement", book.implicit)):
            rule_id = f"{row['scorecard_id']}.{axis}.{row['component']}"
            own_ids = (
                str(rule.row["rule_id"])
                for rule in rules
                if rule.row["scorecard_id"] == row["component"]
            )
            limits = [
                limit
                for limit in book.limits
                if limit["scorecard_id"] == row["component"] and limit["axis"] == axis
            ]
            versions[rule_id] = (
                row["weight"],
                {own_id: versions[own_id] for own_id in own_ids},
                limits,
            )
            if axis == "engagement":
                versions[rule_id] = (versions[rule_id], half_life)
                half_lives[rule_id] = float(number(half_life) or 0)
    return versions, half_lives


def movement(before: Day, day: Day, old: Card | None, new: Card) -> Record:
    """Return what moved a score from one run day to the next, line by line."""
    causes = dict.fromkeys(("rules", "facts", "new_events", "decay"), ZERO)
    sides = [
        {str(line.rule_id): line.points for line in card.lines if line.line_type == "rule"}
        if card
        else {}
        for card in (old, new)
    ]
    days = (day.as_of_date - before.as_of_date).days
    for rule_id in sides[0].keys() | sides[1].keys():
        old_points, new_points = (side.get(rule_id, ZERO) for side in sides)
        change = new_points - old_points
        if before.versions.get(rule_id) != day.versions.get(rule_id):
            causes["rules"] += change
        elif rule_id not in day.half_lives:
            causes["facts"] += change
        else:
            half_life = day.half_lives[rule_id]
            weight = 0.5 ** (days / half_life) if half_life else 1.0
            decay = line_points(float(old_points) * (weight - 1))
            causes["decay"] += decay
            causes["new_events"] += change - decay

    def beyond_rules(card: Card | None) -> tuple[Decimal, Decimal, int]:
        """Return limits with rounding, what an override adds, and the score."""
        if card is None:
            return ZERO, ZERO, 0
        score_points, score_value = card.record["score_points"], card.record["score"]
        assert isinstance(score_points, Decimal)
        assert isinstance(score_value, int)
        rounded = half_away(score_points, "1")
        limits = total(line for line in card.lines if line.line_type != "rule")
        return limits + rounded - score_points, score_value - rounded, score_value

    old_limits, old_override, old_score = beyond_rules(old)
    new_limits, new_override, new_score = beyond_rules(new)
    return {
        "previous_as_of_date": before.as_of_date,
        "previous_score": old_score if old else None,
        "score": new_score,
        "change": new_score - old_score,
        **causes,
        "limits": new_limits - old_limits,
        "override": new_override - old_override,
    }


def history(days: list[Day]) -> History:
    """Return what is kept of days, given in order, each scored after the one before it."""
    found = History([], [], [])
    for index, current in enumerate(days):
        before = days[index - 1] if index else None
        for key, card in current.cards.items():
            names: Record = {
                "subject_type": key[0],
                "scorecard_id": key[1],
                "subject_id": key[2],
                "as_of_date": current.as_of_date,
            }
            found.scores.append(card.record | names)
            if before:
                moved = movement(before, current, before.cards.get(key), card)
                found.movements.append(names | moved)
        following = days[index + 1] if index + 1 < len(days) else None
        staying = {
            (row["list_id"], row["lead_id"]) for row in (following.members if following else [])
        }
        for row in current.members:
            if following is None or (row["list_id"], row["lead_id"]) not in staying:
                left_on = following.as_of_date if following else None
                found.stays.append(row | {"left_on": left_on})
    return found
