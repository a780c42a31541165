"""The formatter: surface nodes back to text, with as few brackets as keep the meaning and spaces always alike.

The law is `parse(format(node)) == node` for every node the parser can make. Periods are written in days or months and
elapsed times in hours or minutes, because that is all a node still knows. Precedences come from the operator table.
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from fractions import Fraction
from typing import assert_never

from engine.language import surface as s
from engine.language.operators import OPERATORS, Level, is_name
from engine.language.types import Decimal, Percent
from engine.language.wording import clock_text
from engine.values.moments import instant_text
from engine.values.money import Money
from engine.values.numbers import MAX_DIGITS, decimal_text
from engine.values.periods import Elapsed

_BINARY = {op.spelling: op.precedence for op in OPERATORS if op.node == "Binary"}
_NODES = {op.node: op.precedence for op in OPERATORS}

# Where two words would run together into one token of another meaning, brackets keep them apart.
_END = r"(?!\w|-[A-Za-z]|\.[A-Za-z_])"
_AFTER_HAS = re.compile(rf"(?:not\s+)?(?:happened|passed|begun){_END}")
_BEFORE_OF = re.compile(
    r"(?:^|[^\w.])(?:sum|min|max|share|greater|lesser|later|earlier|weekday|day|month|year|time|start|end)$"
)
_COUNT = re.compile(r"(?:^|[^\w.])(?<![0-9]{4}-)(?<![0-9]{4}-[0-9]{2}-)[0-9]+$")
_PERIOD = re.compile(rf"[0-9]+\s+(?:business\s+)?(?:day|week|month|year|hour|minute)s?{_END}")

_BARE_CELL = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*")


def format_node(node: s.Node) -> str:
    """The text of a condition or formula, on one line."""
    return _Writer().write(node, Level.IF, False)


def format_cell(cell: s.Cell) -> str:
    """The text of a table cell. Several values are written as a YAML list, since one cell text holds only one."""
    writer = _Writer(cell=True)
    match cell.kind:
        case "any":
            return "any"
        case "other":
            return "any other"
        case "range":
            assert cell.range is not None
            return writer.range(cell.range, False)
        case "values":
            values = [writer.value(value) for value in cell.values]
            return values[0] if len(values) == 1 else f"[{', '.join(values)}]"
        case _:
            assert_never(cell.kind)


def format_template(template: s.Template) -> str:
    """The text of a message, with its formulas in braces."""
    return "".join(
        piece.replace("{", "{{").replace("}", "}}") if isinstance(piece, str) else f"{{{format_node(piece)}}}"
        for piece in template.pieces
    )


class _Writer:
    """Writes nodes. `followed` says that something comes after the text which a greedy form would swallow."""

    def __init__(self, cell: bool = False) -> None:
        self.cell = cell

    def write(self, node: s.Node, least: Level, followed: bool) -> str:
        """A node where a precedence of `least` is needed."""
        if _level(node) < least or (followed and _greedy(node)):
            return f"({self.bare(node, False)})"
        return self.bare(node, followed)

    def inner(self, node: s.Node) -> str:
        """A node that brackets or words close on both sides."""
        return self.write(node, Level.IF, False)

    def bare(self, node: s.Node, followed: bool) -> str:
        """A node without brackets round it."""
        match node:
            case s.Literal():
                return self.literal(node)
            case s.Name():
                return node.text
            case s.OutputRead():
                return f"{node.decision}({', '.join(node.arguments)}).{'.'.join(node.output)}"
            case s.Range():
                return self.range(node, followed)
            case s.WordList():
                return f"[{', '.join(self.write(item, Level.AT, False) for item in node.items)}]"
            case s.Round() | s.Share() | s.Extreme() | s.Between() | s.DateOf():
                return self.function(node, followed)
            case s.PartOf() | s.AtTime() | s.NearDay() | s.FallsIn():
                return self.calendar(node, followed)
            case s.Quantifier() | s.Aggregate() | s.ShareOf():
                return self.over_list(node)
            case s.Member() | s.Happened() | s.WindowTest() | s.Timing():
                return self.test(node, followed)
            case s.Binary():
                return self.binary(node, followed)
            case s.Logic() | s.Not() | s.Negative() | s.Conditional():
                return self.logic(node, followed)
            case _:
                assert_never(node)

    def logic(self, node: s.Logic | s.Not | s.Negative | s.Conditional, followed: bool) -> str:
        match node:
            case s.Logic():
                least = Level.NOT if node.op == "and" else Level.AND
                parts = [self.write(part, least, True) for part in node.parts[:-1]]
                return f" {node.op} ".join([*parts, self.write(node.parts[-1], least, followed)])
            case s.Not():
                return f"not {self.write(node.operand, Level.NOT, followed)}"
            case s.Negative():
                return f"-{self.write(node.operand, Level.MINUS, followed)}"
            case s.Conditional():
                parts = [self.inner(part) for part in (node.condition, node.then, node.otherwise)]
                return "if {} then {} else {}".format(*parts)

    def binary(self, node: s.Binary, followed: bool) -> str:
        level = _level(node)
        left_least = Level(level + 1) if level is Level.TEST else level  # comparisons do not chain
        left = self.write(node.left, left_least, True)
        if node.op == "of" and _BEFORE_OF.search(left):
            left = f"({left})"
        return f"{left} {node.op} {self.write(node.right, Level(level + 1), followed)}"

    def test(self, node: s.Member | s.Happened | s.WindowTest | s.Timing, followed: bool) -> str:
        match node:
            case s.Member():
                word = "not in" if node.negated else "in"
                return f"{self.sum(node.item, True)} {word} {self.bare(node.choices, followed)}"
            case s.Happened():
                return f"{self.sum(node.event, True)} has {'not ' if node.negated else ''}happened"
            case s.WindowTest():
                verb = "is" if node.state == "open" else "has"
                return f"{node.window.text} {verb} {'not ' if node.negated else ''}{node.state}"
            case s.Timing():
                words, side = node.kind.rsplit(" ", 1)
                moment, period = self.sum(node.moment, True), self.sum(node.period, True)
                return f"{moment} {words} {period} {side} {self.sum(node.anchor, followed)}"

    def over_list(self, node: s.Quantifier | s.Aggregate | s.ShareOf) -> str:
        if isinstance(node, s.ShareOf):
            members = f"{node.variable} among {node.source.text}"
            return f"share of {self.inner(node.amount)} for {members} by {self.inner(node.weight)}"
        members = f"{node.variable} in {node.source.text}"
        where = "" if node.where is None else f" where {self.inner(node.where)}"
        if isinstance(node, s.Aggregate):
            if node.body is None:
                return f"{node.kind} {members}{where}"
            return f"{node.kind} of {self.inner(node.body)} for {members}{where}"
        has = self.inner(node.has)
        if _AFTER_HAS.match(has):
            has = f"({has})"
        return f"{node.kind} {members}{where} has {has}"

    def function(self, node: s.Round | s.Share | s.Extreme | s.Between | s.DateOf, followed: bool) -> str:
        match node:
            case s.Round():
                return f"round({self.inner(node.operand)}, to {self.sum(node.step, False)}, {node.mode})"
            case s.Share():
                parts = (node.amount, node.part, node.whole, node.before)
                return f"share({', '.join(self.inner(part) for part in parts)})"
            case s.Extreme():
                return f"{node.kind} of ({', '.join(self.inner(part) for part in node.parts)})"
            case s.DateOf():
                return f"date({self.inner(node.operand)})"
            case s.Between():
                start, end = self.sum(node.start, True), self.write(node.end, Level.MINUS, followed)
                return f"{node.unit} from {_to(start, end)}"

    def calendar(self, node: s.PartOf | s.AtTime | s.NearDay | s.FallsIn, followed: bool) -> str:
        match node:
            case s.PartOf():
                return f"{node.part} of {self.write(node.operand, Level.MINUS, followed)}"
            case s.AtTime():
                zone = "" if node.zone is None else f" {node.zone}"
                return f"{self.write(node.day, Level.NEAR, True)} at {clock_text(node.clock)}{zone}"
            case s.NearDay():
                where = "on or after" if node.side == "first" else "on or before"
                return f"{node.side} {node.pattern} {where} {self.write(node.day, Level.NEAR, followed)}"
            case s.FallsIn():
                return f"{self.sum(node.day, True)} falls in {node.season}"

    def range(self, node: s.Range, followed: bool) -> str:
        low = None if node.low is None else self.end(node.low, followed or node.high is not None)
        high = None if node.high is None else self.end(node.high, followed)
        if low is None:
            return f"under {high}" if not node.high_in else f"{'to' if self.cell else '..'} {high}"
        if high is None:
            return f"{low} .." if node.low_in else f"over {low}"
        if not node.high_in:
            return f"{'' if node.low_in else 'over '}{low} to under {high}"
        return f"{low} .. {high}" if node.low_in else f"over {_to(low, high)}"

    def end(self, node: s.Node, followed: bool) -> str:
        """An end of a range; in a cell a plain word needs no quotes."""
        if self.cell and isinstance(node, s.Literal) and isinstance(node.value, str) and is_name(node.value):
            return node.value
        return self.sum(node, followed)

    def value(self, node: s.Node) -> str:
        """One value in a cell."""
        if isinstance(node, s.Literal) and isinstance(node.value, str):
            plain = _BARE_CELL.fullmatch(node.value) and node.value not in ("any", "true", "false")
            return node.value if plain else self.literal(node)
        return self.sum(node, False)

    def sum(self, node: s.Node, followed: bool) -> str:
        return self.write(node, Level.AT, followed)

    def literal(self, node: s.Literal) -> str:
        match node.value:
            case bool() as truth:
                return "true" if truth else "false"
            case str() as text:
                return "'{}'".format(text.replace("'", "''"))
            case int() | Fraction() as number:
                if isinstance(node.type, Percent):
                    return f"{decimal_text(number * 100)}%"
                return decimal_text(number, 1 if isinstance(node.type, Decimal) else 0)
            case Money() as money:
                text = str(money)
                short = sum(c.isdigit() for c in text) <= MAX_DIGITS
                return text if short else f"{decimal_text(money.amount)} {money.currency}"
            case datetime() as instant:
                return instant_text(instant)
            case date() as day:
                return day.isoformat()
            case time() as clock:
                return clock_text(clock)
            case Elapsed(seconds=seconds) if seconds % 60 == 0:
                count, unit = (seconds // 60, "minute") if seconds % 3600 else (seconds // 3600, "hour")
                return f"{count} {unit}{'' if count == 1 else 's'}"
            case other:
                return str(other)


def _level(node: s.Node) -> Level:
    match node:
        case s.Binary():
            return _BINARY[node.op]
        case s.Logic():
            return Level.AND if node.op == "and" else Level.OR
        case s.Literal() | s.Name() | s.WordList() | s.Range():
            return Level.ATOM
        case _:
            return _NODES[type(node).__name__]


def _greedy(node: s.Node) -> bool:
    """Whether the text of a node reaches on to the closing bracket or the end."""
    closed = isinstance(node, s.Aggregate) and node.where is None
    return not closed and isinstance(node, s.Quantifier | s.Conditional | s.ShareOf | s.Aggregate)


def _to(low: str, high: str) -> str:
    """`low to high`; `3 to 10 days` would be one range of days, so the 3 gets brackets."""
    return f"({low}) to {high}" if _COUNT.search(low) and _PERIOD.match(high) else f"{low} to {high}"
