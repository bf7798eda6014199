"""The reference against examples that can be checked by head, and against its own promises."""
# ruff: noqa: D103 - the names of the tests are sentences already

from csv import DictWriter
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings

from leadscore.check import check_rules
from reference import (
    RAW_COLUMNS,
    RULE_COLUMNS,
    Record,
    Result,
    Row,
    Value,
    World,
    compared,
    condition_holds,
    day,
    line_points,
    number,
    page_of,
    score,
    surviving_ids,
    timestamp,
)
from worlds import worlds

AS_OF = date(2024, 3, 1)
REFERENCE_SEEDS = Path(__file__).parents[2] / "seeds" / "reference"
LISTS = {"cities": ["Wien", "Sao Paulo"], "sizes": ["10", "20.0"], "days": ["2024-02-29"]}


def world(**tables: list[Row]) -> World:
    """Return a world of one lead `a` and one plain scorecard `s`, with some tables replaced."""
    raw: dict[str, list[Row]] = {"leads": [{"lead_id": "a"}], "events": []}
    rules: dict[str, list[Row]] = {
        "scorecards": [{"scorecard_id": "s", "subject": "lead"}],
        "bands": [
            {"scorecard_id": "s", "measure": "score", "band": "cold", "lower": "0", "upper": "9"},
            {
                "scorecard_id": "s",
                "measure": "score",
                "band": "warm",
                "lower": "10",
                "upper": "100",
                "temperature": "hot",
                "lifecycle_stage": "MQL",
                "next_step": "nurture",
            },
        ],
    }
    for name, rows in tables.items():
        (raw if name in RAW_COLUMNS else rules)[name] = rows
    return World(AS_OF, raw, rules)


def explicit(rule_id: str, points: str | None, **values: str | None) -> Row:
    """Return an explicit rule that always fires, with some columns replaced."""
    row: Row = {"rule_id": rule_id, "scorecard_id": "s", "effect": "points", "points": points}
    return row | {"field": "lead.city", "operator": "is_unknown"} | values


def implicit(points: str, **values: str | None) -> Row:
    """Return an implicit rule on page views, with some columns replaced."""
    row: Row = {"rule_id": "i", "scorecard_id": "s", "event_type": "page_view", "points": points}
    return row | values


def event(event_id: str, occurred_at: str, event_type: str = "page_view", **values: str) -> Row:
    """Return an event of lead `a`, with some columns replaced."""
    row: Row = {"event_id": event_id, "lead_id": "a", "event_type": event_type}
    return row | {"occurred_at": occurred_at} | values


def one(records: list[Record]) -> Record:
    """Return the only record."""
    assert len(records) == 1
    return records[0]


def points_of(result: Result, rule_id: str = "i") -> Decimal | None:
    """Return the points of a rule's only line, None if it has none."""
    lines = [line for line in result.lead_score_ledger if line["rule_id"] == rule_id]
    return Decimal(str(one(lines)["points"])) if lines else None


def count_of(event_type: str, events: list[Row], **tables: list[Row]) -> int:
    """Return how many human events of a type lead `a` has."""
    rule = implicit("1", event_type=event_type, count_operator="at_most", event_count="99")
    result = score(world(events=events, implicit_rules=[rule], **tables))
    lines = [line for line in result.lead_score_ledger if line["lead_id"] == "a"]
    return int(str(one(lines)["event_count"]))


# Text, numbers and rounding


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  São\u00a0 PAULO\t", "sao paulo"),
        ("\u00a0", None),
        ("", None),
        (None, None),
        ("ﬁt", "ﬁt"),
    ],
)
def test_text_is_compared_without_case_accents_and_odd_spaces(
    text: str | None, expected: str | None
) -> None:
    assert compared(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [(" 5.0 ", Decimal(5)), ("-3", Decimal(-3)), ("nan", None), ("1,0", None)]
)
def test_numbers_are_plain_decimals(text: str, expected: Decimal | None) -> None:
    assert number(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2024-02-29", datetime(2024, 2, 29)),
        ("2024-03-01 01:30:00+02:00", datetime(2024, 2, 29, 23, 30)),
        ("2024-02-29T23:59:59Z", datetime(2024, 2, 29, 23, 59, 59)),
        ("2023-02-29", None),
        ("yesterday", None),
    ],
)
def test_times_are_read_as_utc(text: str, expected: datetime | None) -> None:
    assert timestamp(text) == expected


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("https://Example.com/Pricing/?utm=1#top", "/pricing"),
        ("https://example.com?next=/blog", "/"),
        ("HTTPS://example.com", "/"),
        ("/Blog/Posts/", "/blog/posts"),
        ("example.com/blog", "/blog"),
        (" ", None),
    ],
)
def test_a_page_is_the_path_of_the_url(url: str, page: str | None) -> None:
    assert page_of(url) == page


