"""What the fuzzer has found, by the point that was missed: each of these once ended in a traceback or never ended."""

from __future__ import annotations

import time
from typing import Any

import pytest
from fuzz_nasty import HEAD, policy, yaml_texts

from engine.base.diagnostics import Report
from engine.check.program import check_policy
from engine.facts.json_reader import read_json
from engine.language.decision import Decision
from engine.policy import UnknownDecision, load_policy
from engine.testing.load import load_cases
from engine.versions import PolicyVersions


def codes(data: bytes) -> set[str]:
    report = Report()
    check_policy(data, "policy.yaml", report)
    return {one.code for one in report}


def decided(data: bytes, facts: dict[str, Any], name: str = "return") -> Decision:
    return load_policy(data, "policy.yaml").decide(name, facts)


def lines(count: int, **facts: object) -> dict[str, Any]:
    """A case with so many lines, all of which are asked about."""
    listed = [{"id": str(number), "quantity": 3, **facts} for number in range(count)]
    asked = [{"id": str(number), "asked": 1} for number in range(count)]
    return {"order": {"lines": listed}, "request": {"at": "2026-05-01T00:00:00Z", "lines": asked}}


@pytest.mark.parametrize(
    "name",
    [
        "chain of definitions",
        "chain of definitions backwards 300",
        "chain of decisions 200",
        "chain of windows 300",
        "chain of tables 300",
        "chain of facts 300",
    ],
)
def test_chains_that_go_too_deep_are_refused(name: str) -> None:
    assert codes(yaml_texts()[name]) == {"condition-too-deep"}


@pytest.mark.parametrize("name", ["chain of decisions 20", "chain of windows 35", "chain of tables 15"])
def test_long_chains_that_are_allowed_can_be_decided(name: str) -> None:
    program = load_policy(yaml_texts()[name]).program
    last = list(program.decisions)[-1]
    facts = {"order": {"item_count": 1, "is_gift": True}, "request": {"at": "2026-05-01T00:00:00Z"}}
    assert load_policy(yaml_texts()[name]).decide(last, facts).status in ("decided", "not_covered")


@pytest.mark.parametrize("count", [0, 1, 30])
def test_facts_that_exist_only_if_they_exist_are_refused(count: int) -> None:
    assert codes(yaml_texts()[f"circle of facts {count}"]) == {"cycle"}


@pytest.mark.parametrize(
    "name", ["a fact hangs on a decision", "a check reads a decision", "whom it speaks about hangs on a decision"]
)
def test_what_is_settled_before_decisions_cannot_read_one(name: str) -> None:
    assert codes(yaml_texts()[name]) == {"name-not-here"}


def test_an_empty_key_is_shown_at_its_place() -> None:
    found = decided(policy("order.is_gift"), {"": 1, "order": {"": 2}}).problems
    assert {one.path for one in found} == {'""', 'order.""'}
    report = Report()
    read_json(b'{"order": {"": 1, "": 2}}', "facts.json", report)
    assert [one.where for one in report] == ['order.""']


LISTS_IN_LISTS = (
    HEAD
    + """decisions:
  return:
    asks: May it come back?
    for_each: line in request.lines
    outputs: {outcome: {type: [deny, approve], combine: strictest, roll_up: each}}
    rules:
      one:
        when: any a in order.lines has any b in order.lines has a.quantity > b.quantity + line.asked
        then: {outcome: deny}
    otherwise: not_covered
"""
).encode()


def test_lists_in_lists_over_a_long_order_are_an_error_at_once() -> None:
    start = time.process_time()
    found = decided(LISTS_IN_LISTS, lines(900))
    assert (found.status, [one.diagnostic.code for one in found.problems]) == ("error", ["facts-too-large"])
    assert time.process_time() - start < 5
    assert decided(LISTS_IN_LISTS, lines(15)).status == "not_covered"


def test_trying_answers_for_a_long_order_ends_soon() -> None:
    data = LISTS_IN_LISTS.replace(b"any a in order.lines has any b in order.lines has ", b"").replace(
        b"a.quantity > b.quantity + line.asked", b"line.is_custom and line.is_preorder and line.is_sample"
    )
    few, many = decided(data, lines(3)), decided(data, lines(200))
    assert set(few.leads_to) >= {"request.lines[0].is_custom"}
    assert many.status == "needs_facts"
    assert not many.leads_to
    assert "request.lines[199].is_custom" in {one.name for one in many.may_need}


def test_which_broken_check_is_told_does_not_hang_on_the_order_of_the_file() -> None:
    checks = [
        "  aa: {must: order.item_count > 5, says: Too few.}",
        "  bb: {must: order.item_count > 7, says: Still few.}",
    ]
    told = [
        decided(policy("order.is_gift", more="\n".join(["checks:", *rows, ""])), {"order": {"item_count": 1}}).problems
        for rows in (checks, checks[::-1])
    ]
    assert told[0] == told[1] != ()


CASES = """policy: x.yaml
ask: return
facts: {{{facts}}}
cases:
  one: {{facts: {{line.paid: 1}}, expect: {{verdict: review}}}}
"""


@pytest.mark.parametrize(
    "facts",
    [
        "request: 1",
        "request: ~",
        "request.lines: 1",
        "request.lines: {a: 1}",
        "order.lines: 1, request.lines: [{id: a}]",
        "order: [], request.lines: [{id: a}]",
        "'request.lines[" + "9" * 5000 + "]': 1",
    ],
)
def test_worked_cases_with_odd_lines_are_read_or_refused(facts: str) -> None:
    report = Report()
    found = load_cases(CASES.format(facts=facts).encode(), "cases.yaml", report)
    assert (found is None) == (not report.ok)


VERSION = """policy: x
title: T
version: '{number}'
currency: USD
timezone: UTC
effective: {{from: {start}, until: {end}, by: order.placed_at}}
decisions:
  {name}:
    asks: May it?
    outputs: {{outcome: {{type: [deny, approve]}}}}
    rules: {{a: {{when: order.is_gift, then: {{outcome: deny}}}}}}
    otherwise: not_covered
"""


def test_a_question_of_one_version_can_be_asked_whichever_version_holds() -> None:
    days = ("2026-01-01", "2026-04-01", "2027-01-01")
    programs = [
        load_policy(VERSION.format(number=n, start=days[n], end=days[n + 1], name=name).encode()).program
        for n, name in enumerate(("of_the_first", "of_the_second"))
    ]
    whole = PolicyVersions(tuple(programs))
    first, second = ({"order": {"placed_at": f"2026-0{month}-02T00:00:00Z", "is_gift": True}} for month in (2, 5))
    assert whole.decide("of_the_first", first).value == "deny"
    assert whole.decide("of_the_first", second).status == "not_covered"
    assert whole.decide("of_the_second", first).why == ("not_spoken_of",)
    assert whole.decide("of_the_second", {}).status in ("needs_facts", "not_covered")
    with pytest.raises(UnknownDecision):
        whole.decide("of_none", first)


def test_a_message_is_one_line_whatever_the_author_wrote() -> None:
    text = """
policy: p
title: P
version: '1'
timezone: UTC
currency: USD
decisions:
  return:
    asks: "?"
    outputs:
      outcome: {type: [deny, approve]}
      days: {type: integer, only_when: ["app\\nrove"]}
    rules: {all: {then: {outcome: approve, days: 1}}}
"""
    report = Report()
    check_policy(text.encode(), "policy.yaml", report)
    assert [one.message for one in report if one.code == "type-unknown-word"] == ["`outcome` is never `app rove`"]
