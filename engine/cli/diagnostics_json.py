"""Diagnostics as JSON data, for services and editors."""

from __future__ import annotations

from typing import Any

from engine.base.diagnostics import Diagnostic
from engine.base.source import ScalarText, Span


def to_json(one: Diagnostic) -> dict[str, Any]:
    """One diagnostic as plain data.

    Lines and columns count characters from 1; the end is the place after the last character. Where a text has no
    certain columns, they are those of the whole text. What is not known is None; `also` lists further places, each
    with a `label`.
    """
    return {
        "code": one.code,
        "severity": one.severity,
        "message": one.message,
        "help": one.help,
        **_place(one.span),
        "where": one.where,
        "also": [{"label": place.label, **_place(place.span)} for place in one.also],
    }


def _place(span: Span | None) -> dict[str, Any]:
    if span is None:
        return dict.fromkeys(("file", "line", "column", "end_line", "end_column"))
    if isinstance(span.source, ScalarText):
        span = span.source.outer
    line, column = span.source.line_column(span.start)
    end_line, end_column = span.source.line_column(span.end)
    return {"file": span.source.name, "line": line, "column": column, "end_line": end_line, "end_column": end_column}