@pytest.mark.parametrize(
    ("value", "points"),
    [(0.00125, "0.0013"), (-0.00125, "-0.0013"), (0.00004, "0.0000"), (1 / 3, "0.3333")],
)
def test_lines_are_rounded_half_away_from_zero(value: float, points: str) -> None:
    assert line_points(value) == Decimal(points)


# Operators


@pytest.mark.parametrize(
    ("value", "operator", "operand", "expected"),
    [
        ("wien", "equals", " WIEN ", True),
        ("wien", "not_equals", "Graz", True),
        ("sao paulo", "in_list", "cities", True),
        ("graz", "not_in_list", "cities", True),
        ("wien", "contains", "IE", True),
        ("100% sure", "contains", "%", True),
        ("100 sure", "contains", "%", False),
        ("wien", "starts_with", "Wí", True),
        ("wien", "ends_with", "EN", True),
        ("koln", "matches", "K(ö|o)L", True),
        ("koln", "matches", r"^\D+$", True),
        ("koln", "matches", "^ln", False),
        (Decimal(10), "equals", "10.0", True),
        (Decimal(10), "in_list", "sizes", True),
        (Decimal(11), "not_in_list", "sizes", True),
        (Decimal(10), "gt", "10", False),
        (Decimal(10), "gte", "10", True),
        (Decimal(10), "lt", "10.5", True),
        (Decimal(10), "lt", "10", False),
        (Decimal(10), "lte", "10", True),
        (Decimal(10), "lte", "9", False),
        (Decimal(10), "between", "10..12", True),
        (Decimal(-1), "between", "-5..-1", True),
        (Decimal(13), "between", "10..12", False),
        (Decimal(10), "contains", "1", False),
        (date(2024, 2, 29), "equals", "2024-02-29", True),
        (date(2024, 2, 29), "in_list", "days", True),
        (date(2024, 2, 29), "lt", "2024-03-01", True),
        (date(2024, 2, 29), "between", "2024-02-29..2024-03-01", True),
        (date(2024, 2, 29), "older_than_days", "1", False),
        (date(2024, 2, 28), "older_than_days", "1", True),
        (date(2024, 2, 29), "within_days", "1", True),
        (date(2024, 3, 1), "within_days", "0", True),
        (date(2024, 3, 2), "within_days", "1", False),
        (True, "equals", "TRUE", True),
        (False, "not_equals", "true", True),
        ("12.5", "gt", "5", True),
        ("many", "lt", "5", False),
        ("2024-02-29", "gte", "2024-02-29", True),
        ("2024-02-29", "gt", "5", False),
        ("2024-02-29", "within_days", "1", True),
        ("x", "is_known", "", True),
        ("x", "is_unknown", "", False),
    ],
)
def test_operators(value: Value, operator: str, operand: str, expected: bool) -> None:
    assert condition_holds(value, operator, operand, LISTS, AS_OF) is expected


@pytest.mark.parametrize(
    "operator", ["equals", "not_equals", "not_in_list", "lt", "is_known", "older_than_days"]
)
def test_an_unknown_value_matches_only_is_unknown(operator: str) -> None:
    assert not condition_holds(None, operator, "cities", LISTS, AS_OF)
    assert condition_holds(None, "is_unknown", "", LISTS, AS_OF)


# Inputs


def test_of_duplicates_the_newest_row_counts() -> None:
    leads: list[Row] = [
        {"lead_id": " a", "city": "old", "updated_at": "2024-01-01"},
        {"lead_id": "a", "city": "new", "updated_at": "2024-01-02"},
        {"lead_id": "a ", "city": "oldest", "updated_at": None},
        {"lead_id": " ", "city": "no key"},
    ]
    rule = explicit("x", "1", operator="equals", value="new")
    assert points_of(score(world(leads=leads, explicit_rules=[rule])), "x") == 1


def test_merges_follow_chains_and_reject_cycles_and_loose_ends() -> None:
    merges: list[Row] = [
        {"merged_lead_id": pair[0], "surviving_lead_id": pair[1]}
        for pair in ["ab", "bc", "de", "ed", "fd", "gx", "hg", "ii"]
    ]
    assert surviving_ids(merges, set("abcdefghi")) == {"a": "c", "b": "c"}


