"""What a rule concludes: a word of the output, a list of words, a formula, or `not stated`."""

from __future__ import annotations

from engine.base.suggest import did_you_mean
from engine.check.asked import asked, is_asked
from engine.check.declarations import Parse
from engine.check.expressions import Elaborator
from engine.check.scope import Scope
from engine.check.typing import coerce
from engine.language import core as c
from engine.language.located import Mapping, Node, Scalar, Sequence
from engine.language.types import ListOf, Text, Type, Words, describe


class Conclusions:
    """Reads the values under `then`, `leaning` and `otherwise`."""

    def __init__(self, el: Elaborator, parse: Parse) -> None:
        self.el = el
        self.parse = parse

    def value(
        self,
        node: Node,
        kind: Type,
        scope: Scope,
        place: tuple[str, ...] | None = None,
        variable: str | None = None,
    ) -> c.Conclusion | None:
        """The conclusion a YAML value stands for, of the output's type; None after a report.

        `place` and `variable` say where the answer comes back if somebody else sets the value (`{ask: ...}`).
        """
        if isinstance(node, Mapping) and is_asked(node) and place is not None:
            return asked(self.el, self.parse, node, kind, scope, place, variable)
        if isinstance(node, Mapping):
            self.el.report.add(
                "type-mismatch", f"{describe(kind)} is needed here", node.span, help="write a word or a formula"
            )
            return None
        if isinstance(node, Scalar) and node.text == "not stated":
            return c.NotStated(node.span)
        if isinstance(kind, ListOf):
            return self._list(node, kind)
        if isinstance(node, Sequence):
            self.el.report.add(
                "type-mismatch",
                f"a list stands here, but {describe(kind)} is needed",
                node.span,
                help="write one value",
            )
            return None
        if isinstance(kind, Words):
            return self._word(node, kind, scope)
        if isinstance(kind, Text):
            return c.Const(type=kind, span=node.span, value=node.text)
        written = self.parse(node)
        return None if written is None else self.el.want(written.node, kind, scope)

    def _word(self, node: Scalar, kind: Words, scope: Scope) -> c.Conclusion | None:
        if node.text in kind.words:
            return c.Const(type=kind, span=node.span, value=node.text)
        plain = node.text.replace("-", "_").isidentifier()
        known = node.text in scope.variables or node.text in self.el.symbols.defines
        if plain and not known and node.text not in self.el.symbols.parameters:
            self.el.report.add(
                "type-unknown-word",
                f"`{node.text}` is not one of the words this output can be",
                node.span,
                help=did_you_mean(node.text, kind.words) or f"it is {describe(kind)}",
            )
            return None
        written = self.parse(node)
        expr = None if written is None else self.el.expr(written.node, scope, kind)
        return None if expr is None else coerce(expr, kind, self.el.report)

    def _list(self, node: Scalar | Sequence, kind: ListOf) -> c.Conclusion | None:
        items = node.items if isinstance(node, Sequence) else (node,)
        values = []
        for item in items:
            if not isinstance(item, Scalar):
                self.el.report.add("type-mismatch", "a list of words is needed here", item.span)
                return None
            if isinstance(kind.element, Words) and item.text not in kind.element.words:
                self.el.report.add(
                    "type-unknown-word",
                    f"`{item.text}` is not one of the words this output can hold",
                    item.span,
                    help=did_you_mean(item.text, kind.element.words) or f"it holds {describe(kind.element)}",
                )
                return None
            values.append(item.text)
        return c.Const(type=kind, span=node.span, value=tuple(values))
