"""The limits that a case comes to, and which sides of them it touches: the last day and the day after, the exact amount and
a cent beside it, the first day of a season and the day before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Literal
from zoneinfo import ZoneInfo

from engine.base.source import Span
from engine.evaluate.decisions import Evaluation
from engine.evaluate.expressions import Expressions
from engine.language import core as c
from engine.language.case import Path
from engine.language.outcome import Env, Known
from engine.language.types import ElapsedType
from engine.language.values import Value
from engine.language.walk import below
from engine.testing.coverage.conditions import Conditions
from engine.testing.coverage.counting import Walk
from engine.testing.limits.days import day_test, sides_of
from engine.testing.limits.of_policy import Clock, Key, Side, branch_of, elapsed, inside, key_of, kind_of, tables
from engine.values.moments import NotYet
from engine.values.money import Money, minor_unit
from engine.values.periods import CalendarPeriod, Elapsed, add_elapsed, add_period
from engine.values.zones import local_date, zone

Unit = Literal["days", "seconds", "coins", "ones"]


@dataclass(frozen=True)
class Use:
    """A limit in a case: where it was evaluated, the facts it reads, and how far the case is from it.

    `gap` counts days, seconds, smallest coins or whole numbers from the limit to the value; None if that is not known.
    `branch` is the length of a window that counts in this case, if it has several. `met` are the sides that are touched.
    """

    expr: c.Expr
    env: Env
    name: str
    facts: tuple[Path, ...]
    gap: Fraction | None = None
    unit: Unit | None = None
    clock: Clock | None = None
    branch: Span | None = None
    met: frozenset[Side] = field(default=frozenset())

    def key(self, side: Side) -> Key:
        """What tells a side of this limit from all others."""
        return key_of(self.expr, side, self.branch)

    def touched(self) -> Iterator[Key]:
        """The sides that this case touches."""
        for side in sorted(self.met):
            yield self.key(side)


def uses(evaluation: Evaluation, conditions: Conditions) -> list[Use]:
    """Every limit that was evaluated in a case."""
    found: list[Use] = []

    def part(whose: str, expr: c.Expr, env: Env) -> None:
        for one in inside(expr):
            use = use_of(evaluation, whose, one, env)
            if use is not None:
                found.append(use)

    Walk(evaluation, conditions, part).all()
    read = tables(evaluation.program)
    for identity, env in evaluation.outputs.evaluated():
        if identity in read:
            table, rows = read[identity]
            for row in rows:
                for cell in row.when:
                    part(f"row `{table}.{row.id}`", cell, env)
    return found


def use_of(evaluation: Evaluation, whose: str, expr: c.Expr, env: Env) -> Use | None:
    """A limit as it stands in a case; None if the expression is none, or reads no fact."""
    if isinstance(expr, c.WindowTest):
        return _window(evaluation, expr, env)
    kind = kind_of(expr)
    if kind is None or not isinstance(expr, c.Op):
        return None
    expressions = evaluation.expressions
    facts = tuple(dict.fromkeys(path for arg in expr.args for path in facts_of(expressions, arg, env)))
    if not facts:
        return None
    if kind == "days":
        test = day_test(expressions, expr, env)
        met: frozenset[Side] = frozenset() if test is None else sides_of(test.holds, test.day)
        return Use(expr, env, whose, facts, unit="days", met=met)
    values = [_known(expressions, arg, env) for arg in expr.args]
    known = [value for value in values if value is not None]
    if len(known) < len(values):
        return Use(expr, env, whose, facts)
    try:
        gap, unit = _gap(evaluation, expr, known)
    except ValueError:
        gap, unit = None, None
    met = _met(gap)
    if elapsed(expr) and met and _across(known[0], known[2], zone(evaluation.program.timezone)):
        met |= {"clock_change"}
    return Use(expr, env, whose, facts, gap, unit, met=met)


def _met(gap: Fraction | None) -> frozenset[Side]:
    if gap is None or not -1 <= gap <= 1:
        return frozenset()
    side: Side = "at" if gap == 0 else ("below" if gap < 0 else "above")
    return frozenset((side,))


def _across(one: Value, other: Value, where: ZoneInfo) -> bool:
    """Whether the clocks show another time in the one moment than they would have in the other."""
    if not isinstance(one, datetime) or not isinstance(other, datetime):
        return False
    return one.astimezone(where).utcoffset() != other.astimezone(where).utcoffset()


def _gap(evaluation: Evaluation, expr: c.Op, values: list[Value]) -> tuple[Fraction | None, Unit | None]:
    if expr.key in ("less", "less_equal"):
        return steps(evaluation, values[0], values[1])
    moment, length, anchor = values
    sign = -1 if expr.key.endswith("_before") else 1
    day = evaluation.expressions.arithmetic.day
    if isinstance(length, Elapsed) and isinstance(anchor, datetime) and isinstance(moment, datetime):
        return steps(evaluation, moment, add_elapsed(anchor, length, sign))
    if isinstance(length, CalendarPeriod) and isinstance(anchor, date) and isinstance(moment, date):
        end = add_period(day(anchor), length, evaluation.program.calendar, sign)
        return Fraction((day(moment) - end).days), "days"
    return None, None


def steps(evaluation: Evaluation, one: Value, other: Value) -> tuple[Fraction | None, Unit | None]:
    """How many of the smallest steps lie from the other value to the one: coins, days, seconds, ones."""
    if isinstance(one, Money) and isinstance(other, Money):
        return (one.amount - other.amount) / minor_unit(one.currency), "coins"
    if isinstance(one, datetime) and isinstance(other, datetime):
        return Fraction((one - other) / timedelta(seconds=1)).limit_denominator(10**6), "seconds"
    if isinstance(one, date) and isinstance(other, date):
        day = evaluation.expressions.arithmetic.day
        return Fraction((day(one) - day(other)).days), "days"
    if isinstance(one, time) and isinstance(other, time):
        return Fraction(_seconds(one) - _seconds(other)), "seconds"
    numbers = isinstance(one, int | Fraction) and isinstance(other, int | Fraction)
    if numbers and not isinstance(one, bool) and not isinstance(other, bool):
        return Fraction(one) - Fraction(other), "ones"  # type: ignore[arg-type]
    return None, None


def _seconds(clock: time) -> int:
    return (clock.hour * 60 + clock.minute) * 60 + clock.second


def _window(evaluation: Evaluation, expr: c.WindowTest, env: Env) -> Use:
    window = expr.window
    expressions = evaluation.expressions
    reading = expressions.clocks.read(window, env)
    parts = (window.act, window.anchor)
    facts = tuple(dict.fromkeys(path for arg in parts for path in facts_of(expressions, arg, env)))
    counts_time = isinstance(window.lasts.type, ElapsedType)
    gap: Fraction | None = None
    across = False
    act = _known(expressions, window.act, env)
    name = reading.zone.value if isinstance(reading.zone, Known) else None
    where = zone(name) if isinstance(name, str) else zone(evaluation.program.timezone)
    if reading.end is not None and isinstance(act, date):
        if counts_time and reading.end.end is not None and isinstance(act, datetime):
            gap, _ = steps(evaluation, act, reading.end.end)
            anchor = _known(expressions, window.anchor, env)
            across = anchor is not None and _across(anchor, act, where)
        elif not counts_time and reading.end.last_day is not None:
            day = local_date(act, where) if isinstance(act, datetime) else act
            gap = Fraction((day - reading.end.last_day).days)
    met = _met(gap)
    if across and met:
        met |= {"clock_change"}
    clock: Clock = "time" if counts_time else "days"
    unit: Unit = "seconds" if counts_time else "days"
    branch = branch_of(window.lasts, lambda condition: expressions.value(condition, env))
    return Use(expr, env, f"window `{window.name}`", facts, gap, unit, clock, branch, met)


def _known(expressions: Expressions, expr: c.Expr, env: Env) -> Value | None:
    found = expressions.value(expr, env)
    return found.value if isinstance(found, Known) and not isinstance(found.value, NotYet) else None


def facts_of(expressions: Expressions, expr: c.Expr, env: Env) -> Iterator[Path]:
    """The places of the facts that a value is made of, without those in lists."""
    for one in below([expr]):
        if isinstance(one, c.FactRef) and (one.variable is None or isinstance(env.bindings.get(one.variable), tuple)):
            yield expressions.path(one, env)
