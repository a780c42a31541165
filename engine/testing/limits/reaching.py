"""Moving a case to a limit, and making a case in which conditions come to what they should: several facts at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction

from engine.evaluate.answers import Answers
from engine.evaluate.decisions import Evaluation
from engine.language import core as c
from engine.language.case import Path
from engine.language.outcome import Env, Known
from engine.language.types import Boolean
from engine.language.values import Value
from engine.testing.limits.days import day_test, moved, nearest
from engine.testing.limits.of_case import Use, facts_of, use_of
from engine.testing.limits.of_policy import Goal, Side, kind_of
from engine.testing.variations import Start, data_of, said
from engine.values.money import Money, minor_unit

_MAX_STEPS = 6
"""How many facts are changed for a condition."""

_MAX_TRIES = 240
"""How many changed cases are looked at for a condition."""

_TARGET: dict[Side, int] = {"at": 0, "clock_change": 0, "below": -1, "above": 1}


def aimed(program: c.Program, start: Start, use: Use, side: Side) -> Iterator[tuple[str, Start]]:
    """The case with each of the facts of a limit moved to one side of it; then the whole case moved with it."""
    evaluation = start.evaluation(program)
    days = list(_days(evaluation, use, side))
    for path in use.facts:
        now = evaluation.case.facts.get(path)
        for value in (*_on_edges(evaluation, now, days), *_by_gap(use, now, side)):
            yield from _with(program, start, path, value)
    for path in use.facts:
        now = evaluation.case.facts.get(path)
        for value in (
            _on_edges(evaluation, now, days) if use.unit == "days" and not use.gap else _by_gap(use, now, side)
        ):
            if isinstance(now, date) and isinstance(value, date):
                yield from _shifted(program, start, path, now, value)


def _with(program: c.Program, start: Start, path: Path, value: Value) -> Iterator[tuple[str, Start]]:
    try:
        made = start.with_fact(program, path, value)
        yield said(path, data_of(program, path, value), made.document), made
    except ValueError:
        return


def _shifted(program: c.Program, start: Start, path: Path, now: date, value: date) -> Iterator[tuple[str, Start]]:
    """The whole case moved in time, so that one of its moments is where it should be."""
    by = value - now if isinstance(value, datetime) == isinstance(now, datetime) else timedelta(0)
    try:
        made = start.shifted(program, by)
        yield f"{said(path, data_of(program, path, value), made.document)}, and all else moved with it", made
    except (ValueError, OverflowError):
        return


def _days(evaluation: Evaluation, use: Use, side: Side) -> Iterator[tuple[date, date]]:
    """For a condition on days: the days on this edge, each with the day of the case."""
    if not isinstance(use.expr, c.Op) or kind_of(use.expr) != "days" or side in _TARGET:
        return
    test = day_test(evaluation.expressions, use.expr, use.env)
    if test is not None:
        yield from ((day, test.day) for day in nearest(test, side))


def _on_edges(evaluation: Evaluation, now: Value | None, days: list[tuple[date, date]]) -> Iterator[Value]:
    for day, today in days:
        if isinstance(now, date):
            try:
                yield moved(now, day, today)
            except OverflowError:
                continue


def _by_gap(use: Use, now: Value | None, side: Side) -> Iterator[Value]:
    """The value moved by as much as the case is away from the limit, either way."""
    if use.gap is None or side not in _TARGET:
        return
    by = _TARGET[side] - use.gap
    for step in (by, -by):
        try:
            if isinstance(now, datetime):
                yield now + (timedelta(seconds=float(step)) if use.unit == "seconds" else timedelta(days=int(step)))
            elif isinstance(now, date) and use.unit != "seconds":
                yield now + timedelta(days=int(step))
            elif isinstance(now, Money) and use.unit == "coins":
                yield Money(now.amount + step * minor_unit(now.currency), now.currency)
            elif isinstance(now, int | Fraction) and not isinstance(now, bool) and use.unit == "ones":
                yield int(now + step) if isinstance(now, int) and step.denominator == 1 else now + step
        except (ValueError, OverflowError):
            continue


@dataclass(frozen=True)
class _State:
    """A case on the way to what is wanted: the parts of the conditions that are not yet what they should be."""

    start: Start
    words: tuple[str, ...]
    open_ones: tuple[Goal, ...]


class Reaching:
    """Makes cases of one program in which conditions come to what they should."""

    def __init__(self, program: c.Program) -> None:
        self.program = program

    def meets(self, start: Start, condition: c.Expr, truth: bool, env: Env) -> bool:
        """Whether a condition comes to what it should in a case."""
        return start.evaluation(self.program).expressions.value(condition, env) == Known(truth)

    def make(self, start: Start, goals: tuple[Goal, ...], env: Env) -> Iterator[tuple[str, Start]]:
        """A case made from this one by changing one fact after the other, each time the one that brings it nearest."""
        state = _State(start, (), self._open(start, goals, env))
        left = _MAX_TRIES
        for _ in range(_MAX_STEPS):
            best = state
            for words, one in self._moves(state, env):
                left -= 1
                found = self._open(one, goals, env)
                if len(found) < len(best.open_ones) and not one.decoded(self.program).errors:
                    best = _State(one, (*state.words, words), found)
                if not best.open_ones or left <= 0:
                    break
            if not best.open_ones:
                yield ", ".join(best.words), best.start
                return
            if best is state or left <= 0:
                return
            state = best

    def _moves(self, state: _State, env: Env) -> Iterator[tuple[str, Start]]:
        evaluation = state.start.evaluation(self.program)
        answers = Answers(evaluation, self.program.decisions[state.start.ask])
        for part, truth in state.open_ones:
            use = use_of(evaluation, "", part, env)
            if use is not None:
                wanted: tuple[Side, ...] = ("at", "below", "above")
                if kind_of(part) == "days":
                    wanted = ("first", "last") if truth else ("before_first", "after_last")
                for side in wanted:
                    yield from aimed(self.program, state.start, use, side)
            for path in dict.fromkeys(facts_of(evaluation.expressions, part, env)):
                for value in answers.for_fact(path):
                    yield from _with(self.program, state.start, path, value)

    def _open(self, start: Start, goals: tuple[Goal, ...], env: Env) -> tuple[Goal, ...]:
        evaluation = start.evaluation(self.program)
        return tuple(part for goal in goals for part in _open_parts(evaluation, goal, env))


def _open_parts(evaluation: Evaluation, goal: Goal, env: Env) -> list[Goal]:
    """The comparisons that keep a condition from being what it should be; of several ways the shortest."""
    expr, truth = goal
    if evaluation.expressions.value(expr, env) == Known(truth):
        return []
    match expr:
        case c.Named(body=body) if isinstance(body.type, Boolean):
            return _open_parts(evaluation, (body, truth), env)
        case c.Not(operand=operand):
            return _open_parts(evaluation, (operand, not truth), env)
        case c.Logic(op=op, parts=parts):
            ways = [_open_parts(evaluation, (part, truth), env) for part in parts]
            if (op == "and") == truth:
                return [one for way in ways for one in way]
            return min(ways, key=len)
    return [goal]
