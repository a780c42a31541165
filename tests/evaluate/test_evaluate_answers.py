"""Which answers are tried for a missing fact, and which question comes first for it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from engine import Policy, load_policy
from engine.language.decision import Decision

POLICY = b"""
policy: birch
title: Birch
version: '1'
currency: EUR
timezone: Europe/Lisbon
decisions:
  return:
    asks: May this line come back?
    for_each: line in request.lines
    outputs:
      outcome: {type: [deny, approve], combine: strictest, roll_up: each}
    rules:
      reduced: {when: line.discount_depth > 20%, then: {outcome: deny}}
      not_reduced: {when: line.discount_depth <= 20%, then: {outcome: approve}}
  hire:
    asks: May it be hired?
    for_each: line in request.lines
    outputs:
      outcome: {type: [deny, approve], combine: strictest, roll_up: each}
    rules:
      own: {when: line.is_digital and line.is_custom, then: {outcome: deny}}
      usual: {when: line.is_digital and not line.is_custom, then: {outcome: approve}}
checks:
  gifts_are_not_made_to_measure:
    must: not (line.is_free_gift and line.is_custom)
    says: A free gift is not made to measure.
"""


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(POLICY, "birch.yaml")


def decide(policy: Policy, question: str = "return", **line: object) -> Decision:
    request = {"at": "2026-07-10T10:00:00+01:00", "lines": [{"id": "1", **line}]}
    return policy.decide(question, {"request": request})


def test_percentages_are_tried_a_percent_apart(policy: Policy) -> None:
    decision = decide(policy)
    tried = decision.leads_to["request.lines[0].discount_depth"]
    assert [one.answer for one in tried] == [Fraction(19, 100), Fraction(1, 5), Fraction(21, 100)]
    assert [one.value for one in tried] == ["approve", "approve", "deny"]


def test_an_answer_that_cannot_be_right_settles_nothing(policy: Policy) -> None:
    decision = decide(policy, "hire", is_free_gift=True)
    leads = {name: [one.status for one in tried] for name, tried in decision.leads_to.items()}
    assert leads["request.lines[0].is_custom"] == ["error", "needs_facts"]
    assert leads["request.lines[0].is_digital"] == ["needs_facts", "not_covered"]
    assert decision.ask_first == "request.lines[0].is_digital"
