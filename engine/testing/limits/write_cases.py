"""Writing suggested cases as a file of cases: valid, and passing as it stands, for an author to confirm one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from engine.language.decision import Decision, Output
from engine.language.outcome import Mixed
from engine.testing.compare import show_value
from engine.testing.limits.boundaries import Suggestion
from engine.values.moments import instant_text
from engine.values.money import Money
from engine.values.numbers import decimal_text

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_WORDS = frozenset(("true", "false", "null", "yes", "no", "on", "off", "y", "n"))
_CONFIRM = "the policy's present answer: confirm it, or correct it"


def written(policy: str, suggestions: Iterable[Suggestion]) -> str:
    """The text of a file of cases. `policy` is the policy's path relative to the file."""
    lines = [
        "# Cases at limits that no case touched. What is expected is what the policy answers now: look at each of them.",
        f"policy: {_scalar(policy)}",
        "cases:",
    ]
    for one in suggestions:
        lines.append(f"  {one.name}:")
        lines.append(f"    says: {_scalar(one.says)}")
        lines.append(f"    ask: {one.start.ask}")
        document = dict(one.start.document)
        for key in ("as_of", "stage"):
            if key in document:
                lines.append(f"    {key}: {_scalar(document.pop(key))}")
        lines.append("    facts:")
        lines.extend(_block(document, "      "))
        readings = {name: option or "undecided" for name, option in one.start.settings.readings.items()}
        if readings:
            lines.append("    readings:")
            lines.extend(_block(readings, "      "))
        lines.append(f"    expect:  # {_CONFIRM}")
        lines.extend(_expected(one.decision))
    return "\n".join(lines) + "\n"


def _expected(decision: Decision) -> Iterator[str]:
    yield f"      status: {decision.status}"
    yield f"      verdict: {decision.verdict}"
    outputs = {name: text for name, output in decision.outputs.items() if (text := _output(output)) is not None}
    if outputs:
        yield "      outputs:"
        for name, text in outputs.items():
            yield f"        {name}: {text}"


def _output(output: Output) -> str | None:
    """An output as a case expects it; None for values of kinds that are seldom written out."""
    if output.status != "decided":
        return output.status
    match output.value:
        case Mixed():
            return "mixed"
        case bool():
            return "true" if output.value else "false"
        case int() | Money():
            return show_value(output.value)
        case Fraction():
            return decimal_text(output.value)
        case str():
            return _scalar(output.value)
        case datetime():
            return _scalar(instant_text(output.value))
        case date():
            return output.value.isoformat()
        case tuple() if output.value and all(isinstance(v, str) for v in output.value):
            return f"[{', '.join(_scalar(v) for v in output.value)}]"
    return None


def _block(data: dict[str, Any], indent: str) -> Iterator[str]:
    for key, value in data.items():
        if isinstance(value, dict) and value:
            yield f"{indent}{key}:"
            yield from _block(value, indent + "  ")
        elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
            yield f"{indent}{key}:"
            for item in value:
                yield from _item(item, indent + "  ")
        else:
            yield f"{indent}{key}: {_scalar(value)}"


def _item(item: Any, indent: str) -> Iterator[str]:
    if not isinstance(item, dict) or not item:
        yield f"{indent}- {_scalar(item)}"
        return
    lines = list(_block(item, indent + "  "))
    yield f"{indent}- {lines[0].lstrip()}"
    yield from lines[1:]


def _scalar(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case list():
            return f"[{', '.join(_scalar(item) for item in value)}]"
        case dict():
            return "{" + ", ".join(f"{key}: {_scalar(item)}" for key, item in value.items()) + "}"
    text = str(value)
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return "'" + text.replace("'", "''") + "'"
