"""Moments that are fixed beforehand: they may lie ahead of the case, and are no events."""

import pytest

from engine import load_policy
from engine.base.diagnostics import Report
from engine.check.program import check_policy

POLICY = """
policy: gorse
title: Gorse tickets
version: '1'
currency: EUR
timezone: Europe/Berlin
facts:
  line.begins_at: {type: moment, planned: true, from: shop, ask: When does it begin?}
windows:
  time_to_return: {lasts: 48 hours, before: line.begins_at, act: request.at}
decisions:
  return:
    asks: May the ticket come back?
    for_each: line in request.lines
    outputs:
      outcome: {type: [deny, approve], combine: strictest, roll_up: each}
    rules:
      early: {when: time_to_return is open, then: {outcome: approve}}
      late: {when: time_to_return has passed, then: {outcome: deny}}
"""


def decide(at: str, begins: object, text: str = POLICY):
    line = {"id": "1", "begins_at": begins}
    case = {"order": {"lines": [line]}, "request": {"at": at, "lines": [{"id": "1"}]}}
    return load_policy(text.encode()).decide("return", case)


@pytest.mark.parametrize(
    ("at", "verdict"),
    [
        ("2026-03-27T18:59:59+01:00", "approve"),  # the clocks change between: 48 hours are not two days
        ("2026-03-27T19:00:01+01:00", "deny"),
        ("2026-03-28T12:00:00+01:00", "deny"),
        ("2026-03-30T12:00:00+02:00", "deny"),
    ],
)
def test_a_planned_moment_may_lie_ahead(at: str, verdict: str) -> None:
    assert decide(at, "2026-03-29T20:00:00+02:00").verdict == verdict


def test_while_it_is_not_known_it_is_asked_for() -> None:
    decision = decide("2026-03-27T18:00:00+01:00", None)
    assert (decision.status, [one.name for one in decision.may_need]) == (
        "needs_facts",
        ["request.lines[0].begins_at"],
    )


def test_it_cannot_be_missing_when_somebody_looked() -> None:
    decision = decide("2026-03-27T18:00:00+01:00", {"not_by": "2026-03-27T18:00:00+01:00"})
    assert [one.diagnostic.code for one in decision.problems] == ["fact-wrong-kind"]


def test_an_event_still_cannot_lie_ahead() -> None:
    decision = decide("2026-03-27T18:00:00+01:00", "2026-03-29T20:00:00+02:00", POLICY.replace(", planned: true", ""))
    assert [one.diagnostic.code for one in decision.problems] == ["fact-future"]


def test_the_shared_start_of_a_booking_is_planned() -> None:
    text = POLICY.replace("before: line.begins_at", "before: booking.starts_at")
    case = {
        "booking": {"starts_at": "2026-03-29T20:00:00+02:00"},
        "order": {"lines": [{"id": "1"}]},
        "request": {"at": "2026-03-28T12:00:00+01:00", "lines": [{"id": "1"}]},
    }
    assert load_policy(text.encode()).decide("return", case).verdict == "deny"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("time_to_return is open", "line.begins_at has happened", "is a moment that is planned"),
        ("type: moment, planned: true", "type: date, planned: true", "`planned` is for a fact of type `moment`"),
        ("planned: true", "planned: maybe", "takes true or false"),
        (
            "line.begins_at: {type: moment, planned: true, from",
            "line.delivery.at: {type: moment, planned: true}\n  line.begins_at: {type: moment, planned: true, from",
            "`line.delivery.at` is an event in the shared vocabulary",
        ),
    ],
)
def test_what_planned_cannot_be(old: str, new: str, said: str) -> None:
    report = Report()
    assert old in POLICY
    check_policy(POLICY.replace(old, new, 1).encode(), "gorse.yaml", report)
    assert any(said in one.message for one in report), [one.message for one in report]
