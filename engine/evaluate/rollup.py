"""Roll-ups: what a per-line output is for the whole (`docs/semantics.md`, step 13)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from engine.evaluate.operations import Arithmetic, Imprecise, failed
from engine.language import core as c
from engine.language.outcome import ROLL_UP_ORDER, Causes, Known, Mixed, OutputResult, Result
from engine.language.types import Boolean
from engine.language.values import Value


def roll_up(output: c.CoreOutput, members: Sequence[OutputResult], arithmetic: Arithmetic) -> OutputResult:
    """One result for all members. Not-applicable members add nothing; an unsettled one leaves the whole unsettled
    unless the others settle it alone (a true `any`, a false `all`)."""
    counted = [m for m in members if m.status != "not_applicable"]
    conditional = any(m.conditional for m in counted)
    headline = next((m.headline for m in counted if m.conditional), None)
    if not counted:
        causes: Causes = frozenset().union(*(m.causes for m in members))
        return OutputResult(output.id, "not_applicable", causes=causes)
    settled = [m for m in counted if m.status == "decided"]
    if len(settled) < len(counted):
        early = _early(output, settled)
        if early is not None:
            return OutputResult(output.id, "decided", value=early)
        return _open(output, counted, settled, arithmetic)
    values = [cast("Value", m.value) for m in settled]
    if (output.roll_up or "each") == "each":
        value = _each(members)
    else:
        joined = fold(output, values, arithmetic)
        if not isinstance(joined, Known):
            return OutputResult(output.id, "error", causes=joined.causes)
        value = joined.value
    return OutputResult(
        output.id,
        "decided",
        value=value,
        conditional=conditional,
        headline=headline,
        by_cases=any(m.by_cases for m in counted),
    )


def _each(members: Sequence[OutputResult]) -> Value | Mixed:
    groups: list[tuple[Value, list[int]]] = []
    for i, member in enumerate(members):
        if member.status != "decided":
            continue
        value = cast("Value", member.value)
        for known, numbers in groups:
            if known == value:
                numbers.append(i)
                break
        else:
            groups.append((value, [i]))
    if len(groups) == 1:
        return groups[0][0]
    return Mixed(tuple((value, tuple(numbers)) for value, numbers in groups))


def _early(output: c.CoreOutput, settled: Sequence[OutputResult]) -> Value | None:
    """A boolean that one member settles whatever the open ones turn out to be."""
    if not isinstance(output.type, Boolean):
        return None
    unconditional = [m.value for m in settled if not m.conditional]
    if output.roll_up == "any" and True in unconditional:
        return True
    if output.roll_up == "all" and False in unconditional:
        return False
    return None


def _open(
    output: c.CoreOutput, counted: Sequence[OutputResult], settled: Sequence[OutputResult], arithmetic: Arithmetic
) -> OutputResult:
    statuses = [m.status for m in counted]
    status = next(s for s in ROLL_UP_ORDER if s in statuses)
    causes: Causes = frozenset().union(*(m.causes for m in counted if m.status != "decided"))
    kinds = dict.fromkeys(k for m in counted for k in m.kinds) if status == "referred" else {}
    so_far = None
    if settled and (output.roll_up or "each") != "each":
        part = fold(output, [cast("Value", m.value) for m in settled], arithmetic)
        so_far = part.value if isinstance(part, Known) else None
    return OutputResult(
        output.id,
        status,
        kinds=tuple(kinds),
        causes=causes,
        so_far=so_far,
        conditional=any(m.conditional for m in counted),
        headline=next((m.headline for m in counted if m.conditional), None),
    )


def fold(output: c.CoreOutput, values: list[Value], arithmetic: Arithmetic) -> Result:
    """Several members' values as one."""
    if isinstance(values[0], tuple):
        union: dict[Value, None] = {}
        for value in values:
            union.update(dict.fromkeys(cast("tuple[Value, ...]", value)))
        return Known(tuple(union))
    if output.roll_up in ("any", "all"):
        truth = any(values) if output.roll_up == "any" else all(values)
        return Known(bool(truth))
    keys: dict[str, c.OpKey] = {
        "sum": "add",
        "min": "lesser",
        "max": "greater",
        "earliest": "earlier",
        "latest": "later",
    }
    try:
        total: Value = values[0]
        for value in values[1:]:
            total = arithmetic.compute(keys[output.roll_up or "sum"], (total, value), None)
        return Known(total)
    except Imprecise:
        return failed("the exact time of one of the members")
    except ValueError as error:
        return failed(str(error))
