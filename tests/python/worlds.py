"""Random worlds: small, dense and nasty, but valid inputs and rules for the scoring contract.

`worlds()` is a hypothesis strategy. It draws one whole number per row and lets a `Dice` of that
number make the row, which is fast; as the number 0 always makes the plainest row, hypothesis can
shrink a failing world row by row.

The worlds never depend on what the contract leaves to chance (equally new duplicates with
different content) nor hold rules the linter forbids (unknown or protected fields, text operators
on typed fields, gaps between bands, a least above the most, overlapping versions).
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TypeVar

from hypothesis import strategies as st

from reference import RAW_COLUMNS, RULE_COLUMNS, Row, World, compared

T = TypeVar("T")
Versions = list[tuple[date | None, date | None]]

AS_OF = date(2024, 3, 1)
"""The default day: the one after a leap day."""

HUMAN_AGENTS = ("Mozilla/5.0 (Windows NT 10.0)", "Mozilla/5.0 (iPhone)", "Thunderbird")
BOT_AGENTS = (
    "Mozilla/5.0 (compatible; Googlebot/2.1)",
    "Barracuda Sentinel",
    "BINGBOT/2.0",
    "Mimecast Link Scanner",
)
ANSWER_TYPES = {"answer.budget": "number", "answer.need": "text", "answer.start": "date"}
ATTRIBUTE_TYPES = {
    "attribute.plan": "text",
    "attribute.seats": "number",
    "attribute.renewal": "date",
}
TYPES = {
    "lead.audience": "text",
    "lead.is_customer": "boolean",
    "lead.created_at": "date",
    "lead.updated_at": "date",
    "lead.experience_years": "number",
    "lead.data_age_days": "number",
    "company.company_type": "text",
    "company.employee_count": "number",
    "company.annual_revenue": "number",
    "company.data_age_days": "number",
    "company.contact_count": "number",
}
TEXTS = {
    "lead.lead_source": ("Web", "web ", " WEB", "Messe Köln", "messe\u00a0koln", "Trade   Show"),
    "lead.origin": ("inbound", "Outbound", "cross_sell"),
    "lead.lifecycle_stage": ("Lead", "MQL", "mql ", "Opportunité", "opportunite"),
    "lead.consent_status": ("subscribed", "unsubscribed", "Unsubscribed ", "unknown"),
    "lead.region": ("Île-de-France", "ile-de-france", "100% north", "100x north", "a_b", "acb"),
    "lead.city": ("Wien", "WIEN", "Zürich", "zurich", "São\u2003Paulo", "sao paulo", "New\tYork"),
    "lead.email_domain": ("example.com", "acme.io", "müller.de"),
    "lead.purchasing_power": ("low", "Medium", "HIGH"),
    "lead.lifestyle": ("Sporty", "sporty", "ﬁt", "fit", "Œnophile"),
    "lead.education": ("Médico", "medico", "Ph.D.", "PhxDx"),
    "company.company_type": ("private", "Public", "Nonprofit", "société anonyme"),
    "attribute.plan": ("Pro", "pro", "Pró  Plus", "free", "10", "2024-02-29"),
    "attribute.seats": ("5", "5.0", "10", "nan"),
    "attribute.renewal": ("2024-02-29", "2024"),
    "answer.budget": ("5", "10", "12.5"),
    "answer.start": ("2024-03-01", "-02-"),
    "answer.need": ("Sofort", "später", "SPATER", "now!", "7"),
    "lead.audience": ("b2b", "B2C", " b2b"),
    "event.event_type": ("page_view", "Email_Open", "email_ignored"),
    "event.channel": ("email", "Email ", "organic", "Réferral", "ppc"),
    "event.page": ("/", "/pricing", "/blog/posts", "/Blog", "/pricing/Über-uns"),
    "event.page_group": ("Blog", "blog", "Sales"),
    "event.content_stage": ("tofu", "mofu", "bofu"),
    "event.content_topic": ("Data  Quality", "data quality", "Prix"),
    "event.product": ("Gadget", "gadget", "Gizmo"),
    "event.campaign_id": ("spring", "Spring", "fall"),
    "event.content_id": ("ebook-1", "Ebook-1", "webinar"),
}
LEAD_FIELDS = (
    *(name for name in TEXTS if name.startswith("lead.")),
    *(name for name in TYPES if name != "lead.audience"),
    *ATTRIBUTE_TYPES,
    *ANSWER_TYPES,
)
COMPANY_FIELDS = tuple(name for name in TYPES if name.startswith("company."))
EVENT_FIELDS = tuple(name for name in TEXTS if name.startswith("event."))
PATTERNS = (
    "^w",
    "K(ö|o)ln$",
    "[0-9]+",
    "^.{3,5}$",
    "W.E?N",
    "b|pro",
    r"^\D+$",
    r"\.",
    "^(pr[oó]|blog)",
    r"\s",
    "/P",
)
BLANKS = (None, "", "  ", "\u00a0")
EVENT_TYPES = (
    "page_view",
    "form_submit",
    "Page_View ",
    "webinar_attended",
    "unsubscribe",
    "resubscribe",
    "spam_report",
    "hard_bounce",
    "email_open",
    "custom thing",
    "sales_rejected",
    "Sales_Call",
)
RULE_EVENT_TYPES = (
    "page_view",
    "*",
    "form_submit",
    "email_ignored",
    "email_opened_and_clicked",
    "EMAIL_CLICK",
    "email_open",
    "email_delivered",
    "webinar_attended",
    "Custom  Thing",
    "sales_rejected",
)
URLS = (
    "https://example.com/pricing",
    "https://Example.com/Pricing/?utm=1#top",
    "HTTPS://example.com",
    "https://example.com/?next=/blog/posts",
    "https://example.com/blog/posts/42#a/b",
    "https://example.com/blog",
    "https://example.com/blogger",
    "/Blog/Posts/",
    " /pricing/Über-uns ",
    "https://example.com/BLOG/POSTS?x=https://example.com/pricing",
)
PREFIXES = ("/blog", "/blog/posts", "/", "/pricing", "/blog/posts/42", "/pri")
EVENT_AGES = (
    *(0, 1, 2, 3, 5, 6, 7, 8, 10, 14, 20, 29, 30, 31, 59, 60, 61, 62),
    *(90, 91, 180, 364, 365, 366, 400, -1, -2, -7),
)
TIMES = (
    time(12),
    time(0),
    time(23, 59, 59),
    time(23, 59, 59, 999999),
    time(0, 0, 1),
    time(22, 30),
    time(8, 15, 30, 500000),
)
ZONES = (
    timezone(timedelta(hours=2)),
    timezone(timedelta(hours=-5)),
    timezone(timedelta(hours=5.5)),
)
GROUPS = (None, "profile", "behaviour", "web")
POINTS = ("10", "5", "1", "-5", "2.5", "0.25", "-0.01", "0", "40", "-30", "0.01", "7.77", "0.3333")
LIST_NAMES = {"text": ("texts", "places"), "number": ("numbers",), "date": ("days",)}


@dataclass(frozen=True)
class Dice:
    """A source of choices that always takes the first option if its number is 0."""

    number: int
    source: random.Random

    @classmethod
    def of(cls, number: int) -> "Dice":
        """Make the dice of a number."""
        return cls(number, random.Random(number))

    def pick(self, options: Sequence[T]) -> T:
        """Choose one of the options."""
        return options[0] if self.number == 0 else self.source.choice(options)

    def chance(self, share: float) -> bool:
        """Return True in that share of cases; never for the number 0."""
        return self.number != 0 and self.source.random() < share

    def maybe(self, share: float, value: T) -> T | None:
        """Return the value in that share of cases, else None."""
        return value if self.chance(share) else None


def written(moment: datetime, dice: Dice) -> str:
    """Write a UTC time in one of the spellings of ISO 8601."""
    spelling = dice.pick(("space", "T", "Z", "zone"))
    if spelling == "zone":
        return moment.replace(tzinfo=UTC).astimezone(dice.pick(ZONES)).isoformat(" ")
    text = moment.isoformat(" " if spelling == "space" else "T")
    return text + "Z" if spelling == "Z" else text


def moment_near(as_of: date, dice: Dice) -> datetime:
    """Return a time before, on or after the day, often at the edge of a day."""
    return datetime.combine(as_of - timedelta(days=dice.pick(EVENT_AGES)), dice.pick(TIMES))


def value_of(name: str, as_of: date, dice: Dice) -> str | None:
    """Return a raw value for a field; it may be blank or not parse."""
    if dice.chance(0.15):
        return dice.pick(BLANKS)
    data_type = {**TYPES, **ATTRIBUTE_TYPES, **ANSWER_TYPES}.get(name, "text")
    if data_type == "text":
        return dice.pick(TEXTS[name])
    if dice.chance(0.1):
        return dice.pick(("n/a", "nan", "1,000", "2023-02-29"))
    if data_type == "number":
        return dice.pick(("5", "10", "5.0", "0", "12.5", "-3", " 7 "))
    if data_type == "boolean":
        return dice.pick(("false", "true", "True", " FALSE "))
    return (as_of - timedelta(days=dice.pick((0, 1, 7, 30, 31, 366, -1, -10)))).isoformat()


# Raw tables


@dataclass
class Raw:
    """The raw tables while they are made."""

    as_of: date
    lead_ids: list[str]
    company_ids: list[str]
    tables: dict[str, list[Row]]

    def add(self, table: str, **values: str | None) -> Row:
        """Add a row; what is not given is blank."""
        row = dict.fromkeys(RAW_COLUMNS[table]) | values
        self.tables.setdefault(table, []).append(row)
        return row


def padded(key: str | None, dice: Dice) -> str | None:
    """Return a key, sometimes with spaces around it."""
    return f"  {key} " if key is not None and dice.chance(0.05) else key


def add_lead(raw: Raw, lead_id: str, dice: Dice) -> None:
    """Add a lead, sometimes with older duplicates, and sometimes a row without a key."""
    updated_at = datetime.combine(raw.as_of, time(9)) - timedelta(
        days=dice.pick((1, 0, 30, 1094, 1095, 1096, 1500))
    )
    versions: list[datetime | None] = [updated_at]
    if dice.chance(0.2):
        versions += [updated_at - timedelta(seconds=1), None]
    elif dice.chance(0.05):
        versions = [None]
    if dice.chance(0.5):
        versions.reverse()
    for version in versions:
        name = dice.pick(("ana", "Bo.B", "cé"))
        born = date(2000, 2, 29) - timedelta(days=dice.pick((0, 366, 9000)))
        raw.add(
            "leads",
            lead_id=padded(lead_id, dice),
            email=dice.pick(
                (f"{name}@example.com", f"{name}@Acme.IO ", f"{name}@müller.de", "no address", None)
            ),
            full_name=dice.maybe(0.5, "Ana  Müller"),
            company_id=padded(dice.pick((*raw.company_ids * 3, None, "unheard-of", " ")), dice),
            company_name=dice.maybe(0.2, "Acme"),
            region=value_of("lead.region", raw.as_of, dice),
            city=value_of("lead.city", raw.as_of, dice),
            lead_source=value_of("lead.lead_source", raw.as_of, dice),
            origin=value_of("lead.origin", raw.as_of, dice),
            audience=dice.pick((None, "b2b", "b2c", "B2B ", "")),
            lifecycle_stage=value_of("lead.lifecycle_stage", raw.as_of, dice),
            is_customer=value_of("lead.is_customer", raw.as_of, dice) if dice.chance(0.4) else None,
            consent_status=value_of("lead.consent_status", raw.as_of, dice),
            birth_date=born.isoformat(),
            gender=dice.pick((None, "female", "male")),
            purchasing_power=value_of("lead.purchasing_power", raw.as_of, dice),
            lifestyle=value_of("lead.lifestyle", raw.as_of, dice),
            education=value_of("lead.education", raw.as_of, dice),
            experience_years=value_of("lead.experience_years", raw.as_of, dice),
            created_at=written(moment_near(raw.as_of, dice), dice)
            if dice.chance(0.5)
            else value_of("lead.created_at", raw.as_of, dice),
            updated_at=None if version is None else written(version, dice),
        )
    if dice.chance(0.02):
        raw.add("leads", lead_id=dice.pick(BLANKS), city="Nowhere")


def add_company(raw: Raw, company_id: str, dice: Dice) -> None:
    """Add a company, sometimes with an older duplicate."""
    updated_at = datetime.combine(raw.as_of, time(23, 30)) - timedelta(
        days=dice.pick((2, 0, 7, 1095, 1096))
    )
    versions: list[datetime | None] = [updated_at]
    if dice.chance(0.2):
        versions.insert(0, dice.pick((updated_at - timedelta(hours=1), None)))
    for version in versions:
        raw.add(
            "companies",
            company_id=padded(company_id, dice),
            name=f"Company {company_id}",
            employee_count=dice.pick(("10", "5", "200", "0", None)),
            annual_revenue=dice.pick(("1000000", "10", "7500", "", None)),
            company_type=value_of("company.company_type", raw.as_of, dice),
            updated_at=None if version is None else written(version, dice),
        )


def add_merge(raw: Raw, dice: Dice) -> None:
    """Add a merge; together they make chains and at times cycles or loose ends."""
    ids = [*raw.lead_ids, "ghost"]
    taken = {row["merged_lead_id"] for row in raw.tables.get("lead_merges", [])}
    merged = dice.source.choice(ids)
    if merged in taken:
        return
    older = ids[: ids.index(merged)]
    survivor = dice.source.choice(older if older and dice.chance(0.85) else ids)
    raw.add("lead_merges", merged_lead_id=merged, surviving_lead_id=survivor)


def add_attribute(raw: Raw, dice: Dice) -> None:
    """Add an attribute; one of a lead is never there twice with the same time.

    What a blank of one lead means beside a value of a merged one is left open, hence no blanks
    where leads are merged.
    """
    name = dice.pick(tuple(ATTRIBUTE_TYPES))
    lead_id = dice.pick((*raw.lead_ids, "ghost"))
    updated_at = dice.pick(("2024-01-01 00:00:00", "2024-01-02T00:00:00Z", "2024-02-03", None))
    value = value_of(name, raw.as_of, dice)
    merged = {key for row in raw.tables.get("lead_merges", []) for key in row.values()}
    taken = {
        (str(row["lead_id"]).strip(), row["field"], row["updated_at"])
        for row in raw.tables.get("lead_attributes", [])
    }
    key = (lead_id, name.removeprefix("attribute."), updated_at)
    if key in taken or (lead_id in merged and not (value or "").strip()):
        return
    raw.add(
        "lead_attributes",
        lead_id=padded(lead_id, dice),
        field=key[1],
        value=value,
        updated_at=updated_at,
    )


def add_answer(raw: Raw, dice: Dice) -> None:
    """Add an answer; no two of a world have the same time."""
    name = dice.pick(tuple(ANSWER_TYPES))
    minute = len(raw.tables.get("answers", []))
    answered_on = raw.as_of - timedelta(days=dice.pick((1, 0, 3, 40, -1)))
    answered_at = datetime.combine(answered_on, time(dice.pick((10, 0, 23)), minute))
    raw.add(
        "answers",
        lead_id=padded(dice.pick((*raw.lead_ids, "ghost")), dice),
        question=name.removeprefix("answer."),
        answer=value_of(name, raw.as_of, dice),
        answered_at=written(answered_at, dice),
    )


def add_event(raw: Raw, dice: Dice, **values: str | None) -> None:
    """Add an event, sometimes with duplicates that were loaded later or happened later."""
    event_id = f"e{len(raw.tables['events']):03}"
    occurred_at = moment_near(raw.as_of, dice)
    loaded_at = datetime(2024, 1, 1)
    plain: dict[str, str | None] = {
        "event_id": event_id,
        "event_type": dice.pick(EVENT_TYPES),
        "occurred_at": written(occurred_at, dice),
        "loaded_at": dice.maybe(0.7, written(loaded_at, dice)),
        "channel": dice.pick((*TEXTS["event.channel"], *BLANKS[:2])),
        "url": dice.pick((*URLS, None, " ")),
        "campaign_id": dice.pick((*TEXTS["event.campaign_id"], None)),
        "content_id": dice.pick((*TEXTS["event.content_id"], None)),
        "user_agent": dice.pick(BOT_AGENTS)
        if dice.chance(0.08)
        else dice.pick((None, *HUMAN_AGENTS)),
        "ip_address": dice.maybe(0.1, "192.0.2.1"),
        **whose(raw, dice),
    }
    row = raw.add("events", **(plain | values))
    if dice.chance(0.06):
        later: Row = {"url": URLS[0], "channel": "duplicate"}
        if row["loaded_at"] is not None and dice.chance(0.7):
            later["loaded_at"] = written(loaded_at + timedelta(seconds=1), dice)
            later["occurred_at"] = written(moment_near(raw.as_of, dice), dice)
        else:
            moment = datetime.fromisoformat(str(row["occurred_at"])) + timedelta(days=1)
            later["occurred_at"] = moment.isoformat(" ")
        raw.tables["events"].append(row | later)
        if dice.chance(0.3):
            raw.tables["events"].append(dict(row))
    if dice.chance(0.01):
        raw.tables["events"].append(row | {"event_id": dice.pick(BLANKS)})
    if dice.chance(0.01):
        unreadable: Row = {"event_id": f"{event_id}?", "occurred_at": "yesterday"}
        raw.tables["events"].append(row | unreadable)


def whose(raw: Raw, dice: Dice) -> Row:
    """Return the lead_id and anonymous_id of an event: known, anonymous, both, nobody's."""
    lead_id = padded(dice.pick((*raw.lead_ids, *raw.lead_ids, "ghost")), dice)
    anonymous_id = dice.pick((None, "anon0", "anon1", "anon2", "nobody"))
    kind = dice.pick(("known", "known", "both", "anonymous"))
    return {
        "lead_id": dice.pick((None, "")) if kind == "anonymous" else lead_id,
        "anonymous_id": None if kind == "known" else anonymous_id,
    }


