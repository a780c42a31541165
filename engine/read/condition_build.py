"""From Lark's parse tree to surface nodes, bottom-up and without recursion, so that no text can exhaust the stack.

What the grammar lets through but the language does not (an unknown currency, `a < b < c`, a date that does not exist)
is reported here, where the whole phrase is known and the message can show how to write it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, cast

from lark import Token, Tree

from engine.base.diagnostics import Report
from engine.base.source import Embedded, Span
from engine.language import surface as s
from engine.language.types import Text
from engine.read import condition_calendar as calendar
from engine.read import condition_literals as literals
from engine.read.condition_literals import Problem
from engine.read.condition_stop import clipped
from engine.values.periods import PeriodRange

MAX_DEPTH = 60
"""No node lies deeper than this, and no bracket: whatever walks a condition may recurse."""


@dataclass(slots=True)
class Part:
    """A finished part of the tree. `start` and `end` include brackets round it; `node` is None where there is none."""

    node: s.Node | None
    start: int
    end: int
    height: int
    nest: int
    kids: tuple[Child, ...] = ()


Child = Part | Token


@dataclass(slots=True)
class _Chain:
    """Two tests in a row. It is reported at the end, when it is known whether a list expression explains it."""

    second: Token
    start: int
    end: int
    help: str


class Builder:
    """Builds one condition or cell. `shift` is where its text begins within `embedded`."""

    def __init__(self, text: str, embedded: Embedded, shift: int, report: Report, *, words: bool) -> None:
        self.text = text
        self.embedded = embedded
        self.shift = shift
        self.report = report
        self.words = words
        self.wrong = False
        self.chains: list[_Chain] = []

    def build(self, tree: Tree[Token]) -> Part | None:
        """The part for the whole tree, or None after a problem was reported."""
        parts: dict[int, Part] = {}
        for sub in tree.iter_subtrees():  # children come before their parents
            kids = tuple(parts[id(k)] if isinstance(k, Tree) else k for k in sub.children)
            part = self.part(str(sub.data), kids)
            if part.height > MAX_DEPTH or part.nest > MAX_DEPTH:
                self.problem(
                    Problem(
                        f"this is nested more than {MAX_DEPTH} levels deep",
                        "name parts of it under `define` and use the names",
                        "condition-too-deep",
                    ),
                    part.start,
                    part.end,
                )
                return None
            parts[id(sub)] = part
        for chain in self.chains:
            second = chain.second
            self.problem(Problem(f"`{clipped(second)}` cannot follow another comparison", chain.help), *_extent(second))
        return None if self.wrong else parts[id(tree)]

    def part(self, rule: str, kids: tuple[Child, ...]) -> Part:
        """One rule of the grammar with its finished children."""
        if rule in ("added", "product"):
            return self.fold(kids)
        inner = [k for k in kids if isinstance(k, Part)]
        part = Part(
            None,
            _extent(kids[0])[0],
            _extent(kids[-1])[1],
            max((k.height for k in inner), default=0),
            max((k.nest for k in inner), default=0),
            kids,
        )
        if rule == "brackets":
            part.node = inner[0].node
        elif rule not in ("tail", "condition", "cell"):
            part.height += 1
            part.node = _NODES[rule](self, part)
        if any(isinstance(k, Token) and k.type in ("LPAR", "LSQB") for k in kids):
            part.nest += 1
        return part

    # places and problems ---------------------------------------------------------------------------------------------

    def span(self, start: int, end: int) -> Span:
        """The place of a stretch of the text."""
        return self.embedded.span(self.shift + start, self.shift + end)

    def problem(self, problem: Problem, start: int, end: int) -> None:
        """Report a problem; the parse gives no node then."""
        self.wrong = True
        self.report.add(problem.code, problem.message, self.span(start, end), help=problem.help)

    def source(self, first: Child, last: Child) -> str:
        """The author's words from one child to another."""
        return self.text[_extent(first)[0] : _extent(last)[1]]

    # operators -------------------------------------------------------------------------------------------------------

    def fold(self, kids: tuple[Child, ...]) -> Part:
        """`a - b + c` leans to the left; every step is one level deeper."""
        left = _part(kids[0])
        for i in range(1, len(kids), 2):
            right = _part(kids[i + 1])
            node = s.Binary(
                cast("s.BinaryOp", str(kids[i])), _node(left), _node(right), span=self.span(left.start, right.end)
            )
            height, nest = 1 + max(left.height, right.height), max(left.nest, right.nest)
            left = Part(node, left.start, right.end, height, nest)
            if height > MAX_DEPTH:
                break
        return left

    def logic(self, part: Part) -> s.Node:
        word = "or" if _token(part.kids[1]).type == "OR" else "and"
        op = cast('Literal["and", "or"]', word)
        return s.Logic(op, tuple(_nodes(part)), span=self.span(part.start, part.end))

    def not_(self, part: Part) -> s.Node:
        return s.Not(_nodes(part)[0], span=self.span(part.start, part.end))

    def negative(self, part: Part) -> s.Node:
        return s.Negative(_nodes(part)[0], span=self.span(part.start, part.end))

    def conditional(self, part: Part) -> s.Node:
        condition, then, otherwise = _nodes(part)
        return s.Conditional(condition, then, otherwise, span=self.span(part.start, part.end))

    # tests -----------------------------------------------------------------------------------------------------------

    def test(self, part: Part) -> s.Node:
        left, tail = _part(part.kids[0]), _part(part.kids[1])
        if len(part.kids) > 2:
            self.chain(part)
        span = self.span(part.start, part.end)
        word = _token(tail.kids[0])
        match word.type:
            case "COMPARE":
                return s.Binary(cast("s.BinaryOp", str(word)), _node(left), _nodes(tail)[0], span=span)
            case "IN" | "NOT_IN":
                choices = self.choices(_part(tail.kids[1]))
                return s.Member(_node(left), choices, word.type == "NOT_IN", span=span)
            case "FALLS":
                ends = (_token(tail.kids[1]), _token(tail.kids[3]))
                return calendar.falls_in(self, _node(left), ends, span)
            case "HAPPENED":
                return s.Happened(_node(left), "not" in word.split(), span=span)
            case "WINDOW":
                return self.window_test(left, word, span)
            case _:
                return self.timing(left, tail, span)

    def chain(self, part: Part) -> None:
        """`a < b < c`, which means nothing here, whatever it means elsewhere."""
        left, first, second = (_part(k) for k in part.kids[:3])
        word = _token(second.kids[0])
        text = "put brackets round the comparison that is meant to come first"
        if _token(first.kids[0]).type == word.type == "COMPARE":
            text = "write two comparisons joined by `and`"
            middle = self.source(first.kids[1], first.kids[1])
            both = f"{self.source(left, first)} and {middle} {self.source(second, second)}"
            if len(both) <= 90 and "\n" not in both:
                text = f"write `{both}`"
        self.chains.append(_Chain(word, part.start, part.end, text))

    def choices(self, part: Part) -> s.WordList | s.Range | s.Name:
        node = part.node
        if isinstance(node, s.WordList | s.Range | s.Name):
            return node
        shown = self.text[part.start : part.end]
        text = "write a list `['a', 'b']`, a range `3 .. 10`, or the name of a list"
        if isinstance(node, s.Literal) and isinstance(node.value, PeriodRange):
            text = "a range of days is for deadlines; count them: `days from a to b in 3 .. 10`"
        elif isinstance(node, s.Literal) and len(shown) <= 40:
            text = f"write `in [{shown}]` or `== {shown}`"
        self.problem(Problem("after `in` comes a list, a range or the name of a list", text), part.start, part.end)
        return s.WordList((), span=self.span(part.start, part.end))

    def window_test(self, left: Part, word: Token, span: Span) -> s.Node:
        words = word.split()
        name = left.node
        if not isinstance(name, s.Name):
            text = f"name it under `windows` and write `its_name {' '.join(words)}`"
            self.problem(Problem(f"only a window `{' '.join(words)}`", text), left.start, left.end)
            name = s.Name(("",), span=span)
        state = cast('Literal["open", "passed", "begun"]', words[-1])
        return s.WindowTest(name, state, "not" in words, span=span)

    def timing(self, left: Part, tail: Part, span: Span) -> s.Node:
        first, side = _token(tail.kids[0]), _token(tail.kids[2])
        period, anchor = _nodes(tail)
        kind = f"{' '.join(first.split())} {side}"
        if kind == "later than before":
            text = "write `x at least 5 days before y`, or `x later than 5 days after y`"
            self.problem(Problem("`later than` goes with `after`", text), *_extent(side))
            kind = "later than after"
        return s.Timing(cast("s.TimingKind", kind), _node(left), period, anchor, span=span)

    def word_list(self, part: Part) -> s.Node:
        return s.WordList(tuple(_nodes(part)), span=self.span(part.start, part.end))

    def range(self, part: Part) -> s.Node:
        ends = [k for k in part.kids if isinstance(k, Part)]
        marks = [k.type for k in part.kids if isinstance(k, Token)]
        if marks == ["TO"] and len(ends) == 2:
            low, high = (clipped(self.text[e.start : e.end]) for e in ends)
            text = f"write `{low} .. {high}` (both ends in) or `{low} to under {high}`"
            self.problem(Problem("it is not said whether the last value is in", text), part.start, part.end)
        only_high = len(ends) == 1 and isinstance(part.kids[0], Token) and marks[0] != "OVER"
        low_node = None if only_high else ends[0].node
        high_node = ends[-1].node if only_high or len(ends) == 2 else None
        if self.words:
            low_node, high_node = (self.bare(n, part) for n in (low_node, high_node))
        return s.Range(
            low_node, high_node, "OVER" not in marks, "UNDER" not in marks, span=self.span(part.start, part.end)
        )

    # names and literals ----------------------------------------------------------------------------------------------

    def literal(self, part: Part) -> s.Node:
        token = _token(part.kids[0])
        span = self.span(part.start, part.end)
        read = literals.read(token.type, str(token))
        if isinstance(read, Problem):
            self.problem(read, part.start + read.start, part.end)
            return s.Literal(Text(), "", span=span)
        return s.Literal(*read, span=span)

    def name(self, part: Part) -> s.Node:
        parts = tuple(_token(part.kids[0]).split("."))
        if len(parts) == 1 and not self.words and parts[0] in _NO_NAMES:
            self.problem(_NO_NAMES[parts[0]], part.start, part.end)
        return s.Name(parts, span=self.span(part.start, part.end))

    def simple(self, token: Token, what: str) -> str:
        """A name without dots: a variable, a decision, an argument."""
        if "." in token:
            self.problem(Problem(f"{what} is one word, without dots", "write a plain name there"), *_extent(token))
        return str(token)

    def source_name(self, token: Token) -> s.Name:
        return s.Name(tuple(token.split(".")), span=self.span(*_extent(token)))

    def bare(self, node: s.Node | None, part: Part) -> s.Node | None:
        """A value in a cell: a bare word is a word, and nothing is worked out there."""
        match node:
            case s.Name(parts=(word,)):
                return s.Literal(Text(), word, span=node.span)
            case None | s.Literal() | s.Negative(operand=s.Literal()):
                return node
        text = "name it under `define` and let the table look at that name; a word with signs in it stands in quotes"
        if isinstance(node, s.Binary) and node.op == "-":
            text = "write a range as `3 .. 10`"
        self.problem(Problem("a cell holds values, a range or `any`", text), part.start, part.end)
        return node

    def output_read(self, part: Part) -> s.Node:
        tokens = [k for k in part.kids if isinstance(k, Token)]
        names = [k for k in tokens if k.type == "NAME"]
        decision = self.simple(names[0], "a decision")
        arguments = tuple(self.simple(k, "what stands in these brackets") for k in names[1:])
        if len(arguments) > 2:
            name, output = clipped(decision), clipped(tokens[-1])
            text = f"write `{name}(line){output}` or `{name}(line, refund){output}`"
            problem = Problem("an output is read for a line, for an option, or for both", text)
            self.problem(problem, _extent(names[3])[0], _extent(names[-1])[1])
        span = self.span(part.start, part.end)
        return s.OutputRead(decision, arguments, tuple(tokens[-1][1:].split(".")), span=span)

    # lists, functions ------------------------------------------------------------------------------------------------

    def quantifier(self, part: Part) -> s.Node:
        kind, variable, _, path = (_token(k) for k in part.kids[:4])
        nodes = _nodes(part)
        return s.Quantifier(
            "any" if kind.type == "ANY" else "all",
            self.simple(variable, "the name of a member"),
            self.source_name(path),
            nodes[0] if len(nodes) == 2 else None,
            nodes[-1],
            span=self.span(part.start, part.end),
        )

    def aggregate(self, part: Part) -> s.Node:
        tokens = [k for k in part.kids if isinstance(k, Token)]
        names = [k for k in tokens if k.type == "NAME"]
        nodes = _nodes(part)
        body = None if tokens[0].type == "COUNT" else nodes[0]
        where = nodes[-1] if tokens[-1].type == "WHERE" else None
        if where is not None:
            self.compared(part)
        return s.Aggregate(
            cast('Literal["count", "sum", "min", "max"]', tokens[0].split()[0]),
            self.simple(names[0], "the name of a member"),
            self.source_name(names[1]),
            body,
            where,
            span=self.span(part.start, part.end),
        )

    def compared(self, part: Part) -> None:
        """A chain at the end of a `where` is a list expression that somebody wanted to compare: say so."""
        for chain in self.chains:
            if chain.end == part.end:
                at = chain.second.start_pos or 0
                whole = f"({self.text[part.start : at].rstrip()}) {self.text[at : part.end]}"
                if len(whole) > 90 or "\n" in whole:
                    whole = f"({clipped(_token(part.kids[0]))} ... where ...) {self.text[at : part.end]}"
                chain.help = f"`where` reaches to the end, so put the list expression in brackets: `{whole}`"

    def extreme(self, part: Part) -> s.Node:
        word = _token(part.kids[0])
        nodes = tuple(_nodes(part))
        if len(nodes) < 2:
            shown = " ".join(word.split())
            text = f"write `{shown} (a, b)` with two values or more, or the value alone"
            self.problem(Problem(f"`{shown}` has nothing to choose from", text), part.start, part.end)
        kind = cast('Literal["greater", "lesser", "later", "earlier"]', word.split()[0])
        return s.Extreme(kind, nodes, span=self.span(part.start, part.end))

    def between(self, part: Part) -> s.Node:
        start, end = _nodes(part)
        words = " ".join(_token(part.kids[0]).split()[:-1])
        unit = cast('Literal["days", "business days", "months", "elapsed"]', words)
        return s.Between(unit, start, end, span=self.span(part.start, part.end))

    def round(self, part: Part) -> s.Node:
        operand, step = _nodes(part)
        mode = _token(part.kids[-2])
        word = " ".join(mode.split())
        if word not in ("half up", "half even", "up", "down"):
            text = "write `half up`, `half even`, `up` (away from zero) or `down` (towards zero)"
            self.problem(Problem(f"`{clipped(word)}` is no way to round", text), *_extent(mode))
        return s.Round(operand, step, cast("s.RoundingWord", word), span=self.span(part.start, part.end))

    def share(self, part: Part) -> s.Node:
        nodes = _nodes(part)
        if len(nodes) != 4:
            text = "write `share(amount, units, units in all, units before)`"
            self.problem(Problem(f"`share` takes four values, not {len(nodes)}", text), part.start, part.end)
            nodes = (nodes * 4)[:4]
        amount, units, whole, before = nodes
        return s.Share(amount, units, whole, before, span=self.span(part.start, part.end))

    def share_of(self, part: Part) -> s.Node:
        name, among = (next(k for k in part.kids if isinstance(k, Token) and k.type == t) for t in ("NAME", "AMONG"))
        amount, weight = _nodes(part)
        path = among.split()[1]
        source = Token("NAME", path, (among.start_pos or 0) + among.index(path, len("among")))
        return s.ShareOf(
            amount,
            self.simple(name, "the name of a member"),
            self.source_name(source),
            weight,
            span=self.span(part.start, part.end),
        )

    def date_of(self, part: Part) -> s.Node:
        return s.DateOf(_nodes(part)[0], span=self.span(part.start, part.end))


