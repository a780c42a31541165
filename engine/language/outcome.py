"""What evaluation gives: known or unknown values with their causes, rules that are true, false or blocked, outputs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.language.case import Path
from engine.language.core import CoreRule
from engine.language.model import ReviewKind
from engine.language.values import Value

CauseKind = Literal[
    "fact", "later", "evidence", "external", "ruling", "referred", "silent", "not_covered", "conflict", "error",
    "not_applicable",
]  # fmt: skip


@dataclass(frozen=True, slots=True, order=True)
class Cause:
    """Why a value is not known: the leaf it comes from (`docs/semantics.md`, step 1).

    `name` is a fact's path, a requirement (`return.photos`), a reading or parameter, a kind of review, a rule, an output,
    or what failed. `item` is the list member it is about, if the name alone does not say.
    """

    kind: CauseKind
    name: str
    item: str = ""


Causes = frozenset[Cause]


@dataclass(frozen=True, slots=True)
class Known:
    """A settled value (it may be `NotYet`)."""

    value: Value


@dataclass(frozen=True, slots=True)
class Unknown:
    """No value yet, and why."""

    causes: Causes


Result = Known | Unknown
TRUE, FALSE = Known(True), Known(False)


def unknown(kind: CauseKind, name: str, item: str = "") -> Unknown:
    """An unknown with one cause."""
    return Unknown(frozenset((Cause(kind, name, item),)))


def joined(results: Iterable[Result]) -> Causes:
    """The causes of all the unknown ones."""
    causes: set[Cause] = set()
    for result in results:
        if isinstance(result, Unknown):
            causes |= result.causes
    return frozenset(causes)


Status = Literal[
    "decided", "needs_facts", "referred", "not_covered", "conflict", "not_applicable", "error"
]  # fmt: skip

ROLL_UP_ORDER: tuple[Status, ...] = ("error", "needs_facts", "referred", "conflict", "not_covered", "decided")

Held = Literal["at_zero", "at_most"]
"""How an amount with a flow was held: it would have been below zero, or above what it is paid out of."""

RuleRole = Literal["reason", "outweighed", "yielded", "blocked"]


@dataclass(frozen=True, slots=True)
class RuleNote:
    """What became of a rule for one output. `to` are the rules it yielded to; `causes` what blocks it."""

    rule: CoreRule
    role: RuleRole
    to: tuple[str, ...] = ()
    causes: Causes = frozenset()


@dataclass(frozen=True, slots=True)
class Mixed:
    """A roll-up whose members differ: each value with the members (by number, from 0) that have it."""

    members: tuple[tuple[Value, tuple[int, ...]], ...]


@dataclass(frozen=True)
class OutputResult:
    """An output of a decision, for one member and option or rolled up.

    `value` is there if the status is decided; `kinds` say what kind of person's work a referred one is; `causes` what an
    unsettled one waits for. `conditional`: worth something only if the headline turns out as `only_when` demands.
    `by_cases`: settled because every answer to the missing questions leads to the same value. `so_far` is what the
    settled members of a roll-up come to. `held` says that its rules concluded an amount out of the bounds of its flow.
    """

    output: str
    status: Status
    value: Value | Mixed | None = None
    kinds: tuple[ReviewKind, ...] = ()
    causes: Causes = frozenset()
    conditional: bool = False
    by_cases: bool = False
    notes: tuple[RuleNote, ...] = ()
    by_default: bool = False
    so_far: Value | None = None
    held: Held | None = None
    headline: OutputResult | None = field(default=None, repr=False)
    """For a conditional output: the headline it hangs on."""

    @property
    def waiting(self) -> bool:
        """Whether all that is missing comes later or from outside."""
        kinds = {c.kind for c in self.causes}
        return self.status == "needs_facts" and not kinds & {"fact", "evidence"}


@dataclass(frozen=True)
class Env:
    """What the variables around an expression stand for: list members by path, words by value."""

    bindings: Mapping[str, Path | str] = field(default_factory=dict)
    key: tuple[tuple[str, Path | str], ...] = ()

    def bind(self, name: str, target: Path | str) -> Env:
        """The environment with one more variable."""
        bindings = {**self.bindings, name: target}
        return Env(bindings, tuple(sorted(bindings.items(), key=lambda b: b[0])))

    def only(self, names: tuple[str, ...]) -> tuple[tuple[str, Path | str], ...]:
        """The key of the environment as far as these variables go; `names` are in alphabetical order."""
        if not names or len(names) == len(self.key):
            return self.key if names else ()
        return tuple([(name, self.bindings[name]) for name in names if name in self.bindings])


EMPTY = Env()
