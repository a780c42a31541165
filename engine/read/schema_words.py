"""The schema's terms in an author's words: kinds of values, examples written as YAML, where a key belongs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from engine.language import located
from engine.read.yaml_quoting import in_quotes, line_of
from engine.read.yaml_reader import resolve

_KINDS = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "array": "a list",
    "object": "keys with values",
    "null": "nothing",
}
_OFTEN_MEANT = {
    "if": ("when", "whenever"),
    "condition": ("when", "must", "is"),
    "except": ("unless",),
    "else": ("otherwise",),
    "default": ("otherwise", "value"),
    "result": ("then", "gives"),
    "outcome": ("then",),
    "reason": ("because",),
    "message": ("because", "says"),
    "comment": ("note",),
    "clauses": ("cites", "sections"),
    "source": ("cites", "sources"),
    "description": ("says", "label", "asks"),
    "name": ("label", "title"),
    "question": ("asks", "ask"),
    "values": ("type",),
    "duration": ("lasts",),
    "length": ("lasts",),
    "tz": ("timezone", "zone"),
    "definitions": ("define",),
    "rule": ("rules",),
}
"""Words that other tools use for the same thing, with ours."""

_NOT_PLAIN = re.compile(r": |:\Z| #|[\"\n]")


def expected(part: dict[str, Any]) -> str:
    """What a part of the schema takes, in words."""
    form = part.get("x-form")
    if form is not None:
        return str(form)
    kinds = part.get("type", "string")
    return listed([_KINDS[k] for k in ([kinds] if isinstance(kinds, str) else kinds)], "or")


def given(node: located.Node) -> str:
    """What a node is, in words."""
    match node:
        case located.Mapping():
            return "keys with values"
        case located.Sequence():
            return "a list"
        case located.Scalar(value=bool()):
            return f"`{node.text}`"
        case located.Scalar(value=int()) | located.Scalar(number=True):
            return "a number"
        case _:
            return "text"


def article(title: str) -> str:
    """`Rule` as `a rule`, `Output` as `an output`."""
    words = title.lower()
    return f"{'an' if words[:1] in 'aeiou' else 'a'} {words}"


def listed(words: Sequence[str], last: str) -> str:
    """`a, b or c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def meant(key: str, known: Iterable[str]) -> str | None:
    """The key that people mean by a word which other tools use; None if there is none here."""
    there = set(known)
    return next((ours for ours in _OFTEN_MEANT.get(key.lower(), ()) if ours in there), None)


def example_lines(key: str | None, part: dict[str, Any], most: int = 1) -> str:
    """Examples of a part of the schema as `key: value`, each in backticks; empty if it has none."""
    examples = part.get("examples") or part.get("enum", [])
    return listed([f"`{line_of(key, inline(example))}`" for example in examples[:most]], "or")


def inline(value: Any, flow: bool = False) -> str:
    """A value as YAML on one line. `flow`: it stands inside of `{...}` or `[...]`."""
    match value:
        case bool():
            return "true" if value else "false"
        case dict():
            return "{" + ", ".join(f"{k}: {inline(v, flow=True)}" for k, v in value.items()) + "}"
        case list():
            return "[" + ", ".join(inline(v, flow=True) for v in value) + "]"
        case str():
            return value if _may_be_plain(value, flow) else in_quotes(value)
        case _:
            return str(value)


def _may_be_plain(text: str, flow: bool) -> bool:
    if not text[:1].isalnum() or _NOT_PLAIN.search(text) or resolve(text) != (text, False):
        return False
    return not (flow and re.search(r"[,\[\]{}]", text))


def known_places(part: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """For every key in a part of the format, what it belongs in: `because` -> (a rule,), `region` -> (`holidays`,)."""
    found: dict[str, list[str]] = {}
    waiting: list[tuple[str | None, Any]] = [(None, part)]
    while waiting:
        name, one = waiting.pop(0)
        if not isinstance(one, dict):
            continue
        where = f"`{name}`" if name else article(str(one.get("title", "entry")))
        for key, inner in one.get("properties", {}).items():
            if where not in found.setdefault(key, []):
                found[key].append(where)
            waiting.append((key, inner))
        waiting.extend((None, one.get(keyword)) for keyword in ("additionalProperties", "items"))
    return {key: tuple(where) for key, where in found.items()}
