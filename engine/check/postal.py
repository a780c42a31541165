"""Parts of a postal code are compared with parts as they are kept: capital letters or digits, without spaces."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from engine.base.diagnostics import Fix, Place, Report
from engine.base.source import ScalarText, Span
from engine.language import core as c
from engine.language.types import ListOf, Record, Text
from engine.language.walk import below
from engine.values.postal_codes import AREA, CODE, evened, is_part

_MIXED = re.compile(r"([A-Z]+)[0-9]+[A-Z]?")
_COMPARED = ("equal", "not_equal", "in_values")


def as_read(facts: Record, roots: Iterable[c.Expr]) -> Record:
    """The facts as a policy uses them: one that reads no part of any postal code takes codes as they come.

    An order with a mistyped code can then be decided where nothing hangs on it.
    """
    if any(isinstance(expr, c.FactRef) and expr.fact.parts_of for expr in below(roots)):
        return facts
    return _without_parts(facts)


def _without_parts(record: Record) -> Record:
    fields = []
    for name, fact in record.fields:
        kind = fact.type
        if isinstance(kind, Record) or (isinstance(kind, ListOf) and isinstance(kind.element, Record)):
            inner = _without_parts(kind if isinstance(kind, Record) else kind.element)  # type: ignore[arg-type]
            fact = replace(fact, type=inner if isinstance(kind, Record) else replace(kind, element=inner))
        fields.append((name, replace(fact, parts_of=()) if fact.parts_of else fact))
    return Record(tuple(fields))


def check_postal_parts(roots: Iterable[c.Expr], parameters: Mapping[str, object], report: Report) -> None:
    """Report every fixed text that is compared with a part of a postal code and can never be one.

    `parameters` are the values of parameters, as constants, where they have one.
    """
    for expr in below(roots):
        if not isinstance(expr, c.Op) or expr.key not in _COMPARED:
            continue
        names = [name for arg in expr.args if (name := _part(arg)) is not None]
        for arg in expr.args if names else ():
            for value, span, used in _texts(arg, parameters):
                if not is_part(value, names[0]):
                    _report(names[0], value, span, used, report)


def _part(expr: c.Expr) -> str | None:
    """The name of the part that an expression is, through definitions."""
    while isinstance(expr, c.Named):
        expr = expr.body
    part = isinstance(expr, c.FactRef) and expr.fact.parts_of and isinstance(expr.type, Text)
    return expr.fields[-1] if part and isinstance(expr, c.FactRef) else None


def _texts(expr: c.Expr, parameters: Mapping[str, object]) -> Iterator[tuple[str, Span, Span]]:
    """The fixed texts that an expression stands for, each with its place, and the place where they are used."""
    value = parameters.get(expr.name) if isinstance(expr, c.ParameterRef) else expr
    while isinstance(value, c.Named):
        value = value.body
    if isinstance(value, c.Const):
        members = value.value if isinstance(value.value, tuple) else (value.value,)
        yield from ((one, value.span, expr.span) for one in members if isinstance(one, str))


def parts_help(expr: c.Expr, facts: Record) -> str | None:
    """What to compare instead of the order of a postal code: its parts, the second of which is a number.

    None where the expression is no postal code whose parts are among `facts`, the facts of the case.
    """
    while isinstance(expr, c.Named):
        expr = expr.body
    if not isinstance(expr, c.FactRef) or expr.variable is not None or expr.fields[-1] != CODE:
        return None
    *where, first = (*expr.fields[:-1], AREA[0])
    here: object = facts
    for name in (*where, first):
        fact = here.get(name) if isinstance(here, Record) else None
        here = None if fact is None else fact.type
    if not isinstance(here, Record):
        return None
    parts = ".".join((*where, first))
    return f"compare its parts, the second is a number: `{parts}.area == 'QX' and {parts}.district in 1 .. 9`"


def _report(name: str, value: str, span: Span, used: Span, report: Report) -> None:
    meant = evened(value)
    fix, help = None, "it is one group of capital letters or digits, such as 'QX'"
    mixed = _MIXED.fullmatch(meant)
    if mixed is not None:
        help = f"the area is '{mixed[1]}', and the number after it is the `district`"
    if name == "prefix3":
        help = "it is three capital letters and digits, such as 'QX4'"
    if is_part(meant, name):
        help = f"write '{meant}': a part of a postal code is kept in capital letters and without spaces"
        text = span.text.replace(value, meant)
        if not isinstance(span.source, ScalarText) and span.text.strip("'\"") == value:
            fix = Fix(span, text, f"write it as `{meant}`", safe=True)
    also = [] if used == span else [Place(used, "it is compared here")]
    report.add("postal-part", f"`{value}` is never the `{name}` of a postal code", span, help=help, also=also, fix=fix)