def test_a_merged_lead_leaves_its_events_answers_and_attributes_to_the_survivor() -> None:
    merged = world(
        leads=[{"lead_id": "a"}, {"lead_id": "b"}, {"lead_id": "c"}],
        lead_merges=[
            {"merged_lead_id": "b", "surviving_lead_id": "a"},
            {"merged_lead_id": "c", "surviving_lead_id": "b"},
        ],
        events=[event("1", "2024-03-01", lead_id="b"), event("2", "2024-03-01", lead_id="c")],
        answers=[
            {"lead_id": "a", "question": "q", "answer": "old", "answered_at": "2024-01-01"},
            {"lead_id": "b", "question": "q", "answer": "new", "answered_at": "2024-03-01"},
            {"lead_id": "b", "question": "q", "answer": "later", "answered_at": "2024-03-02"},
        ],
        lead_attributes=[
            {"lead_id": "a", "field": "own", "value": "a", "updated_at": None},
            {"lead_id": "b", "field": "own", "value": "b", "updated_at": "2024-01-01"},
            {"lead_id": "b", "field": "other", "value": "b", "updated_at": "2024-01-01"},
            {"lead_id": "c", "field": "other", "value": "c", "updated_at": "2024-01-02"},
        ],
        implicit_rules=[implicit("1")],
        explicit_rules=[
            explicit("answer", "1", field="answer.q", operator="equals", value="new"),
            explicit("own", "1", field="attribute.own", operator="equals", value="a"),
            explicit("other", "1", field="attribute.other", operator="equals", value="c"),
        ],
    )
    result = score(merged)
    assert one(result.lead_scores)["lead_id"] == "a"
    assert one(result.lead_scores)["score"] == 5


def test_events_are_stitched_and_counted_once() -> None:
    events = [
        event("1", "2024-03-01", lead_id="", anonymous_id="cookie"),
        event("2", "2024-03-01", lead_id="", anonymous_id="unheard-of"),
        event("3", "2024-03-01", lead_id="ghost", anonymous_id="cookie"),
        event("4", "2024-03-02", loaded_at="2024-02-01"),
        event("4", "2024-03-01", loaded_at="2024-02-02"),
        event("5", "yesterday"),
        event("6", "2024-03-01 23:59:59.999999", "Page_View "),
        event("7", "2024-03-02"),
    ]
    identities: list[Row] = [{"anonymous_id": "cookie", "lead_id": "a"}]
    assert count_of("page_view", events, identities=identities) == 2


def mail(*stories: str) -> list[Row]:
    """Return the e-mail events of message `m`: each `type date time [url]`."""
    events = []
    for index, story in enumerate(stories):
        kind, on, at, *url = story.split()
        extra = {"url": url[0]} if url else {}
        events.append(event(str(index), f"{on} {at}", f"email_{kind}", message_id="m", **extra))
    return events


def test_scanners_and_fast_reactions_are_bots() -> None:
    events = mail(
        "delivered 2024-02-20 10:00:00",
        "open 2024-02-20 10:00:00",
        "open 2024-02-20 10:00:01.999999",
        "open 2024-02-20 10:00:02",
        "open 2024-02-20 09:59:59",
    )
    googlebot = event("g", "2024-02-20", "email_open", user_agent="(compatible; Googlebot/2.1)")
    assert count_of("email_open", [*events, googlebot]) == 2


def test_reactions_are_judged_within_their_lead_and_message() -> None:
    delivery, opening = mail("delivered 2024-02-20 10:00:00", "open 2024-02-20 10:00:01")
    leads: list[Row] = [{"lead_id": "a"}, {"lead_id": "b"}]
    assert count_of("email_open", [delivery, opening]) == 0
    assert count_of("email_open", [delivery | {"lead_id": "b"}, opening], leads=leads) == 1
    assert count_of("email_open", [delivery | {"message_id": "n"}, opening]) == 1
    without_message: Row = {"message_id": None}
    assert count_of("email_open", [delivery | without_message, opening | without_message]) == 1


def test_a_message_to_two_leads_is_ignored_by_each_on_its_own() -> None:
    delivery, opening = mail("delivered 2024-02-20 10:00:00", "open 2024-02-20 11:00:00")
    leads: list[Row] = [{"lead_id": "a"}, {"lead_id": "b"}]
    to_b = delivery | {"event_id": "b", "lead_id": "b"}
    by_b = opening | {"lead_id": "b"}
    assert count_of("email_ignored", [delivery, to_b, by_b], leads=leads) == 1
    assert count_of("email_ignored", [delivery, to_b, opening], leads=leads) == 0


def test_a_burst_of_clicks_on_three_urls_is_a_bot() -> None:
    burst = (
        "click 2024-02-20 10:00:00 /a",
        "click 2024-02-20 10:00:01 /b",
        "click 2024-02-20 10:00:02 /c",
    )
    after = "click 2024-02-20 10:00:02.5 /c"
    assert count_of("email_click", mail(*burst)) == 0
    assert count_of("email_click", mail(*burst, after)) == 1
    assert count_of("email_click", mail(*burst[:2], after)) == 3
    assert count_of("email_click", mail(*burst[:2], "click 2024-02-20 10:00:02 /a")) == 3


