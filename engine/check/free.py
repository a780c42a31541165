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
    """The first parts of all names in an expression, without those that stand for a member of a list inside it.

    They come as they are written, but for the list of a list expression, which comes first.
    """
    pending: list[tuple[s.Node, frozenset[str]]] = [(root, frozenset())]
    while pending:
        node, bound = pending.pop()
        match node:
            case s.Name(parts=parts):
                if parts[0] not in bound:
                    yield parts[0], node.span, bound
            case s.OutputRead(arguments=arguments):
                yield from ((name, node.span, bound) for name in arguments if name not in bound)
            case s.Quantifier(variable=variable, source=source, where=where):
                inner = bound | {variable}
                pending += [*((x, inner) for x in (node.has, where) if x is not None), (source, bound)]
            case s.Aggregate(variable=variable, source=source, where=where):
                inner = bound | {variable}
                pending += [*((x, inner) for x in (where, node.body) if x is not None), (source, bound)]
            case s.ShareOf(variable=variable, source=source, amount=amount):
                pending += [(node.weight, bound | {variable}), (amount, bound), (source, bound)]
                if variable not in bound:
                    yield variable, node.span, bound
            case _:
                pending += reversed([(child, bound) for child in _children(node)])


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
        self._begun: set[str] = set()

    def of_name(self, name: str) -> dict[str, Span]:
        """The free first parts behind a define, window or table, each with a place where it is spoken of.

        What a word leads to comes first, without recursion: how long chains may be is only known once words are
        resolved, which comes later. A circle adds nothing, and is reported there too.
        """
        pending = [name]
        while pending:
            one = pending[-1]
            if one in self._of:
                pending.pop()
                continue
            bodies = self._bodies(one)
            heads = [] if one in self._begun else [head for node in bodies for head, _, _ in free_heads(node)]
            self._begun.add(one)
            waiting = [head for head in heads if head not in self._begun and self._bodies(head)]
            if waiting:
                pending.extend(waiting)
                continue
            pending.pop()
            self._of[one] = self._spoken_of(bodies)
        return self._of[name]

    def of_nodes(self, *nodes: s.Node) -> dict[str, Span]:
        """The free first parts of expressions, those behind the words they use included."""
        for node in nodes:
            for head, _, _ in free_heads(node):
                self.of_name(head)
        return self._spoken_of(nodes)

    def _spoken_of(self, nodes: tuple[s.Node, ...]) -> dict[str, Span]:
        found: dict[str, Span] = {}
        for node in nodes:
            for head, span, bound in free_heads(node):
                found.setdefault(head, span)
                for inner, place in self._of.get(head, {}).items():
                    if inner not in bound and not self._bodies(inner):  # the words on the way have been looked into
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
