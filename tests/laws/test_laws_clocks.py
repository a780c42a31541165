"""Clocks in conditions: every kind of window and of timing, with events known, not yet, or not told, and the zone too."""

from datetime import UTC, date, datetime
from itertools import product

import pytest
from hypothesis import given
from laws_checks import broken, results, settled
from laws_choice import choices
from laws_facts import DAYS, INSTANTS, OWN_FACTS, ZONES, without
from laws_policies import CITES, CLAUSE, as_text
from laws_settings import tries

from engine import load_policy
from engine.values import windows
from engine.values.business import holiday_calendar
from engine.values.periods import CalendarPeriod, Elapsed
from engine.values.windows import WindowSpec
from engine.values.zones import zone

LENGTHS = {
    "3 days": CalendarPeriod(3, "days"),
    "1 month": CalendarPeriod(1, "months"),
    "2 business days": CalendarPeriod(2, "business days"),
    "0 days": CalendarPeriod(0, "days"),
    "36 hours": Elapsed(36 * 3600),
    "0 hours": Elapsed(0),
}
FORMS = [
    form
    for form in product(LENGTHS, ("after", "before"), ("inclusive", "exclusive"), ("day_0", "day_1"), ("fact", "fixed"))
    if form[3] == "day_0" or "hours" not in form[0]
]
TIMINGS = ("within {} after", "within {} before", "later than {} after", "at least {} after", "at least {} before")
CALENDAR_FORMS = (
    "line.seen_at falls in 1 May .. 3 May",
    "line.seen_at falls in 4 May .. 1 May",
    "weekday of line.seen_at == 'Monday'",
    "day of month of line.seen_at <= month of order.seen_at",
    "time of line.seen_at < 06:00",
    "order.seen_at <= line.seen_at at 18:00",
    "order.seen_at at 06:00 Pacific/Kiritimati >= line.seen_at",
    "start of line.seen_at < end of order.seen_at",
    "order.seen_at within 2 days after start of line.seen_at",
    "order.seen_at later than 36 hours after end of line.seen_at",
    "order.seen_at <= first business day on or after line.seen_at",
    "line.due_on < last day 31 on or before line.seen_at + 1 month",
    "earlier of (line.seen_at at 18:00, end of order.seen_at) > request.at",
)
FIXED = "Pacific/Kiritimati"
CALENDAR = holiday_calendar("US", None, (5, 6), date(2026, 1, 1), date(2026, 12, 31))


def clock_policy():
    """One output for each state of each form of window, for each timing, for comparisons, extremes and the calendar."""
    spans, formulas = {}, {}
    for i, (lasts, side, ends, first_day, where) in enumerate(FORMS):
        zone_of = "order.ship_to.timezone" if where == "fact" else FIXED
        spans[f"w{i}"] = {
            "lasts": lasts,
            side: "line.seen_at",
            "act": "order.seen_at",
            "zone": zone_of,
            "ends": ends,
            "anchor_is": first_day,
        }
        formulas[f"w{i}_open"] = ("boolean", f"w{i} is open")
        formulas[f"w{i}_passed"] = ("boolean", f"w{i} has passed")
        formulas[f"w{i}_begun"] = ("boolean", f"w{i} has begun")
    for i, (lasts, timing) in enumerate(product(LENGTHS, TIMINGS)):
        formulas[f"t{i}"] = ("boolean", f"line.seen_at {timing.format(lasts)} order.seen_at")
    for i, op in enumerate(("==", "!=", "<", "<=", ">", ">=")):
        formulas[f"c{i}"] = ("boolean", f"line.seen_at {op} order.seen_at")
        formulas[f"d{i}"] = ("boolean", f"line.seen_at {op} line.due_on")
        formulas[f"e{i}"] = ("boolean", f"earlier of (line.seen_at, order.seen_at) {op} request.at")
        formulas[f"l{i}"] = ("boolean", f"order.seen_at {op} later of (line.seen_at, request.at)")
    formulas |= {f"k{i}": ("boolean", form) for i, form in enumerate(CALENDAR_FORMS)}
    formulas["happened"] = ("boolean", "line.seen_at has happened")
    formulas["both"] = ("moment", "earlier of (line.seen_at, order.seen_at)")
    formulas["day"] = ("date", "date(line.seen_at)")
    document = {
        "policy": "clocks",
        "title": "Clocks",
        "version": "1",
        "currency": "USD",
        "timezone": "America/Denver",
        "calendar": {"weekend": ["saturday", "sunday"], "holidays": "US", "from": "2026-01-01", "until": "2027-01-01"},
        "sources": {"page": {"title": "?", "read_on": "2026-01-01", "sections": {"1": {"x-1": CLAUSE}}}},
        "facts": {name: spec for name, spec in OWN_FACTS.items() if name.split(".")[1] in ("seen_at", "due_on")},
        "windows": {name: spec | CITES for name, spec in spans.items()},
        "decisions": {
            "clocks": {
                "asks": "?",
                "for_each": "line in request.lines",
                "outputs": {name: {"type": kind, "roll_up": "each"} for name, (kind, _) in formulas.items()},
                "rules": {f"r_{name}": {"then": {name: text}} for name, (_, text) in formulas.items()},
            }
        },
    }
    return load_policy(as_text(document).encode())