@pytest.mark.parametrize(
    ("stories", "ignored"),
    [
        (["delivered 2024-02-23 10:00:00"], 1),
        (["delivered 2024-02-24 10:00:00"], 0),
        (["delivered 2024-02-20 10:00:00", "open 2024-02-27 10:00:00"], 0),
        (["delivered 2024-02-20 10:00:00", "open 2024-02-27 10:00:00.000001"], 1),
        (["delivered 2024-02-20 10:00:00", "click 2024-02-20 10:00:01"], 1),
        (["delivered 2024-02-20 10:00:00", "delivered 2024-02-28 10:00:00"], 1),
        (["open 2024-02-20 10:00:00"], 0),
    ],
)
def test_an_email_is_ignored_after_a_week_without_a_human_reaction(
    stories: list[str], ignored: int
) -> None:
    assert count_of("email_ignored", mail(*stories)) == ignored


def test_a_reaction_of_nobody_counts_for_the_message() -> None:
    events = mail("delivered 2024-02-20 10:00:00", "open 2024-02-20 11:00:00")
    events[1] |= {"lead_id": None}
    assert count_of("email_ignored", events) == 0


def test_who_is_no_lead_is_nobody() -> None:
    """Neither a reader of their own nor a second recipient."""
    delivery, opening = mail("delivered 2024-02-20 10:00:00", "open 2024-02-20 11:00:00")
    deleted: Row = {"event_id": "deleted", "lead_id": "deleted"}
    to_deleted, by_nobody = delivery | deleted, opening | {"lead_id": None}
    assert count_of("email_ignored", [delivery, opening | deleted]) == 0
    assert count_of("email_ignored", [delivery, to_deleted, by_nobody]) == 0


@pytest.mark.parametrize(
    ("stories", "happened_at"),
    [
        (["click 2024-02-20 09:00:00", "open 2024-02-21 10:00:00"], datetime(2024, 2, 21, 10)),
        (
            [
                "click 2024-02-20 09:00:00",
                "open 2024-02-20 10:00:00",
                "click 2024-02-20 10:00:00",
                "click 2024-02-22 10:00:00",
            ],
            datetime(2024, 2, 20, 10),
        ),
        (["open 2024-02-20 10:00:00"], None),
    ],
)
def test_opened_and_clicked_is_dated_when_both_are_true(
    stories: list[str], happened_at: datetime | None
) -> None:
    rule = implicit("1", event_type="email_opened_and_clicked")
    result = score(world(events=mail(*stories), implicit_rules=[rule]))
    days = [line["last_event_date"] for line in result.lead_score_ledger]
    assert days == ([] if happened_at is None else [happened_at.date()])


def test_derived_events_carry_what_their_origin_says() -> None:
    delivery, opening, click, later_click = mail(
        "delivered 2024-02-10 10:00:00 /mail",
        "open 2024-02-19 10:00:00 /pixel",
        "click 2024-02-20 10:00:00 /first",
        "click 2024-02-21 10:00:00 /second",
    )
    delivery |= {"channel": "email", "campaign_id": "spring", "content_id": "letter"}
    click |= {"channel": "app", "campaign_id": "fall"}

    def points(event_type: str, field: str, operator: str, value: str | None) -> Decimal | None:
        rule = implicit("1", event_type=event_type, field=field, operator=operator, value=value)
        events = [later_click, click, opening, delivery]
        return points_of(score(world(events=events, implicit_rules=[rule])))

    assert points("email_ignored", "event.channel", "equals", "email") == 1
    assert points("email_ignored", "event.campaign_id", "equals", "spring") == 1
    assert points("email_ignored", "event.content_id", "equals", "letter") == 1
    assert points("email_ignored", "event.page", "is_unknown", None) == 1
    assert points("email_opened_and_clicked", "event.page", "equals", "/first") == 1
    assert points("email_opened_and_clicked", "event.channel", "equals", "app") == 1
    assert points("email_opened_and_clicked", "event.campaign_id", "equals", "fall") == 1


def test_derived_events_are_the_last_events_of_a_lead_too() -> None:
    record = one(score(world(events=mail("delivered 2024-02-20 10:00:00"))).lead_scores)
    assert record["last_event_at"] == datetime(2024, 2, 27, 10)
    googlebot = event("1", "2024-02-20", user_agent="Googlebot")
    assert one(score(world(events=[googlebot])).lead_scores)["last_event_at"] is None


@pytest.mark.parametrize(
    ("updated_at", "age", "is_stale"),
    [
        ("2021-03-01 23:59:59", 1096, True),
        ("2021-03-02", 1095, False),
        ("2024-03-02", -1, False),
        (None, None, False),
    ],
)
def test_records_become_stale(updated_at: str | None, age: int | None, is_stale: bool) -> None:
    leads: list[Row] = [{"lead_id": "a", "updated_at": updated_at}]
    record = one(score(world(leads=leads)).lead_scores)
    assert (record["data_age_days"], record["is_stale"]) == (age, is_stale)


