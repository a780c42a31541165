"""Values that somebody else sets: `{ask: workshop, at_least: ..., at_most: ...}` under `then` and in a table's results.

Each is a fact of its own, `answers.<decision>.<rule>.<output>` (below the line it is about), which is not there until the
person, or the outside world, has answered.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.base.diagnostics import Report
from engine.check.declarations import Parse, type_of
from engine.check.expressions import Elaborator
from engine.check.scope import Scope, field_of
from engine.check.suggestions import word_help
from engine.check.typing import brief, ordered
from engine.language import core as c
from engine.language import model as m
from engine.language.located import Mapping, Node, Scalar, Sequence
from engine.language.types import FactType, ListOf, Record, Type, Words
from engine.vocabulary.shared import vocabulary

OUTSIDE = "outside"
"""Who is asked for a figure that only a third party knows."""


def is_asked(node: Node) -> bool:
    """Whether a conclusion is set by somebody else."""
    return isinstance(node, Mapping) and node.get("ask") is not None


def asked_facts(policy: m.Policy, report: Report) -> Iterator[tuple[str, FactType]]:
    """The facts in which the answers come back, by their names."""
    for decision in policy.decisions:
        types = {o.id: o.type for o in decision.outputs}
        prefix = _prefix(decision.each)
        for rule in decision.rules:
            for output, node in rule.then:
                if isinstance(node, Mapping) and is_asked(node) and output in types:
                    kind = type_of(types[output], policy.currency, report)
                    if kind is not None:
                        yield f"{prefix}answers.{decision.id}.{rule.id}.{output}", _fact(node, kind)
    for table in policy.tables:
        gives = dict(table.gives)
        for row in table.rows:
            for output, node in row.results:
                if isinstance(node, Mapping) and is_asked(node):
                    kind = type_of(gives[output], policy.currency, report)
                    if kind is not None:
                        yield f"answers.{table.id}.{row.id}.{output}", _fact(node, kind)


def _prefix(each: tuple[str, tuple[str, ...]] | None) -> str:
    """The name of the member that the answers of a `for_each` decision stand below."""
    if each is None:
        return ""
    return next((f"{name}." for name, places in vocabulary().places.items() if each[1] in places), "")


def _fact(node: Mapping, kind: Type) -> FactType:
    who, why = node.get("ask"), node.get("why")
    one_of = node.get("one_of")
    if isinstance(kind, Words) and isinstance(one_of, Sequence):
        words = tuple(i.text for i in one_of.items if isinstance(i, Scalar) and i.text in kind.words)
        kind = Words(words or kind.words)
    outside = isinstance(who, Scalar) and who.text == OUTSIDE
    ask = why.text if isinstance(why, Scalar) else "What is it to be?"
    return FactType(kind, source="external" if outside else "shop", ask=ask, own=True)


def asked(
    el: Elaborator, parse: Parse, node: Mapping, kind: Type, scope: Scope, place: tuple[str, ...], variable: str | None
) -> c.Expr | None:
    """The conclusion: the answer once it is there, within its bounds. `place` is where it comes back."""
    who = node.get("ask")
    assert isinstance(who, Scalar)
    one_of = node.get("one_of")
    if isinstance(one_of, Sequence):
        for item in one_of.items:
            if not isinstance(kind, Words) or not isinstance(item, Scalar) or item.text not in kind.words:
                word = item.text if isinstance(item, Scalar) else "..."
                el.report.add(
                    "type-unknown-word",
                    f"`{word}` is not one of the words this can be",
                    item.span,
                    help=word_help(word, kind.words) if isinstance(kind, Words) else "write `at_least` and `at_most`",
                )
                return None
    bounds: list[c.Expr | None] = []
    for key in ("at_least", "at_most"):
        bound = node.get(key)
        written = None if bound is None else parse(bound)
        if bound is not None and not ordered(kind):
            el.report.add(
                "type-mismatch", f"{brief(kind)} has no bounds", bound.span, help="write `one_of: [...]` for words"
            )
            return None
        expr = None if written is None else el.want(written.node, kind, scope)
        if bound is not None and expr is None:
            return None
        bounds.append(expr)
    fact = _lookup(el, place, variable, scope)
    if fact is None:
        return None
    ref = c.FactRef(type=fact.type, span=node.span, variable=variable, fields=place, fact=fact)
    return c.Asked(type=kind, span=node.span, answer=ref, who=who.text, at_least=bounds[0], at_most=bounds[1])


def _lookup(el: Elaborator, place: tuple[str, ...], variable: str | None, scope: Scope) -> FactType | None:
    record: Type = el.symbols.facts
    if variable is not None:
        bound = scope.variables.get(variable)
        record = getattr(bound, "record", None) or record
    fact: FactType | None = None
    for name in place:
        if isinstance(record, ListOf):
            record = record.element
        fact = field_of(record, name, el.symbols.currency) if isinstance(record, Record) else None
        if fact is None:
            return None
        record = fact.type
    return fact
