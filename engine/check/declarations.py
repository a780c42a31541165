"""What a policy declares with a type: outputs' types, own facts, parameters and their values, checks."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from engine.base.diagnostics import Report
from engine.base.suggest import did_you_mean
from engine.check.expressions import Elaborator
from engine.check.scope import Bound, Scope, list_at
from engine.language import core as c
from engine.language import model as m
from engine.language import surface as s
from engine.language.located import Mapping, Node, Scalar, Sequence
from engine.language.types import (
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
from engine.values.money import is_currency

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
            return Words(_words(node))
        case Mapping() if node.get("ordered") is not None:
            return Words(_words(node.get("ordered")), ordered=True)
        case Mapping() if node.get("open") is not None:
            return Words(_words(node.get("open")), closed=False)
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
            known = [*_SIMPLE, "money", "tender split"]
            code = "bad-currency" if text.startswith("money ") else "bad-value"
            report.add(code, f"there is no type `{text}`", node.span, help=did_you_mean(text, known))
    return None


def _words(node: Node | None) -> tuple[str, ...]:
    return tuple(i.text for i in node.items if isinstance(i, Scalar)) if isinstance(node, Sequence) else ()


def constant(el: Elaborator, node: Node, kind: Type, parse: Parse) -> c.Const | None:
    """A fixed value written in YAML, or None after a report."""
    span = node.span
    if isinstance(kind, ListOf):
        if not isinstance(node, Sequence):
            el.report.add("type-mismatch", "a list is needed", span, help="write one entry a line, each behind a dash")
            return None
        members = [constant(el, item, kind.element, parse) for item in node.items]
        values = tuple(x.value for x in members if x is not None)
        return c.Const(type=kind, span=span, value=values) if len(values) == len(members) else None
    if isinstance(node, Scalar) and isinstance(kind, Text | Words | Zone):
        literal = s.Literal(Text(), node.text, span=span)
        word = el.want(literal, kind, Scope())
        return word if isinstance(word, c.Const) else None
    written = parse(node)
    expr = None if written is None else el.want(written.node, kind, Scope())
    if expr is None:
        return None
    folded = fold(expr)
    if folded is None:
        el.report.add("bad-value", "a fixed value is needed here", span, help="formulas belong under `define`")
    return folded


def fold(expr: c.Expr) -> c.Const | None:
    """A constant behind a minus sign, or as it is."""
    if isinstance(expr, c.Const):
        return expr
    if isinstance(expr, c.Op) and expr.key == "negate" and isinstance(expr.args[0], c.Const):
        value = expr.args[0].value
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
            continue
        symbols.parameters[spec.id] = kind
        value = None
        if spec.value is not None:
            value = constant(el, spec.value, kind, parse)
            if value is None:
                continue
            symbols.parameter_values[spec.id] = value
        if spec.dated:
            values = [(start, constant(el, node, kind, parse)) for start, node in spec.dated]
            symbols.dated[spec.id] = (spec.by, tuple((start, v) for start, v in values if v is not None))
        found[spec.id] = c.CoreParameter(
            id=spec.id,
            type=kind,
            value=None if value is None else value.value,
            refer_as=spec.refer_as,
            because=spec.because,
            cites=tuple(x.name for x in spec.cites),
            label=spec.label,
            dated=bool(spec.dated),
        )
    return found


def line_scope(el: Elaborator, texts: tuple[m.Written, ...]) -> tuple[Scope, str | None, tuple[str, ...]]:
    """The scope for a check, a guarantee or a fact's `only_when`: `line` is each line of the request, if it is named."""
    if any(_mentions(w.node, "line", el) for w in texts):
        path = ("request", "lines")
        kind = list_at(el.symbols.facts, path)
        if kind is not None and isinstance(kind.element, Record):
            return Scope().bind("line", Bound(path, kind.element, kind.element)), "line", path
    return Scope(), None, ()


def _mentions(node: s.Node, variable: str, el: Elaborator, seen: frozenset[str] = frozenset()) -> bool:
    """Whether an expression names a variable, itself or through the words it uses."""
    for one in walk(node):
        if isinstance(one, s.OutputRead) and variable in one.arguments:
            return True
        if not isinstance(one, s.Name):
            continue
        head = one.parts[0]
        if head == variable:
            return True
        if head in seen:
            continue
        inner: list[s.Node] = []
        if head in el.symbols.defines:
            inner = [el.symbols.defines[head].body.node]
        elif head in el.symbols.windows:
            window = el.symbols.windows[head]
            inner = [window.anchor.node, window.act.node, window.lasts.node]
        elif head in el.symbols.tables:
            inner = [w.node for _, w in el.symbols.tables[head].columns]
        if any(_mentions(i, variable, el, seen | {head}) for i in inner):
            return True
    return False


def walk(node: s.Node) -> list[s.Node]:
    """A node and everything below it."""
    found: list[s.Node] = []
    todo: list[s.Node] = [node]
    while todo:
        one = todo.pop()
        found.append(one)
        for name in one.__slots__:
            value = getattr(one, name)
            if isinstance(value, s.Node):
                todo.append(value)
            elif isinstance(value, tuple):
                todo.extend(v for v in value if isinstance(v, s.Node))
    return found


def checks(el: Elaborator) -> tuple[c.CoreCheck, ...]:
    """The policy's checks, asked of each line of the request if they speak of one."""
    found = []
    for spec in el.symbols.policy.checks:
        scope, variable, path = line_scope(el, spec.must)
        must = el.every(spec.must, scope, spec.span)
        found.append(c.CoreCheck(spec.id, must, variable, path, spec.says, tuple(x.name for x in spec.cites)))
    return tuple(found)


def guarantees(el: Elaborator) -> tuple[c.CoreGuarantee, ...]:
    """The policy's guarantees, typed; proving them is another tool's work."""
    found = []
    for spec in el.symbols.policy.guarantees:
        scope, variable, path = line_scope(el, spec.whenever + spec.then)
        scope = Scope(scope.variables, each=("line", path) if variable else None)
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
