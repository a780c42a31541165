"""Conditions and formulas as they are written: the parser's frozen nodes.

Equality ignores places, so that `parse(format(node)) == node` can be demanded. Lark's trees never leave the parser.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time
from typing import Literal as Choice

from engine.base.source import Embedded, Span
from engine.language.types import Type
from engine.language.values import Value
from engine.values.day_patterns import DayPattern, Season


@dataclass(frozen=True, slots=True, kw_only=True)
class _Placed:
    span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Literal(_Placed):
    """A value written out. A quoted word has the type `Text` here; the checker finds out which word it is."""

    type: Type
    value: Value


@dataclass(frozen=True, slots=True)
class Name(_Placed):
    """A dotted name: a fact, a define, a parameter, a window's part, a table's result, another output."""

    parts: tuple[str, ...]

    @property
    def text(self) -> str:
        """The name as written."""
        return ".".join(self.parts)


@dataclass(frozen=True, slots=True)
class OutputRead(_Placed):
    """`return(line).outcome`, `return(refund).outcome`, `return(line, refund).outcome`."""

    decision: str
    arguments: tuple[str, ...]
    output: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Not(_Placed):
    """`not` in front of a condition."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Negative(_Placed):
    """A minus in front of a number, an amount or a length of time."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Logic(_Placed):
    """`a and b and c`, `a or b or c`: n-ary, so that a long list is not a deep tree."""

    op: Choice["and", "or"]
    parts: tuple[Node, ...]


BinaryOp = Choice["+", "-", "*", "/", "of", "==", "!=", "<", "<=", ">", ">="]


@dataclass(frozen=True, slots=True)
class Binary(_Placed):
    """Arithmetic and comparison; `20% of x` is the product of a percentage and a value."""

    op: BinaryOp
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Range(_Placed):
    """A range: `3 .. 10` (both in), `over 10 to 20`, `10 to under 20`, `over 20`, `to 10`, `3 ..`; None is open."""

    low: Node | None
    high: Node | None
    low_in: bool = True
    high_in: bool = True


@dataclass(frozen=True, slots=True)
class WordList(_Placed):
    """`['a', 'b']` after `in`."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Member(_Placed):
    """`x in ['a', 'b']`, `x in 3 .. 10`, `x in named_list`, `x not in ...`."""

    item: Node
    choices: WordList | Range | Name
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Conditional(_Placed):
    """`if c then a else b`."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Quantifier(_Placed):
    """`any line in order.lines where w has p`, `all ...`; `has` reaches to the closing bracket or the end."""

    kind: Choice["any", "all"]
    variable: str
    source: Name
    where: Node | None
    has: Node


@dataclass(frozen=True, slots=True)
class Aggregate(_Placed):
    """`sum of x for line in order.lines where w`, `min of`, `max of`; `count line in order.lines where w` (no body)."""

    kind: Choice["count", "sum", "min", "max"]
    variable: str
    source: Name
    body: Node | None
    where: Node | None


@dataclass(frozen=True, slots=True)
class Happened(_Placed):
    """`x has happened`, `x has not happened`."""

    event: Node
    negated: bool = False


@dataclass(frozen=True, slots=True)
class WindowTest(_Placed):
    """`w is open`, `w has passed`, `w has begun`, each also with `not`."""

    window: Name
    state: Choice["open", "passed", "begun"]
    negated: bool = False


TimingKind = Choice["within after", "within before", "later than after", "at least after", "at least before"]


@dataclass(frozen=True, slots=True)
class Timing(_Placed):
    """One-off tests: `x within P after y`, `x later than P after y`, `x at least P before y`, ..."""

    kind: TimingKind
    moment: Node
    period: Node
    anchor: Node


RoundingWord = Choice["half up", "half even", "up", "down"]


@dataclass(frozen=True, slots=True)
class Round(_Placed):
    """`round(x, to 0.01 USD, half up)`."""

    operand: Node
    step: Node
    mode: RoundingWord


@dataclass(frozen=True, slots=True)
class Share(_Placed):
    """`share(amount, part, whole, before)`: the part of an amount that belongs to these units, rounded cumulatively."""

    amount: Node
    part: Node
    whole: Node
    before: Node


@dataclass(frozen=True, slots=True)
class ShareOf(_Placed):
    """`share of A for line among L by W`: this member's part of an amount that is spread over a list by weights."""

    amount: Node
    variable: str
    source: Name
    weight: Node


@dataclass(frozen=True, slots=True)
class Extreme(_Placed):
    """`greater of (a, b)`, `lesser of`, `later of`, `earlier of`."""

    kind: Choice["greater", "lesser", "later", "earlier"]
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Between(_Placed):
    """`days from A to B`, `business days from`, `months from`, `elapsed from`."""

    unit: Choice["days", "business days", "months", "elapsed"]
    start: Node
    end: Node


@dataclass(frozen=True, slots=True)
class DateOf(_Placed):
    """`date(moment)`: the local date of a moment in the policy's zone."""

    operand: Node


DayPart = Choice["weekday", "day of month", "month", "year", "time", "start", "end"]


@dataclass(frozen=True, slots=True)
class PartOf(_Placed):
    """`weekday of D`, `day of month of D`, `month of D`, `year of D`, `time of T`, `start of D`, `end of D`."""

    part: DayPart
    operand: Node


@dataclass(frozen=True, slots=True)
class AtTime(_Placed):
    """`D at 18:00`, `D at 18:00 Europe/Lisbon`; without a zone it is the policy's."""

    day: Node
    clock: time
    zone: str | None = None


@dataclass(frozen=True, slots=True)
class NearDay(_Placed):
    """`first Friday on or after D`, `last day 8 on or before D`."""

    side: Choice["first", "last"]
    pattern: DayPattern
    day: Node


@dataclass(frozen=True, slots=True)
class FallsIn(_Placed):
    """`D falls in 10 November .. 20 December`."""

    day: Node
    season: Season


Node = (
    Literal
    | Name
    | OutputRead
    | Not
    | Negative
    | Logic
    | Binary
    | Range
    | WordList
    | Member
    | Conditional
    | Quantifier
    | Aggregate
    | Happened
    | WindowTest
    | Timing
    | Round
    | Share
    | ShareOf
    | Extreme
    | Between
    | DateOf
    | PartOf
    | AtTime
    | NearDay
    | FallsIn
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell in an input column of a table: `any`, `any other` (than the other rows name), a value, or a range."""

    kind: Choice["any", "other", "values", "range"]
    values: tuple[Node, ...] = ()
    range: Range | None = None
    span: Span | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Template:
    """A message: pieces of text and formulas in braces, in order. `{{` and `}}` stand for braces."""

    pieces: tuple[str | Node, ...]
    source: Embedded = field(compare=False, repr=False)
