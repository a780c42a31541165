"""Trials: the same case with some facts set otherwise, for deciding by cases and for the questions to ask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.language import core as c
from engine.language.case import Path, parse_path
from engine.language.outcome import Causes, Env, Known, OutputResult, Result
from engine.language.types import Boolean, FactType, ListOf, MoneyType, Record, Type, Words
from engine.language.values import Value

if TYPE_CHECKING:
    from engine.evaluate.outputs import Outputs


@dataclass(frozen=True)
class Trial:
    """How outputs try other facts. `simple`: this is already a trial, so step 9 is left out.

    `plain_outputs` gives the same case without step 9; `tried` the same case with facts set, without step 9 too.
    """

    simple: bool
    plain_outputs: Callable[[], Outputs] | None
    tried: Callable[[Mapping[Path, Value], Mapping[str, str]], Outputs]
    tender_fields: Mapping[str, FactType]


@dataclass(frozen=True)
class Earlier:
    """What was worked out before some open questions were answered on trial; `tried` are their names in causes.

    By the law (`docs/semantics.md`) what is known stays so, and what waits for none of them waits on: neither need be
    worked out again.
    """

    value: Callable[[c.Expr, Env], Result]
    output: Callable[[c.CoreDecision | None, c.CoreOutput, Env], OutputResult]
    tried: frozenset[str]

    def result(self, expr: c.Expr, env: Env) -> Result | None:
        """An expression's result, if the answers on trial cannot bear on it."""
        found = self.value(expr, env)
        return found if isinstance(found, Known) or self._still(found.causes) else None

    def settled(self, decision: c.CoreDecision | None, output: c.CoreOutput, env: Env) -> OutputResult | None:
        """An output's result, if the answers on trial cannot bear on it."""
        found = self.output(decision, output, env)
        causes = found.causes if found.headline is None else found.causes | found.headline.causes
        return found if self._still(causes) else None

    def _still(self, causes: Causes) -> bool:
        return not any(cause.name in self.tried for cause in causes)


def fact_path(name: str) -> Path:
    """The path a cause names, or () if it names something else than a fact."""
    try:
        return parse_path(name)
    except ValueError:
        return ()


def fact_at(program: c.Program, path: Path) -> FactType | None:
    """The fact type at a concrete path, with amounts in the policy's currency; None if it names no single fact."""
    here: Type = program.facts
    fact: FactType | None = None
    for part in path:
        if isinstance(part, int):
            if not isinstance(here, ListOf):
                return None
            here, fact = here.element, None
            continue
        if not isinstance(here, Record):
            return None
        fact = here.get(part)
        if fact is None:
            return None
        here = fact.type
    return fact


def closed_answers(program: c.Program, path: Path) -> tuple[Value, ...]:
    """Every answer a fact can have that the policy tells apart, if they are a closed list; otherwise none."""
    fact = fact_at(program, path)
    if fact is None:
        return ()
    if isinstance(fact.type, Boolean):
        return (True, False)
    if isinstance(fact.type, Words) and fact.type.closed:
        return program.representatives.get(str(path[-1]), fact.type.words)
    return ()


def tender_fields(program: c.Program) -> dict[str, FactType]:
    """The facts of a tender that a split reads."""
    found: dict[str, FactType] = {}
    for name in ("kind", "captured", "refunded"):
        fact = fact_at(program, ("order", "tenders", 0, name))
        found[name] = fact if fact is not None else FactType(MoneyType(program.currency))
    return found
