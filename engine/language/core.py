"""The typed core: what the checker makes of a policy and every consumer works on. Immutable, each node with its origin.

Nodes are compared by identity: two equal conditions at two places are two nodes, because a proof tells them apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from engine.base.source import Span
from engine.language.case import Path
from engine.language.model import BelowZero, Clause, Combine, Document, Flow, Reading, ReviewKind, RollUp
from engine.language.types import FactType, Record, Type
from engine.language.values import Value, WallTime
from engine.values.business import BusinessCalendar
from engine.values.day_patterns import DayPattern, Season
from engine.values.numbers import Rounding


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Typed:
    type: Type
    span: Span = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Const(_Typed):
    """A value that is the same in every case."""

    value: Value


@dataclass(frozen=True, slots=True, eq=False)
class FactRef(_Typed):
    """A fact: of the case (`variable` None), or of the list member that a variable stands for."""

    variable: str | None
    fields: tuple[str, ...]
    fact: FactType


@dataclass(frozen=True, slots=True, eq=False)
class ParameterRef(_Typed):
    """A named value of the policy."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class ReadingRef(_Typed):
    """The option chosen for a reading."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class OptionRef(_Typed):
    """The option a `for_every` decision is working out."""

    variable: str


@dataclass(frozen=True, slots=True, eq=False)
class AsOf(_Typed):
    """The instant at which the facts were true."""


@dataclass(frozen=True, slots=True, eq=False)
class Named(_Typed):
    """A `define` used by its name, or a dated parameter. `cites` is what the definition itself cites."""

    name: str
    body: Expr
    cites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Derived(_Typed):
    """A fact that the engine works out from others; `given` is the fact itself where it may be told instead."""

    name: str
    given: FactRef | None
    formula: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Asked(_Typed):
    """A value that somebody else sets, within bounds: `who` is a role in the shop, or `outside`."""

    answer: FactRef
    who: str
    at_least: Expr | None
    at_most: Expr | None


@dataclass(frozen=True, slots=True, eq=False)
class Logic(_Typed):
    """Kleene's `and` / `or` over any number of parts."""

    op: Literal["and", "or"]
    parts: tuple[Expr, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Not(_Typed):
    """Kleene's `not`."""

    operand: Expr


@dataclass(frozen=True, slots=True, eq=False)
class If(_Typed):
    """`if c then a else b`: known with `c` unknown when both branches are equal."""

    condition: Expr
    then: Expr
    otherwise: Expr


@dataclass(frozen=True, slots=True, eq=False)
class Over(_Typed):
    """A list expression: any, all, count, sum, min, max; `each` is the list of what `body` comes to."""

    kind: Literal["any", "all", "count", "sum", "min", "max", "each"]
    variable: str
    list_variable: str | None
    list_fields: tuple[str, ...]
    words: bool
    """Whether the list holds words (`any t in line.tags has t in named_list`) instead of records."""
    where: Expr | None
    body: Expr | None


@dataclass(frozen=True, slots=True, eq=False)
class ElementRef(_Typed):
    """The member of a list of words that a variable stands for."""

    variable: str


@dataclass(frozen=True, slots=True, eq=False)
class Position(_Typed):
    """The number, from 1, of the member that a variable stands for in its own list."""

    variable: str


@dataclass(frozen=True, slots=True, eq=False)
class Happened(_Typed):
    """`x has happened`."""

    event: Expr


@dataclass(frozen=True, slots=True, eq=False)
class WindowTest(_Typed):
    """`w is open`, `w has passed`, `w has begun` (a `not` is a `Not` around it)."""

    window: WindowUse
    state: Literal["open", "passed", "begun"]


@dataclass(frozen=True, slots=True, eq=False)
class WindowPart(_Typed):
    """`w.last_day`, `w.end`, `w.day`."""

    window: WindowUse
    part: Literal["last_day", "end", "day"]


@dataclass(frozen=True, slots=True, eq=False)
class TableRead(_Typed):
    """A result of a table for this case."""

    table: str
    output: CoreOutput
    columns: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class OutputRef(_Typed):
    """Another output.

    `item`: the variable whose member is meant, None for the roll-up (or a decision without `for_each`).
    `option`: a word; "" for the answer to what was asked (or a decision without `for_every`); "*" + variable for the
    option the reader is working out.
    """

    decision: str
    output: str
    item: str | None
    option: str


OpKey = Literal[
    "add", "subtract", "multiply", "divide", "negate",
    "equal", "not_equal", "less", "less_equal",
    "in_values",
    "within_after", "within_before", "later_than_after", "at_least_after", "at_least_before",
    "round", "share", "share_of", "greater", "lesser", "later", "earlier",
    "days", "business_days", "months", "elapsed", "date_of", "date_span",
    "weekday", "day_of_month", "month", "year", "time", "start", "end",
    "at_time", "first_day", "last_day", "falls_in",
]  # fmt: skip


Detail = Rounding | tuple[bool, bool] | tuple[str, ...] | WallTime | DayPattern | Season


@dataclass(frozen=True, slots=True, eq=False)
class Op(_Typed):
    """A strict operator: unknown if any part is. `detail` holds what is fixed when the policy is read."""

    key: OpKey
    args: tuple[Expr, ...]
    detail: Detail | None = None


Expr = (
    Const
    | FactRef
    | ParameterRef
    | ReadingRef
    | OptionRef
    | AsOf
    | Named
    | Derived
    | Asked
    | Logic
    | Not
    | If
    | Over
    | ElementRef
    | Position
    | Happened
    | WindowTest
    | WindowPart
    | TableRead
    | OutputRef
    | Op
)


@dataclass(frozen=True, eq=False)
class WindowUse:
    """A window with its formulas bound where it is used."""

    name: str
    lasts: Expr
    side: Literal["after", "before"]
    anchor: Expr
    act: Expr
    zone: str | None
    zone_fact: Expr | None
    inclusive: bool
    anchor_day: Literal[0, 1]
    reports_as: str | None
    label: str | None
    cites: tuple[str, ...]
    span: Span


@dataclass(frozen=True, eq=False)
class Review:
    """The word `review` as a conclusion, with its kind."""

    kind: ReviewKind


@dataclass(frozen=True, eq=False)
class NotStated:
    """`not stated`: the text leaves this output open."""

    span: Span


Conclusion = Expr | NotStated


@dataclass(frozen=True, eq=False)
class CoreRule:
    """A rule (or a table's row): A(r) is the conjunction of `when` and not any of `unless`."""

    id: str
    when: tuple[Expr, ...]
    unless: tuple[Expr, ...]
    then: Mapping[str, Conclusion]
    review: ReviewKind | None
    leaning: Mapping[str, Conclusion]
    because: CoreTemplate | None
    note: str | None
    code: str
    cites: tuple[str, ...]
    overrides: tuple[str, ...]
    order: int
    span: Span


@dataclass(frozen=True, eq=False)
class CoreTemplate:
    """A message: text and formulas in order."""

    pieces: tuple[str | Expr, ...]


@dataclass(frozen=True, eq=False)
class CoreRequirement:
    """What must be in hand before a yes."""

    id: str
    when: Expr
    met: Expr
    ask: str
    by: WindowUse | Expr | None
    blocks: str
    cites: tuple[str, ...]
    span: Span


@dataclass(frozen=True, eq=False)
class CoreOtherwise:
    """The value of an output when no rule speaks."""

    value: Expr
    cites: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Net:
    """An amount that is what others come to together: refunds and bonuses less charges.

    `parts` names each of them as it is written, with its flow (None: a net amount itself); `amount` is the formula.
    """

    parts: tuple[tuple[str, Flow | None], ...]
    amount: Expr
    below_zero: BelowZero | None


@dataclass(frozen=True, eq=False)
class CoreOutput:
    """One output with the rules that conclude it and, per rule, the rules that override it here (direct only)."""

    id: str
    type: Type
    combine: Combine
    roll_up: RollUp | None
    only_when: tuple[str, ...] | None
    label: str | None
    words: tuple[str, ...]
    """For one-of outputs: the words, strictest first as written."""
    rules: tuple[CoreRule, ...]
    over: Mapping[str, tuple[CoreRule, ...]]
    otherwise: CoreOtherwise | None
    split_of: Expr | None
    split_order: tuple[str, ...]
    rounding: Rounding | None
    span: Span
    flow: Flow | None = None
    """Which way the amount goes: a refund is held to `up_to`, and none of them is ever below zero."""
    up_to: Expr | None = None
    net: Net | None = None


@dataclass(frozen=True, eq=False)
class CoreDecision:
    """A question, ready to be evaluated."""

    id: str
    asks: str
    variable: str | None
    list_path: tuple[str, ...]
    option_variable: str | None
    options: tuple[str, ...]
    asked: Expr | None
    not_offered: tuple[str, ...] | None
    outputs: Mapping[str, CoreOutput]
    headline: str
    requires: tuple[CoreRequirement, ...]
    rules: tuple[CoreRule, ...]
    span: Span


@dataclass(frozen=True, eq=False)
class CoreParameter:
    """A named value; `value` None is unset, or dated (then each use holds the choice between its values)."""

    id: str
    type: Type
    value: Value | None
    refer_as: ReviewKind | None
    because: str | None
    cites: tuple[str, ...]
    label: str | None
    span: Span
    """Where the value stands; without one, the name."""
    dated: bool = False
    not_stated: bool = False
    """Whether a value that is None is not stated for this market, so that the text is silent where it is read."""


@dataclass(frozen=True, eq=False)
class CoreCheck:
    """A relation without which a case is impossible; `variable` is bound to each member of `list_path`, if any."""

    id: str
    must: Expr
    variable: str | None
    list_path: tuple[str, ...]
    says: str
    cites: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class CoreGuarantee:
    """What must hold for every possible case, per member of `list_path` if it speaks of one."""

    id: str
    whenever: Expr
    then: Expr
    variable: str | None
    list_path: tuple[str, ...]
    says: str | None
    cites: tuple[str, ...]
    span: Span


@dataclass(frozen=True, eq=False)
class OnlyWhen:
    """The condition without which a fact does not exist; `pattern` has "*" for list members."""

    pattern: Path
    variable: str | None
    condition: Expr


@dataclass(frozen=True, eq=False)
class Program:
    """A checked policy."""

    key: str
    title: str
    version: str
    effective: tuple[date | None, date | None]
    digest: str
    currency: str
    timezone: str
    calendar: BusinessCalendar | None
    documents: tuple[Document, ...]
    clauses: Mapping[str, Clause]
    readings: Mapping[str, Reading]
    facts: Record
    stages: tuple[str, ...]
    applies_when: Expr | None
    """The orders these terms speak about, in the days and the market in which they hold: `scope` and `in_force`."""
    scope: Expr | None
    in_force: Expr | None
    picked_by: str | None
    """The formula, as written, of the moment that picks between versions of a policy (`effective.by`)."""
    market: str | None
    market_by: str | None
    """The market whose currency, zone, calendar and amounts these are, and the fact that says which market a case
    belongs to; `in_force` holds where that is this one."""
    only_when: tuple[OnlyWhen, ...]
    checks: tuple[CoreCheck, ...]
    parameters: Mapping[str, CoreParameter]
    windows: tuple[str, ...]
    tables: Mapping[str, tuple[tuple[str, Span], ...]]
    """The rows of each table, with their places; how a table reads a case is bound where it is used."""
    decisions: Mapping[str, CoreDecision]
    standard_decisions: Mapping[str, str]
    guarantees: tuple[CoreGuarantee, ...]
    representatives: Mapping[str, tuple[str, ...]]
    """For facts of long closed lists, by the last part of their name: the words that the policy tells apart.

    The last stands for all that it compares with nothing, if there are any."""
    pinned: tuple[tuple[str, str], ...]
    """Name and version of the data the policy rests on: zones, holidays."""
    several: bool = False
    """Whether other versions or markets stand beside this one: while it is not known which holds, nothing is out of
    scope yet."""
