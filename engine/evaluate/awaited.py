"""What somebody else has to set before an output has a value: who, within which bounds, and where the answer comes back.

`docs/semantics.md`, step 7: a value that is asked of somebody is unknown until it is there, and never held to its bounds.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from engine.evaluate.decisions import Evaluation
from engine.language import core as c
from engine.language.case import path_text
from engine.language.decision import Awaited
from engine.language.outcome import Env, Known, OutputResult
from engine.language.types import Words
from engine.language.values import Value
from engine.language.walk import below, output_parts


def awaited(
    evaluation: Evaluation, decision: c.CoreDecision, results: Mapping[str, OutputResult], env: Env
) -> tuple[Awaited, ...]:
    """The values that the outputs of one member wait for, in the order of the outputs, each once."""
    found: dict[str, Awaited] = {}
    for name, result in results.items():
        waits_for = {cause.item or cause.name for cause in result.causes}
        for one in _asked(decision, name) if waits_for else ():
            place = path_text(evaluation.expressions.path(one.answer, env)) if _bound(one, env) else ""
            if place in waits_for:
                found.setdefault(place, _view(evaluation, one, name, place, env))
    return tuple(found.values())


@lru_cache(maxsize=16_384)
def _asked(decision: c.CoreDecision, output: str) -> tuple[c.Asked, ...]:
    """The values that an output asks of somebody; worked out once, since a decision never changes."""
    parts = below(output_parts(decision, decision.outputs[output]))
    return tuple(sorted((p for p in parts if isinstance(p, c.Asked)), key=lambda p: p.span.start))


def _bound(one: c.Asked, env: Env) -> bool:
    return one.answer.variable is None or one.answer.variable in env.bindings


def _view(evaluation: Evaluation, one: c.Asked, output: str, place: str, env: Env) -> Awaited:
    def bound(expr: c.Expr | None) -> Value | None:
        value = None if expr is None else evaluation.expressions.value(expr, env)
        return value.value if isinstance(value, Known) else None

    kind = one.answer.fact.type
    return Awaited(
        answer=place,
        output=output,
        who=one.who,
        why=one.answer.fact.ask,
        type=one.type,
        one_of=kind.words if isinstance(kind, Words) else (),
        at_least=bound(one.at_least),
        at_most=bound(one.at_most),
    )
