"""Strict JSON: what is repeated, too deep, too large or not exact is an error with its place, never a guess."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from engine.base.diagnostics import Report
from engine.base.source import SourceText, Span
from engine.facts.problems import shown
from engine.language.case import Path, path_text

MAX_BYTES = 5_000_000
"""The largest document that is read."""

MAX_DEPTH = 32
"""How deeply records and lists may stand in one another."""

_MAX_NUMBER_LENGTH = 64
_MAX_EXPONENT = 64

_WHOLE = "a case is one JSON object: `{...}`"
"""Said of a document that is not JSON from its first character on: perhaps a policy, or a case in YAML."""

_SLIPS = {
    "'": 'JSON text stands in double quotes: "..."',
    "}": "remove the comma before it",
    "]": "remove the comma before it",
    "/": "JSON has no comments",
    "#": "JSON has no comments",
    "T": "write true in small letters",
    "F": "write false in small letters",
    "N": "write null for what is not known",
}


@dataclass(frozen=True, slots=True)
class _Mark:
    """Stands in the parsed document for something that cannot be taken, until its path is known."""

    code: str
    message: str
    help: str


class _Repeating(dict[str, object]):
    """A record in which a key stands twice; `pairs` has all that was written, so that no finding is lost."""

    pairs: tuple[tuple[str, object], ...] = ()


def read_json(data: bytes | str, name: str, report: Report) -> object | None:
    """Read one JSON document; None if `report` got an error (or if the document is the word null).

    `name` is what people call the document, usually its file's path. Numbers are exact: whole ones are `int`, others
    `Decimal`. Not taken: more than `MAX_BYTES`, anything but UTF-8, a repeated key, NaN and Infinity, numbers of
    absurd length, more than `MAX_DEPTH` levels.
    """
    text = _text(data, name, report)
    if text is None:
        return None
    marks: list[None] = []

    def mark(code: str, message: str, help: str) -> _Mark:
        marks.append(None)
        return _Mark(code, message, help)

    def record(pairs: list[tuple[str, object]]) -> dict[str, object]:
        made = dict(pairs)
        if len(made) == len(pairs):
            return made
        marks.append(None)
        repeating = _Repeating(made)
        repeating.pairs = tuple(pairs)
        return repeating

    def too_long(number: str) -> _Mark:
        return mark("fact-range", f"the number `{shown(number)}` is too long", "send a number of up to 24 digits")

    def whole(number: str) -> int | _Mark:
        return int(number) if len(number) <= _MAX_NUMBER_LENGTH else too_long(number)

    def fraction(number: str) -> Decimal | _Mark:
        if len(number) > _MAX_NUMBER_LENGTH:
            return too_long(number)
        try:
            value = Decimal(number)
        except InvalidOperation:  # an exponent beyond all bounds
            return too_long(number)
        return value if abs(value.adjusted()) <= _MAX_EXPONENT else too_long(number)

    def constant(word: str) -> _Mark:
        return mark("facts-not-json", f"`{word}` is not JSON", "leave the fact out, or send null, if it is not known")

    try:
        document: object = json.loads(
            text, object_pairs_hook=record, parse_int=whole, parse_float=fraction, parse_constant=constant
        )
    except json.JSONDecodeError as error:
        _not_json(text, name, error, report)
        return None
    except RecursionError:
        _too_deep(name, report)
        return None
    if _is_too_deep(text, document):
        _too_deep(name, report)
        return None
    if marks:
        _report_marks(document, name, report)
        return None
    return document


def _text(data: bytes | str, name: str, report: Report) -> str | None:
    if len(data) > MAX_BYTES:
        report.add(
            "facts-too-large", f"the document has more than {MAX_BYTES:,} bytes", help="send one case", where=name
        )
        return None
    if isinstance(data, str):
        return data.removeprefix("\ufeff")
    try:
        return data.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        message = f"the document is not UTF-8 text: byte {error.start + 1} fits no character"
        report.add("file-not-text", message, help="save it as UTF-8", where=name)
        return None


def _not_json(text: str, name: str, error: json.JSONDecodeError, report: Report) -> None:
    source = SourceText(name, text)
    at = min(error.pos, len(text))
    if not text.strip():
        report.add("facts-not-json", "the document is empty", Span(source, 0, 0), "send one JSON object")
        return
    here = text[at : at + 1]
    trailing = here in ("}", "]") and not text[:at].rstrip().endswith(",")
    found = (error.msg[:1].lower() + error.msg[1:]).removesuffix(" at")
    help = None if trailing else _SLIPS.get(here, _WHOLE if not text[:at].strip() else None)
    if error.msg == "Extra data":
        found, help = "something follows the end of the document", "send one JSON object"
    report.add("facts-not-json", f"this is not JSON: {found}", Span(source, at, min(at + 1, len(text))), help)


def _too_deep(name: str, report: Report) -> None:
    message = f"the facts are nested more than {MAX_DEPTH} levels deep"
    report.add("facts-too-deep", message, help="send the documented shape", where=name)


def _is_too_deep(text: str, document: object) -> bool:
    if text.count("{") + text.count("[") <= MAX_DEPTH:
        return False
    level = [document]
    for _ in range(MAX_DEPTH):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer if isinstance(outer, list) else ())
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def _report_marks(document: object, name: str, report: Report) -> None:
    for path, inner in _walk(document):
        where = path_text(path) or name
        if isinstance(inner, _Mark):
            report.add(inner.code, inner.message, help=inner.help, where=where)
        elif isinstance(inner, _Repeating):
            for key, times in Counter(key for key, _ in inner.pairs).items():
                if times == 1:
                    continue
                twice = path_text((*path, shown(key) or '""'))
                report.add(
                    "facts-repeated-key", f"the key `{shown(key)}` stands twice", help="keep one of them", where=twice
                )


def _walk(document: object) -> Iterator[tuple[Path, object]]:
    waiting: list[tuple[Path, object]] = [((), document)]
    while waiting:
        path, outer = waiting.pop()
        yield path, outer
        if isinstance(outer, dict):
            pairs = outer.pairs if isinstance(outer, _Repeating) else outer.items()
            waiting.extend(((*path, shown(key) or '""'), inner) for key, inner in pairs)
        elif isinstance(outer, list):
            waiting.extend(((*path, number), inner) for number, inner in enumerate(outer))
