"""Where each character of a YAML scalar stands in the file, for the ways of writing in which that is exact."""

from __future__ import annotations

from engine.base.source import Span


def offsets(span: Span, text: str, style: str) -> tuple[int, ...] | None:
    """The file offset of each character of `text` and of its end.

    `span` is the scalar with its quotes, `text` its value, `style` as in `Scalar`. None for folded, escaped and
    multi-line quoted or plain scalars: there a character of the value has no single place in the file.
    """
    raw = span.text
    match style:
        case "plain":
            return tuple(range(span.start, span.start + len(text) + 1)) if raw == text else None
        case "double":
            first = span.start + 1
            return tuple(range(first, first + len(text) + 1)) if raw[1:-1] == text else None
        case "single":
            return _single_quoted(span.start + 1, raw[1:-1], text)
        case "literal":
            return _literal(span, text)
        case _:
            return None


def _single_quoted(start: int, inner: str, text: str) -> tuple[int, ...] | None:
    """`''` inside single quotes is one character; it is placed at the first of the two."""
    if inner.replace("''", "'") != text:
        return None
    places, at = [], 0
    while at < len(inner):
        places.append(start + at)
        at += 2 if inner.startswith("''", at) else 1
    return (*places, start + len(inner))


def _literal(span: Span, text: str) -> tuple[int, ...] | None:
    """A `|` scalar keeps its lines; only the indentation, the same on every line, is taken away."""
    whole = span.source.text
    header_end = whole.find("\n", span.start)
    row_start = header_end + 1 if header_end >= 0 else len(whole)
    lines = text.split("\n")
    places: list[int] = []
    indent: int | None = None
    end = span.end
    for number, content in enumerate(lines):
        last = number == len(lines) - 1
        if last and not content:
            break  # nothing stands after the final line end
        row_end = whole.find("\n", row_start)
        row_end = row_end if row_end >= 0 else len(whole)
        row = whole[row_start:row_end].removesuffix("\r")
        margin = len(row) - len(content)
        if content:
            indent = margin if indent is None else indent
            if margin != indent or row[:margin].strip(" ") or row[margin:] != content:
                return None
        places.extend(range(row_start + margin, row_start + len(row)))
        end = row_start + len(row)
        if not last:
            places.append(end)
            end = row_end + 1
        row_start = row_end + 1
    places.append(min(end, len(whole)))
    return tuple(places) if len(places) == len(text) + 1 else None
