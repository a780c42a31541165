"""What an author wrote, found again in the checker's nodes: the words of an expression, and its written parts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from engine.base.source import ScalarText, Span
from engine.language import core as c

_LONG = 160
"""A conjunction with more words than this is named by its kind; its parts stand below it anyway."""

_LONG_CHOICE = 72
"""Likewise a choice: its condition and the branch that it takes stand below it."""


def words(expr: c.Expr) -> str:
    """The author's words on one line; a list of conditions, which has none of its own, is named."""
    text = _as_meant(" ".join(expr.span.text.split()))
    if isinstance(expr, c.Logic) and (len(text) > _LONG or not _inside(expr.parts, expr)):
        return "all of these" if expr.op == "and" else "any of these"
    if isinstance(expr, c.If) and len(text) > _LONG_CHOICE:
        return "if … then … else …"
    return text


def operands(expr: c.Expr) -> Iterator[c.Expr]:
    """The written parts of an operator. A part with the same words as the whole is the checker's own: its parts count."""
    match expr:
        case c.Logic(parts=parts):
            found: Sequence[c.Expr] = parts
        case c.Not(operand=operand):
            found = (operand,)
        case c.Happened(event=event):
            found = (event,)
        case c.Op(args=args):
            found = args
        case _:
            found = ()
    for part in found:
        if isinstance(part, c.Const):
            continue
        if isinstance(part, c.Logic | c.Not | c.Happened | c.Op) and part.span == expr.span:
            yield from operands(part)
        else:
            yield part


def _as_meant(text: str) -> str:
    """The words of a condition, with YAML's doubling of quotes taken back where its text stands in single quotes.

    There each run of quotes is doubled (the last one may be cut in two by the end of the words).
    """
    runs = re.findall("'+", text)
    doubled = len(runs) > 1 and all(len(run) % 2 == 0 for run in runs[:-1])
    return text.replace("''", "'") if doubled else text


def _inside(parts: Iterable[c.Expr], whole: c.Expr) -> bool:
    span = whole.span
    return all(
        _text_of(p.span) == _text_of(span) and span.start <= p.span.start and p.span.end <= span.end for p in parts
    )


def _text_of(span: Span) -> object:
    """The text that a span's offsets count in."""
    return span.source.outer if isinstance(span.source, ScalarText) else span.source
