"""Which version of a policy holds for a case (`effective.by` falls into its days)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache

from engine.evaluate.decisions import Evaluation
from engine.language import core as c
from engine.language.case import Case
from engine.language.decision import Decision
from engine.language.outcome import EMPTY, FALSE, TRUE, Result


def in_force(program: c.Program, case: Case) -> Result:
    """Whether a version holds for a case: true, false, or unknown with its causes."""
    if program.in_force is None:
        return FALSE
    return Evaluation(program, case).expressions.value(program.in_force, EMPTY)


@lru_cache(maxsize=256)
def picked(program: c.Program) -> c.Program:
    """A version that has been picked: its days are no longer a question.

    One and the same each time: much that is worked out about a program is kept with it.
    """
    return replace(program, applies_when=program.scope, several=False)


@lru_cache(maxsize=256)
def beside_others(programs: tuple[c.Program, ...]) -> tuple[c.Program, ...]:
    """The versions of a policy, each knowing that there are others; the same each time, as `picked` gives them."""
    several = len(programs) > 1
    return tuple(one if one.several == several else replace(one, several=several) for one in programs)


def speaking(programs: Sequence[c.Program], cases: Sequence[Case]) -> int:
    """The number of the version that holds; the newest of those that may, or of all, if that is not known.

    `programs` stand in order of time, `cases` are the same facts decoded by each of them.
    """
    states = [in_force(program, case) for program, case in zip(programs, cases, strict=True)]
    certain = [i for i, state in enumerate(states) if state == TRUE]
    possible = [i for i, state in enumerate(states) if state != FALSE]
    return (certain or possible or range(len(programs)))[-1]


def answering(
    programs: Sequence[c.Program], cases: Sequence[Case], decision: str, decide: Callable[[int, c.Program], Decision]
) -> tuple[c.Program, ...]:
    """The versions that answer a question; none if no version holds for the case.

    That is the one in force. While it is not known which that is: all that may be, if they agree and one of them surely
    holds; otherwise the newest of them that has the question, which then asks for the moment. `programs` (as
    `beside_others` gives them) stand in order of time; `decide` gives the answer of the version of that number.
    """
    states = [in_force(program, case) for program, case in zip(programs, cases, strict=True)]
    for program, state in zip(programs, states, strict=True):
        if state == TRUE:
            return (picked(program),)
    possible = [number for number, state in enumerate(states) if state != FALSE]
    if not possible:
        return ()
    answers = [decide(number, picked(programs[number])) for number in possible]
    if _one_holds(programs, answers[0]) and all(_same(answers[0], other) for other in answers[1:]):
        return tuple(picked(programs[number]) for number in possible)
    having = [number for number in possible if decision in programs[number].decisions]
    return (programs[(having or possible)[-1]],)


def _one_holds(programs: Sequence[c.Program], answer: Decision) -> bool:
    """Whether an answer that all versions give is one: where it may be that none holds, nothing is covered."""
    if programs[0].effective[0] is None and programs[-1].effective[1] is None:
        return True
    return answer.status == "not_covered" and all(o.status == "not_covered" for o in answer.outputs.values())


def _same(one: Decision, other: Decision) -> bool:
    """Whether two versions give the same answer: status, verdict and every output."""

    def shape(decision: Decision) -> object:
        outputs = {name: (output.status, output.value) for name, output in decision.outputs.items()}
        return decision.status, decision.verdict, outputs

    return shape(one) == shape(other)
