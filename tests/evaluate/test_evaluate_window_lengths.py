"""A window whose length hangs on something unknown: what holds under every length it can have is known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import load_policy

POLICY = load_policy(b"""
policy: peaches
title: Peaches
version: '1'
currency: EUR
timezone: Europe/Rome
windows:
  time_to_ask:
    lasts: if order.promised_on < 2026-06-10 then 48 hours else if line.quantity > 9 then 36 hours else 24 hours
    after: order.placed_at
    act: request.at
decisions:
  return:
    asks: May they come back?
    for_each: line in request.lines
    outputs:
      outcome: {type: [deny, review, approve], combine: strictest, roll_up: each}
    rules:
      in_time: {when: time_to_ask is open, then: {outcome: approve}}
      too_late: {when: time_to_ask has passed, then: {outcome: deny}}
""")

DAYS = {"24 hours": ("2026-06-11", 1), "36 hours": ("2026-06-11", 12), "48 hours": ("2026-06-09", 1)}


def decide(at: str, promised_on: str | None = None, quantity: int | None = None):
    order = {"placed_at": "2026-06-10T10:00:00+02:00", "lines": [{"id": "1", "quantity": quantity}]}
    if promised_on is not None:
        order["promised_on"] = promised_on
    return POLICY.decide("return", {"order": order, "request": {"at": at, "lines": [{"id": "1"}]}})


@pytest.mark.parametrize(
    ("at", "verdict"),
    [
        ("2026-06-11T10:00:00+02:00", "approve"),
        ("2026-06-11T10:00:01+02:00", "review"),
        ("2026-06-12T10:00:00+02:00", "review"),
        ("2026-06-12T10:00:01+02:00", "deny"),
    ],
)
def test_nobody_is_asked_for_a_length_that_does_not_matter(at: str, verdict: str):
    decision = decide(at)
    assert decision.verdict == verdict
    asked = {need.name for need in decision.may_need}
    assert asked == ({"order.promised_on", "request.lines[0].quantity"} if verdict == "review" else set())


def test_a_length_that_is_left_open_gives_no_last_moment():
    (member,) = decide("2026-06-10T11:00:00+02:00").members
    (deadline,) = member.deadlines
    assert (deadline.state, deadline.end, deadline.lasts) == ("open", None, None)


@given(st.integers(0, 60 * 60), st.sampled_from([None, 1, 12]), st.sampled_from([None, "2026-06-09", "2026-06-11"]))
def test_the_length_never_changes_what_was_decided_without_it(minutes: int, quantity: int | None, promised: str | None):
    at = f"2026-06-{10 + minutes // 1440:02}T{10 + minutes % 1440 // 60 % 12:02}:{minutes % 60:02}:00+02:00"
    before = decide(at, promised, quantity)
    if before.status != "decided":
        return
    for date, units in DAYS.values():
        after = decide(at, promised or date, quantity or units)
        assert after.verdict == before.verdict
