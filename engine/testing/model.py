"""Worked cases: what an author expects a policy to answer. Read from YAML, run by one command and by pytest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.base.source import Span
from engine.language.located import Node, Scalar
from engine.testing.given import Given


@dataclass(frozen=True)
class Expected:
    """What a case expects; a part that is left out is not looked at. The nodes keep their places for messages.

    `keys` are the names as they were written under each part that is a mapping or a list of mappings.
    """

    version: Node | None = None
    status: Node | None = None
    verdict: Node | None = None
    why: Node | None = None
    outputs: Mapping[str, Node] = field(default_factory=dict)
    lines: tuple[Mapping[str, Node], ...] = ()
    rules: Node | None = None
    needs: Node | None = None
    ask_first: Node | None = None
    deadlines: Mapping[str, Node] = field(default_factory=dict)
    instead: Mapping[str, Node] = field(default_factory=dict)
    leaning: Mapping[str, Node] = field(default_factory=dict)
    rests_on: Node | None = None
    problems: Node | None = None
    messages: Node | None = None
    keys: Mapping[str, tuple[Scalar, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class WorkedCase:
    """One case: the question, the whole facts document, the readings and parameters set otherwise, what is expected."""

    name: str
    says: str | None
    ask: str
    document: Mapping[str, Any]
    readings: Mapping[str, str]
    parameters: Mapping[str, Node]
    expected: Expected
    skip: str | None
    span: Span
    expect_span: Span
    ask_span: Span
    reading_spans: Mapping[str, tuple[Span, Span]]
    given: tuple[Given, ...] = ()
    """The facts as they were written, those on top last."""


@dataclass(frozen=True)
class CaseFile:
    """A file of cases for one policy (or a folder of its versions)."""

    name: str
    policy: str
    policy_span: Span
    cases: tuple[WorkedCase, ...]


@dataclass(frozen=True)
class Difference:
    """One thing that came out otherwise. `hint`: the condition that went the other way, with its place."""

    what: str
    expected: str
    actual: str
    span: Span | None
    hint: str | None = None


Outcome = Literal["passed", "failed", "skipped"]


@dataclass(frozen=True)
class CaseResult:
    """What became of a case. `decided_by`: the rules and table rows that spoke; `rests_on`: the readings."""

    case: WorkedCase
    outcome: Outcome
    differences: tuple[Difference, ...] = ()
    deciding: tuple[str, ...] = ()
    spoke: frozenset[str] = frozenset()
    rests_on: frozenset[str] = frozenset()
