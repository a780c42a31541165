"""What a policy declares with a type: outputs' types, own facts, parameters and their values, checks."""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Mapping as Map
from dataclasses import replace
from fractions import Fraction

from engine.base.diagnostics import Report
from engine.base.source import Span
from engine.check.definitions import list_of
from engine.check.expressions import Elaborator
from engine.check.free import free_heads
from engine.check.scope import Bound, Scope, list_at
from engine.check.suggestions import name_help
from engine.language import core as c
from engine.language import model as m
from engine.language import surface as s
from engine.language.located import Mapping, Node, Scalar, Sequence
from engine.language.types import (
    CHARGED,
    Boolean,
    Date,
    DateRange,
    Decimal,
    ElapsedType,
    Integer,
    ListOf,
    MomentType,
    MoneyType,
    Percent,
    PeriodType,
    Record,
    TenderSplit,
    Text,
    Type,
    Words,
    Zone,
)
from engine.values.money import Money, currencies, is_currency
from engine.values.periods import Elapsed

Parse = Callable[[Node], m.Written | None]

_SIMPLE: dict[str, Type] = {
    "boolean": Boolean(),
    "text": Text(),
    "integer": Integer(),
    "decimal": Decimal(),
    "percent": Percent(),
    "date": Date(),
    "moment": MomentType(),
    "date range": DateRange(),
    "elapsed": ElapsedType(),
    "period": PeriodType(),
    "zone": Zone(),
}


def type_of(node: Node, currency: str, report: Report) -> Type | None:
    """The type a declaration names, or None after a report. Amounts without a currency take the policy's."""
    match node:
        case Sequence():
            return Words(_words(node, report))
        case Mapping() if node.get("ordered") is not None:
            return Words(_words(node.get("ordered"), report), ordered=True)
        case Mapping() if node.get("open") is not None:
            return Words(_words(node.get("open"), report), closed=False)
        case Mapping():
            inner = node.get("list_of")
            element = None if inner is None else type_of(inner, currency, report)
            return None if element is None else ListOf(element)
        case Scalar(text=text):
            if text in _SIMPLE:
                return _SIMPLE[text]
            if text == "money":
                return MoneyType(currency)
            if text == "tender split":
                return TenderSplit(currency)
            if text.startswith("money ") and is_currency(text[6:].strip()):
                return MoneyType(text[6:].strip())
            _no_type(text, node, report)
    return None


def _no_type(text: str, node: Scalar, report: Report) -> None:
    if text.startswith("money "):
        code = text[6:].strip()
        near = name_help(code, currencies()) or "an ISO 4217 code such as `USD` or `EUR`"
        report.add("bad-currency", f"there is no currency `{code}`", node.span, help=near)
        return
    known = [*_SIMPLE, "money", "tender split"]
    report.add(
        "bad-value",
        f"there is no type `{text}`",
        node.span,
        help=name_help(text, known) or "write one of " + ", ".join(f"`{k}`" for k in known),
    )


def _words(node: Node | None, report: Report) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for item in node.items if isinstance(node, Sequence) else ():
        if not isinstance(item, Scalar):
            continue
        if item.text in found:
            report.add("name-twice", f"the word `{item.text}` stands twice", item.span, help="keep one of them")
        found[item.text] = None
    return tuple(found)


def constant(el: Elaborator, node: Node, kind: Type, parse: Parse) -> c.Const | None:
    """A fixed value written in YAML, or None after a report."""
    span = node.span
    if isinstance(kind, ListOf):
        if not isinstance(node, Sequence):
            el.report.add(
                "type-mismatch",
                "a list is needed here",
                span,
                help="write each entry on a line of its own behind a dash, or `[a, b]`",
            )
            return None
        if kind.element == MoneyType(CHARGED):
            el.report.add(
                "type-currency",
                "with `currency: as charged` a list holds no amounts: nobody knows yet in which currency they would be",
                span,
                help="give the list a currency of its own: `{list_of: money USD}`",
            )
            return None
        members = [constant(el, item, kind.element, parse) for item in node.items]
        values = tuple(x.value for x in members if x is not None)
        return c.Const(type=kind, span=span, value=values) if len(values) == len(members) else None
    if isinstance(node, Mapping):
        el.report.add(
            "market-amount",
            "an amount per currency stands where no market has a currency",
            span,
            help="write one amount with its currency, such as `7.00 USD`, or name the markets under `markets`",
        )
        return None
    if isinstance(node, Sequence):
        el.report.add(
            "type-mismatch",
            "one value is needed here, not a list",
            span,
            help="write one value, or let the parameter have the type `{list_of: ...}`",
        )
        return None
    if isinstance(node, Scalar) and isinstance(kind, Text | Words | Zone):
        word = el.want(s.Literal(Text(), node.text, span=span), kind, Scope())
        return word if isinstance(word, c.Const) else None
    written = parse(node)
    if written is None:
        return None
    name = next(free_heads(written.node), None)
    if name is not None:
        el.report.add(
            "bad-value",
            "a parameter has a fixed value, not one that is looked up",
            name[1],
            help="a formula with names belongs under `define`",
        )
        return None
    expr = el.want(written.node, kind, Scope())
    folded = None if expr is None else fold(expr)
    if expr is not None and folded is None:
        el.report.add(
            "bad-value",
            "a parameter has a fixed value, not one that is worked out",
            span,
            help="write the result, or put the formula under `define`",
        )
    return folded


