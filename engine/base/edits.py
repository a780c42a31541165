"""Editing a text by places, so that everything between them stays as it is."""

from __future__ import annotations

from collections.abc import Iterable

from engine.base.source import Span


def edited(text: str, edits: Iterable[tuple[Span, str]]) -> str:
    """The text with each of the places replaced. Of two that overlap the first (by place) counts."""
    parts, at = [], 0
    for span, new in sorted(edits, key=lambda one: (one[0].start, one[0].end)):
        if span.start >= at:
            parts += [text[at : span.start], new]
            at = span.end
    return "".join([*parts, text[at:]])
