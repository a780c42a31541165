"""A window that is read inside a list expression belongs to the members, not to the decision that counts them."""

from __future__ import annotations

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
