"""Which answers are tried for a missing fact, and which question comes first for it."""

from __future__ import annotations

from fractions import Fraction

import pytest

from engine import Policy, load_policy
from engine.explain.text import render_decision, render_explanation
from engine.explain.tree import explain
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


REED = b"""
policy: reed
title: Reed
version: '1'
currency: EUR
timezone: Europe/Lisbon
sources: {page: {title: Page, sections: {One: {re-1: {kind: rule, says: Ten days.}}}}}
windows:
  ten_days: {lasts: 10 days, after: line.delivery.at, act: request.at, zone: order.ship_to.timezone, cites: [re-1]}
decisions:
  return:
    asks: May this line come back?
    for_each: line in request.lines
    outputs:
      outcome: {type: [deny, review, approve], combine: strictest, roll_up: each}
    requires:
      photos: {met: request.evidence.photos, ask: Please send photos., by: ten_days, cites: [re-1]}
      letter: {met: request.evidence.reason, ask: Please say why., by: order.promised_on, cites: [re-1]}
    rules:
      fine: {when: line.is_custom, then: {outcome: approve}, cites: [re-1]}
      unusual: {when: not line.is_custom, then: {outcome: review}, review: discretion, cites: [re-1]}
"""


@pytest.mark.parametrize(
    ("at", "zone", "photos", "letter"),
    [
        ("2026-07-11T23:59:00+01:00", "Europe/Lisbon", "open", "open"),
        ("2026-07-12T00:00:00+01:00", "Europe/Lisbon", "overdue", "overdue"),
        ("2026-07-12T00:00:00+01:00", None, "open", "overdue"),
        ("2026-07-12T11:59:00Z", None, "open", "overdue"),
        ("2026-07-12T12:00:00Z", None, "overdue", "overdue"),
    ],
)
def test_what_was_due_by_a_day_that_is_over_is_not_asked_for(
    at: str, zone: str | None, photos: str, letter: str
) -> None:
    line = {"id": "1", "is_custom": False, "delivery": {"status": "delivered", "at": "2026-07-01"}}
    order = {"promised_on": "2026-07-11", "ship_to": {"timezone": zone}}
    evidence = {"photos": False, "reason": False}
    request = {"at": at, "lines": [line], "evidence": evidence}
    found = load_policy(REED, "reed.yaml").decide("return", {"order": order, "request": request})
    assert {one.requirement: one.state for one in found.members[0].requirements} == {"photos": photos, "letter": letter}


SEDGE = b"""
policy: sedge
title: Sedge
version: '1'
currency: EUR
timezone: Europe/Lisbon
windows:
  ten_days: {lasts: 10 days, after: line.delivery.at, act: request.at, zone: order.ship_to.timezone}
decisions:
  whole:
    asks: May something come back?
    outputs:
      outcome: {type: [deny, approve]}
    rules:
      some: {when: any line in request.lines has ten_days is open, then: {outcome: approve}}
      none: {when: not (any line in request.lines has ten_days is open), then: {outcome: deny}}
  each:
    asks: May this come back?
    for_each: line in request.lines
    outputs:
      outcome: {type: [deny, approve], combine: strictest, roll_up: each}
    rules:
      open: {when: ten_days is open, then: {outcome: approve}}
      over: {when: ten_days has passed, then: {outcome: deny}}
"""


def test_a_window_of_each_element_of_a_list_is_no_deadline_of_the_whole() -> None:
    line = {"id": "1", "delivery": {"status": "delivered", "at": "2026-07-02"}}
    facts = {"request": {"at": "2026-07-12T09:00:00+01:00", "lines": [line]}}
    decision = load_policy(SEDGE, "sedge.yaml").decide("whole", facts)
    assert decision.verdict == "approve" and decision.members[0].deadlines == ()


def test_a_known_last_day_is_told_while_the_zone_is_asked_for() -> None:
    line = {"id": "1", "delivery": {"status": "delivered", "at": "2026-07-02"}}
    facts = {"request": {"at": "2026-07-13T03:00:00+01:00", "lines": [line]}}
    decision = load_policy(SEDGE, "sedge.yaml").decide("each", facts)
    assert decision.ask_first == "order.ship_to.timezone"
    [deadline] = decision.members[0].deadlines
    assert (str(deadline.last_day), deadline.state) == ("2026-07-12", None)


JEWELS = """
policy: jewels
title: Jewels
version: '1'
currency: EUR
timezone: Europe/Lisbon
sources: {{page: {{title: Page, sections: {{One: {{je-1: {{kind: rule, says: Jewellery may come back.}}}}}}}}}}
decisions:
  return:
    asks: May this line come back?
    for_each: line in request.lines
    outputs:
      outcome: {{type: [deny, approve], combine: strictest, roll_up: each}}
    rules:
      yes: {{when: "{yes}", then: {{outcome: approve}}, cites: [je-1]}}
      no: {{when: "{no}", then: {{outcome: deny}}, cites: [je-1]}}
"""


def jewels(yes: str, no: str) -> Policy:
    return load_policy(JEWELS.format(yes=yes, no=no).encode(), "jewels.yaml")


def test_of_a_long_list_the_words_that_are_compared_come_first_and_one_stands_for_the_others() -> None:
    """`tools` stands last of the sixteen kinds, so the first twelve in any order of their names would not hold it."""
    one = jewels("line.category in ['toys', 'tools']", "not line.category in ['toys', 'tools']")
    decision = one.decide("return", {"request": {"at": "2026-07-10T10:00:00Z", "lines": [{"id": "1"}]}})
    (name,) = decision.leads_to
    tried = [(a.answer, a.value, a.any_other) for a in decision.leads_to[name]]
    assert tried == [("toys", "approve", False), ("tools", "approve", False), ("clothing", "deny", True)]
    assert not decision.not_tried
    text = render_decision(decision, one.program)
    assert "toys or tools: approved" in text
    assert "any other: denied" in text


def test_what_is_not_tried_of_a_list_that_is_read_otherwise_is_told() -> None:
    one = jewels("line.category == line.brand", "line.category != line.brand and line.category != 'tools'")
    facts = {"request": {"at": "2026-07-10T10:00:00Z", "lines": [{"id": "1", "brand": "toys"}]}}
    decision = one.decide("return", facts)
    name = "request.lines[0].category"
    tried = [a.answer for a in decision.leads_to[name]]
    assert tried[:3] == ["toys", "tools", "something else"]
    assert len(tried) == 12
    assert decision.not_tried == {name: 5}
    assert not any(a.any_other for a in decision.leads_to[name])
    assert "and 5 more, not tried" in render_decision(decision, one.program)


def test_a_counterfactual_finds_the_one_word_that_counts() -> None:
    one = jewels("line.category == 'tools'", "line.category != 'tools'")
    for now, told in (("clothing", "tools instead of clothing"), ("tools", "any other word instead of tools")):
        facts = {"request": {"at": "2026-07-10T10:00:00Z", "lines": [{"id": "1", "category": now}]}}
        assert f"if line.category were {told}" in render_explanation(explain(one.program, one.case(facts), "return"))