_NODES: dict[str, Callable[[Builder, Part], s.Node]] = {
    "disjunction": Builder.logic,
    "conjunction": Builder.logic,
    "not_": Builder.not_,
    "negative": Builder.negative,
    "conditional": Builder.conditional,
    "test": Builder.test,
    "list": Builder.word_list,
    "range": Builder.range,
    "literal": Builder.literal,
    "name": Builder.name,
    "output_read": Builder.output_read,
    "quantifier": Builder.quantifier,
    "aggregate": Builder.aggregate,
    "extreme": Builder.extreme,
    "between": Builder.between,
    "round": Builder.round,
    "share": Builder.share,
    "share_of": Builder.share_of,
    "date_of": Builder.date_of,
    "part_of": calendar.part_of,
    "at_time": calendar.at_time,
    "near_day": calendar.near_day,
}

_NULL = Problem(
    "nothing is compared with `null`: a fact that nobody gave is unknown, and stays so",
    "for an event write `x has happened` or `x has not happened`; otherwise leave this test out",
)
_NO_NAMES: dict[str, Problem] = {word: _NULL for word in ("null", "NULL", "Null", "None", "nil", "undefined")} | {
    word: Problem(f"`{word}` is written in small letters", f"write `{word.lower()}`")
    for word in ("True", "TRUE", "False", "FALSE")
}
_NO_NAMES |= {
    word: Problem(f"`{word}` is a word of the language and no name", f"write `{form}`, or use another name")
    for word, form in (
        ("date", "date(order.placed_at)"),
        ("round", "round(line.paid, to 0.01 USD, half up)"),
        ("share", "share(line.paid, line.asked, line.quantity, line.returned_before)"),
    )
}


def _extent(child: Child) -> tuple[int, int]:
    if isinstance(child, Token):
        start = child.start_pos or 0
        return start, start + len(child)
    return child.start, child.end


def _part(child: Child) -> Part:
    assert isinstance(child, Part)
    return child


def _token(child: Child) -> Token:
    assert isinstance(child, Token)
    return child


def _node(part: Part) -> s.Node:
    assert part.node is not None
    return part.node


def _nodes(part: Part) -> list[s.Node]:
    return [k.node for k in part.kids if isinstance(k, Part) and k.node is not None]