def add_message(raw: Raw, dice: Dice) -> None:
    """Add the story of an e-mail: deliveries and reactions at the edges of all the windows."""
    message_id = dice.pick(("m0", "m1", "m2", "m3", "m4", "m5"))
    owner = dice.pick(raw.lead_ids)
    sent_at = moment_near(raw.as_of, dice)
    second = timedelta(seconds=1)
    week = timedelta(days=7)
    reactions = (
        *(timedelta(0), second, 2 * second - timedelta(microseconds=1), 2 * second, -second),
        *(timedelta(minutes=5), timedelta(hours=30), timedelta(days=3), -timedelta(days=1)),
        *(week - second, week, week + timedelta(microseconds=1), week + second),
    )
    burst = (timedelta(0), second, 2 * second, 2 * second + timedelta(microseconds=1), 3 * second)

    def add(event_type: str, moment: datetime, url: str | None = None) -> None:
        person = (
            {"lead_id": None, "anonymous_id": dice.pick(("nobody", "anon0"))}
            if dice.chance(0.1)
            else {"lead_id": owner, "anonymous_id": None}
        )
        add_event(
            raw,
            dice,
            event_type=event_type,
            occurred_at=written(moment, dice),
            message_id=padded(message_id, dice),
            url=url,
            **person,
        )

    for _ in range(dice.pick((1, 1, 1, 0, 2))):
        add("email_delivered", sent_at + dice.pick((timedelta(0), timedelta(0), second)))
    for _ in range(dice.pick((0, 1, 1, 2))):
        add(dice.pick(("email_open", "Email_Open")), sent_at + dice.pick(reactions))
    for _ in range(dice.pick((0, 0, 1, 2))):
        add("email_click", sent_at + dice.pick(reactions), dice.pick(URLS))
    if dice.chance(0.25):
        start = sent_at + dice.pick(reactions)
        for _ in range(dice.pick((3, 4))):
            add("email_click", start + dice.pick(burst), dice.pick(URLS[:5]))