def fold(expr: c.Expr) -> c.Const | None:
    """A constant behind a minus sign, or as it is."""
    if isinstance(expr, c.Const):
        return expr
    if isinstance(expr, c.Op) and expr.key == "negate" and isinstance(expr.args[0], c.Const):
        value = expr.args[0].value
        if isinstance(value, Money):
            return c.Const(type=expr.type, span=expr.span, value=Money(-value.amount, value.currency))
        if isinstance(value, Elapsed):
            return c.Const(type=expr.type, span=expr.span, value=Elapsed(-value.seconds))
        if isinstance(value, int | Fraction) and not isinstance(value, bool):
            return c.Const(type=expr.type, span=expr.span, value=-value)
    return None


def parameters(el: Elaborator, parse: Parse) -> dict[str, c.CoreParameter]:
    """All parameters, with their values checked against their types."""
    found: dict[str, c.CoreParameter] = {}
    symbols = el.symbols
    for spec in symbols.policy.parameters:
        kind = type_of(spec.type, symbols.currency, el.report)
        if kind is None:
            symbols.failed.add(spec.id)
            continue
        symbols.parameters[spec.id] = kind
        value = None
        if spec.value is not None:
            value = constant(el, spec.value, kind, parse)
            if value is None:
                continue
            symbols.parameter_values[spec.id] = value
        if spec.dated:
            values = [(start, dated_value(el, spec, node, kind, parse)) for start, node in spec.dated]
            symbols.dated[spec.id] = (spec.by, tuple((start, v) for start, v in values if v is not None))
        found[spec.id] = c.CoreParameter(
            id=spec.id,
            type=kind,
            value=None if value is None else value.value,
            refer_as=spec.refer_as,
            because=spec.because,
            cites=tuple(x.name for x in spec.cites),
            label=spec.label,
            span=spec.span if value is None else value.span,
            dated=bool(spec.dated),
            not_stated=spec.not_stated,
        )
    return found


def dated_value(el: Elaborator, spec: m.Parameter, node: Node | None, kind: Type, parse: Parse) -> c.Expr | None:
    """One of the values of a parameter that changes over time; the silent parameter itself where none is stated."""
    return (
        constant(el, node, kind, parse) if node is not None else c.ParameterRef(type=kind, span=spec.span, name=spec.id)
    )


def member_scope(el: Elaborator, heads: Map[str, Span]) -> tuple[Scope, str | None, tuple[str, ...]]:
    """The scope for what is asked of each member of a list: `line` is each line of the request, if it is named.

    `heads` are the names that the text speaks of. Gives the scope, the variable and its list.
    """
    scope = Scope()
    found: list[tuple[str, tuple[str, ...]]] = []
    for head in heads:
        path = None if el.symbols.facts.get(head) is not None else list_of(head)
        kind = None if path is None else list_at(el.symbols.facts, path)
        if path is not None and kind is not None and isinstance(kind.element, Record):
            found.append((head, path))
            scope = scope.bind(head, Bound(path, kind.element, kind.element))
    if len(found) == 1:
        return scope, *found[0]
    if found:
        first, second = found[0][0], found[1][0]
        el.report.add(
            "name-not-here",
            f"this speaks of a `{first}` and of a `{second}`, but it can only be asked of one of them at a time",
            heads[second],
            help=f"say for which: `any {second} in {'.'.join(found[1][1])} has ...`",
        )
    return scope, None, ()


def every_member(el: Elaborator, heads: Map[str, Span]) -> Scope:
    """A scope in which every member that is spoken of stands for something: for definitions that nothing uses."""
    scope = Scope()
    for head in heads:
        path = None if el.symbols.facts.get(head) is not None else list_of(head)
        kind = None if path is None else list_at(el.symbols.facts, path)
        if path is not None and kind is not None and isinstance(kind.element, Record):
            scope = scope.bind(head, Bound(path, kind.element, kind.element))
    return scope


def checks(el: Elaborator) -> tuple[c.CoreCheck, ...]:
    """The policy's checks, asked of each line of the request if they speak of one."""
    found = []
    for spec in el.symbols.policy.checks:
        heads = el.names.mentions.of_written(spec.must)
        scope, variable, path = member_scope(el, heads)
        must = el.every(spec.must, scope, spec.span)
        found.append(c.CoreCheck(spec.id, must, variable, path, spec.says, tuple(x.name for x in spec.cites)))
    return tuple(sorted(found, key=lambda check: check.id))  # the first that is broken is told, wherever it stands


def guarantees(el: Elaborator) -> tuple[c.CoreGuarantee, ...]:
    """The policy's guarantees, typed; proving them is another tool's work."""
    found = []
    for spec in el.symbols.policy.guarantees:
        heads = el.names.mentions.of_written(spec.whenever + spec.then)
        scope, variable, path = member_scope(el, heads)
        scope = replace(scope, each=(variable, path) if variable else None)
        found.append(
            c.CoreGuarantee(
                id=spec.id,
                whenever=el.every(spec.whenever, scope, spec.span),
                then=el.every(spec.then, scope, spec.span),
                variable=variable,
                list_path=path,
                says=spec.says,
                cites=tuple(x.name for x in spec.cites),
                span=spec.span,
            )
        )
    return tuple(found)