@pytest.mark.parametrize(
    ("field", "value", "lead"),
    [
        ("lead.email_domain", "müller.de", {"email": " Bo@x@MÜLLER.de "}),
        ("lead.age", "24", {"birth_date": "2000-02-29"}),
        ("lead.age", "24", {"birth_date": "2000-03-01"}),
        ("lead.age", "23", {"birth_date": "2000-03-02"}),
        ("lead.audience", "b2b", {"company_id": "unheard-of"}),
        ("lead.audience", "b2c", {"company_name": "  "}),
        ("lead.created_at", "2024-02-29", {"created_at": "2024-03-01T01:00:00+02:00"}),
        ("lead.experience_years", "3.50", {"experience_years": "3.5"}),
        ("lead.data_age_days", "1", {"updated_at": "2024-02-29"}),
        ("company.contact_count", "1", {"company_id": "unheard-of"}),
    ],
)
def test_fields_of_leads(field: str, value: str, lead: Row) -> None:
    rule = explicit("x", "1", field=field, operator="equals", value=value)
    assert (
        points_of(score(world(leads=[{**lead, "lead_id": "a"}], explicit_rules=[rule])), "x") == 1
    )


@pytest.mark.parametrize(
    ("consent", "events", "contactable"),
    [
        (None, [], True),
        ("Unsubscribed", [("resubscribe", "2024-01-01")], False),
        ("subscribed", [("unsubscribe", "2024-01-01"), ("resubscribe", "2024-01-02")], True),
        (None, [("unsubscribe", "2024-01-01"), ("resubscribe", "2024-01-01")], False),
        (None, [("hard_bounce", "2024-03-02")], True),
        (None, [("spam_report", "2024-03-01")], False),
    ],
)
def test_contactable(consent: str | None, events: list[tuple[str, str]], contactable: bool) -> None:
    rows = [event(str(index), on, kind) for index, (kind, on) in enumerate(events)]
    leads: list[Row] = [{"lead_id": "a", "consent_status": consent}]
    rows.append(event("b", "2024-01-03", "unsubscribe" if contactable else "resubscribe"))
    rows[-1] |= {"lead_id": "b"}
    records = score(world(leads=[*leads, {"lead_id": "b"}], events=rows)).lead_scores
    assert [row["is_contactable"] for row in records] == [contactable, not contactable]


# Rules


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "fires"),
    [
        (None, None, True),
        ("2024-03-01", None, True),
        (None, "2024-03-01", False),
        ("2024-03-02", None, False),
        ("2024-02-01", "2024-03-02", True),
    ],
)
def test_a_version_is_in_force_from_the_first_day_to_before_the_last(
    valid_from: str | None, valid_to: str | None, fires: bool
) -> None:
    rule = explicit("x", "3", valid_from=valid_from, valid_to=valid_to)
    assert (points_of(score(world(explicit_rules=[rule])), "x") == 3) is fires


def test_all_conditions_of_a_rule_must_hold() -> None:
    rows = [
        explicit("x", "3"),
        explicit("x", "3", field="lead.region", operator="is_known"),
        explicit("y", "4"),
        explicit("y", "4", field="lead.audience", operator="equals", value="B2C"),
    ]
    result = score(world(explicit_rules=rows))
    assert points_of(result, "x") is None
    assert points_of(result, "y") == 4


def test_all_conditions_of_an_implicit_rule_speak_of_the_same_event() -> None:
    events = [
        event("1", "2024-03-01", channel="email", url="https://x.io/blog/one"),
        event("2", "2024-03-01", channel="ppc", url="https://x.io/blogger"),
    ]
    content: list[Row] = [
        {"page_prefix": "/", "page_group": "Home", "product": "Gadget"},
        {"page_prefix": "/Blog/", "page_group": "Blog"},
        {"page_prefix": "/blog/one", "page_group": None, "content_stage": "tofu"},
    ]

    def points(*conditions: tuple[str, str, str | None]) -> Decimal | None:
        rows = [
            implicit("1", field=field, operator=operator, value=value)
            for field, operator, value in conditions
        ]
        return points_of(score(world(events=events, content_map=content, implicit_rules=rows)))

    assert points(("event.channel", "equals", "Email"), ("event.page", "ends_with", "one")) == 1
    assert points(("event.channel", "equals", "Email"), ("event.page", "ends_with", "er")) is None
    assert points(("event.page_group", "equals", "home")) == 1
    assert points(("event.page_group", "is_unknown", None)) == 1
    assert points(("event.content_stage", "equals", "tofu")) == 1
    assert points(("event.product", "equals", "gadget")) == 1


EVENTS_ON_TWO_DAYS = [
    event("1", "2024-02-28"),
    event("2", "2024-02-28"),
    event("3", "2024-02-28"),
    event("4", "2024-03-01"),
]


