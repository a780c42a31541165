"""The windows that a rule comes to in a case, and how each of them stands there."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from typing import cast

from engine.evaluate.clocks import Reading
from engine.evaluate.decisions import Evaluation
from engine.language import core as c
from engine.language.decision import Deadline
from engine.language.outcome import Env, Known, Unknown
from engine.language.types import ElapsedType
from engine.language.walk import below, children, free_variables, rule_parts, windows_of
from engine.values.moments import NotYet


@lru_cache(maxsize=16_384)
def rule_windows(rule: c.CoreRule, bound: frozenset[str] | None = None) -> tuple[c.WindowUse, ...]:
    """The windows that a rule reads (of what `bound` stands for); worked out once, too."""
    return tuple(windows_of(rule_parts([rule]), bound))


@lru_cache(maxsize=16_384)
def chooses_windows(rule: c.CoreRule) -> bool:
    """Whether an `if` of the rule chooses between windows, so that the case says which of them it comes to."""
    return any(isinstance(e, c.If) and any(True for _ in windows_of([e])) for e in below(rule_parts([rule])))


def windows_come_to(evaluation: Evaluation, rule: c.CoreRule, env: Env) -> Iterable[c.WindowUse]:
    """The windows of this member (or order) that a rule reads, without those of a side of an `if` it does not take."""
    bound = frozenset(env.bindings)
    if not chooses_windows(rule):
        return rule_windows(rule, bound)

    def taken(expr: c.Expr) -> tuple[c.Expr, ...]:
        if isinstance(expr, c.If) and all(name in bound for name in free_variables([expr.condition])):
            condition = evaluation.expressions.value(expr.condition, env)
            if isinstance(condition, Known):
                return (expr.condition, expr.then if condition.value else expr.otherwise)
        return children(expr)

    return windows_of(rule_parts([rule]), bound, taken)


def _chosen(evaluation: Evaluation, expr: c.Expr, env: Env) -> c.Expr:
    """The part of a formula that counts here: of a choice whose condition is known, the branch that it takes."""
    body = expr.body if isinstance(expr, c.Named) else expr
    if isinstance(body, c.If):
        condition = evaluation.expressions.value(body.condition, env)
        if isinstance(condition, Known):
            return _chosen(evaluation, body.then if condition.value else body.otherwise, env)
    return expr


def deadline(evaluation: Evaluation, window: c.WindowUse, env: Env) -> Deadline:
    """A window as it stands in a case."""
    clocks = evaluation.expressions.clocks
    reading: Reading = clocks.read(window, env)
    elapsed = isinstance(window.lasts.type, ElapsedType)
    day = Unknown(frozenset()) if elapsed else clocks.part(window, "day", env)
    anchor = reading.anchor.value if isinstance(reading.anchor, Known) else None
    state, where = reading.state, reading.zone
    return Deadline(
        window=window.name,
        label=window.label,
        reports_as=window.reports_as,
        state=str(state.value) if isinstance(state, Known) else None,
        lasts=None if reading.spec is None else str(reading.spec.lasts),
        side=window.side,
        elapsed=elapsed,
        anchor_fact=evaluation.expressions.name_of(_chosen(evaluation, window.anchor, env), env),
        anchor=None if isinstance(anchor, NotYet) else cast("date | datetime | None", anchor),
        zone=str(where.value) if isinstance(where, Known) and isinstance(where.value, str) else None,
        last_day=None if reading.end is None else reading.end.last_day,
        end=None if reading.end is None else reading.end.end,
        day=cast("int", day.value) if isinstance(day, Known) else None,
        cites=window.cites,
    )
