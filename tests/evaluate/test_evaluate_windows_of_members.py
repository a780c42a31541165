"""A window that is read inside a list expression belongs to the members, not to the decision that counts them."""

from __future__ import annotations

import pytest

from engine import load_policy

POLICY = b"""
policy: jars
title: Jars
version: '1'
currency: EUR
timezone: Europe/Lisbon
windows:
  time_to_ask: {lasts: 14 days, after: line.delivery.at, act: request.at, reports_as: request_by}
  day_to_cancel: {lasts: 24 hours, after: order.placed_at, act: request.at}
define:
  in_time: time_to_ask is open
decisions:
  payout:
    asks: Does the postage come back?
    outputs:
      outcome: {type: [deny, approve], combine: strictest}
    rules:
      every_line:
        when: all line in request.lines has in_time and day_to_cancel is open
        then: {outcome: approve}
        because: All of it is in time.
"""

BY_KIND = b"""
policy: crates
title: Crates
version: '1'
currency: EUR
timezone: Europe/Lisbon
windows:
  time_for_fish: {lasts: 1 day, after: line.delivery.at, act: request.at}
  time_for_fruit: {lasts: if remedy == 'refund' then 3 days else 5 days, after: line.delivery.at, act: request.at}
define:
  in_time: if line.category == 'fish' then time_for_fish is open else time_for_fruit is open
decisions:
  return:
    asks: May it come back?
    for_each: line in request.lines
    for_every: remedy in [refund, exchange]
    asked: line.remedy
    outputs:
      outcome: {type: [deny, approve], combine: strictest, roll_up: each}
    rules:
      in_time: {when: in_time, then: {outcome: approve}}
      too_late: {when: not in_time, then: {outcome: deny}}
"""

FACTS = {
    "order": {
        "placed_at": "2026-03-09T12:00:00Z",
        "lines": [{"id": "1", "delivery": {"status": "delivered", "at": "2026-03-10"}}],
    },
    "request": {"at": "2026-03-10T12:00:00Z", "lines": [{"id": "1"}]},
}


def test_a_window_of_each_line_is_no_deadline_of_the_whole_order():
    decision = load_policy(POLICY).decide("payout", FACTS)
    assert decision.verdict == "approve"
    assert [d.window for d in decision.members[0].deadlines] == ["day_to_cancel"]


@pytest.mark.parametrize(
    ("told", "windows"),
    [
        ({"category": "fish", "remedy": "refund"}, ["time_for_fish"]),
        ({"category": "fruit", "remedy": "refund"}, ["time_for_fruit"]),
        ({"category": "fruit"}, []),
    ],
)
def test_only_windows_that_this_line_comes_to_are_its_deadlines(told, windows):
    facts = {**FACTS, "request": {"at": "2026-03-10T12:00:00Z", "lines": [{"id": "1", **told}]}}
    (member,) = load_policy(BY_KIND).decide("return", facts).members
    assert [d.window for d in member.deadlines] == windows
