"""YAML with places: what the reader hands to schema validation and loading."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from engine.base.source import Embedded, Span


@dataclass(frozen=True, eq=False)
class Scalar:
    """One YAML scalar. `value` follows the YAML 1.2 core schema; `text` is what was written, without quotes.

    A number with a point or an exponent has its text as `value` too and `number` true, so that no binary float arises.
    """

    value: str | int | bool | None
    text: str
    style: Literal["plain", "single", "double", "literal", "folded"]
    span: Span
    embedded: Embedded = field(repr=False)
    number: bool = False


@dataclass(frozen=True, eq=False)
class Mapping:
    """A YAML mapping in written order; no key occurs twice."""

    entries: tuple[tuple[Scalar, Node], ...]
    span: Span

    def get(self, name: str) -> Node | None:
        """The value under a key, or None."""
        for key, value in self.entries:
            if key.text == name:
                return value
        return None

    def key(self, name: str) -> Scalar | None:
        """The key itself, for its place."""
        for key, _ in self.entries:
            if key.text == name:
                return key
        return None

    def __iter__(self) -> Iterator[tuple[Scalar, Node]]:
        return iter(self.entries)


@dataclass(frozen=True, eq=False)
class Sequence:
    """A YAML sequence."""

    items: tuple[Node, ...]
    span: Span
    flow: bool = False


Node = Scalar | Mapping | Sequence
