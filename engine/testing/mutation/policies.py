"""Policies with one change each, as an author could have made it by mistake.

The change is made on the policy as it is written, and the whole is checked again: so places stay those of the file, and
what would not check is no mutant. Terms are changed, not words: messages, citations and labels stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TypeVar

from engine.base.diagnostics import Report
from engine.base.source import Embedded, Span
from engine.check.asked import is_asked
from engine.check.markets import amount_there
from engine.language import model as m
from engine.language import surface as s
from engine.language.located import Mapping, Node, Scalar, Sequence
from engine.read.condition import parse_condition
from engine.read.format import format_node
from engine.testing.mutation.nodes import MutationKind, variants

T = TypeVar("T")
Rebuild = Callable[[T], m.Policy]


@dataclass(frozen=True)
class Mutant:
    """A policy with one change. `span` is what was changed, `whose` where it belongs, `says` how, in words."""

    kind: MutationKind
    span: Span
    whose: str
    says: str
    policy: m.Policy


_OTHER_COMBINE: dict[m.Combine, m.Combine] = {
    "strictest": "first",
    "first": "strictest",
    "sum": "max",
    "min": "max",
    "max": "min",
    "earliest": "latest",
    "latest": "earliest",
}
_OTHER_ROLL_UP: dict[m.RollUp, m.RollUp] = {
    "any": "all",
    "all": "any",
    "sum": "max",
    "min": "max",
    "max": "min",
    "earliest": "latest",
    "latest": "earliest",
}


def mutants(policy: m.Policy) -> Iterator[Mutant]:
    """Every single change, in the order of the parts of a policy. Some of what comes out does not check."""

    def put(**changes: object) -> m.Policy:
        return replace(policy, **changes)  # type: ignore[arg-type]

    yield from _all_of(
        policy.applies_when, "`applies_when`", "conditions", "conditions", lambda new: put(applies_when=new)
    )
    for i, define in enumerate(policy.defines):
        made = _item(policy.defines, i, lambda new: put(defines=new))
        yield from _written(define.body, f"`{define.id}`", lambda new, f=made, d=define: f(replace(d, body=new)))  # type: ignore[misc]
    for i, window in enumerate(policy.windows):
        yield from _window(window, _item(policy.windows, i, lambda new: put(windows=new)))
    for i, parameter in enumerate(policy.parameters):
        yield from _parameter(parameter, _item(policy.parameters, i, lambda new: put(parameters=new)))
    for i, table in enumerate(policy.tables):
        yield from _table(table, _item(policy.tables, i, lambda new: put(tables=new)))
    for i, decision in enumerate(policy.decisions):
        yield from _decision(decision, _item(policy.decisions, i, lambda new: put(decisions=new)))


def _item(items: tuple[T, ...], i: int, put: Callable[[tuple[T, ...]], m.Policy]) -> Rebuild[T]:
    """How to put something else in the place of one of several things."""
    return lambda new: put((*items[:i], new, *items[i + 1 :]))


def _without(items: tuple[T, ...], i: int) -> tuple[T, ...]:
    return items[:i] + items[i + 1 :]


# formulas and values -------------------------------------------------------------------------------------------------


def _written(written: m.Written, whose: str, put: Rebuild[m.Written]) -> Iterator[Mutant]:
    for one in variants(written.node):
        text = Embedded(format_node(one.node), written.text.scalar, None)
        yield Mutant(one.kind, one.span, whose, one.says, put(m.Written(text, one.node)))


def _all_of(
    entries: tuple[m.Written, ...],
    whose: str,
    dropping: MutationKind,
    only: MutationKind | None,
    put: Rebuild[tuple[m.Written, ...]],
) -> Iterator[Mutant]:
    """A list of conditions: each left out (the only one as well, if `only` says what kind that is), and changed."""
    for i, entry in enumerate(entries):
        if len(entries) > 1 or only is not None:
            kind = dropping if len(entries) > 1 or only is None else only
            text = " ".join(entry.text.text.split())
            yield Mutant(kind, _span(entry), whose, f"`{text}` was left out", put(_without(entries, i)))
        yield from _written(entry, whose, lambda new, i=i: put((*entries[:i], new, *entries[i + 1 :])))  # type: ignore[misc]


def _span(written: m.Written) -> Span:
    return written.node.span


def _value(node: Node, whose: str, words: tuple[str, ...], put: Rebuild[Node]) -> Iterator[Mutant]:
    """A conclusion or a fixed value: another word of the list, an item left out, or a change to the formula."""
    if isinstance(node, Sequence):
        for i, item in enumerate(node.items):
            if len(node.items) > 1 and isinstance(item, Scalar):
                new = replace(node, items=_without(node.items, i))
                yield Mutant("lists", item.span, whose, f"`{item.text}` was left out", put(new))
        return
    if isinstance(node, Mapping) and not is_asked(node):
        for i, (code, there) in enumerate(node.entries):
            amounts = _item(node.entries, i, lambda new: put(replace(node, entries=new)))
            yield from _in_market(there, code.text, whose, lambda new, k=code, f=amounts: f((k, new)))  # type: ignore[misc]
        return
    if not isinstance(node, Scalar):
        return
    if node.text in words:
        if len(words) > 1:
            other = words[(words.index(node.text) + 1) % len(words)]
            says = f"`{node.text}` became `{other}`"
            yield Mutant("conclusions", node.span, whose, says, put(_scalar(node, other)))
        return
    report = Report()
    parsed = parse_condition(node.embedded, report)
    if parsed is None or (isinstance(parsed, s.Literal) and isinstance(parsed.value, str)):
        return
    for one in variants(parsed):
        kind = "conclusions" if isinstance(parsed, s.Literal) and isinstance(parsed.value, bool) else one.kind
        yield Mutant(kind, one.span, whose, one.says, put(_scalar(node, format_node(one.node))))


def _in_market(node: Node, currency: str, whose: str, put: Rebuild[Node]) -> Iterator[Mutant]:
    """One of the amounts of an amount per currency; a plain number there is an amount in the currency of its key."""
    if isinstance(node, Scalar):
        yield from _value(amount_there(node, currency), whose, (), put)


def _scalar(node: Scalar, text: str) -> Scalar:
    value: str | bool = text if text not in ("true", "false") else text == "true"
    return replace(node, value=value, text=text, style="plain", embedded=Embedded(text, node.span, None))


# parts of a policy ---------------------------------------------------------------------------------------------------


def _window(window: m.Window, put: Rebuild[m.Window]) -> Iterator[Mutant]:
    whose = f"window `{window.id}`"
    yield from _written(window.lasts, whose, lambda new: put(replace(window, lasts=new)))
    edge = "exclusive" if window.inclusive else "inclusive"
    yield Mutant("windows", window.span, whose, f"it ends {edge}", put(replace(window, inclusive=not window.inclusive)))
    day: int = 1 - window.anchor_day
    changed = replace(window, anchor_day=day)  # type: ignore[arg-type]
    yield Mutant("windows", window.span, whose, f"its anchor is day {day}", put(changed))
    if window.zone is not None:
        span = window.zone_span or window.span
        there = replace(window, zone=None, zone_span=None)
        yield Mutant("windows", span, whose, "its `zone` was left out", put(there))
    yield from _written(window.anchor, whose, lambda new: put(replace(window, anchor=new)))
    yield from _written(window.act, whose, lambda new: put(replace(window, act=new)))


def _parameter(parameter: m.Parameter, put: Rebuild[m.Parameter]) -> Iterator[Mutant]:
    whose = f"parameter `{parameter.id}`"
    if parameter.value is not None:
        yield from _value(parameter.value, whose, (), lambda new: put(replace(parameter, value=new)))
    for i, (start, node) in enumerate(parameter.dated):
        if start is not None:
            later = (start + timedelta(days=1), node)
            dated = (*parameter.dated[:i], later, *parameter.dated[i + 1 :])
            says = f"`{start}` became `{later[0]}`"
            span = parameter.span if node is None else node.span
            yield Mutant("amounts", span, whose, says, put(replace(parameter, dated=dated)))


def _table(table: m.Table, put: Rebuild[m.Table]) -> Iterator[Mutant]:
    for i, row in enumerate(table.rows):
        whose = f"row `{table.id}.{row.id}`"
        made = _item(table.rows, i, lambda rows: put(replace(table, rows=rows)))
        if len(table.rows) > 1:
            yield Mutant(
                "tables", row.span, whose, "it was left out", put(replace(table, rows=_without(table.rows, i)))
            )
        for j, (name, node) in enumerate(row.results):
            results = _item(row.results, j, lambda new, r=row, f=made: f(replace(r, results=new)))  # type: ignore[misc]
            yield from _value(node, whose, (), lambda new, n=name, f=results: f((n, new)))  # type: ignore[misc]
        for j, cell in enumerate(row.inputs):
            inputs = _item(row.inputs, j, lambda new, r=row, f=made: f(replace(r, inputs=new)))  # type: ignore[misc]
            yield from _cell(cell, whose, inputs)


def _cell(input_cell: m.InputCell, whose: str, put: Rebuild[m.InputCell]) -> Iterator[Mutant]:
    for i, (code, cells) in enumerate(input_cell.per_currency):
        there = _item(input_cell.per_currency, i, lambda new: put(replace(input_cell, per_currency=new)))
        own = replace(input_cell, cells=cells, per_currency=())
        yield from _cell(own, whose, lambda new, k=code, f=there: f((k, new.cells)))  # type: ignore[misc]
    for i, cell in enumerate(input_cell.cells):
        made = _item(input_cell.cells, i, lambda cells: put(replace(input_cell, cells=cells)))
        if cell.range is not None:
            for one in variants(cell.range):
                if isinstance(one.node, s.Range):
                    yield Mutant("tables", one.span, whose, one.says, made(replace(cell, range=one.node)))
        if len(input_cell.cells) + len(cell.values) > 2 or (len(input_cell.cells) > 1 and cell.kind == "values"):
            for j, value in enumerate(cell.values):
                values = _without(cell.values, j)
                says = f"{format_node(value)} was left out"
                rest = made(replace(cell, values=values))
                if not values:
                    rest = put(replace(input_cell, cells=_without(input_cell.cells, i)))
                yield Mutant("lists", value.span, whose, says, rest)


def _words(output: m.Output) -> tuple[str, ...]:
    """The words that an output can be, as its type lists them."""
    node: Node | None = output.type
    if isinstance(node, Mapping):
        node = node.get("list_of")
    return tuple(i.text for i in node.items if isinstance(i, Scalar)) if isinstance(node, Sequence) else ()


def _decision(decision: m.Decision, put: Rebuild[m.Decision]) -> Iterator[Mutant]:
    words = {output.id: _words(output) for output in decision.outputs}
    for i, output in enumerate(decision.outputs):
        yield from _output(
            decision, output, _item(decision.outputs, i, lambda new: put(replace(decision, outputs=new)))
        )
    for i, one in enumerate(decision.otherwise):
        whose = f"output `{decision.id}.{one.output}`"
        rest = put(replace(decision, otherwise=_without(decision.otherwise, i)))
        yield Mutant("otherwise", one.span, whose, "its `otherwise` was left out", rest)
        made = _item(decision.otherwise, i, lambda new: put(replace(decision, otherwise=new)))
        if one.value is not None:
            for found in _value(
                one.value,
                whose,
                words.get(one.output, ()),
                lambda new, o=one, f=made: f(replace(o, value=new)),  # type: ignore[misc]
            ):
                yield replace(found, kind="otherwise")
    for i, requirement in enumerate(decision.requires):
        whose = f"requirement `{decision.id}.{requirement.id}`"
        rest = put(replace(decision, requires=_without(decision.requires, i)))
        yield Mutant("requirements", requirement.span, whose, "it was left out", rest)
        needed = _item(decision.requires, i, lambda new: put(replace(decision, requires=new)))
        yield from _all_of(
            requirement.when,
            whose,
            "requirements",
            "requirements",
            lambda new, q=requirement, f=needed: f(replace(q, when=new)),  # type: ignore[misc]
        )
        yield from _written(
            requirement.met,
            whose,
            lambda new, q=requirement, f=needed: f(replace(q, met=new)),  # type: ignore[misc]
        )
    for i, rule in enumerate(decision.rules):
        whose = f"rule `{decision.id}.{rule.id}`"
        rest = put(replace(decision, rules=_without(decision.rules, i)))
        yield Mutant("rules", rule.span, whose, "it was left out", rest)
        yield from _rule(rule, whose, words, _item(decision.rules, i, lambda new: put(replace(decision, rules=new))))


def _output(decision: m.Decision, output: m.Output, put: Rebuild[m.Output]) -> Iterator[Mutant]:
    whose = f"output `{decision.id}.{output.id}`"
    combine = _OTHER_COMBINE.get(output.combine)
    if combine is not None:
        says = f"`combine: {output.combine}` became `{combine}`"
        yield Mutant("combines", output.span, whose, says, put(replace(output, combine=combine)))
    roll_up = None if output.roll_up is None else _OTHER_ROLL_UP.get(output.roll_up)
    if roll_up is not None:
        says = f"`roll_up: {output.roll_up}` became `{roll_up}`"
        yield Mutant("combines", output.span, whose, says, put(replace(output, roll_up=roll_up)))
    if output.only_when is not None:
        new = put(replace(output, only_when=None))
        yield Mutant("exceptions", output.span, whose, "its `only_when` was left out", new)
    if len(output.in_order) > 1:
        turned = put(replace(output, in_order=output.in_order[::-1]))
        yield Mutant("combines", output.span, whose, "`in_order` was turned round", turned)


def _rule(rule: m.Rule, whose: str, words: dict[str, tuple[str, ...]], put: Rebuild[m.Rule]) -> Iterator[Mutant]:
    yield from _all_of(rule.when, whose, "conditions", None, lambda new: put(replace(rule, when=new)))
    yield from _all_of(rule.unless, whose, "exceptions", "exceptions", lambda new: put(replace(rule, unless=new)))
    if rule.overrides == "all":
        new = put(replace(rule, overrides=()))
        yield Mutant("exceptions", rule.span, whose, "`overrides: all` was left out", new)
    else:
        for i, one in enumerate(rule.overrides):
            rest = put(replace(rule, overrides=_without(rule.overrides, i)))
            yield Mutant("exceptions", one.span, whose, f"it no longer overrides `{one.name}`", rest)
    for i, (name, node) in enumerate(rule.then):
        made = _item(rule.then, i, lambda new: put(replace(rule, then=new)))
        yield from _value(node, whose, words.get(name, ()), lambda new, n=name, f=made: f((n, new)))  # type: ignore[misc]