@pytest.mark.parametrize(
    ("rule", "points"),
    [
        (implicit("10"), "40"),
        (implicit("10", award="once"), "10"),
        (implicit("10", half_life_days="2"), "25"),
        (implicit("10", half_life_days="2", max_per_day="1"), "15"),
        (implicit("10", half_life_days="2", award="once", window_days="9"), "10"),
        (implicit("10", window_days="2"), "10"),
        (implicit("10", window_days="3"), "40"),
        (implicit("10", max_points="12.5"), "12.5"),
        (implicit("-10", max_points="12.5"), "-12.5"),
        (implicit("10", max_points="-12.5"), "12.5"),
        (implicit("10", event_count="4"), "40"),
        (implicit("10", event_count="5"), None),
        (implicit("10", count_operator="more_than", event_count="3"), "40"),
        (implicit("10", count_operator="more_than", event_count="4"), None),
        (implicit("10", count_operator="exactly", event_count="4"), "40"),
        (implicit("10", count_operator="at_most", event_count="3"), None),
        (implicit("10", event_type="demo", count_operator="at_most", event_count="3"), "10"),
        (implicit("10", event_type="demo", count_operator="exactly", event_count="0"), "10"),
        (implicit("0"), "0"),
        (implicit("1", event_type="*"), "4"),
    ],
)
def test_points_of_implicit_rules(rule: Row, points: str | None) -> None:
    result = score(world(events=EVENTS_ON_TWO_DAYS, implicit_rules=[rule]))
    assert points_of(result) == (None if points is None else Decimal(points))


def test_a_line_knows_its_events() -> None:
    result = score(world(events=EVENTS_ON_TWO_DAYS, implicit_rules=[implicit("1")]))
    line = one(result.lead_score_ledger)
    assert (line["event_count"], line["last_event_date"]) == (4, AS_OF)


def test_rules_without_their_own_window_and_half_life_take_those_of_the_scorecard() -> None:
    card: Row = {"scorecard_id": "s", "subject": "lead", "half_life_days": "2"}
    events = EVENTS_ON_TWO_DAYS

    def points(card: Row, **values: str | None) -> Decimal | None:
        rule = implicit("10", **values)
        return points_of(score(world(events=events, scorecards=[card], implicit_rules=[rule])))

    assert points(card) == 25
    assert points(card, half_life_days="0") == 40
    assert points(card | {"lookback_days": "2"}) == 10
    assert points(card | {"lookback_days": "2"}, window_days="3") == 25


def test_a_line_that_decayed_to_nothing_is_kept_out() -> None:
    rule = implicit("1", half_life_days="1")
    assert points_of(score(world(events=[event("1", "2023-03-01")], implicit_rules=[rule]))) is None


# Scores


def test_groups_then_axes_then_the_score_are_limited() -> None:
    rules = [
        explicit("x1", "30", rule_group="g"),
        explicit("x2", "30", rule_group="g"),
        explicit("x3", "90"),
    ]
    limits: list[Row] = [
        {"scorecard_id": "s", "axis": "fit", "rule_group": "g", "max_points": "45"},
        {"scorecard_id": "s", "axis": "fit", "max_points": "120.5"},
        {"scorecard_id": "s", "axis": "engagement", "rule_group": "none", "min_points": "2"},
        {"scorecard_id": "s", "axis": "engagement", "min_points": "3", "max_points": "4"},
    ]
    result = score(world(explicit_rules=rules, score_limits=limits))
    lines = {
        (line["line_type"], line["axis"]): line["points"]
        for line in result.lead_score_ledger
        if line["line_type"] != "rule"
    }
    assert lines == {
        ("group_limit", "fit"): Decimal("-15"),
        ("axis_limit", "fit"): Decimal("-14.5"),
        ("group_limit", "engagement"): Decimal("2"),
        ("axis_limit", "engagement"): Decimal("1"),
        ("score_limit", None): Decimal("-23.5"),
    }
    record = one(result.lead_scores)
    assert record["fit_points"] == Decimal("120.5")
    assert record["engagement_points"] == 3
    assert record["raw_points"] == Decimal("123.5")
    assert record["score_points"] == 100


@pytest.mark.parametrize(
    ("points", "score_value", "band"),
    [("9.49", 9, "cold"), ("9.5", 10, "warm"), ("-3", 0, "cold"), ("500", 100, "warm")],
)
def test_the_score_is_rounded_before_its_band_is_looked_up(
    points: str, score_value: int, band: str
) -> None:
    record = one(score(world(explicit_rules=[explicit("x", points)])).lead_scores)
    assert (record["score"], record["band"]) == (score_value, band)


