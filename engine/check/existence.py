"""The conditions without which facts do not exist (`only_when`): the shared vocabulary's and the policy's own."""

from __future__ import annotations

from collections.abc import Iterator

from engine.base.diagnostics import Report
from engine.check.definitions import shared_text
from engine.check.expressions import Elaborator
from engine.check.scope import Bound, Scope, list_at
from engine.language import core as c
from engine.language import model as m
from engine.language import surface as s
from engine.language.case import Path
from engine.language.types import Boolean, FactType, ListOf, Record
from engine.read.condition import parse_condition
from engine.vocabulary.shared import MEMBER, vocabulary

Member = tuple[tuple[str, ...], Record]
"""A list of records (its path, `*` for the members of lists around it) and the record of its members."""


def conditions(el: Elaborator) -> tuple[c.OnlyWhen, ...]:
    """Every fact's condition, typed."""
    own = _own(el)
    names = {path: name for name, paths in vocabulary().places.items() for path in paths}
    asked = list_at(el.symbols.facts, ("request", "lines"))
    lines = asked.element if asked is not None and isinstance(asked.element, Record) else None
    found: list[c.OnlyWhen] = []
    for pattern, fact, place in _facts_below(el.symbols.facts, (), None):
        declared = own.get(tuple(str(p) for p in pattern if p != MEMBER))
        node = None if declared is None or declared.only_when is None else declared.only_when.node
        if declared is None:
            node = _shared(fact, el.report)
        if node is None:
            continue
        scope, variable = Scope(shared=declared is None), None
        if place is not None:
            path, record = place
            plain = tuple(p for p in path if p != MEMBER)
            variable = names.get(plain, plain[-1].removesuffix("s"))
            if declared is not None and plain == ("order", "lines"):
                record = lines or record  # a fact of both kinds of lines may hang on what only a request's line has
            scope = scope.bind(variable, Bound(path, record, record))
        condition = el.want(node, Boolean(), scope)
        if condition is not None:
            found.append(c.OnlyWhen(pattern, variable, condition))
    return tuple(found)


def _own(el: Elaborator) -> dict[tuple[str, ...], m.OwnFact]:
    """The policy's own facts that have a condition, under every path that their names stand for."""
    found: dict[tuple[str, ...], m.OwnFact] = {}
    for fact in el.symbols.policy.facts:
        parts = tuple(fact.name.split("."))
        if parts[:2] == ("order", "lines"):
            parts = ("line", *parts[2:])  # the lines of the request have all facts of the order's
        places = vocabulary().places.get(parts[0])
        if fact.only_when is not None:
            paths = [parts] if places is None else [(*place, *parts[1:]) for place in places]
            found.update((path, fact) for path in paths)
    return found


def _shared(fact: FactType, report: Report) -> s.Node | None:
    return None if fact.only_when is None else parse_condition(shared_text(fact.only_when), report)


def _facts_below(record: Record, at: Path, place: Member | None) -> Iterator[tuple[Path, FactType, Member | None]]:
    """Every fact with its path pattern and the innermost list of records around it, each where it is given."""
    for name, fact in record.fields:
        if fact.joined:
            continue
        path = (*at, name)
        yield path, fact, place
        if isinstance(fact.type, Record):
            yield from _facts_below(fact.type, path, place)
        elif isinstance(fact.type, ListOf) and isinstance(fact.type.element, Record):
            inner = fact.type.element
            yield from _facts_below(inner, (*path, MEMBER), (tuple(str(p) for p in path), inner))
