"""Diagnostics as JSON data, for services and editors."""

from __future__ import annotations

from typing import Any

from engine.base.diagnostics import Diagnostic, Fix
from engine.base.source import ScalarText, Span


def to_json(one: Diagnostic) -> dict[str, Any]:
    """One diagnostic as plain data.

    Lines and columns count characters from 1; the end is the place after the last character. Where a text has no
    certain columns, they are those of the whole text. What is not known is None; `also` lists further places, each
    with a `label`; `fix` is a change that mends it.
    """
    return {
        "code": one.code,
        "severity": one.severity,
        "message": one.message,
        "help": one.help,
        **place(one.span),
        "where": one.where,
        "also": [{"label": also.label, **place(also.span)} for also in one.also],
        "fix": None if one.fix is None else _fix(one.fix),
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {**place(fix.span), "text": fix.text, "says": fix.says, "safe": fix.safe}


def place(span: Span | None) -> dict[str, Any]:
    """`file`, `line`, `column`, `end_line` and `end_column` of a place; each is None where there is none."""
    if span is None:
        return dict.fromkeys(("file", "line", "column", "end_line", "end_column"))
    if isinstance(span.source, ScalarText):
        span = span.source.outer
    line, column = span.source.line_column(span.start)
    end_line, end_column = span.source.line_column(span.end)
    return {"file": span.source.name, "line": line, "column": column, "end_line": end_line, "end_column": end_column}