# Rules


@dataclass
class Rules:
    """The rule files while they are made, and what later ones refer to."""

    as_of: date
    files: dict[str, list[Row]]
    lead_scorecards: list[str]
    company_scorecards: list[str]
    counted_rules: list[str]
    bounds: dict[str, tuple[int, int]]

    def add(self, file: str, **values: str | None) -> None:
        """Add a row; what is not given is blank."""
        self.files.setdefault(file, []).append(dict.fromkeys(RULE_COLUMNS[file]) | values)

    @property
    def scorecards(self) -> list[str]:
        """All scorecards."""
        return [*self.lead_scorecards, *self.company_scorecards]


def operand(operator: str, name: str, data_type: str, as_of: date, dice: Dice) -> str | None:
    """Return a value that suits an operator on a field of a type."""
    if operator in ("is_known", "is_unknown"):
        return None
    if operator in ("in_list", "not_in_list"):
        return dice.pick(LIST_NAMES.get(data_type, ("booleans",)))
    if operator == "matches":
        return dice.pick(PATTERNS)
    if operator in ("older_than_days", "within_days"):
        return dice.pick(("7", "0", "1", "30", "31", "365"))
    if data_type == "boolean":
        return dice.pick(("true", "FALSE"))
    if data_type == "text":
        text = dice.pick(TEXTS[name])
        if operator == "contains":
            return dice.pick((text[1:] or text, "o", "%", "_", "Ü", text)).strip() or text
        if operator == "starts_with":
            return text.strip()[: dice.pick((2, 3))]
        if operator == "ends_with":
            return text.strip()[-dice.pick((2, 3)) :]
        return dice.pick((text, text.upper(), f"\u00a0{text}  "))

    def ordinal() -> str:
        if data_type == "date":
            return (as_of - timedelta(days=dice.pick((1, 0, 7, 30, 31, -1)))).isoformat()
        return dice.pick(("5", "5.00", "10", "0", "12.5", "-3", "1", "2", "30", "1000", "7"))

    if operator == "between":
        return "..".join(sorted((ordinal(), ordinal()), key=sorting_key(data_type)))
    return ordinal()


