"""The parser of conditions, table cells and messages: text in, surface nodes or diagnostics out, never an exception.

Lark reads the text by `condition.lark`; `condition_build` makes the nodes and `condition_errors` the messages. Lark's
trees never leave this package.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from threading import Lock
from typing import Literal

from lark import Lark, Token, UnexpectedInput

from engine.base.diagnostics import Diagnostic, Fix, Report
from engine.base.source import Embedded, SourceText, Span
from engine.language.operators import RESERVED, is_name
from engine.language.surface import Cell, Node, Range, Template
from engine.language.surface import Literal as LiteralNode
from engine.language.types import Text
from engine.read.condition_build import MAX_DEPTH, Builder, Part
from engine.read.condition_errors import explain

__all__ = [
    "MAX_DEPTH",
    "MAX_LENGTH",
    "MAX_MESSAGE",
    "RESERVED",
    "ConditionError",
    "is_name",
    "lex",
    "parse_cell",
    "parse_condition",
    "parse_template",
    "parse_text",
]

MAX_LENGTH = 4_000
"""The most characters that a condition, a cell, or a formula in a message may have."""

MAX_MESSAGE = 20_000
"""The most characters that a message may have."""

Kind = Literal["condition", "cell"]

_LOCK = Lock()
_BARE_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*")


class ConditionError(Exception):
    """A text that is not a condition; only `parse_text` raises it."""

    def __init__(self, diagnostics: list[Diagnostic]) -> None:
        super().__init__("; ".join(f"{d.message} ({d.help})" if d.help else d.message for d in diagnostics))
        self.diagnostics = diagnostics


def parse_condition(text: Embedded, report: Report) -> Node | None:
    """Read a condition or formula; None if something was reported."""
    part = _read(text, 0, len(text.text), "condition", report)
    return None if part is None else part.node


def parse_cell(text: Embedded, report: Report) -> Cell | None:
    """Read a cell in an input column of a table: `any`, `any other`, one value, or a range; None if something was reported.

    A bare word stands for itself and needs no quotes (`US`, `not_started`, `in-transit`).
    """
    bare = text.text.strip()
    start = len(text.text) - len(text.text.lstrip())
    span = text.span(start, start + len(bare))
    if bare in ("any", "any other"):
        return Cell("any" if bare == "any" else "other", span=span)
    if _BARE_WORD.fullmatch(bare) and len(bare) <= MAX_LENGTH and bare not in ("true", "false"):
        return Cell("values", (LiteralNode(Text(), bare, span=span),), span=span)
    part = _read(text, 0, len(text.text), "cell", report)
    if part is None or part.node is None:
        return None
    if isinstance(part.node, Range):
        return Cell("range", range=part.node, span=span)
    return Cell("values", (part.node,), span=span)


def parse_template(text: Embedded, report: Report) -> Template | None:
    """Read a message: text with `{formula}` pieces, `{{` and `}}` for braces; None if something was reported."""
    if len(text.text) > MAX_MESSAGE:
        _too_long(text, 0, len(text.text), MAX_MESSAGE, "message", report)
        return None
    pieces: list[str | Node] = []
    good, at, plain = True, 0, ""
    while at < len(text.text):
        char = text.text[at]
        if text.text[at : at + 2] in ("{{", "}}"):
            plain, at = plain + char, at + 2
        elif char == "{":
            end = _closing_brace(text.text, at)
            node = None if end is None else _formula(text, at, end, report)
            if end is None:
                message, help = "this brace is never closed", "write `}` after the formula, or `{{` for a brace"
                report.add("condition-syntax", message, text.span(at, at + 1), help=help)
            if node is None:
                good = False
            else:
                pieces += [plain, node] if plain else [node]
                plain = ""
            at = len(text.text) if end is None else end + 1
        elif char == "}":
            message, help = "this brace closes nothing", "write `}}` for a brace in the message"
            report.add("condition-syntax", message, text.span(at, at + 1), help=help)
            good, at = False, at + 1
        else:
            plain, at = plain + char, at + 1
    if plain:
        pieces.append(plain)
    return Template(tuple(pieces), text) if good else None


def parse_text(text: str) -> Node:
    """Read a condition given as plain text, for tests and documentation.

    Raises ConditionError with the diagnostics; their places are offsets in the text.
    """
    source = SourceText("condition", text)
    embedded = Embedded(text, Span(source, 0, len(text)), tuple(range(len(text) + 1)))
    report = Report()
    node = parse_condition(embedded, report)
    if node is None:
        raise ConditionError(report.sorted())
    return node


def lex(text: str) -> Iterator[Token]:
    """The words of a condition, without the spaces between them. Raises UnexpectedInput at what is no word."""
    return _parser().lex(text)


def _read(embedded: Embedded, start: int, end: int, kind: Kind, report: Report) -> Part | None:
    """Read text[start:end]; the part returned has a node."""
    if end - start > MAX_LENGTH:
        _too_long(embedded, start, end, MAX_LENGTH, kind, report)
        return None
    text = embedded.text[start:end]
    try:
        tree = _parser().parse(text, start=kind)
    except UnexpectedInput:
        wrong = explain(_parser(), text, kind)
        span = embedded.span(start + wrong.start, start + wrong.end)
        report.add(wrong.code, wrong.message, span, help=wrong.help, fix=_fix(embedded, span, wrong.instead))
        return None
    builder = Builder(text, embedded, start, report, words=kind == "cell")
    whole = builder.build(tree)
    if whole is None:
        return None
    part = whole.kids[0]
    assert isinstance(part, Part)  # `cell: ANY` never comes here: parse_cell takes it before
    if kind == "cell" and not isinstance(part.node, Range):
        part.node = builder.bare(part.node, part)
    return None if builder.wrong else part


def _fix(embedded: Embedded, span: Span, instead: str | None) -> Fix | None:
    """The right words in the place of the wrong ones, if they have a certain place in the file and cannot upset its YAML.

    A plain text may neither begin with a quote nor end in spaces; in a single-quoted one a quote is doubled.
    """
    if instead is None or span.source is not embedded.scalar.source:
        return None
    sign, text = embedded.scalar.text[:1], instead
    at_edge = span.start == embedded.scalar.start or span.end == embedded.scalar.end
    if sign == "'":
        text = text.replace("'", "''")
    elif at_edge or (sign == '"' and '"' in text):
        return None
    return Fix(span, text, f"write `{instead.strip()}`", safe=True)


def _formula(text: Embedded, opening: int, closing: int, report: Report) -> Node | None:
    if not text.text[opening + 1 : closing].strip():
        message, help = "there is no formula in these braces", "write a name, such as `{line.title}`, or `{{}}`"
        report.add("condition-syntax", message, text.span(opening, closing + 1), help=help)
        return None
    part = _read(text, opening + 1, closing, "condition", report)
    return None if part is None else part.node


def _closing_brace(text: str, opening: int) -> int | None:
    """Where the brace that closes a formula stands; one inside a quoted word is part of the word."""
    quoted = False
    for at in range(opening + 1, len(text)):
        if text[at] == "'":
            quoted = not quoted
        elif text[at] == "}" and not quoted:
            return at
        elif text[at] == "{" and not quoted:
            return None
    return None


def _too_long(embedded: Embedded, start: int, end: int, limit: int, kind: str, report: Report) -> None:
    message = f"this {kind} has {end - start} characters; at most {limit} are read"
    help = "write a shorter message" if kind == "message" else "name parts of it under `define` and use the names"
    report.add("condition-too-long", message, embedded.span(start, end), help=help)


def _parser() -> Lark:
    with _LOCK:  # two threads that ask at once must not both build it
        return _build()


@cache
def _build() -> Lark:
    grammar = resources.files("engine.read").joinpath("condition.lark").read_text(encoding="utf-8")
    parser = Lark(
        grammar,
        parser="lalr",
        lexer="basic",
        start=["condition", "cell"],
        keep_all_tokens=True,
        maybe_placeholders=False,
    )
    parser.parse("true", start="condition")  # the lexer makes its tables on first use
    return parser
