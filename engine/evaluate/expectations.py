"""`request.expects`: an answer the customer demands, and whether the policy grants it."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from engine.language import core as c
from engine.language.case import Case
from engine.language.decision import Expectation, Output
from engine.language.outcome import Mixed
from engine.language.values import Value
from engine.values.money import Money
from engine.values.numbers import parse_decimal


def expectations(case: Case, outputs: Mapping[str, Output], decision: c.CoreDecision) -> tuple[Expectation, ...]:
    """For each demand about an output of this decision: granted, refused, partly (some lines), or open."""
    found = []
    for name, expected in case.expects:
        output = outputs.get(name)
        if output is not None:
            found.append(Expectation(name, expected, _result(output, expected)))
    return tuple(found)


def _result(output: Output, expected: Value) -> Literal["granted", "refused", "partly", "open"]:
    if output.status == "not_applicable":
        return "refused"
    if output.status != "decided" or output.only_if is not None:
        return "open"
    if isinstance(output.value, Mixed):
        return "partly" if any(_matches(v, expected) for v, _ in output.value.members) else "refused"
    return "granted" if output.value is not None and _matches(output.value, expected) else "refused"


def _matches(value: Value, expected: Value) -> bool:
    if isinstance(value, Money):
        wanted = parse_decimal(expected) if isinstance(expected, str) else expected
        return isinstance(wanted, int | Fraction) and value.amount == wanted
    if isinstance(value, tuple):
        return expected in value
    return value == expected