def sorting_key(data_type: str) -> Callable[[str], float]:
    """Return how written values of a type are ordered."""
    if data_type == "date":
        return lambda text: float(date.fromisoformat(text).toordinal())
    return float


def operators_of(name: str, data_type: str) -> tuple[tuple[str, str], ...]:
    """Return the operators a field allows, each with the type of its value.

    Attributes and answers are not registered, so all operators are open to them.
    """
    exact = ("equals", "not_equals", "in_list", "not_in_list", "is_known", "is_unknown")
    texts = ("contains", "starts_with", "ends_with", "matches")
    ordered = ("gt", "gte", "lt", "lte", "between")
    ages = ("older_than_days", "within_days")
    if name.split(".")[0] in ("attribute", "answer"):
        return (
            *((operator, "text") for operator in (*exact, *texts)),
            *((operator, "number") for operator in ordered),
            *((operator, "date") for operator in (*ordered, *ages)),
        )
    suitable = {
        "text": (*exact, *texts),
        "number": (*exact, *ordered),
        "date": (*exact, *ordered, *ages),
        "boolean": exact,
    }[data_type]
    return tuple((operator, data_type) for operator in suitable)


def conditions(names: Sequence[str], count: int, as_of: date, dice: Dice) -> list[Row]:
    """Return up to that many different conditions on some of the fields."""
    rows: list[Row] = []
    seen = set()
    for _ in range(count):
        name = dice.pick(names)
        prefix = name.split(".")[0]
        if prefix == "band":
            operator = dice.pick(("equals", "not_equals", "is_known", "is_unknown", "contains"))
            value = (
                None
                if operator.startswith("is_")
                else dice.pick(("Band 1", "band 2", "disqualified", "D"))
            )
        else:
            numeric = prefix in ("score", "fit", "engagement", "raw", "rule_count")
            data_type = "number" if numeric else TYPES.get(name, "text")
            operator, value_type = dice.pick(operators_of(name, data_type))
            value = operand(operator, name, value_type, as_of, dice)
        key = (name, operator, compared(value))
        if key not in seen:
            seen.add(key)
            rows.append({"field": name, "operator": operator, "value": value})
    return rows


