"""Which facts of a case an expression reads, at their concrete places, other decisions' rules included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.evaluate.decisions import Evaluation
from engine.language import core as c
from engine.language.case import Path
from engine.language.outcome import Env, Unknown
from engine.language.walk import children, output_parts

MAX_LIST = 5
"""How many members of each list are looked at."""


class FactsRead:
    """Walks expressions in one case; gives each place once, in the order in which it is met."""

    def __init__(self, evaluation: Evaluation) -> None:
        self.evaluation = evaluation
        self._seen: set[tuple[int, object]] = set()

    def below(self, exprs: Iterable[c.Expr], env: Env) -> Iterator[Path]:
        """The places of all facts that these expressions read."""
        for expr in exprs:
            key = (id(expr), env.key)
            if key in self._seen:
                continue
            self._seen.add(key)
            if isinstance(expr, c.FactRef):
                yield self.evaluation.expressions.path(expr, env)
            elif isinstance(expr, c.OutputRef):
                yield from self._output(expr, env)
            elif isinstance(expr, c.Over):
                yield from self._over(expr, env)
            else:
                yield from self.below(children(expr), env)

    def _over(self, expr: c.Over, env: Env) -> Iterator[Path]:
        members = self.evaluation.expressions.members(expr, env)
        if not isinstance(members, Unknown):
            for member in members[:MAX_LIST]:
                yield from self.below(children(expr), member)

    def _output(self, expr: c.OutputRef, env: Env) -> Iterator[Path]:
        decision = self.evaluation.program.decisions[expr.decision]
        option = str(env.bindings[expr.option[1:]]) if expr.option.startswith("*") else expr.option
        bound = None if expr.item is None else env.bindings[expr.item]
        one = self.evaluation.facts.member(decision.list_path, bound) if isinstance(bound, tuple) else None
        if isinstance(one, Unknown):
            return
        members = self._members(decision) if one is None else [one]
        if isinstance(members, Unknown):
            return
        for member in members[:MAX_LIST]:
            words = (option,) if option else (decision.options or ("",))
            for word in words:
                inner = self.evaluation.env(decision, member, word)
                yield from self.below(output_parts(decision, decision.outputs[expr.output]), inner)

    def _members(self, decision: c.CoreDecision) -> list[Path | None] | Unknown:
        return self.evaluation.members(decision)
