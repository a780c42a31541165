"""A policy as its author wrote it: parsed and located, but with no name resolved and nothing typed yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from engine.base.source import Embedded, Span
from engine.language import surface
from engine.language.located import Node as YamlNode

ReviewKind = Literal["discretion", "contradiction", "silent", "vague", "external_terms"]
REVIEW_KINDS: tuple[ReviewKind, ...] = ("discretion", "contradiction", "silent", "vague", "external_terms")
ClauseKind = Literal["rule", "judgement", "information"]
Combine = Literal["unique", "strictest", "all", "sum", "min", "max", "earliest", "latest", "first"]
Flow = Literal["refund", "bonus", "charge"]
BelowZero = Literal["customer_owes", "nothing"]
RollUp = Literal["each", "all", "any", "sum", "min", "max", "earliest", "latest"]


@dataclass(frozen=True)
class Written:
    """A condition, formula or cell together with its text."""

    text: Embedded
    node: surface.Node


@dataclass(frozen=True)
class Cite:
    """A reference to a clause or a reading."""

    name: str
    span: Span


@dataclass(frozen=True)
class Clause:
    """One clause of the published text, in our own words."""

    id: str
    kind: ClauseKind
    says: str
    document: str
    section: str
    span: Span


@dataclass(frozen=True)
class Document:
    """A published text."""

    id: str
    title: str
    url: str | None
    read_on: date | None


@dataclass(frozen=True)
class Reading:
    """A point where the text is silent, vague or contradicts itself, and how it is read."""

    id: str
    asks: str
    options: tuple[tuple[str, str], ...]
    chosen: str | None
    because: str | None
    about: tuple[Cite, ...]
    refer_as: ReviewKind | None
    span: Span


@dataclass(frozen=True)
class OwnFact:
    """A fact that this store adds to the shared vocabulary; `spec` is the plain YAML data of the declaration."""

    name: str
    spec: Mapping[str, object]
    only_when: Written | None
    span: Span


@dataclass(frozen=True)
class Check:
    """A relation without which a case is impossible."""

    id: str
    must: tuple[Written, ...]
    says: str
    cites: tuple[Cite, ...]
    span: Span


@dataclass(frozen=True)
class Parameter:
    """A named typed value; without one it is unset and refers what turns on it."""

    id: str
    type: YamlNode
    value: YamlNode | None
    refer_as: ReviewKind | None
    because: str | None
    cites: tuple[Cite, ...]
    label: str | None
    span: Span
    by: Written | None = None
    dated: tuple[tuple[date | None, YamlNode | None], ...] = ()
    """Values in order of time, each with the first day on which it holds (None for the first); empty if not dated.

    A value that is None is not stated in the market that the policy stands for."""
    not_stated: bool = False
    """Whether the text names no amount for the market that the policy stands for."""


@dataclass(frozen=True)
class Define:
    """A word that the rules use."""

    id: str
    body: Written
    says: str | None
    cites: tuple[Cite, ...]
    span: Span


@dataclass(frozen=True)
class Window:
    """A clock."""

    id: str
    lasts: Written
    side: Literal["after", "before"]
    anchor: Written
    act: Written
    zone: str | None
    zone_span: Span | None
    inclusive: bool
    anchor_day: Literal[0, 1]
    reports_as: str | None
    label: str | None
    cites: tuple[Cite, ...]
    span: Span


@dataclass(frozen=True)
class InputCell:
    """A cell in an input column of a table; None in `cell` is `any`.

    `per_currency` are the cells for each currency, with their places, where the markets' amounts differ.
    """

    column: str
    cells: tuple[surface.Cell, ...]
    span: Span
    per_currency: tuple[tuple[Cite, tuple[surface.Cell, ...]], ...] = ()


@dataclass(frozen=True)
class Row:
    """One row of a table."""

    id: str
    inputs: tuple[InputCell, ...]
    results: tuple[tuple[str, YamlNode], ...]
    cites: tuple[Cite, ...]
    span: Span


@dataclass(frozen=True)
class Table:
    """A rate table: a small decision whose rules are its rows."""

    id: str
    columns: tuple[tuple[str, Written], ...]
    gives: tuple[tuple[str, YamlNode], ...]
    rows: tuple[Row, ...]
    label: str | None
    span: Span
    group: Cite | None = None
    """The group of every rule that concludes something worked out from this table."""


@dataclass(frozen=True)
class Output:
    """One thing a decision concludes."""

    id: str
    type: YamlNode
    combine: Combine
    roll_up: RollUp | None
    only_when: tuple[str, ...] | None
    label: str | None
    of: Written | None
    in_order: tuple[str, ...]
    span: Span
    flow: Flow | None = None
    up_to: Written | None = None
    net_of: tuple[Written, ...] = ()
    below_zero: BelowZero | None = None


@dataclass(frozen=True)
class Requirement:
    """What must be in hand before a yes."""

    id: str
    when: tuple[Written, ...]
    met: Written
    ask: str
    by: Written | None
    blocks: str
    cites: tuple[Cite, ...]
    span: Span


@dataclass(frozen=True)
class Overridden:
    """What a rule overrides: another rule by its name, or every rule of a group (`group terms`)."""

    name: str
    span: Span
    group: bool = False


@dataclass(frozen=True)
class Rule:
    """One rule: all of `when` and none of `unless`."""

    id: str
    when: tuple[Written, ...]
    unless: tuple[Written, ...]
    then: tuple[tuple[str, YamlNode], ...]
    review: ReviewKind | None
    leaning: tuple[tuple[str, YamlNode], ...]
    because: surface.Template | None
    note: str | None
    code: str
    cites: tuple[Cite, ...]
    overrides: tuple[Overridden, ...] | Literal["all"]
    span: Span
    group: Cite | None = None


@dataclass(frozen=True)
class Otherwise:
    """What an output is when no rule speaks; `value` None is `not_covered`."""

    output: str
    value: YamlNode | None
    cites: tuple[Cite, ...]
    span: Span


@dataclass(frozen=True)
class Decision:
    """One question and the rules that answer it."""

    id: str
    asks: str
    each: tuple[str, tuple[str, ...]] | None
    each_span: Span | None
    every: tuple[str, tuple[str, ...]] | None
    asked: Written | None
    not_offered: tuple[Cite, ...] | None
    outputs: tuple[Output, ...]
    requires: tuple[Requirement, ...]
    rules: tuple[Rule, ...]
    otherwise: tuple[Otherwise, ...]
    span: Span


@dataclass(frozen=True)
class Guarantee:
    """What must hold for every possible case."""

    id: str
    whenever: tuple[Written, ...]
    then: tuple[Written, ...]
    says: str | None
    cites: tuple[Cite, ...]
    span: Span


@dataclass(frozen=True)
class CalendarSpec:
    """The business calendar as written; `last` is the last day that is covered."""

    weekend: tuple[str, ...]
    country: str | None
    region: str | None
    first: date
    last: date
    span: Span


@dataclass(frozen=True)
class Market:
    """A market: what is its own. What is None is as the policy says it."""

    name: str
    currency: str | None
    currency_span: Span
    timezone: str | None
    timezone_span: Span
    calendar: CalendarSpec | None
    span: Span


@dataclass(frozen=True)
class Policy:
    """A whole policy file; or, if `market` says so, what it is in one of its markets."""

    key: str
    title: str
    version: str
    effective: tuple[date | None, date | None]
    effective_by: Written | None
    applies_when: tuple[Written, ...]
    currency: str
    currency_span: Span
    timezone: str
    timezone_span: Span
    calendar: CalendarSpec | None
    rounding: str | None
    documents: tuple[Document, ...]
    clauses: tuple[Clause, ...]
    readings: tuple[Reading, ...]
    facts: tuple[OwnFact, ...]
    checks: tuple[Check, ...]
    parameters: tuple[Parameter, ...]
    defines: tuple[Define, ...]
    windows: tuple[Window, ...]
    tables: tuple[Table, ...]
    decisions: tuple[Decision, ...]
    guarantees: tuple[Guarantee, ...]
    span: Span
    markets: tuple[Market, ...] = ()
    market_by: Cite | None = None
    """The fact that says which market a case belongs to, if there are markets."""
    market: str | None = None
    digest: str = field(default="")
    """SHA-256 of the file's meaning (its YAML data, without comments and layout) and of the pinned data it rests on."""