def versions_of(as_of: date, dice: Dice) -> Versions:
    """Return the validity of the versions of one rule; they never overlap."""
    one = timedelta(days=1)
    plans: tuple[Versions, ...] = (
        [(None, None)],
        [(None, None)],
        [(None, None)],
        [(None, None)],
        [(as_of - 30 * one, None)],
        [(as_of, None)],
        [(None, as_of + one)],
        [(as_of - 60 * one, as_of)],
        [(as_of + one, None)],
        [(as_of - 60 * one, as_of), (as_of, None)],
        [(None, as_of - 5 * one), (as_of - 5 * one, as_of + 5 * one)],
        [(None, as_of + one), (as_of + one, None)],
        [(as_of - 9 * one, as_of - 5 * one), (as_of - one, as_of + one)],
    )
    return dice.pick(plans)


def dates(version: tuple[date | None, date | None]) -> Row:
    """Return the validity of a version as columns."""
    return {
        name: None if edge is None else edge.isoformat()
        for name, edge in zip(("valid_from", "valid_to"), version, strict=True)
    }


def add_scorecard(rules: Rules, index: int, dice: Dice) -> None:
    """Add a scorecard with gap-free bands of its score and at times of its axes, and grades."""
    subject = dice.pick(("lead", "lead", "lead", "company"))
    scorecard_id = f"{subject}_card_{index}"
    (rules.lead_scorecards if subject == "lead" else rules.company_scorecards).append(scorecard_id)
    floor = dice.pick((None, "0", "-20", "10"))
    ceiling = dice.pick((None, "100", "50", "30"))
    low, high = int(floor or 0), int(ceiling or 100)
    rules.bounds[scorecard_id] = (low, high)
    rules.add(
        "scorecards",
        scorecard_id=scorecard_id,
        subject=subject,
        purpose="Sales",
        audience=dice.pick((None, None, "b2c", "b2b")) if subject == "lead" else None,
        half_life_days=dice.pick((None, "0", "7", "10", "30", "7.5")),
        lookback_days=dice.pick(("1000", "365", "90", "61", "30")),
        floor=floor,
        ceiling=ceiling,
        include_customers=dice.pick((None, "true", "false", "True")) if subject == "lead" else None,
    )
    has_grades = dice.chance(0.7)
    names = {
        measure: add_bands(rules, scorecard_id, measure, low, high, dice)
        for measure in ("score", "fit", "engagement")
        if measure == "score" or has_grades
    }
    for fit_band in names.get("fit", []):
        for engagement_band in names["engagement"]:
            rules.add(
                "grades",
                scorecard_id=scorecard_id,
                fit_band=fit_band,
                engagement_band=engagement_band,
                grade=f"{fit_band[-1]}{engagement_band[-1]}",
                next_step=dice.pick((None, "none", "nurture", "sales")),
            )


