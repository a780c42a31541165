"""The calendar in decisions: parts of dates, days that come back, seasons, times of day, and what is not known."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from engine import Policy, load_policy
from engine.values.zones import zone

ZONES = ("America/Denver", "Europe/Lisbon", "Pacific/Kiritimati", "America/Sao_Paulo")
FORMULAS = {
    "weekday": "weekday of order.placed_at",
    "day": "day of month of order.placed_at",
    "month": "month of order.placed_at",
    "year": "year of order.placed_at",
    "starts": "start of order.placed_at",
    "ends": "end of order.placed_at",
    "six": "order.placed_at at 18:00",
    "there": "order.placed_at at 01:30 Europe/Lisbon",
    "eighth": "first day 31 on or after order.placed_at",
    "friday": "last Friday on or before order.placed_at + 3 days",
    "rolls": "first business day on or after order.placed_at + 2 days",
    "cutoff": "first last day of the month on or after order.placed_at at 23:59:30",
    "season": "order.placed_at falls in 10 November .. 6 January",
    "early": "time of order.placed_at < 08:30",
    "desk": "time of order.placed_at in 09:00 to under 17:00 and weekday of order.placed_at not in ['Saturday', 'Sunday']",
    "hours": "elapsed from end of order.placed_at to start of booking.on",
}
TYPES = {
    "weekday": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    **dict.fromkeys(("day", "month", "year"), "integer"),
    **dict.fromkeys(("starts", "ends", "six", "there", "cutoff"), "moment"),
    **dict.fromkeys(("eighth", "friday", "rolls"), "date"),
    **dict.fromkeys(("season", "early", "desk"), "boolean"),
    "hours": "elapsed",
}
ONE = timedelta(days=1)


def policy_in(name: str) -> Policy:
    document = {
        "policy": "alder",
        "title": "Alder",
        "version": "1",
        "currency": "EUR",
        "timezone": name,
        "calendar": {
            "weekend": ["saturday", "sunday"],
            "holidays": "none",
            "from": "2026-01-01",
            "until": "2029-01-01",
        },
        "decisions": {
            "dates": {
                "asks": "Which days?",
                "outputs": {key: {"type": kind} for key, kind in TYPES.items()},
                "rules": {"all": {"then": FORMULAS}},
            }
        },
    }
    return load_policy(yaml.safe_dump(document).encode(), "alder.yaml")


POLICIES = {name: policy_in(name) for name in ZONES}


def asked(name: str, placed: object, **order: object) -> Any:
    facts = {"placed_at": placed, **order} if placed is not None else dict(order)
    document = {
        "as_of": "2028-12-31T23:00:00Z",
        "order": facts,
        "booking": {"on": "2027-05-10"},
        "request": {"at": "2028-12-31T22:00:00Z"},
    }
    decision = POLICIES[name].decide("dates", document, questions=False)
    [member] = decision.members
    return member.outputs


def values(outputs: Any) -> dict[str, Any]:
    return {name: one.value for name, one in outputs.items()}


def until(day: date, fits: Any, step: int) -> date:
    while not fits(day):
        day += step * ONE
    return day


def first_moment(day: date, where: ZoneInfo) -> datetime:
    """By a scan of minutes: the first that shows the day or a later one."""
    at = datetime.combine(day, time(), UTC) - timedelta(hours=16)
    while at.astimezone(where).date() < day:
        at += timedelta(minutes=15)
    return at


moments = st.datetimes(datetime(2026, 2, 1), datetime(2028, 12, 20), timezones=st.just(UTC)).map(
    lambda at: at.replace(microsecond=0)
)


@given(moments, st.sampled_from(ZONES))
@example(datetime(2027, 3, 28, 0, 59, 59, tzinfo=UTC), "Europe/Lisbon")
@example(datetime(2027, 10, 31, 1, 0, tzinfo=UTC), "Europe/Lisbon")
@example(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "Pacific/Kiritimati")
@example(datetime(2028, 2, 29, 6, 30, tzinfo=UTC), "America/Denver")
@example(datetime(2027, 1, 6, 23, 59, tzinfo=UTC), "Europe/Lisbon")
def test_all_of_it_is_what_a_wall_calendar_shows(at: datetime, name: str) -> None:
    where = zone(name)
    local = at.astimezone(where)
    day = local.date()
    friday = until(day + 3 * ONE, lambda d: d.weekday() == 4, -1)
    month_end = until(day, lambda d: (d + ONE).day == 1, 1)
    working = 9 <= local.hour < 17 and day.weekday() < 5
    found = values(asked(name, at.isoformat()))
    assert found.pop("there") == datetime.combine(day, time(1, 30), zone("Europe/Lisbon")).astimezone(UTC)
    assert found.pop("hours").seconds == (first_moment(date(2027, 5, 10), where) - found["ends"]).total_seconds()
    assert found == {
        "weekday": day.strftime("%A"),
        "day": day.day,
        "month": day.month,
        "year": day.year,
        "starts": first_moment(day, where),
        "ends": first_moment(day + ONE, where),
        "six": datetime.combine(day, time(18), where).astimezone(UTC),
        "eighth": month_end,
        "friday": friday,
        "rolls": until(day + 2 * ONE, lambda d: d.weekday() < 5, 1),
        "cutoff": datetime.combine(month_end, time(23, 59, 30), where).astimezone(UTC),
        "season": (day.month, day.day) >= (11, 10) or (day.month, day.day) <= (1, 6),
        "early": local.time() < time(8, 30),
        "desk": working,
    }


def test_a_bare_date_is_its_own_day_but_has_no_time() -> None:
    outputs = asked("Europe/Lisbon", "2027-01-01")
    assert (outputs["weekday"].value, outputs["six"].value) == ("Friday", datetime(2027, 1, 1, 18, tzinfo=UTC))
    for name in ("early", "desk"):
        assert outputs[name].status == "needs_facts"
        assert [need.name for need in outputs[name].needs] == ["order.placed_at"]


@pytest.mark.parametrize("name", FORMULAS)
def test_what_nobody_told_is_asked_for_and_what_has_not_happened_is_waited_for(name: str) -> None:
    untold = asked("Europe/Lisbon", None)[name]
    assert (untold.status, untold.value, [need.name for need in untold.needs]) == (
        "needs_facts",
        None,
        ["order.placed_at"],
    )
    waiting = asked("Europe/Lisbon", {"not_by": "2028-12-31T23:00:00Z"})[name]
    assert (waiting.status, waiting.value) == ("needs_facts", None)
    assert [need.kind for need in waiting.needs] == ["later"]


def test_a_day_beyond_the_calendar_is_an_error() -> None:
    document = {"as_of": "2030-01-10T00:00:00Z", "order": {"placed_at": "2030-01-05T12:00:00Z"}, "request": {}}
    [member] = POLICIES["Europe/Lisbon"].decide("dates", document).members
    assert member.outputs["rolls"].status == "error"
    assert member.outputs["friday"].value == date(2030, 1, 4)


SEASON = """
policy: alder
title: Alder
version: '1'
currency: EUR
timezone: Europe/Lisbon
decisions:
  gift_wrap:
    asks: Is it wrapped?
    outputs:
      outcome: {type: [deny, approve], combine: strictest}
    rules:
      in_the_season:
        when: order.placed_at falls in 10 November .. 6 January
        then: {outcome: approve}
      out_of_it:
        when: not order.placed_at falls in 10 November .. 6 January
        then: {outcome: deny}
"""


def test_the_ends_of_a_season_are_answers_worth_trying() -> None:
    document = {"as_of": "2027-03-01T09:00:00Z", "order": {}, "request": {"at": "2027-03-01T09:00:00Z"}}
    decision = load_policy(SEASON.encode(), "alder.yaml").decide("gift_wrap", document)
    assert decision.ask_first == "order.placed_at"
    tried = {step.answer: step.value for step in decision.leads_to["order.placed_at"]}
    assert tried == {
        date(2026, 11, 9): "deny",
        date(2026, 11, 10): "approve",
        date(2026, 11, 11): "approve",
        date(2027, 1, 5): "approve",
        date(2027, 1, 6): "approve",
        date(2027, 1, 7): "deny",
    }
