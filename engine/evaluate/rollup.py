"""Roll-ups: what a per-line output is for the whole (`docs/semantics.md`, step 13)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from engine.evaluate.operations import Arithmetic, Imprecise, failed
from engine.language import core as c
from engine.language.model import REVIEW_KINDS, ReviewKind
from engine.language.outcome import ROLL_UP_ORDER, Causes, Known, Mixed, OutputResult, Result
from engine.language.types import Boolean
from engine.language.values import Value


def roll_up(output: c.CoreOutput, members: Sequence[OutputResult], arithmetic: Arithmetic) -> OutputResult:
    """One result for all members. Not-applicable members add nothing; an unsettled one leaves the whole unsettled
    unless the others settle it alone (a true `any`, a false `all`)."""
    counted = [m for m in members if m.status != "not_applicable"]
    if not counted:
        causes: Causes = frozenset().union(*(m.causes for m in members))
        return OutputResult(output.id, "not_applicable", causes=causes)
    settled = [m for m in counted if m.status == "decided"]
    early = _early(output, settled)
    if early is not None:  # also where all are settled: one that hangs on its headline must not unsettle it again
        return OutputResult(output.id, "decided", value=early)
    if len(settled) < len(counted):
        return _open(output, counted, settled, arithmetic)
    values = [cast("Value", m.value) for m in settled]
    if (output.roll_up or "each") == "each":
        value = _each(members)
    else:
        joined = fold(output, values, arithmetic)
        if not isinstance(joined, Known):
            return OutputResult(output.id, "error", causes=joined.causes)
        value = joined.value
    headline = _headline(counted)
    return OutputResult(
        output.id,
        "decided",
        value=value,
        conditional=headline is not None,
        headline=headline,
        by_cases=any(m.by_cases for m in counted),
    )


def _headline(counted: Sequence[OutputResult]) -> OutputResult | None:
    """What the conditional members hang on: their headlines, as one that waits for everything they wait for."""
    open_ones = [m.headline for m in counted if m.conditional and m.headline is not None]
    if len(open_ones) < 2:
        return open_ones[0] if open_ones else None
    statuses = [headline.status for headline in open_ones]
    return OutputResult(
        open_ones[0].output,
        next((s for s in ROLL_UP_ORDER if s in statuses), "not_applicable"),
        kinds=_kinds(open_ones),
        causes=frozenset().union(*(headline.causes for headline in open_ones)),
    )


def _kinds(results: Sequence[OutputResult]) -> tuple[ReviewKind, ...]:
    """What kind of person's work some results call for, in one order however the members stand."""
    found = {kind for result in results for kind in result.kinds}
    return tuple(kind for kind in REVIEW_KINDS if kind in found)


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
    so_far = None
    if settled and (output.roll_up or "each") != "each":
        part = fold(output, [cast("Value", m.value) for m in settled], arithmetic)
        so_far = part.value if isinstance(part, Known) else None
    headline = _headline(counted)
    return OutputResult(
        output.id,
        status,
        kinds=_kinds(counted) if status == "referred" else (),
        causes=causes,
        so_far=so_far,
        conditional=headline is not None,
        headline=headline,
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
    key = keys[output.roll_up or "sum"]
    try:
        if key != "add":
            return Known(arithmetic.compute(key, values, None))
        total: Value = values[0]
        for value in values[1:]:
            total = arithmetic.compute("add", (total, value), None)
        return Known(total)
    except Imprecise:
        return failed("the exact time of one of the members")
    except ValueError as error:
        return failed(str(error))