def add_bands(
    rules: Rules, scorecard_id: str, measure: str, low: int, high: int, dice: Dice
) -> list[str]:
    """Add the bands of a measure from low to high and return their names."""
    inner = sorted({dice.source.randint(low + 1, high) for _ in range(dice.pick((2, 0, 1, 3)))})
    lowers = [low, *inner]
    uppers = [lower - 1 for lower in inner] + [high]
    names = []
    for index, (lower, upper) in enumerate(zip(lowers, uppers, strict=True)):
        names.append(f"Band {index + 1}")
        margin = dice.pick((None, 0, 1, 5, 20, 60))
        rules.add(
            "bands",
            scorecard_id=scorecard_id,
            measure=measure,
            band=names[-1],
            lower=str(lower),
            upper=str(upper),
            exit_below=None if margin is None else str(lower - margin),
            temperature=dice.pick(("cold", "warm", "hot", None)),
            lifecycle_stage=dice.pick((None, "MQL", "SQL")),
            next_step=dice.pick(("nurture", "none", "sales")),
        )
    return names


def add_composite(rules: Rules, dice: Dice) -> None:
    """Add a composite of other scorecards, those of companies too."""
    composites = {row["scorecard_id"] for row in rules.files.get("composites", [])}
    others = rules.scorecards
    add_scorecard(rules, len(others), dice)
    scorecard_id = next(card for card in rules.scorecards if card not in others)
    of_companies = scorecard_id in rules.company_scorecards
    for component in rules.company_scorecards if of_companies else others:
        if component == scorecard_id or component in composites:
            continue
        weight = dice.pick(("0.5", "1", "-0.25", "0.3333", "2", "0"))
        if dice.chance(0.8):
            rules.add("composites", scorecard_id=scorecard_id, component=component, weight=weight)


