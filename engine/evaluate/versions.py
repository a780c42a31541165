"""Which version of a policy holds for a case (`effective.by` falls into its days)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.evaluate.decisions import Evaluation
from engine.language import core as c
from engine.language.case import Case
from engine.language.outcome import EMPTY, FALSE, TRUE, Result


def in_force(program: c.Program, case: Case) -> Result:
    """Whether a version holds for a case: true, false, or unknown with its causes."""
    if program.in_force is None:
        return FALSE
    return Evaluation(program, case).expressions.value(program.in_force, EMPTY)


def picked(program: c.Program) -> c.Program:
    """A version that has been picked: its days are no longer a question."""
    return replace(program, applies_when=program.scope)


def speaking(programs: Sequence[c.Program], cases: Sequence[Case]) -> int:
    """The number of the version that holds; the newest of those that may, or of all, if that is not known.

    `programs` stand in order of time, `cases` are the same facts decoded by each of them.
    """
    states = [in_force(program, case) for program, case in zip(programs, cases, strict=True)]
    certain = [i for i, state in enumerate(states) if state == TRUE]
    possible = [i for i, state in enumerate(states) if state != FALSE]
    return (certain or possible or range(len(programs)))[-1]