def test_an_override_replaces_the_score_but_no_points() -> None:
    override: Row = {"lead_id": "a", "scorecard_id": "s", "score": "42", "valid_to": "2024-03-02"}
    record = one(score(world(overrides=[override])).lead_scores)
    assert (record["score"], record["band"], record["is_overridden"]) == (42, "warm", True)
    assert record["score_points"] == 0


@pytest.mark.parametrize(
    ("effects", "outcome"),
    [
        ([], ("warm", "hot", "MQL", "nurture")),
        (["fast_track"], ("warm", "hot", "MQL", "sales")),
        (["fast_track", "veto"], ("disqualified", None, None, "none")),
    ],
)
def test_vetoes_and_fast_tracks_change_the_outcome_but_no_points(
    effects: list[str], outcome: tuple[str | None, ...]
) -> None:
    rules = [explicit("x", "20"), *(explicit(effect, None, effect=effect) for effect in effects)]
    result = score(world(explicit_rules=rules))
    record = one(result.lead_scores)
    columns = ("band", "temperature", "lifecycle_stage", "next_step")
    assert tuple(record[column] for column in columns) == outcome
    assert record["score"] == 20
    assert len(result.lead_score_ledger) == 1 + len(effects)


def test_the_grade_comes_from_the_bands_of_the_axes_and_its_next_step_goes_first() -> None:
    bands = world().rules["bands"]
    for measure in ("fit", "engagement"):
        band: Row = {"scorecard_id": "s", "measure": measure}
        bands += [band | {"band": "A", "lower": "5"}]
        bands += [band | {"band": "B", "lower": "0", "upper": "4"}]
    grade: Row = {"scorecard_id": "s", "fit_band": "A", "engagement_band": "B", "grade": "A2"}
    grades = [grade | {"next_step": "sales"}]
    grades += [grade | {"scorecard_id": "other", "grade": "D4"}]

    def outcome(points: str) -> tuple[object, object]:
        rules = [explicit("x", points)]
        record = one(score(world(bands=bands, grades=grades, explicit_rules=rules)).lead_scores)
        return record["grade"], record["next_step"]

    assert outcome("4.5") == ("A2", "sales")
    assert outcome("500") == ("A2", "sales")
    assert outcome("4.4") == (None, None)
    assert outcome("-9") == (None, None)


def test_a_scorecard_scores_its_audience_and_customers_only_if_told() -> None:
    leads: list[Row] = [
        {"lead_id": "stated", "audience": "B2B "},
        {"lead_id": "employed", "company_name": "Acme"},
        {"lead_id": "private"},
        {"lead_id": "customer", "audience": "b2b", "is_customer": "True"},
    ]

    def scored(**values: str | None) -> set[object]:
        card: Row = {"scorecard_id": "s", "subject": "lead"}
        result = score(world(leads=leads, scorecards=[card | values]))
        return {record["lead_id"] for record in result.lead_scores}

    assert scored() == {"stated", "employed", "private"}
    assert scored(audience="b2b") == {"stated", "employed"}
    assert scored(audience="b2c") == {"private"}
    assert scored(audience="b2b", include_customers="true") == {"stated", "employed", "customer"}


def test_rank_goes_by_veto_score_engagement_recency_and_id() -> None:
    leads: list[Row] = [
        {"lead_id": lead_id, "city": city}
        for lead_id, city in [("a", "5"), ("b", "5"), ("c", None), ("d", None), ("e", None)]
    ]
    leads.append({"lead_id": "v", "city": "5", "region": "x"})
    rules = [
        explicit("x", "5", operator="is_known"),
        explicit("v", None, effect="veto", field="lead.region", operator="is_known"),
    ]
    events = [
        event("1", "2024-02-01", lead_id="b"),
        event("2", "2024-02-01", lead_id="d", event_type="demo"),
    ]
    result = score(
        world(leads=leads, events=events, explicit_rules=rules, implicit_rules=[implicit("0.1")])
    )
    ranks = sorted((int(str(row["rank"])), row["lead_id"]) for row in result.lead_scores)
    assert [lead_id for _, lead_id in ranks] == ["b", "a", "d", "c", "e", "v"]


def test_a_company_has_the_events_and_contacts_of_its_leads() -> None:
    result = score(
        world(
            leads=[{"lead_id": "a", "company_id": "c"}, {"lead_id": "b", "company_id": "c"}],
            companies=[
                {"company_id": "c", "employee_count": "50"},
                {"company_id": "d", "company_type": "offi", "updated_at": "2024-02-29"},
            ],
            events=[event("1", "2024-03-01"), event("2", "2024-03-01", lead_id="b")],
            scorecards=[{"scorecard_id": "s", "subject": "company"}],
            implicit_rules=[implicit("1")],
            explicit_rules=[
                explicit("c", "10", field="company.contact_count", operator="equals", value="2"),
                explicit("d", "20", field="company.contact_count", operator="lt", value="1"),
                explicit("e", "30", field="company.employee_count", operator="gte", value="50"),
                explicit("f", "5", field="company.company_type", operator="equals", value="Öffi"),
                explicit("g", "3", field="company.data_age_days", operator="equals", value="1"),
            ],
        )
    )
    assert {row["company_id"]: row["score"] for row in result.company_scores} == {"c": 42, "d": 28}
    assert result.lead_scores == []


