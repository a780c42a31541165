"""`request.expects`: demands about outputs are answered where they are asked, and a name that is no output is told."""

from __future__ import annotations

import pytest

from engine import Policy, load_policy

POLICY = b"""
policy: alder
title: Alder returns
version: '1'
currency: EUR
timezone: Europe/Lisbon
decisions:
  return:
    asks: May this line come back?
    for_each: line in request.lines
    outputs:
      outcome: {type: [deny, review, approve], combine: strictest, roll_up: each}
      goods: {type: money, roll_up: sum, only_when: [approve]}
    rules:
      fine:
        then: {outcome: approve, goods: line.paid}
    otherwise: {outcome: not_covered}
  return_shipping:
    asks: Who pays for the way back?
    outputs:
      payer: {type: [shop, customer]}
    rules:
      shop_pays:
        then: {payer: shop}
"""


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy(POLICY, "alder.yaml")


def case(**expects: object) -> dict[str, object]:
    line = {"id": "1", "quantity": 1, "paid": "12.50"}
    return {
        "order": {"currency": "EUR", "lines": [line]},
        "request": {"at": "2026-03-10T12:00:00+00:00", "lines": [{"id": "1", "asked": 1}], "expects": expects},
    }


def test_a_demand_about_another_question_is_not_answered_here(policy: Policy) -> None:
    demands = case(payer="shop", goods="12.50")
    here, there = policy.decide("return", demands), policy.decide("return_shipping", demands)
    assert [(one.output, one.result) for one in here.expects] == [("goods", "granted")]
    assert [(one.output, one.result) for one in there.expects] == [("payer", "granted")]
    assert here.problems == there.problems == ()


@pytest.mark.parametrize("question", ["return", "return_shipping", "exchange"])
def test_a_demand_about_no_output_is_a_problem_whatever_is_asked(policy: Policy, question: str) -> None:
    decision = policy.decide(question, case(payr="shop"))
    [problem] = decision.problems
    assert (problem.path, problem.diagnostic.code) == ("request.expects.payr", "fact-unknown")
    assert problem.diagnostic.message == "no question of this policy has an output `payr`"
    assert problem.diagnostic.help == "did you mean `payer`?"
    assert decision.status == policy.decide(question, case()).status


def test_a_demand_that_is_like_no_output_gets_all_of_them(policy: Policy) -> None:
    [problem] = policy.decide("return", case(**{"x" * 5_000: True})).problems
    assert problem.diagnostic.help == "it can be `goods`, `outcome`, `payer`"
    assert len(problem.diagnostic.message) < 200


def test_each_demand_about_no_output_is_told(policy: Policy) -> None:
    problems = policy.decide("return", case(payr="shop", outcome="approve", refund=True)).problems
    assert [one.path for one in problems] == ["request.expects.payr", "request.expects.refund"]
