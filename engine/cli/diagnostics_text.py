"""Diagnostics for a terminal: the message, the place, the line with the words underlined, and what to do."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from typing import Literal

from engine.base.diagnostics import Diagnostic, Place
from engine.base.source import ScalarText, Span

_WIDTH = 100
"""Longer source lines are cropped around the words that are meant."""
_MARGIN = 24
_TAB = 4

_Style = Literal["error", "warning", "bold", "rule", "help"]
_CODES: dict[_Style, str] = {
    "error": "\x1b[1;31m",
    "warning": "\x1b[1;33m",
    "bold": "\x1b[1m",
    "rule": "\x1b[1;34m",
    "help": "\x1b[1;36m",
}


def render(diagnostics: Iterable[Diagnostic], color: bool) -> str:
    """All diagnostics in the order given, each with its lines, and a line that counts them; empty if there are none.

    `color` adds ANSI escapes. Control characters of a source never reach the terminal as such.
    """
    found = list(diagnostics)
    if not found:
        return ""
    return "\n".join([_one(one, color) for one in found]) + "\n" + _count(found, color) + "\n"


def render_line(one: Diagnostic) -> str:
    """One diagnostic on one line, for editors and `grep`: `file:line:column: error[code] message`."""
    place = _place(one.span) if one.span is not None else (one.where or "")
    return visible(f"{place}: {one.severity}[{one.code}] {one.message}".removeprefix(": "))


def _one(one: Diagnostic, color: bool) -> str:
    lines = [
        _paint(f"{one.severity}[{one.code}]", one.severity, color) + _paint(f": {visible(one.message)}", "bold", color)
    ]
    spans = [span for span in (one.span, *(place.span for place in one.also)) if span is not None]
    gutter = max((len(_number(span)) for span in spans), default=0)
    if one.span is not None:
        where = f", {one.where}" if one.where and one.where != one.span.source.name else ""
        lines.append(_arrow("-->", gutter, _header(one.span) + where, color))
        lines.extend(_snippet(one.span, gutter, "^", one.severity, color))
    elif one.where:
        lines.append(_arrow("-->", gutter, one.where, color))
    for place in one.also:
        lines.extend(_further(place, gutter, color))
    if one.help:
        lines.append(_paint("help", "help", color) + f": {visible(one.help)}")
    return "\n".join(lines) + "\n"


def _further(place: Place, gutter: int, color: bool) -> list[str]:
    head = _arrow(":::", gutter, f"{_header(place.span)}, {place.label}", color)
    return [head, *_snippet(place.span, gutter, "-", "rule", color)]


def _arrow(sign: str, gutter: int, place: str, color: bool) -> str:
    return " " * gutter + _paint(sign, "rule", color) + f" {visible(place)}"


def _header(span: Span) -> str:
    return _place(span) + (", in this text" if isinstance(span.source, ScalarText) else "")


def _place(span: Span) -> str:
    """Where the words stand in the file; for a text without certain columns, where that text begins."""
    return str(span.source.outer if isinstance(span.source, ScalarText) else span)


def _number(span: Span) -> str:
    """The line's number in the margin; a line of a folded text has none that would be right."""
    return "" if isinstance(span.source, ScalarText) else str(span.line)


def _snippet(span: Span, gutter: int, mark: str, style: _Style, color: bool) -> list[str]:
    row = span.source.line(span.line)
    first = span.column - 1
    last = min(first + span.end - span.start, max(len(row), first))
    shown, start, length = _cropped(row, first, last)
    bar = _paint("|", "rule", color)
    number = _paint(_number(span).rjust(gutter), "rule", color)
    edge = " " * gutter
    return [
        f"{edge} {bar}",
        f"{number} {bar} {shown}".rstrip(),
        f"{edge} {bar} " + " " * start + _paint(mark * length, style, color),
    ]


def _cells(row: str) -> list[tuple[str, int]]:
    """Each character as it is shown, with the columns it takes: a tab reaches to its stop, a wide one takes two."""
    cells: list[tuple[str, int]] = []
    column = 0
    for char in row:
        if char == "\t":
            width = _TAB - column % _TAB
            cells.append((" " * width, width))
        else:
            width = _columns(char)
            cells.append((visible(char), width))
        column += width
    return cells


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me") or char in "\u200b\u200c\u200d":
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1


def visible(text: str) -> str:
    """The text with a stand-in for every character that steers a terminal or turns the direction of writing."""
    return "".join(_stand_in(char) for char in text)


def _stand_in(char: str) -> str:
    if char == "\n":
        return " "
    if char < " ":
        return chr(0x2400 + ord(char))
    steers = unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") and char not in "\u200b\u200c\u200d"
    return "\ufffd" if steers else char


def _cropped(row: str, first: int, last: int) -> tuple[str, int, int]:
    """The line as shown, where the marks begin and how many there are. `first` to `last` are the characters meant."""
    begin = max(0, first - _MARGIN)
    if last <= _WIDTH and sum(width for _, width in _cells(row[:last])) <= _WIDTH:
        begin = 0  # a line that fits, or at least its words do, is shown from its beginning
    cells = _cells(row[begin : begin + 2 * _WIDTH])
    used = end = 0
    while end < len(cells) and used + cells[end][1] <= _WIDTH:
        used += cells[end][1]
        end += 1
    before = "..." if begin > 0 else ""
    after = "..." if begin + end < len(row) else ""
    shown = before + "".join(text for text, _ in cells[:end]) + after
    start = len(before) + sum(width for _, width in cells[: first - begin])
    length = sum(width for _, width in cells[first - begin : min(last - begin, end)])
    return shown, start, max(1, length)


def _count(found: list[Diagnostic], color: bool) -> str:
    errors = sum(one.severity == "error" for one in found)
    parts = [_paint(_many(errors, "error"), "error", color)] if errors else []
    if len(found) > errors:
        parts.append(_paint(_many(len(found) - errors, "warning"), "warning", color))
    return ", ".join(parts)


def _many(count: int, word: str) -> str:
    return f"{count} {word}" + ("" if count == 1 else "s")


def _paint(text: str, style: _Style, color: bool) -> str:
    return f"{_CODES[style]}{text}\x1b[0m" if color and text else text