# Lists


def test_lists_see_the_scores_and_the_highest_priority_of_a_set_wins() -> None:
    names = ("loose", "low", "high", "tie", "unmet")
    sets = (None, "e", "e", "e", "e")
    priorities = ("9", "2", "10", "10", "99")
    fields = (
        ("score.s", "gte", "2"),
        ("band.s", "equals", "Cold"),
        ("rule_count.i", "equals", "2"),
        ("engagement.s", "between", "2..2"),
        ("score.unheard-of", "not_equals", "1"),
    )
    lists: list[Row] = [
        {"list_id": name, "exclusive_set": group, "priority": priority}
        | {"field": field, "operator": operator, "value": value}
        for name, group, priority, (field, operator, value) in zip(
            names, sets, priorities, fields, strict=True
        )
    ]
    events = [event("1", "2024-03-01"), event("2", "2024-03-01")]
    result = score(world(events=events, implicit_rules=[implicit("1")], lists=lists))
    assert {row["list_id"] for row in result.list_members} == {"loose", "high"}


def test_rule_count_is_zero_without_events_and_unknown_without_a_score() -> None:
    def members(operator: str, value: str | None, **lead: str) -> list[Record]:
        a_list: Row = {"list_id": "l", "priority": "1", "field": "rule_count.i"}
        return score(
            world(
                leads=[{"lead_id": "a", **lead}],
                implicit_rules=[implicit("1")],
                lists=[a_list | {"operator": operator, "value": value}],
            )
        ).list_members

    assert len(members("equals", "0")) == 1
    assert members("equals", "0", is_customer="true") == []
    assert len(members("is_unknown", None, is_customer="true")) == 1


# Promises that hold in every world

IN_RANDOM_WORLDS = settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def comparable(result: Result) -> list[list[str]]:
    """Return the tables of a result with their rows in a fixed order."""
    tables = (
        result.lead_scores,
        result.lead_score_ledger,
        result.company_scores,
        result.company_score_ledger,
        result.list_members,
    )
    return [sorted(repr(sorted(row.items())) for row in table) for table in tables]


@IN_RANDOM_WORLDS
@given(worlds())
def test_the_ledger_adds_up_to_the_score(any_world: World) -> None:
    result = score(any_world)
    for id_column, scores, ledger in (
        ("lead_id", result.lead_scores, result.lead_score_ledger),
        ("company_id", result.company_scores, result.company_score_ledger),
    ):
        for record in scores:
            key = (record[id_column], record["scorecard_id"])
            lines = [line for line in ledger if (line[id_column], line["scorecard_id"]) == key]
            limits = [line for line in lines if line["line_type"] == "score_limit"]
            change = sum(Decimal(str(line["points"])) for line in limits)
            assert sum(Decimal(str(line["points"])) for line in lines) == record["score_points"]
            assert Decimal(str(record["raw_points"])) + change == record["score_points"]
            assert record["band"] is not None


@IN_RANDOM_WORLDS
@given(worlds())
def test_the_order_of_rows_does_not_matter(any_world: World) -> None:
    backwards = World(
        any_world.as_of_date,
        {name: rows[::-1] for name, rows in any_world.raw.items()},
        {name: rows[::-1] for name, rows in any_world.rules.items()},
    )
    assert comparable(score(any_world)) == comparable(score(backwards))


@IN_RANDOM_WORLDS
@given(worlds())
def test_what_happens_later_changes_nothing(any_world: World) -> None:
    ids = [row["event_id"] for row in any_world.raw["events"]]
    events = [row for row in any_world.raw["events"] if ids.count(row["event_id"]) == 1]
    past = [row for row in events if (day(row["occurred_at"]) or AS_OF) <= AS_OF]

    def scored(rows: list[Row]) -> list[list[str]]:
        return comparable(score(replace(any_world, raw=any_world.raw | {"events": rows})))

    assert scored(events) == scored(past)


@IN_RANDOM_WORLDS
@given(worlds())
def test_the_linter_finds_no_error_in_the_rules_of_a_world(any_world: World) -> None:
    with TemporaryDirectory() as folder:
        for name, rows in any_world.rules.items():
            with (Path(folder) / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = DictWriter(file, RULE_COLUMNS[name])
                writer.writeheader()
                writer.writerows(rows)
        findings = check_rules(Path(folder), REFERENCE_SEEDS)
    assert [str(finding) for finding in findings if finding.severity == "error"] == []