def add_explicit_rule(rules: Rules, index: int, dice: Dice) -> None:
    """Add an explicit rule in all its versions."""
    scorecard_id = dice.pick(rules.scorecards)
    names = LEAD_FIELDS if scorecard_id in rules.lead_scorecards else COMPANY_FIELDS
    for version in versions_of(rules.as_of, dice):
        effect = dice.pick((*["points"] * 14, "veto", "fast_track"))
        shared: Row = {
            "rule_id": f"x{index:02}",
            "scorecard_id": scorecard_id,
            "rule_group": dice.pick(GROUPS),
            "effect": effect,
            "points": dice.pick(POINTS) if effect == "points" else None,
            "label": f"Explicit rule {index}",
            **dates(version),
        }
        for row in conditions(names, dice.pick((1, 1, 1, 2, 3)), rules.as_of, dice):
            rules.add("explicit_rules", **(shared | row))


def add_implicit_rule(rules: Rules, index: int, dice: Dice) -> None:
    """Add an implicit rule in all its versions."""
    scorecard_id = dice.pick(rules.scorecards)
    rule_id = f"i{index:02}"
    for version in versions_of(rules.as_of, dice):
        count_operator = dice.pick((None, None, "at_least", "more_than", "exactly", "at_most"))
        of_its_own = count_operator in ("more_than", "exactly", "at_most")
        counts = ("1", "0", "0", "2", "3") if of_its_own else (None, "1", "1", "2", "3")
        shared: Row = {
            "rule_id": rule_id,
            "scorecard_id": scorecard_id,
            "rule_group": dice.pick(GROUPS),
            "event_type": dice.pick(RULE_EVENT_TYPES),
            "points": dice.pick(POINTS),
            "award": dice.pick((None, "each", "once")),
            "count_operator": count_operator,
            "event_count": dice.pick(counts),
            "window_days": dice.pick((None, None, "1", "2", "7", "8", "30", "31", "60", "61")),
            "max_per_day": dice.pick((None, None, "1", "2")),
            "half_life_days": dice.pick((None, None, "0", "1", "10", "30", "7.5")),
            "max_points": dice.pick((None, None, "5", "0.5", "20.25", "-3")),
            "label": f"Implicit rule {index}",
            **dates(version),
        }
        start, end = version
        is_in_force = (start or date.min) <= rules.as_of < (end or date.max)
        if is_in_force and scorecard_id in rules.lead_scorecards:
            rules.counted_rules.append(rule_id)
        blank: Row = {"field": None, "operator": None, "value": None}
        found = conditions(EVENT_FIELDS, dice.pick((0, 0, 0, 1, 1, 2)), rules.as_of, dice)
        for row in found or [blank]:
            rules.add("implicit_rules", **(shared | row))


def add_limit(rules: Rules, dice: Dice) -> None:
    """Add a limit of an axis or of a group that has rules, unless it is there already."""
    scorecard_id = dice.pick(rules.scorecards)
    axis, file = dice.pick((("engagement", "implicit_rules"), ("fit", "explicit_rules")))
    groups = {
        row["rule_group"]
        for row in rules.files.get(file, [])
        if row["scorecard_id"] == scorecard_id and row["rule_group"] is not None
    }
    key: Row = {
        "scorecard_id": scorecard_id,
        "axis": axis,
        "rule_group": dice.pick((None, *sorted(groups))),
    }
    if any(row.items() >= key.items() for row in rules.files.get("score_limits", [])):
        return
    low = dice.pick((None, "0", "-10", "-2.5", "3.75"))
    high = dice.pick(("15", "5", "3.75", "60", None))
    rules.add("score_limits", **key, min_points=low, max_points=high)


def add_list(rules: Rules, index: int, dice: Dice) -> None:
    """Add a list of leads."""
    second_stage = [
        *(
            f"{measure}.{scorecard_id}"
            for scorecard_id in rules.lead_scorecards
            for measure in ("score", "fit", "engagement", "raw", "band")
        ),
        *(f"rule_count.{rule_id}" for rule_id in rules.counted_rules),
    ]
    names = second_stage if second_stage and dice.chance(0.6) else LEAD_FIELDS
    shared: Row = {
        "list_id": f"list_{index}",
        "exclusive_set": dice.pick((None, "journeys", "Offers")),
        "priority": dice.pick(("1", "2", "10")),
        "workflow": f"workflow_{index}",
    }
    for row in conditions(names, dice.pick((1, 1, 2)), rules.as_of, dice):
        rules.add("lists", **(shared | row))


