"""The answers worth trying for a fact: all of a closed list; around each bound for moments, dates, numbers, amounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import ceil, floor

from engine.evaluate.decisions import Evaluation
from engine.evaluate.facts import CURRENCY_PATH
from engine.evaluate.trial import closed_answers, fact_at
from engine.language import core as c
from engine.language.case import Path
from engine.language.outcome import EMPTY, Env, Known
from engine.language.types import (
    CHARGED,
    Date,
    Decimal,
    FactType,
    Integer,
    MomentType,
    MoneyType,
    Percent,
    Text,
    Type,
    Words,
)
from engine.language.values import Value
from engine.language.walk import below, output_parts
from engine.values.day_patterns import Season, nearest_day
from engine.values.moments import NotYet
from engine.values.money import Money, is_currency, minor_unit
from engine.values.periods import CalendarPeriod, Elapsed, add_elapsed, add_period
from engine.values.postal_codes import AREA, CODE, COUNTRY, countries_of, countries_with
from engine.values.zones import FIRST_DAY, LAST_DAY

MAX_ANSWERS = 12
"""How many answers are tried for one fact."""

SOMETHING_ELSE = "something else"
"""Stands for a word that is in no list, where other words than those of the list may be given."""

Use = tuple[c.Expr, Env]


@dataclass(frozen=True)
class Worth:
    """The answers worth trying for a fact, in a stable order.

    `other` is the one of them that stands for every answer not among them: the policy does not tell those apart.
    `not_tried` counts answers that may lead elsewhere and were left out, since there are too many.
    """

    answers: tuple[Value, ...]
    other: Value | None = None
    not_tried: int = 0


class Answers:
    """Finds answers to try, from the conditions that read a fact."""

    def __init__(self, evaluation: Evaluation, decision: c.CoreDecision) -> None:
        self.evaluation = evaluation
        self.program = evaluation.program
        self.expressions = evaluation.expressions
        self.exprs = self._all(decision)

    def _all(self, decision: c.CoreDecision) -> list[c.Expr]:
        """Every expression of a decision and of the decisions it reads."""
        found: dict[int, c.Expr] = {}
        pending, seen = [decision.id], set[str]()
        while pending:
            name = pending.pop()
            if name in seen:
                continue
            seen.add(name)
            one = self.program.decisions[name]
            for output in one.outputs.values():
                for expr in below(output_parts(one, output)):
                    found[id(expr)] = expr
                    if isinstance(expr, c.OutputRef):
                        pending.append(expr.decision)
        if self.program.applies_when is not None:
            found.update((id(e), e) for e in below([self.program.applies_when]))
        return list(found.values())

    def for_fact(self, path: Path) -> tuple[Value, ...]:
        """Answers that can make a difference, in a stable order, at most `MAX_ANSWERS`."""
        return self.worth_trying(path).answers

    def worth_trying(self, path: Path) -> Worth:
        """The answers of `for_fact`, and what they say of those that are not among them."""
        fact = fact_at(self.program, path)
        if fact is None:
            return Worth(())
        if isinstance(fact.type, Words) and fact.type.closed and len(fact.type.words) <= MAX_ANSWERS:
            return Worth(fact.type.words)  # for people every word of a short list, also those that lead to the same
        if isinstance(fact.type, Words) and path != CURRENCY_PATH:
            return self._of_a_list(path, fact.type)
        closed = closed_answers(self.program, path)
        if closed:
            return Worth(closed)
        found: dict[Value, None] = {}
        for value in self._bounds(path):
            if isinstance(fact.type, Words | Text):
                if isinstance(value, str):
                    found[value] = None
                continue
            for near in _around(value, fact.type):
                if self._fits(near, fact):
                    found[near] = None
        if path == CURRENCY_PATH:
            found = {value: None for value in found if isinstance(value, str) and is_currency(value)}
        elif isinstance(fact.type, Words | Text):
            found[SOMETHING_ELSE] = None
        ordered = sorted(found, key=_sort_key)
        return Worth(tuple(ordered[:MAX_ANSWERS]), not_tried=len(ordered[MAX_ANSWERS:]))

    def _of_a_list(self, path: Path, kind: Words) -> Worth:
        """Every word of a list that is short: people like to see them all, also those that lead to the same.

        Of a long one first the words that something is compared with. If the policy does nothing else with the fact, one
        other word stands for all the others.
        """
        named = {value for value in self._bounds(path) if isinstance(value, str)}
        told_apart = self.program.representatives.get(str(path[-1]), ())
        other = told_apart[-1] if 0 < len(told_apart) < len(kind.words) else None
        named.update(word for word in told_apart if word != other)
        ordered = (*(word for word in kind.words if word in named), *sorted(named - set(kind.words)))
        first = tuple(dict.fromkeys((*ordered, *self._by_its_code(path, kind.words))))
        rest = [*([] if kind.closed else [SOMETHING_ELSE]), *(word for word in kind.words if word not in first)]
        if len(first) + len(rest) <= MAX_ANSWERS:
            return Worth(tuple(sorted((*first, *rest))))
        if told_apart and rest:
            other, most = other or rest[0], MAX_ANSWERS - 1
            return Worth((*first[:most], other), other, len(first[most:]))
        found = (*first, *rest)
        return Worth(found[:MAX_ANSWERS], not_tried=len(found[MAX_ANSWERS:]))

    def _by_its_code(self, path: Path, words: tuple[str, ...]) -> Iterator[str]:
        """The countries that a postal code may be of, where something hangs on its parts."""
        if path[-1] != COUNTRY or not any(isinstance(e, c.FactRef) and e.fact.parts_of for e in self.exprs):
            return
        code = self.evaluation.case.facts.get((*path[:-1], CODE))
        if isinstance(code, str):
            yield from (country for country in countries_of(code) if country in words)
        else:
            for area in self._bounds((*path[:-1], *AREA)):
                yield from (country for country in countries_with(str(area)) if country in words)

    def _fits(self, value: Value, fact: FactType) -> bool:
        """Whether a value could be given for a fact: of its type, in the case's currency, within its bounds, not to come."""
        match fact.type:
            case MomentType():
                return isinstance(value, date) and (fact.planned or not self._to_come(value))
            case Date():
                return isinstance(value, date) and not isinstance(value, datetime)
            case MoneyType(currency=currency):
                if not isinstance(value, Money):
                    return False
                charged = self.evaluation.facts.currency() if currency == CHARGED else currency
                return value.currency == charged and _within(value.amount, fact)
            case Integer():
                return isinstance(value, int) and not isinstance(value, bool) and _within(value, fact)
            case Decimal():
                return isinstance(value, int | Fraction) and not isinstance(value, bool) and _within(value, fact)
            case Percent():
                return isinstance(value, int | Fraction) and not isinstance(value, bool) and _within(value * 100, fact)
        return False

    def _to_come(self, value: date) -> bool:
        as_of = self.evaluation.case.as_of
        if as_of is None:
            return False
        return value > as_of if isinstance(value, datetime) else value > as_of.date()

    def _bounds(self, path: Path) -> Iterator[Value]:
        for expr in self.exprs:
            if isinstance(expr, c.Op):
                for env in self._envs(expr.args, path):
                    yield from self._op_bounds(expr, path, env)
            elif isinstance(expr, c.WindowTest | c.WindowPart):
                window = expr.window
                for env in self._envs((window.anchor, window.act), path):
                    yield from self._window_bounds(window, path, env)

    def _envs(self, parts: Iterable[c.Expr], path: Path) -> Iterator[Env]:
        """The environments in which one of the parts reads the fact at `path`."""
        for part in parts:
            for ref in below([part]):
                if not isinstance(ref, c.FactRef):
                    continue
                if ref.variable is None and ref.fields == path:
                    yield EMPTY
                    yield from self._member_envs()
                elif ref.variable is not None and path[len(path) - len(ref.fields) :] == ref.fields:
                    yield EMPTY.bind(ref.variable, path[: len(path) - len(ref.fields)])

    def _member_envs(self) -> Iterator[Env]:
        for name in ("line",):
            length = self.evaluation.facts.length(("request", "lines")) or 0
            for i in range(min(length, 3)):
                yield EMPTY.bind(name, ("request", "lines", i))

    def _value(self, expr: c.Expr, env: Env) -> Value | None:
        try:
            found = self.expressions.value(expr, env)
        except KeyError:  # a variable of an inner list expression: no single bound there
            return None
        return found.value if isinstance(found, Known) and not isinstance(found.value, NotYet) else None

    def _reads(self, expr: c.Expr, path: Path, env: Env) -> bool:
        for ref in below([expr]):
            if isinstance(ref, c.FactRef):
                try:
                    if self.expressions.path(ref, env) == path:
                        return True
                except KeyError:
                    continue
        return False

    def _op_bounds(self, expr: c.Op, path: Path, env: Env) -> Iterator[Value]:
        mine = [self._reads(arg, path, env) for arg in expr.args]
        if expr.key in ("less", "less_equal", "equal", "not_equal", "in_values"):
            for arg, reads in zip(expr.args, mine, strict=True):
                value = None if reads else self._value(arg, env)
                if isinstance(value, tuple):
                    yield from value
                elif value is not None:
                    yield value
        elif isinstance(expr.detail, Season):
            if mine[0]:
                yield from self._season_bounds(expr.detail)
        elif expr.key.endswith(("_after", "_before")):
            x, period, y = expr.args
            length = self._value(period, env)
            sign = -1 if expr.key.endswith("_before") else 1
            if mine[0]:
                yield from self._shifted(self._value(y, env), length, sign)
            elif mine[2]:
                yield from self._shifted(self._value(x, env), length, -sign)

    def _season_bounds(self, season: Season) -> Iterator[Value]:
        """The ends of a season that came last before the facts were true."""
        as_of = self.evaluation.case.as_of
        if as_of is None:
            return
        day = self.expressions.arithmetic.day(as_of)
        with suppress(ValueError):  # an end before the days covered
            yield nearest_day(season.first, day, None, -1)
            yield nearest_day(season.last, day, None, -1)

    def _window_bounds(self, window: c.WindowUse, path: Path, env: Env) -> Iterator[Value]:
        length = self._value(window.lasts, env)
        sign = 1 if window.side == "after" else -1
        if self._reads(window.act, path, env):
            yield from self._shifted(self._value(window.anchor, env), length, sign)
        elif self._reads(window.anchor, path, env):
            yield from self._shifted(self._value(window.act, env), length, -sign)

    def _shifted(self, moment: Value | None, length: Value | None, sign: int) -> Iterator[Value]:
        """A moment moved by a length of time, and the moment itself."""
        if not isinstance(moment, date):
            return
        yield moment
        try:
            if isinstance(length, Elapsed) and isinstance(moment, datetime):
                yield add_elapsed(moment, length, sign)
            elif isinstance(length, CalendarPeriod):
                day = self.expressions.arithmetic.day(moment)
                yield add_period(day, length, self.program.calendar, sign)
        except ValueError:
            return


