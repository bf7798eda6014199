"""What the shipped rule files say: facts about the rows, by the requirements that ask for them."""

# ruff: noqa: D103 - the names of the tests are sentences already

import csv
import shutil
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

from leadscore.check import RULE_FILES, check_rules
from leadscore.project import REFERENCE, RULES

Row = dict[str, str]


def read(file: Path) -> list[Row]:
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def shipped(name: str, **cells: str) -> list[Row]:
    """Returns the rows of a rule file in which some columns hold given values."""
    rows = read(RULES / f"{name}.csv")
    return [row for row in rows if all(row[column] == cell for column, cell in cells.items())]


SCORECARDS = [row["scorecard_id"] for row in shipped("scorecards")]
ALL_RULES = shipped("explicit_rules") + shipped("implicit_rules")


def points(rule_id: str) -> float:
    """Returns the points of the newest version of a rule."""
    (*_, newest) = [row for row in ALL_RULES if row["rule_id"] == rule_id]
    return float(newest["points"])


def test_r5_r46_r113_r114_r115_r135_bands_have_the_bounds_of_the_documents() -> None:
    def bounds(scorecard_id: str) -> list[tuple[int, int]]:
        rows = shipped("bands", scorecard_id=scorecard_id, measure="score")
        return [(int(row["lower"]), int(row["upper"])) for row in rows]

    assert bounds("b2b") == [(0, 0), (1, 25), (26, 50), (51, 100)]
    assert bounds("b2c") == [(0, 19), (20, 49), (50, 79), (80, 100)]
    assert bounds("starter") == [(0, 30), (31, 100)]


def test_r96_r97_the_hand_off_is_at_warm_in_b2b_and_at_hot_in_b2c() -> None:
    def handed_over(scorecard_id: str) -> set[str]:
        rows = shipped("bands", scorecard_id=scorecard_id, next_step="sales")
        return {row["temperature"] for row in rows}

    assert handed_over("b2b") == {"warm", "hot"}
    assert handed_over("b2c") == {"hot"}


def test_r74_each_class_gets_content_of_its_own() -> None:
    for scorecard_id in ("b2b", "b2c", "journey"):
        rows = shipped("bands", scorecard_id=scorecard_id, measure="score")
        keys = [row["content_key"] for row in rows]
        assert all(keys)
        assert len(set(keys)) == len(keys)


def test_r90_r92_interest_cools_more_slowly_in_b2b() -> None:
    (b2b,), (b2c,) = (shipped("scorecards", scorecard_id=each) for each in ("b2b", "b2c"))
    assert float(b2b["half_life_days"]) > float(b2c["half_life_days"]) > 0


def test_r104_r134_the_newsletter_is_worth_2_in_one_scorecard_and_10_in_another() -> None:
    assert points("b2c_form_newsletter") == 2
    assert points("starter_newsletter") == 10


def test_r18_a_click_is_worth_more_than_an_open() -> None:
    worth: defaultdict[str, dict[str, float]] = defaultdict(dict)
    for row in shipped("implicit_rules", field="", count_operator=""):
        worth[row["scorecard_id"]][row["event_type"]] = float(row["points"])
    compared = [each for each in worth.values() if {"email_open", "email_click"} <= each.keys()]
    assert len(compared) >= 3
    assert all(each["email_click"] > each["email_open"] > 0 for each in compared)


def test_r19_the_stand_at_a_fair_is_worth_more_than_the_home_page() -> None:
    assert points("b2b_event_booth") > points("b2b_web_home") > 0


