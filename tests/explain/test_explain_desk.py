"""What a help desk reads: which way a rule leans, where the text is silent, who disagrees, what lies behind a rule."""

from __future__ import annotations

import re

import pytest

from engine import Policy, load_policy
from engine.explain.document import document
from engine.explain.text import render_decision, render_explanation
from engine.explain.tree import explain

WILLOW = b"""
policy: willow
title: Willow
version: '1'
currency: EUR
timezone: Europe/Lisbon
sources:
  page:
    title: Page
    sections:
      One:
        wi-1: {kind: rule, says: Baskets may come back.}
        wi-2: {kind: rule, says: Gift cards may not come back.}
        wi-3: {kind: rule, says: A mat costs three euros to send.}
        wi-4: {kind: rule, says: A mat costs four euros to send.}
readings:
  label:
    asks: What does a label cost?
    options: {dear: Five euros., cheap: Two euros.}
    chosen: undecided
    refer_as: vague
    about: [wi-3]
parameters:
  summer:
    type: boolean
    by: order.placed_at
    values: [{value: false}, {from: 2026-06-01, value: true}, {from: 2026-09-01, value: false}]
tables:
  weights:
    looks_at: {kind: line.category}
    gives: {price: money}
    rows:
      mats: {kind: home, price: 3.00 EUR, cites: [wi-3]}
decisions:
  return:
    asks: May it come back?
    for_each: line in request.lines
    outputs:
      outcome: {type: [deny, review, approve], combine: strictest, roll_up: each}
    rules:
      fine: {when: not line.is_gift_card, then: {outcome: approve}, because: Send it back., cites: [wi-1]}
      gift_card: {when: line.is_gift_card, then: {outcome: deny}, because: Gift cards stay sold., cites: [wi-2]}
      worn:
        when: not line.condition.unworn
        then: {outcome: review}
        review: discretion
        leaning: {outcome: deny}
        cites: [wi-1]
        overrides: [fine]
    otherwise: not_covered
  refund:
    asks: Is it paid back?
    for_each: line in request.lines
    outputs:
      outcome: {type: [deny, review, approve], combine: strictest, roll_up: each}
    rules:
      as_the_return: {then: {outcome: return.outcome}, cites: [wi-1, wi-2]}
    otherwise: not_covered
  postage:
    asks: What does it cost to send?
    for_each: line in request.lines
    outputs:
      price: {type: money, roll_up: sum}
      gift: {type: money, roll_up: sum}
    rules:
      by_the_table: {when: line.quantity < 5, then: {price: weights.price}, cites: [wi-3]}
      left_open: {when: line.quantity == 5, then: {price: not stated}, cites: [wi-3]}
      three: {when: line.quantity > 7, then: {price: 3.00 EUR}, cites: [wi-3]}
      four: {when: line.quantity > 7, then: {price: 4.00 EUR}, cites: [wi-4]}
    otherwise: not_covered
  label:
    asks: What does a label cost?
    outputs:
      price: {type: money}
    rules:
      dear: {when: reading.label == 'dear', then: {price: 5.00 EUR}, cites: [label]}
      cheap: {when: reading.label == 'cheap', then: {price: 2.00 EUR}, cites: [label]}
    otherwise: not_covered
  season:
    asks: Is it open?
    outputs:
      open: {type: [open, closed]}
    rules:
      in_summer: {when: summer, then: {open: open}}
      otherwise_closed: {when: not summer, then: {open: closed}}
"""


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(WILLOW, "willow.yaml")


def case(**line: object) -> dict[str, object]:
    usual = {"id": "1", "quantity": 1, "paid": "9.00", "category": "home", "is_gift_card": False}
    return {
        "order": {"placed_at": "2026-07-01T10:00:00+01:00"},
        "request": {
            "at": "2026-07-10T10:00:00+01:00",
            "lines": [{**usual, "condition": {"unworn": True}, **line}],
        },
    }