def add_override(rules: Rules, raw: Raw, dice: Dice) -> None:
    """Add the overrides of a lead that is not merged, in all their versions."""
    merged = {row["merged_lead_id"] for row in raw.tables.get("lead_merges", [])}
    candidates = [lead_id for lead_id in (*raw.lead_ids, "ghost") if lead_id not in merged]
    if not rules.lead_scorecards:
        return
    key: Row = {
        "lead_id": dice.pick(candidates),
        "scorecard_id": dice.pick(rules.lead_scorecards),
    }
    if any(row.items() >= key.items() for row in rules.files.get("overrides", [])):
        return
    low, high = rules.bounds[str(key["scorecard_id"])]
    for version in versions_of(rules.as_of, dice):
        rules.add(
            "overrides",
            **key,
            score=str(dice.pick((low, high, (low + high) // 2))),
            reason="Met at a fair",
            author="sales",
            **dates(version),
        )


def add_value_lists(rules: Rules, dice: Dice) -> None:
    """Add the value lists, each with at least one value."""
    entries = {
        "texts": (
            "Web",
            "PRO",
            "b2b",
            "Médico",
            " e-mail",
            "email",
            "blog",
            "Spring",
            "spater",
            "5",
        ),
        "places": ("WIEN", "São Paulo", "/pricing", "ile-de-france", "new york", "Zurich"),
        "numbers": ("5", "10", "12.50", "-3", "1000000"),
        "days": tuple((rules.as_of - timedelta(days=days)).isoformat() for days in (1, 0, 30)),
        "booleans": ("true", "FALSE"),
    }
    for name, values in entries.items():
        for index, value in enumerate(values):
            if index == 0 or dice.chance(0.6):
                rules.add("value_lists", value_list=name, value=value)


def add_service_levels(rules: Rules, dice: Dice) -> None:
    """Add hours for some temperatures of bands."""
    for temperature in ("hot", "Warm ", "cold"):
        if dice.chance(0.7):
            hours = dice.pick(("24", "1", "48"))
            rules.add("service_levels", temperature=temperature, response_hours=hours)


def add_content(rules: Rules, prefix: str, dice: Dice) -> None:
    """Add a row of the content map."""
    rules.add(
        "content_map",
        page_prefix=prefix,
        page_group=dice.pick((*TEXTS["event.page_group"], None)),
        content_stage=dice.pick((*TEXTS["event.content_stage"], None)),
        content_topic=dice.pick((*TEXTS["event.content_topic"], None)),
        product=dice.pick((*TEXTS["event.product"], None)),
    )


@st.composite
def worlds(draw: st.DrawFn, as_of: date = AS_OF, *, is_crowded: bool = False) -> World:
    """Generate worlds with 3 to 25 leads, up to 6 companies and about 150 events.

    Args:
        draw: Given by hypothesis.
        as_of: The day that is scored; all dates lie around it.
        is_crowded: Whether every table is nearly as long as it may be. Much happens in such a
            world, but it does not shrink to a small example.

    Returns:
        A world with all contract columns in every row; tables and files without rows are missing,
        apart from leads, events, scorecards and bands.
    """

    def dices(least: int, most: int) -> list[Dice]:
        count = draw(st.integers(max(least, most * 3 // 4 if is_crowded else 0), most))
        numbers = draw(st.lists(st.integers(0, 2**20), min_size=count, max_size=count))
        return [Dice.of(number) for number in numbers]

    lead_dices, company_dices = dices(3, 25), dices(0, 6)
    raw = Raw(
        as_of=as_of,
        lead_ids=[f"{'lL'[index % 2]}{index:02}" for index in range(len(lead_dices))],
        company_ids=[f"c{index}" for index in range(len(company_dices))],
        tables={"leads": [], "events": []},
    )
    for lead_id, dice in zip(raw.lead_ids, lead_dices, strict=True):
        add_lead(raw, lead_id, dice)
    for company_id, dice in zip(raw.company_ids, company_dices, strict=True):
        add_company(raw, company_id, dice)
    for dice in dices(0, len(lead_dices) // 3):
        add_merge(raw, dice)
    for index, dice in enumerate(dices(0, 3)):
        raw.add(
            "identities",
            anonymous_id=f"anon{index}",
            lead_id=padded(dice.pick((*raw.lead_ids, "ghost", None)), dice),
        )
    for dice in dices(0, 60):
        add_attribute(raw, dice)
    for dice in dices(0, 50):
        add_answer(raw, dice)
    for dice in dices(0, 12):
        add_message(raw, dice)
    for dice in dices(0, 110):
        add_event(raw, dice)

    rules = Rules(as_of, {"scorecards": [], "bands": []}, [], [], [], {})
    for index, dice in enumerate(dices(1, 3)):
        add_scorecard(rules, index, dice)
    for index, dice in enumerate(dices(0, 24)):
        add_explicit_rule(rules, index, dice)
    for index, dice in enumerate(dices(0, 24)):
        add_implicit_rule(rules, index, dice)
    for dice in dices(0, 2):
        add_composite(rules, dice)
    for dice in dices(0, 6):
        add_limit(rules, dice)
    for prefix, dice in zip(PREFIXES, dices(0, len(PREFIXES)), strict=False):
        add_content(rules, prefix, dice)
    for index, dice in enumerate(dices(0, 6)):
        add_list(rules, index, dice)
    for dice in dices(0, 4):
        add_override(rules, raw, dice)
    for dice in dices(1, 1):
        add_value_lists(rules, dice)
        add_service_levels(rules, dice)
    return World(as_of_date=as_of, raw=raw.tables, rules=rules.files)
