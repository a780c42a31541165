"""Which names an expression leaves to its surroundings: those that its own list expressions do not bind."""

from __future__ import annotations

from collections.abc import Iterator

from engine.base.source import Span
from engine.check.scope import Symbols
from engine.language import model as m
from engine.language import surface as s

Head = tuple[str, Span, frozenset[str]]
"""The first part of a dotted name, the place of the whole name, and the variables that list expressions bind there."""


def free_heads(root: s.Node) -> Iterator[Head]:
    """The first parts of all names in an expression, without those that stand for a member of a list inside it."""
    todo: list[tuple[s.Node, frozenset[str]]] = [(root, frozenset())]
    while todo:
        node, bound = todo.pop()
        match node:
            case s.Name(parts=parts):
                if parts[0] not in bound:
                    yield parts[0], node.span, bound
            case s.OutputRead(arguments=arguments):
                yield from ((name, node.span, bound) for name in arguments if name not in bound)
            case s.Quantifier(variable=variable, source=source, where=where):
                inner = bound | {variable}
                todo += [(source, bound), *((x, inner) for x in (where, node.has) if x is not None)]
            case s.Aggregate(variable=variable, source=source, where=where):
                inner = bound | {variable}
                todo += [(source, bound), *((x, inner) for x in (where, node.body) if x is not None)]
            case _:
                todo += [(child, bound) for child in _children(node)]


def _children(node: s.Node) -> Iterator[s.Node]:
    for name in node.__slots__:
        value = getattr(node, name)
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, s.Node):
                yield one


class Mentions:
    """What the policy's own words, windows and tables speak of, also through one another."""

    def __init__(self, symbols: Symbols) -> None:
        self.symbols = symbols
        self._of: dict[str, dict[str, Span]] = {}

    def of_name(self, name: str) -> dict[str, Span]:
        """The free first parts behind a define, window or table, each with a place where it is spoken of."""
        found = self._of.get(name)
        if found is None:
            self._of[name] = {}  # a circle adds nothing, and is reported where the words are resolved
            found = self._of[name] = self.of_nodes(*self._bodies(name))
        return found

    def of_nodes(self, *nodes: s.Node) -> dict[str, Span]:
        """The free first parts of expressions, those behind the words they use included."""
        found: dict[str, Span] = {}
        for node in nodes:
            for head, span, bound in free_heads(node):
                found.setdefault(head, span)
                for inner, place in self.of_name(head).items():
                    if inner not in bound:
                        found.setdefault(inner, place)
        return found

    def of_written(self, texts: tuple[m.Written, ...]) -> dict[str, Span]:
        """The same for conditions as they stand in a policy."""
        return self.of_nodes(*(text.node for text in texts))

    def _bodies(self, name: str) -> tuple[s.Node, ...]:
        symbols = self.symbols
        if name in symbols.defines:
            return (symbols.defines[name].body.node,)
        if name in symbols.windows:
            window = symbols.windows[name]
            zone = s.Name(tuple((window.zone or "").split(".")), span=window.zone_span or window.span)
            return (window.anchor.node, window.act.node, window.lasts.node, zone)
        if name in symbols.tables:
            return tuple(written.node for _, written in symbols.tables[name].columns)
        by = symbols.dated[name][0] if name in symbols.dated else None
        return () if by is None else (by.node,)