def _around(value: Value, kind: Type) -> Iterator[Value]:
    """One before, at, and one after, in steps that a fact of this type can make: a day, a coin, one percent, one."""
    if isinstance(value, datetime):
        if isinstance(kind, Date):
            value = value.date()
        else:
            yield from (value + timedelta(seconds=n) for n in (-1, 0, 1))
            return
    if isinstance(value, date):
        for n in (-1, 0, 1):
            day = value + timedelta(days=n)
            if FIRST_DAY <= day <= LAST_DAY:
                yield day
    elif isinstance(value, Money):
        step = minor_unit(value.currency)
        yield from (Money(value.amount + n * step, value.currency) for n in (-1, 0, 1))
    elif isinstance(value, int | Fraction) and not isinstance(value, bool):
        if isinstance(kind, Integer):
            yield from sorted({n for bound in (floor(value), ceil(value)) for n in (bound - 1, bound, bound + 1)})
        elif isinstance(kind, Percent):
            yield from (value + Fraction(n, 100) for n in (-1, 0, 1))
        else:
            yield from (value + n for n in (-1, 0, 1))


def _within(size: int | Fraction, fact: FactType) -> bool:
    return (fact.minimum is None or size >= fact.minimum) and (fact.maximum is None or size <= fact.maximum)


def _sort_key(value: Value) -> tuple[str, str, Fraction]:
    if isinstance(value, Money):
        return ("money", value.currency, value.amount)
    if isinstance(value, int | Fraction):
        return ("number", "", Fraction(value))
    if isinstance(value, datetime):
        return ("time", value.isoformat(), Fraction(0))
    return ("other", str(value), Fraction(0))