@pytest.fixture(scope="module")
def policy():
    return clock_policy()


def event(choose, as_of, dates=True):
    kind = choose.below(8)
    if kind < 2:
        return {"not_by": choose.of(INSTANTS)}
    days = [d for d in DAYS if d <= as_of[:10]]
    return choose.of(days) if kind == 2 and dates else choose.of([i for i in INSTANTS if i <= as_of])


def case(choose):
    as_of = choose.of(INSTANTS[2:])
    line = {"seen_at": event(choose, as_of), "due_on": choose.of(DAYS)}
    order = {"seen_at": event(choose, as_of), "ship_to": {"timezone": choose.of(ZONES)}}
    return {
        "as_of": as_of,
        "request": {"at": choose.of([i for i in INSTANTS if i <= as_of]), "lines": [line]},
        "order": order,
    }


def barer(choose, full):
    """The same case before more was known: some facts not told, some events told as not yet seen at an earlier time."""
    gone = choose.some([("order", "ship_to", "timezone"), ("request", "lines", 0, "due_on")], 40)
    gone += choose.some([("order", "seen_at"), ("request", "lines", 0, "seen_at"), ("request", "at")], 10)
    less = without(full, gone)
    for holder in (less["order"], less["request"]["lines"][0]):
        told = holder.get("seen_at")
        told = told["not_by"] if isinstance(told, dict) else told
        if told in INSTANTS and choose.chance(50):
            before = INSTANTS[: INSTANTS.index(told)]
            if before:
                holder["seen_at"] = {"not_by": choose.of(before)}
    return less


@given(choices)
@tries(50)
def test_what_a_clock_says_stays_true_when_more_is_known(policy, choose):
    full = case(choose)
    less = barer(choose, full)
    assert not broken(policy, less, full)


@given(choices)
@tries(25)
def test_a_clock_that_says_nothing_names_what_could_make_it_speak(policy, choose):
    full = case(choose)
    gone = [("order", "ship_to", "timezone"), ("order", "seen_at"), ("request", "lines", 0, "seen_at")]
    gone = choose.some(gone, 70)
    names = {"timezone": "order.ship_to.timezone"}
    before = results(policy, without(full, gone))
    for path in gone:
        name = names.get(path[-1], "order.seen_at" if path[0] == "order" else "request.lines[0].seen_at")
        after = results(policy, without(full, [p for p in gone if p != path]))
        for place, result in before.items():
            if not settled(result) and name not in {cause.name for cause in result.causes}:
                assert not settled(after[place]), (place, name)


@given(choices)
@tries(60)
def test_a_window_in_a_condition_is_what_the_values_say_in_that_zone(policy, choose):
    full = case(choose)
    line, order = full["request"]["lines"][0], full["order"]
    line["seen_at"], order["seen_at"] = choose.of(INSTANTS[:3]), choose.of(INSTANTS[:3])
    anchor, act = (datetime.fromisoformat(x["seen_at"]).astimezone(UTC) for x in (line, order))
    found = {place.output: result.value for place, result in results(policy, full).items() if place.member == "all"}
    for i, (lasts, side, ends, first_day, where) in enumerate(FORMS):
        spec = WindowSpec(LENGTHS[lasts], side, ends == "inclusive", 1 if first_day == "day_1" else 0)
        name = order["ship_to"]["timezone"] if where == "fact" else FIXED
        state = windows.state(spec, anchor, act, zone(name), CALENDAR)
        said = (found[f"w{i}_open"], found[f"w{i}_passed"], found[f"w{i}_begun"])
        assert said == (state.value == "open", state.value == "passed", state.value != "not begun"), FORMS[i]


@given(choices)
@tries(12)
def test_an_unknown_zone_settles_a_window_exactly_if_every_zone_agrees(policy, choose):
    full = case(choose)
    line, order = full["request"]["lines"][0], full["order"]
    line["seen_at"], order["seen_at"] = choose.of(INSTANTS[:3]), choose.of(INSTANTS[:3])
    bare = results(policy, without(full, [("order", "ship_to", "timezone")]))
    said = []
    for name in (*ZONES, "Asia/Kolkata", "Pacific/Pago_Pago", "UTC"):
        order["ship_to"]["timezone"] = name
        said.append(results(policy, full))
    for place, result in bare.items():
        if settled(result):
            assert {one[place].value for one in said} == {result.value}, place
