"""What a rule concludes: a word of the output, a list of words, a formula, or `not stated`."""

from __future__ import annotations

from engine.check.asked import asked, is_asked
from engine.check.declarations import Parse
from engine.check.expressions import Elaborator
from engine.check.scope import Scope
from engine.check.suggestions import word_help
from engine.check.typing import coerce
from engine.language import core as c
from engine.language.located import Mapping, Node, Scalar, Sequence
from engine.language.types import ListOf, Text, Type, Words, describe

REVIEW = "review"


class Conclusions:
    """Reads the values under `then`, `leaning` and `otherwise`, and the results of a table's rows."""

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
                help="write one value, or let the output have the type `{list_of: [...]}`",
            )
            return None
        if isinstance(kind, Words):
            return self._word(node, kind, scope)
        if isinstance(kind, Text):
            return self._text(node, kind, scope)
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
                f"`{node.text}` is not one of the words this can be",
                node.span,
                help=word_help(node.text, kind.words),
            )
            return None
        written = self.parse(node)
        expr = None if written is None else self.el.expr(written.node, scope, kind)
        return None if expr is None else coerce(expr, kind, self.el.report)

    def _text(self, node: Scalar, kind: Text, scope: Scope) -> c.Conclusion | None:
        """Text stands for itself; what looks like a name was probably meant as one, and is refused."""
        parts = node.text.split(".")
        named = self.el.names.meaning(parts[0], scope) is not None
        if len(parts) > 1 and named and all(p.isidentifier() for p in parts):
            self.el.report.add(
                "type-mismatch",
                f'an output of type text is the text itself: it would read "{node.text}"',
                node.span,
                help=f"say it in the rule's `because` instead, where `{{{node.text}}}` stands for the value",
            )
            return None
        return c.Const(type=kind, span=node.span, value=node.text)

    def _list(self, node: Scalar | Sequence, kind: ListOf) -> c.Conclusion | None:
        items = node.items if isinstance(node, Sequence) else (node,)
        values = []
        for item in items:
            if not isinstance(item, Scalar) or not isinstance(kind.element, Words | Text):
                self.el.report.add("type-mismatch", "a list of words is needed here", item.span, help="write `[a, b]`")
                return None
            if isinstance(kind.element, Words) and item.text not in kind.element.words:
                self.el.report.add(
                    "type-unknown-word",
                    f"`{item.text}` is not one of the words this list can hold",
                    item.span,
                    help=word_help(item.text, kind.element.words),
                )
                return None
            if item.text not in values:
                values.append(item.text)
        return c.Const(type=kind, span=node.span, value=tuple(values))


def may_be(value: c.Conclusion, word: str) -> bool:
    """Whether a conclusion can come out as this word.

    Reading another output's `review` never gives the word, and what somebody else sets is referred until it is set.
    """
    match value:
        case c.NotStated():
            return False
        case c.OutputRef() | c.Asked() if word == REVIEW:
            return False
        case c.Asked(answer=answer):
            return may_be(answer, word)
        case c.Const(value=fixed):
            return fixed == word
        case c.If(then=a, otherwise=b):
            return may_be(a, word) or may_be(b, word)
        case c.Named(body=body) | c.Derived(formula=body):
            return may_be(body, word)
        case c.TableRead(output=output):
            return any(may_be(rule.then[output.id], word) for rule in output.rules)
    kind = value.type
    return isinstance(kind, Words) and (word in kind.words or not kind.closed)
