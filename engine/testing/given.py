"""Where a fact of a worked case was written: a finding about the case's document leads back to the author's words."""

from __future__ import annotations

from dataclasses import dataclass

from engine.base.source import Span
from engine.language.case import Path, parse_path
from engine.language.located import Mapping, Node, Scalar, Sequence


@dataclass(frozen=True)
class Given:
    """A fact as an author gave it: the steps to its place in the document, the key that names it, and its value."""

    steps: tuple[str | int, ...]
    key: Scalar
    value: Node


def written_at(given: tuple[Given, ...], text: str) -> Span | None:
    """The key in the file of cases that a path of the document comes from, or the nearest one around it.

    `text` is the path as findings name it. What is given later stands on top, so it is looked at first. None if nobody
    wrote it, such as what a preset fills in.
    """
    try:
        path = parse_path(text)
    except ValueError:  # an unknown name may hold anything, brackets too
        path = parse_path(text.partition("[")[0])
    best: tuple[int, Span] | None = None
    for one in reversed(given):
        if path[: len(one.steps)] != one.steps:
            continue
        depth, span = _deepest(one, path)
        if depth == len(path):
            return span
        if best is None or depth > best[0]:
            best = (depth, span)
    return best[1] if best else None


def _deepest(one: Given, path: Path) -> tuple[int, Span]:
    """How many steps of a path are written in a given fact, and the last key (or member of a list) on the way."""
    node, depth, span = one.value, len(one.steps), one.key.span
    for step in path[depth:]:
        if isinstance(node, Mapping) and isinstance(step, str):
            found = next(((key, value) for key, value in node if key.text == step), None)
            if found is None:
                break
            span, node = found[0].span, found[1]
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
        else:
            break
        depth += 1
    return depth, span
