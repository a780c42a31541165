"""Where keys and values stand in the policy file, for messages that underline more than a rule's name."""

from __future__ import annotations

import re

from engine.base.source import Span
from engine.language.located import Mapping, Node


class Places:
    """Looks up spans in the YAML of a policy by the keys that lead there; None for what is not written."""

    def __init__(self, root: Mapping | None = None, market: str | None = None) -> None:
        """`market`: what this market says itself of currency, zone and calendar stands there."""
        self._root = root
        markets = None if root is None else root.get("markets")
        own = markets.get(market) if isinstance(markets, Mapping) and market is not None else None
        self._own = own if isinstance(own, Mapping) else None

    def value(self, *keys: str) -> Span | None:
        """The place of a value: `value("decisions", "return", "outputs", "fee", "roll_up")`."""
        found: Node | None = self._from(keys)
        for key in keys:
            found = found.get(key) if isinstance(found, Mapping) else None
        return None if found is None else found.span

    def key(self, *keys: str) -> Span | None:
        """The place of the last key itself."""
        found: Node | None = self._from(keys)
        for key in keys[:-1]:
            found = found.get(key) if isinstance(found, Mapping) else None
        name = found.key(keys[-1]) if isinstance(found, Mapping) else None
        return None if name is None else name.span

    def _from(self, keys: tuple[str, ...]) -> Mapping | None:
        """Where to start: in the market, for what it says itself."""
        return self._own if self._own is not None and self._own.get(keys[0]) is not None else self._root


def word_in(span: Span | None, word: str) -> Span | None:
    """The first place of a whole word in what is written at `span`; `span` itself if it is not found there."""
    found = None if span is None else re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", span.text)
    if span is None or found is None:
        return span
    return Span(span.source, span.start + found.start(), span.start + found.end())


def part_of(span: Span, parts: tuple[str, ...], number: int) -> Span:
    """The place of one part of a dotted name; the whole name where its spelling in the file is another."""
    if span.text != ".".join(parts):
        return span
    start = span.start + sum(len(part) + 1 for part in parts[:number])
    return Span(span.source, start, start + len(parts[number]))


def word_before(span: Span, limit: Span, word: str) -> Span:
    """The last place of `word` in `span` before `limit` begins: the variable of a list expression. Else `limit`."""
    at = span.source.text.rfind(word, span.start, limit.start)
    return limit if at < 0 or span.source is not limit.source else Span(span.source, at, at + len(word))
