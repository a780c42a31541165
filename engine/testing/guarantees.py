"""Guarantees held against worked cases: what a policy's author says is always so, is so in each of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from engine.evaluate.decisions import Evaluation
from engine.language import core as c
from engine.language.outcome import FALSE, TRUE
from engine.language.walk import below, output_parts
from engine.testing.model import Difference, WorkedCase


def broken_guarantees(evaluation: Evaluation, case: WorkedCase) -> Iterator[Difference]:
    """The policy's guarantees that a case breaks: `whenever` holds and `then` is definitely false.

    Only those that speak of the question asked, or of one that reads it or is read by it: a case about a cancellation
    tells nothing of what a return needs. They speak of the policy as it is: a case that sets readings or parameters
    otherwise is not held against them.
    """
    if evaluation.case.errors or evaluation.failed_checks or case.readings or case.parameters:
        return
    value = evaluation.expressions.value
    for guarantee in _about(evaluation.program, case.ask):
        for env in evaluation.environments(guarantee.variable, guarantee.list_path):
            if value(guarantee.whenever, env) == TRUE and value(guarantee.then, env) == FALSE:
                held = f"guarantee `{guarantee.id}` to hold"
                market = evaluation.program.market
                there = "" if market is None else f" in market `{market}`"
                yield Difference("guarantees", held, f"it is broken{there} ({guarantee.span})", case.expect_span)


def _decisions(roots: Iterable[c.Expr]) -> set[str]:
    return {part.decision for part in below(roots) if isinstance(part, c.OutputRef)}


@lru_cache(maxsize=1024)
def _about(program: c.Program, asked: str) -> tuple[c.CoreGuarantee, ...]:
    """The guarantees that speak of a question, or of one that reads it or is read by it."""
    around = _reading(program)
    near = {name for name in program.decisions if name == asked or name in around[asked] or asked in around[name]}
    return tuple(one for one in program.guarantees if _decisions([one.whenever, one.then]) & near)


@lru_cache(maxsize=64)
def _reading(program: c.Program) -> Mapping[str, frozenset[str]]:
    """For each decision, the others that it reads, through others too."""
    direct = {
        name: _decisions(part for output in one.outputs.values() for part in output_parts(one, output))
        for name, one in program.decisions.items()
    }
    found = {}
    for name in direct:
        reached, pending = set[str](), [name]
        while pending:
            new = direct[pending.pop()] - reached
            reached |= new
            pending += new
        found[name] = frozenset(reached)
    return found
