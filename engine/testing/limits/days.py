"""The edges of conditions on days: `falls in 1 December .. 31 December`, `month of D == 12`, `weekday of D in [...]`.

Such a condition holds on some days of the calendar and not on others. Its limits are the days on which that changes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from engine.evaluate.expressions import Expressions
from engine.language import core as c
from engine.language.outcome import Env, Known
from engine.language.values import Value
from engine.testing.limits.of_policy import Side, day_part
from engine.values.day_patterns import WEEKDAYS, Season
from engine.values.zones import FIRST_DAY, LAST_DAY

_FARTHEST = 400
"""How many days away an edge is looked for: there is one in every year, or none."""

_ONE = timedelta(days=1)


@dataclass(frozen=True)
class DayTest:
    """A condition on a day: the day in this case, and whether the condition holds on any other."""

    day: date
    holds: Callable[[date], bool]


def day_test(expressions: Expressions, expr: c.Op, env: Env) -> DayTest | None:
    """The condition as it stands in a case; None if its day, or what it is compared with, is not known."""
    part = day_part(expr)
    if part is None:
        return None
    found = expressions.value(part.args[0], env)
    if not isinstance(found, Known) or not isinstance(found.value, date):
        return None
    day = expressions.arithmetic.day(found.value)
    if isinstance(part.detail, Season):
        season = part.detail
        return DayTest(day, lambda one: one in season)
    found_others = [expressions.value(arg, env) for arg in expr.args if arg is not part]
    others = [other.value for other in found_others if isinstance(other, Known)]
    if len(others) < len(found_others):
        return None
    first = expr.args[0] is part
    return DayTest(day, lambda one: _compares(expr.key, _part(part.key, one), others, first))


def _part(key: str, day: date) -> Value:
    match key:
        case "weekday":
            return WEEKDAYS[day.weekday()]
        case "month":
            return day.month
        case "year":
            return day.year
    return day.day


def _compares(key: str, mine: Value, others: list[Value], first: bool) -> bool:
    if key == "in_values":
        return any(mine in one if isinstance(one, tuple) else mine == one for one in others)
    (other,) = others
    if key in ("equal", "not_equal"):
        return (mine == other) == (key == "equal")
    if not isinstance(mine, int) or not isinstance(other, int):
        return False
    less, more = (mine, other) if first else (other, mine)
    return less < more if key == "less" else less <= more


def sides_of(holds: Callable[[date], bool], day: date) -> frozenset[Side]:
    """The edges on which a day lies."""
    found: set[Side] = set()
    now = holds(day)
    if day > FIRST_DAY and holds(day - _ONE) != now:
        found.add("first" if now else "after_last")
    if day < LAST_DAY and holds(day + _ONE) != now:
        found.add("last" if now else "before_first")
    return frozenset(found)


def nearest(test: DayTest, side: Side) -> Iterator[date]:
    """The nearest days on an edge, after the day of the case and before it."""
    for sign in (1, -1):
        for n in range(_FARTHEST):
            day = test.day + sign * n * _ONE
            if not FIRST_DAY < day < LAST_DAY:
                break
            if side in sides_of(test.holds, day):
                yield day
                break


def moved(moment: date, day: date, now: date) -> date:
    """A moment, or a bare date, moved from the day it is on to another one; the time of day stays."""
    return moment + (day - now) if isinstance(moment, datetime) else day