def test_r9_r15_r16_r81_to_r87_r110_what_leads_do_gives_points() -> None:
    """Of each category, all key steps, and what the documents name."""
    types = {row["event_type"]: row for row in read(REFERENCE / "event_types.csv")}
    rewarded = {
        row["event_type"]
        for row in shipped("implicit_rules")
        if row["scorecard_id"] in ("b2b", "b2c") and float(row["points"]) > 0
    }
    assert {types[each]["event_category"] for each in rewarded} == {
        row["event_category"] for row in types.values()
    }
    assert {each for each, row in types.items() if row["is_key_step"] == "true"} <= rewarded
    assert {
        "page_view", "email_open", "form_submit", "share", "download", "site_registration",
        "newsletter_subscribe", "information_request", "chatbot_interaction", "add_to_cart",
    } <= rewarded  # fmt: skip


def test_r91_technical_and_economic_arguments_count_in_b2b() -> None:
    (rule,) = shipped("implicit_rules", scorecard_id="b2b", field="event.content_topic")
    topics = {row["value"] for row in shipped("value_lists", value_list=rule["value"])}
    assert topics == {"product_logic", "roi", "value_prop"}
    assert topics <= {row["content_topic"] for row in shipped("content_map")}


def test_r25_r26_no_rule_or_list_looks_at_age_or_gender() -> None:
    protected = {r["field"] for r in read(REFERENCE / "fields.csv") if r["is_protected"] == "true"}
    assert protected == {"lead.age", "lead.gender"}
    assert not protected & {row["field"] for row in ALL_RULES + shipped("lists")}


def test_r34_r144_each_rule_belongs_to_one_of_three_teams() -> None:
    teams = {row["owner_team"] for row in ALL_RULES + shipped("scorecards")}
    assert teams == {"marketing", "sales", "customer_success"}


def test_r163_a_push_for_a_new_audience_has_a_beginning_and_an_end() -> None:
    (push,) = shipped("implicit_rules", rule_id="b2b_boost_expo_2026_10")
    assert push["valid_from"] < push["valid_to"]


def test_r175_r176_r177_r178_r179_each_purpose_has_a_scorecard() -> None:
    purposes = {row["purpose"] for row in shipped("scorecards")}
    assert {"lifecycle", "journey", "persona", "opportunity", "composite"} <= purposes
    assert len(shipped("scorecards", purpose="persona", subject="lead")) >= 3
    assert shipped("scorecards", subject="company")


def test_each_scorecard_has_rules_or_is_made_of_scorecards() -> None:
    have_rules = {row["scorecard_id"] for row in ALL_RULES}
    composites = {row["scorecard_id"] for row in shipped("composites")}
    assert have_rules.isdisjoint(composites)
    assert have_rules | composites == set(SCORECARDS)


@pytest.mark.parametrize("scorecard_id", sorted({row["scorecard_id"] for row in ALL_RULES}))
def test_r165_r181_five_rules_add_and_five_subtract_but_in_the_simple_one(
    scorecard_id: str,
) -> None:
    rules = {
        row["rule_id"]: float(row["points"])
        for row in ALL_RULES
        if row["scorecard_id"] == scorecard_id
    }
    adding = sum(given > 0 for given in rules.values())
    subtracting = sum(given < 0 for given in rules.values())
    if scorecard_id == "starter":
        groups = {row["rule_group"] for row in ALL_RULES if row["scorecard_id"] == "starter"}
        assert (len(groups), subtracting) == (5, 0)
    else:
        assert min(adding, subtracting) >= 5


def test_labels_speak_spanish_and_english() -> None:
    for row in ALL_RULES:
        spanish, _, english = row["label"].partition(" · ")
        assert spanish, row["rule_id"]
        assert english, row["rule_id"]


def test_r51_r112_each_list_has_a_workflow_an_offer_and_a_reason() -> None:
    for row in shipped("lists"):
        assert row["workflow"], row["list_id"]
        assert row["offer_key"], row["list_id"]
        assert row["description"], row["list_id"]