def text(policy: Policy, question: str, facts: dict[str, object]) -> str:
    """The page, each run of blanks as one, so that wrapped lines are found again."""
    return re.sub(r"\s+", " ", render_decision(policy.decide(question, facts), policy.program))


def test_a_leaning_is_told(policy: Policy) -> None:
    assert "leans to: denied" in text(policy, "return", case(condition={"unworn": False}))
    assert "leans to" not in text(policy, "return", case())


def test_a_rule_that_hands_on_tells_what_lies_behind_it(policy: Policy) -> None:
    decision = policy.decide("refund", case(is_gift_card=True))
    [rule] = decision.members[0].reasons
    assert [(one.decision, one.rule, one.message) for one in rule.behind] == [
        ("return", "gift_card", "Gift cards stay sold.")
    ]
    page = text(policy, "refund", case(is_gift_card=True))
    assert "Rule as_the_return applies, and follows return. Gift cards stay sold. (rule return.gift_card)" in page
    assert page.count("wi-2: Gift cards may not come back.") == 1
    written = document(decision)["members"][0]["reasons"][0]
    assert written["behind"][0]["rule"] == "gift_card" and written["concludes"] == {"outcome": "deny"}


def test_nothing_lies_behind_a_rule_while_the_other_answer_is_open(policy: Policy) -> None:
    unknown = case(is_gift_card=None)
    reasons = policy.decide("refund", unknown).members[0].reasons
    assert all(rule.behind == () and rule.concludes == {} for rule in reasons)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ({"category": "toys"}, "no row of table weights fits"),
        ({"quantity": 5}, "rule left_open leaves it open"),
        ({"quantity": 6}, "no rule of postage says anything about price"),
    ],
)
def test_silence_is_told_by_its_place(policy: Policy, line: dict[str, object], said: str) -> None:
    assert policy.decide("postage", case(**line)).status == "not_covered"
    assert f"silent {said}" in text(policy, "postage", case(**line))


def test_silence_about_another_output_is_told_beside_it(policy: Policy) -> None:
    assert "gift: the policy does not say (no rule of postage says anything about gift)" in text(
        policy, "postage", case()
    )


def test_rules_that_disagree_are_told_with_what_each_says(policy: Policy) -> None:
    decision = policy.decide("postage", case(quantity=8))
    assert decision.status == "conflict"
    page = text(policy, "postage", case(quantity=8))
    assert "disagree rule four says 4.00 EUR wi-4:" in page and "rule three says 3.00 EUR wi-3:" in page


def test_an_undecided_reading_shows_amounts(policy: Policy) -> None:
    found = policy.decide("label", case()).members[0].under_readings
    assert found == {"label": {"dear": "5.00 EUR", "cheap": "2.00 EUR"}}
    assert "dear: 5.00 EUR. Five euros. cheap: 2.00 EUR. Two euros." in text(policy, "label", case())


def test_a_date_alone_is_no_moment_and_the_head_says_what_would_be(policy: Policy) -> None:
    facts = case()
    facts["request"] = {**facts["request"], "at": "2026-07-10"}  # type: ignore[dict-item]
    assert "no moment is given (neither `as_of` nor `request.at` with its time of day)" in text(policy, "return", facts)


def explained(policy: Policy, question: str, facts: dict[str, object]) -> str:
    return re.sub(r"\s+", " ", render_explanation(explain(policy.program, policy.case(facts), question)))


def test_a_parameter_that_changes_over_time_is_explained_by_its_moment(policy: Policy) -> None:
    assert "✓ summer, by order.placed_at: 1 July 2026, 10:00 WEST" in explained(policy, "season", case())


def test_what_need_not_be_settled_is_not_proved(policy: Policy) -> None:
    page = explained(policy, "return", case(is_gift_card=True, condition={}))
    assert "Rules that are not settled, and need not be worn hangs on line.condition.unworn" in page
    assert "└─ ? not line.condition.unworn" not in page
