"""Parameters that a case sets to other values, read by the parameters' own types."""

from __future__ import annotations

from collections.abc import Mapping

from engine.base.diagnostics import Report
from engine.base.suggest import did_you_mean
from engine.language import core as c
from engine.language.located import Node, Scalar, Sequence
from engine.language.surface import Literal
from engine.language.types import (
    CHARGED,
    Boolean,
    Decimal,
    Integer,
    ListOf,
    MoneyType,
    Text,
    Type,
    Words,
    Zone,
    describe,
)
from engine.language.values import Value
from engine.read.condition import parse_condition
from engine.testing.model import WorkedCase
from engine.values.money import Money


def parameter_values(program: c.Program, case: WorkedCase, report: Report) -> dict[str, Value]:
    """The values that a case sets, by parameter; what does not fit goes to `report`."""
    found: dict[str, Value] = {}
    for name, node in case.parameters.items():
        parameter = program.parameters.get(name)
        if parameter is None:
            report.add(
                "name-unknown",
                f"the policy has no parameter `{name}`",
                node.span,
                help=did_you_mean(name, program.parameters),
            )
            continue
        if parameter.dated:
            report.add(
                "bad-value",
                f"`{name}` changes over time",
                node.span,
                help="set the fact that picks its value (the parameter's `by`)",
            )
            continue
        value = _value(node, parameter.type, report)
        if value is None:
            report.add(
                "bad-value",
                f"`{name}` is {describe(parameter.type)}",
                node.span,
                help="write a fixed value of its type",
            )
        else:
            found[name] = value
    return found


def fitting(parameters: Mapping[str, Value], program: c.Program) -> dict[str, Value]:
    """The values that a case sets, as far as they are in the currency of a program: another market keeps its own."""
    return {
        name: value
        for name, value in parameters.items()
        if not isinstance(value, Money) or value.currency in (CHARGED, _currency(program, name))
    }


def _currency(program: c.Program, name: str) -> str | None:
    kind = program.parameters[name].type if name in program.parameters else None
    return kind.currency if isinstance(kind, MoneyType) else None


def _value(node: Node, kind: Type, report: Report) -> Value | None:
    if isinstance(kind, ListOf):
        if not isinstance(node, Sequence):
            return None
        members = [_value(item, kind.element, report) for item in node.items]
        known = tuple(m for m in members if m is not None)
        return known if len(known) == len(members) else None
    if not isinstance(node, Scalar):
        return None
    if isinstance(kind, Text | Zone):
        return node.text
    if isinstance(kind, Words):
        return node.text if not kind.closed or node.text in kind.words else None
    parsed = parse_condition(node.embedded, report)
    if not isinstance(parsed, Literal):
        return None
    fits = parsed.type == kind or (isinstance(kind, Decimal) and isinstance(parsed.type, Integer))
    if isinstance(kind, MoneyType) and isinstance(parsed.type, MoneyType):
        fits = parsed.type == kind
    return parsed.value if fits or (isinstance(kind, Boolean) and isinstance(parsed.value, bool)) else None
