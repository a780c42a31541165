"""The thresholds of a policy, and which sides of them a case touches: the last day and the day after, the exact amount and a
cent beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Literal

from engine.base.source import Span
from engine.evaluate.decisions import Evaluation
from engine.evaluate.expressions import Expressions
from engine.language import core as c
from engine.language.case import Path
from engine.language.outcome import Env, Known
from engine.language.types import Boolean, ElapsedType, Words
from engine.language.values import Value
from engine.language.walk import below, children
from engine.testing.conditions import Conditions, Place, place_of
from engine.testing.coverage import Walk
from engine.values.moments import NotYet
from engine.values.money import Money, minor_unit
from engine.values.periods import CalendarPeriod, Elapsed, add_elapsed, add_period
from engine.values.zones import local_date, zone

Side = Literal["at", "below", "above", "clock_change"]


@dataclass(frozen=True)
class Threshold:
    """One side of a limit. `span` is the condition with the limit, `name` a word for it."""

    place: Place
    span: Span
    side: Side
    name: str
    clock: Literal["days", "time"] | None = None
    """For a window: whether it counts days or lasts a stretch of time."""

    @property
    def key(self) -> tuple[Place, Side]:
        """What tells sides apart."""
        return (self.place, self.side)


@dataclass(frozen=True)
class Use:
    """A limit in a case: where it was evaluated, the facts it reads, and how far the case is from it.

    `gap` counts days, seconds, smallest coins or whole numbers from the limit to the value; None if that is not known.
    """

    span: Span
    name: str
    sides: tuple[Side, ...]
    gap: Fraction | None
    facts: tuple[Path, ...]
    across_clock_change: bool = False
    clock: Literal["days", "time"] | None = None

    def thresholds(self) -> Iterator[Threshold]:
        """The sides that cases should touch."""
        for side in self.sides:
            yield Threshold(place_of(self.span), self.span, side, self.name, self.clock)

    def touched(self) -> Iterator[tuple[Place, Side]]:
        """The sides that this case touches."""
        place = place_of(self.span)
        if self.across_clock_change:
            yield (place, "clock_change")
        if self.gap is None:
            return
        if self.gap == 0:
            yield (place, "at")
        elif -1 <= self.gap < 0:
            yield (place, "below")
        elif 0 < self.gap <= 1:
            yield (place, "above")


_SIDES: dict[str, tuple[Side, ...]] = {
    "less": ("at", "below"),
    "less_equal": ("at", "above"),
    "within_after": ("at", "above"),
    "later_than_after": ("at", "above"),
    "at_least_after": ("at", "below"),
    "within_before": ("at", "below"),
    "at_least_before": ("at", "above"),
}


def uses(evaluation: Evaluation, conditions: Conditions) -> list[Use]:
    """Every limit that was evaluated in a case."""
    found: list[Use] = []

    def part(whose: str, expr: c.Expr, env: Env) -> None:
        for one in _inside(expr):
            use = _use(evaluation, whose, one, env)
            if use is not None:
                found.append(use)

    Walk(evaluation, conditions, part).all()
    return found


def _inside(expr: c.Expr) -> Iterator[c.Expr]:
    """The comparisons in one part of a condition; what stands in a definition or a list comes by itself."""
    yield expr
    if isinstance(expr, c.Derived | c.Over) or (isinstance(expr, c.Named) and isinstance(expr.type, Boolean)):
        return
    if not isinstance(expr, c.WindowTest | c.WindowPart | c.TableRead):
        for one in children(expr):
            yield from _inside(one)


def _use(evaluation: Evaluation, whose: str, expr: c.Expr, env: Env) -> Use | None:
    expressions = evaluation.expressions
    if isinstance(expr, c.WindowTest):
        return _window(evaluation, expr, env)
    if not isinstance(expr, c.Op) or expr.key not in _SIDES:
        return None
    if any(isinstance(arg.type, Words) for arg in expr.args):
        return None
    values = [_known(expressions, arg, env) for arg in expr.args]
    facts = tuple(dict.fromkeys(path for arg in expr.args for path in facts_of(expressions, arg, env)))
    if not facts:
        return None
    gap: Fraction | None = None
    if all(value is not None for value in values):
        try:
            gap = _gap(evaluation, expr, [v for v in values if v is not None])
        except ValueError:
            gap = None
    return Use(expr.span, whose, _SIDES[expr.key], gap, facts)


def _gap(evaluation: Evaluation, expr: c.Op, values: list[Value]) -> Fraction | None:
    if expr.key in ("less", "less_equal"):
        return steps(evaluation, values[0], values[1])
    moment, length, anchor = values
    sign = -1 if expr.key.endswith("_before") else 1
    day = evaluation.expressions.arithmetic.day
    if isinstance(length, Elapsed) and isinstance(anchor, datetime) and isinstance(moment, datetime):
        return steps(evaluation, moment, add_elapsed(anchor, length, sign))
    if isinstance(length, CalendarPeriod) and isinstance(anchor, date) and isinstance(moment, date):
        end = add_period(day(anchor), length, evaluation.program.calendar, sign)
        return Fraction((day(moment) - end).days)
    return None


def steps(evaluation: Evaluation, one: Value, other: Value) -> Fraction | None:
    """How many of the smallest steps lie from the other value to the one: coins, days, seconds, ones."""
    if isinstance(one, Money) and isinstance(other, Money):
        return (one.amount - other.amount) / minor_unit(one.currency)
    if isinstance(one, datetime) and isinstance(other, datetime):
        return Fraction((one - other) / timedelta(seconds=1)).limit_denominator(10**6)
    if isinstance(one, date) and isinstance(other, date):
        day = evaluation.expressions.arithmetic.day
        return Fraction((day(one) - day(other)).days)
    numbers = isinstance(one, int | Fraction) and isinstance(other, int | Fraction)
    if numbers and not isinstance(one, bool) and not isinstance(other, bool):
        return Fraction(one) - Fraction(other)  # type: ignore[arg-type]
    return None


def _window(evaluation: Evaluation, expr: c.WindowTest, env: Env) -> Use | None:
    window = expr.window
    expressions = evaluation.expressions
    reading = expressions.clocks.read(window, env)
    parts = (window.act, window.anchor)
    facts = tuple(dict.fromkeys(path for arg in parts for path in facts_of(expressions, arg, env)))
    elapsed = isinstance(window.lasts.type, ElapsedType)
    sides: tuple[Side, ...] = ("at", "above", "clock_change") if elapsed else ("at", "above")
    gap, across = None, False
    act = _known(expressions, window.act, env)
    name = reading.zone.value if isinstance(reading.zone, Known) else None
    where = zone(name) if isinstance(name, str) else zone(evaluation.program.timezone)
    if reading.end is not None and isinstance(act, date):
        if elapsed and reading.end.end is not None and isinstance(act, datetime):
            gap = steps(evaluation, act, reading.end.end)
            anchor = _known(expressions, window.anchor, env)
            if isinstance(anchor, datetime) and gap is not None and -1 <= gap <= 1:
                across = anchor.astimezone(where).utcoffset() != act.astimezone(where).utcoffset()
        elif not elapsed and reading.end.last_day is not None:
            day = local_date(act, where) if isinstance(act, datetime) else act
            gap = Fraction((day - reading.end.last_day).days)
    return Use(window.span, f"window `{window.name}`", sides, gap, facts, across, "time" if elapsed else "days")


def _known(expressions: Expressions, expr: c.Expr, env: Env) -> Value | None:
    found = expressions.value(expr, env)
    return found.value if isinstance(found, Known) and not isinstance(found.value, NotYet) else None


def facts_of(expressions: Expressions, expr: c.Expr, env: Env) -> Iterator[Path]:
    """The places of the facts that a value is made of, without those in lists."""
    for one in below([expr]):
        if isinstance(one, c.FactRef) and (one.variable is None or isinstance(env.bindings.get(one.variable), tuple)):
            yield expressions.path(one, env)