def test_r51_each_band_that_hands_over_or_nurtures_has_its_primary_list() -> None:
    """Of the scorecards that say who works on a lead: no stage is left without one."""
    primary = {row["list_id"] for row in shipped("lists", exclusive_set="primary")}
    assert len({row["priority"] for row in shipped("lists", exclusive_set="primary")}) == len(
        primary
    )
    for scorecard_id in ("b2b", "b2c", "cross_sell"):
        bands = shipped("bands", scorecard_id=scorecard_id, measure="score")
        own = {list_id for list_id in primary if list_id.startswith(f"{scorecard_id}_")}
        win_back = {f"{scorecard_id}_win_back"} & own
        assert len(own - win_back) == len(bands)


def test_r53_r113_r118_lists_of_nurturing_and_of_sales_have_workflows_of_their_own() -> None:
    workflows = {row["list_id"]: row["workflow"] for row in shipped("lists")}
    primary = {row["list_id"] for row in shipped("lists", exclusive_set="primary")}
    shared = Counter(workflows[list_id] for list_id in primary)
    assert {name for name, count in shared.items() if count > 1} == {"win_back"}
    assert workflows["b2b_mql"] != workflows["b2b_sql"]


def test_r118_win_back_asks_for_points_before_the_floor() -> None:
    fields = {row["field"] for row in shipped("lists", workflow="win_back")}
    assert {"raw.b2b", "raw.b2c"} <= fields


def test_r116_r119_who_reads_about_a_product_is_offered_that_product() -> None:
    products = {row["page_prefix"]: row["product"] for row in shipped("content_map")}
    counted = {f"rule_count.{r['rule_id']}": r["value"] for r in shipped("implicit_rules")}
    articles = [r for r in shipped("lists", workflow="article_promotion") if r["field"] in counted]
    assert articles
    for row in articles:
        assert row["offer_key"] == products[counted[row["field"]]]
    for row in shipped("lists", workflow="product_promotion"):
        scorecard_id = row["field"].removeprefix("band.")
        rules = shipped("implicit_rules", scorecard_id=scorecard_id, field="event.product")
        assert {rule["value"] for rule in rules} == {row["offer_key"]} <= set(products.values())


@pytest.mark.parametrize("scorecard_id", SCORECARDS)
def test_a_scorecard_may_be_deleted_with_the_lists_of_its_name(
    scorecard_id: str, tmp_path: Path
) -> None:
    rules = Path(shutil.copytree(RULES, tmp_path / "rules"))
    for file, columns in RULE_FILES.items():
        kept = [
            row
            for row in read(rules / file)
            if scorecard_id not in (row.get("scorecard_id"), row.get("component"))
            and not row.get("list_id", "").startswith(scorecard_id)
        ]
        with (rules / file).open("w", encoding="utf-8", newline="") as written:
            writer = csv.DictWriter(written, columns)
            writer.writeheader()
            writer.writerows(kept)
    errors = [each for each in check_rules(rules, REFERENCE) if each.severity == "error"]
    assert not errors


def test_grades_join_every_pair_of_bands_and_never_hand_over_who_does_not_fit() -> None:
    for scorecard_id in {row["scorecard_id"] for row in shipped("grades")}:
        fit, engagement = (
            [r["band"] for r in shipped("bands", scorecard_id=scorecard_id, measure=measure)]
            for measure in ("fit", "engagement")
        )
        grades = shipped("grades", scorecard_id=scorecard_id)
        assert {(row["fit_band"], row["engagement_band"]) for row in grades} == {
            (one, other) for one in fit for other in engagement
        }
        assert not [r for r in grades if r["fit_band"] == "D" and r["next_step"] == "sales"]


def test_bands_of_a_scorecard_become_hotter_with_the_score() -> None:
    heat = ("cold", "warm", "hot")
    for scorecard_id in SCORECARDS:
        rows = shipped("bands", scorecard_id=scorecard_id, measure="score")
        rows.sort(key=lambda row: int(row["lower"]))
        degrees = [heat.index(row["temperature"]) for row in rows if row["temperature"]]
        assert all(one <= other for one, other in pairwise(degrees))
