"""Proofs as data: why a rule applies, does not apply or is blocked, part by part in the author's words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from engine.base.source import ScalarText, Span
from engine.language.decision import Deadline
from engine.language.outcome import Cause, RuleRole

MAX_NODES = 400
"""The most nodes of one rule's proof; past it a node of kind `cut` says that there is more."""

MAX_MEMBERS = 6
"""The most members of a list that a proof shows: those that decide first."""

State = Literal["true", "false", "known", "unknown"]
"""Of a condition: true, false or unknown. Of any other part: known or unknown."""

NodeKind = Literal[
    "constant", "fact", "parameter", "reading", "option", "word", "as_of", "define", "derived", "asked", "all", "any", "not",
    "if", "list", "member", "happened", "window", "window_part", "table", "row", "output", "rule", "operator", "cut",
]  # fmt: skip

Origin = Literal["given", "assumed", "worked_out", "not_yet", "missing", "wrong"]
"""Where a fact comes from: the case, a preset, the postal code it is a part of, not known before a later stage, nowhere,
or an input that cannot be right."""


@dataclass(frozen=True)
class Where:
    """A place in a file, line and column from 1. `exact` off: the words are somewhere in the text that begins there."""

    file: str
    line: int
    column: int
    exact: bool

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


def where(span: Span) -> Where:
    """The place of a span in its file."""
    if isinstance(span.source, ScalarText):
        outer = span.source.outer
        return Where(outer.source.name, outer.line, outer.column, False)
    return Where(span.source.name, span.line, span.column, True)


@dataclass(frozen=True)
class Proof:
    """One part of a condition or formula, with everything below it that was looked at.

    `text` are the author's words. `value` is JSON data and `said` the value in words; conditions have neither, their
    `state` says it. `needs` is why an unknown one is unknown. `fact` is the path of a fact and `origin` where it came
    from. `window` tells how a window stands. `note` adds what a parameter or reading means, that a definition was opened
    above, how many members a cut leaves out, how a clock change or a short month was read.
    """

    kind: NodeKind
    text: str
    state: State
    where: Where | None = None
    value: Any = None
    said: str | None = None
    needs: tuple[Cause, ...] = ()
    fact: str | None = None
    origin: Origin | None = None
    window: Deadline | None = None
    note: str | None = None
    parts: tuple[Proof, ...] = ()

    def __iter__(self) -> Iterator[Proof]:
        """This part and everything below it, from the top."""
        yield self
        for part in self.parts:
            yield from part


@dataclass(frozen=True)
class RequirementProof:
    """What must be in hand before a yes: when it is asked for, and whether it is met."""

    requirement: str
    state: State
    ask: str
    when: Proof
    met: Proof


@dataclass(frozen=True)
class Conclusion:
    """What a rule concludes for an output; `said` is None while that is not known, or where the text leaves it open.

    `proof` shows how a formula comes to its value; None for a plain word or amount.
    """

    output: str
    value: Any
    said: str | None
    proof: Proof | None = None


@dataclass(frozen=True)
class RuleProof:
    """Why a rule applies (`state` true), does not (false), or is blocked (unknown).

    All of `when` must be true and none of `unless`. `role` is what became of it; None for a rule that does not apply.
    """

    rule: str
    code: str
    role: RuleRole | None
    state: State
    where: Where
    concludes: tuple[Conclusion, ...]
    to: tuple[str, ...]
    cites: tuple[str, ...]
    when: tuple[Proof, ...]
    unless: tuple[Proof, ...]
    requires: tuple[RequirementProof, ...]

    @property
    def failing(self) -> tuple[Proof, ...]:
        """The parts that keep a rule from applying: of `when` the false ones, of `unless` the true ones."""
        false = [found for part in self.when if part.state == "false" for found in _deciding(part, "all")]
        true = [found for part in self.unless if part.state == "true" for found in _deciding(part, "any")]
        return tuple(false + true)


def _deciding(part: Proof, kind: NodeKind) -> list[Proof]:
    """The smallest parts that settle it: a false `and` by its false parts, a true `or` by its true ones."""
    if part.kind != kind:
        return [part]
    return [found for below in part.parts if below.state == part.state for found in _deciding(below, kind)] or [part]


def proof_data(proof: Proof) -> dict[str, Any]:
    """A proof as JSON data; every key is always there."""
    return {
        "kind": proof.kind,
        "text": proof.text,
        "state": proof.state,
        "where": where_data(proof.where),
        "value": proof.value,
        "said": proof.said,
        "needs": [{"kind": one.kind, "name": one.name, "item": one.item or None} for one in proof.needs],
        "fact": proof.fact,
        "origin": proof.origin,
        "window": None if proof.window is None else proof.window.window,
        "note": proof.note,
        "parts": [proof_data(part) for part in proof.parts],
    }


def where_data(place: Where | None) -> dict[str, Any] | None:
    """A place as JSON data."""
    if place is None:
        return None
    return {"file": place.file, "line": place.line, "column": place.column, "exact": place.exact}


def rule_data(rule: RuleProof) -> dict[str, Any]:
    """The proof of a rule as JSON data; every key is always there."""
    return {
        "rule": rule.rule,
        "code": rule.code,
        "role": rule.role,
        "state": rule.state,
        "where": where_data(rule.where),
        "concludes": {
            one.output: {"value": one.value, "proof": None if one.proof is None else proof_data(one.proof)}
            for one in rule.concludes
        },
        "to": list(rule.to),
        "cites": list(rule.cites),
        "when": [proof_data(part) for part in rule.when],
        "unless": [proof_data(part) for part in rule.unless],
        "requires": [
            {
                "requirement": one.requirement,
                "state": one.state,
                "ask": one.ask,
                "when": proof_data(one.when),
                "met": proof_data(one.met),
            }
            for one in rule.requires
        ],
    }
