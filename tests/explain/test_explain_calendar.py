"""Explanations of the calendar: clock changes and short months are told where they were read in a way of their own."""

import pytest

from engine import load_policy
from engine.explain.text import render_explanation
from engine.explain.tree import explain

POLICY = """
policy: alder
title: Alder
version: '1'
currency: EUR
timezone: Europe/Lisbon
decisions:
  booking_change:
    asks: May it be changed?
    outputs:
      outcome: {{type: [deny, approve], combine: strictest}}
    rules:
      in_time:
        when: {condition}
        then: {{outcome: approve}}
        because: You wrote at {{time of request.at}} on a {{weekday of request.at}}.
    otherwise: {{outcome: not_covered}}
"""
SKIPPED = "clocks skip 01:30 on 28 March 2027 in Europe/Lisbon; it is read with the offset before the change"
DOUBLED = "clocks show 02:30 twice on 31 October 2027 in Europe/Paris; the first is meant"


def explained(condition, **booking):
    policy = load_policy(POLICY.format(condition=condition).encode(), "alder.yaml")
    document = {"request": {"at": "2027-01-08T09:05:30Z"}, "booking": booking}
    found = explain(policy.program, policy.case(document), "booking_change")
    return " ".join(render_explanation(found, color=False).split())


@pytest.mark.parametrize(
    ("condition", "day", "value", "note"),
    [
        ("request.at <= booking.on at 01:30", "2027-03-28", "28 March 2027, 02:30 WEST", SKIPPED),
        ("request.at <= booking.on at 02:30 Europe/Paris", "2027-10-31", "31 October 2027, 01:30 WEST", DOUBLED),
        ("request.at <= booking.on at 01:30", "2027-03-27", "27 March 2027, 01:30 WET", None),
        (
            "date(request.at) <= first day 31 on or after booking.on",
            "2027-02-03",
            "28 February 2027",
            "February 2027 has no day 31, so its last day is meant",
        ),
        (
            "date(request.at) <= first 29 February on or after booking.on",
            "2027-03-01",
            "29 February 2028",
            None,
        ),
        (
            "date(request.at) <= first last day of the month on or after booking.on",
            "2027-02-03",
            "28 February 2027",
            None,
        ),
    ],
)
def test_a_note_stands_beside_what_it_explains(condition, day, value, note):
    text = explained(condition, on=day)
    words = condition.partition("<= ")[2]
    day, month, year = int(day[8:]), day[5:7], day[:4]
    names = {"02": "February", "03": "March", "10": "October"}
    line = f"{words} = {value} — it is {day} {names[month]} {year}"
    assert line + (f" — {note}" if note else "") in text
    assert note is not None or f"{line} —" not in text


def test_what_is_not_known_has_no_note():
    text = explained("request.at <= booking.on at 01:30")
    assert "clocks" not in text
    assert "booking.on" in text


def test_parts_of_a_moment_are_told_in_words():
    text = explained("time of request.at >= 08:30", on="2027-01-08")
    assert "time of request.at = 09:05:30 — it is 8 January 2027, 09:05:30 WET" in text
    assert "You wrote at 09:05:30 on a Friday." in text
