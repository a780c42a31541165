"""The names in a case: an unknown question, output, rule, window, reading, option or fact is an error, not a silent pass."""

from __future__ import annotations

from collections.abc import Iterable

from engine.base.diagnostics import Report
from engine.base.source import Span
from engine.base.suggest import did_you_mean
from engine.language import core as c
from engine.language.located import Mapping, Node, Scalar, Sequence
from engine.testing.model import Expected, WorkedCase


def check_names(program: c.Program, case: WorkedCase, report: Report) -> None:
    """Report every name in a case that the policy does not have, with the nearest one that it has."""
    for name, option in case.readings.items():
        reading = program.readings.get(name)
        if reading is None:
            _unknown("reading", name, case.reading_spans[name][0], program.readings, report)
        elif option != "undecided" and option not in dict(reading.options):
            _unknown(f"option of reading `{name}`", option, case.reading_spans[name][1], dict(reading.options), report)
    decision = program.decisions.get(case.ask)
    if decision is None:
        if case.ask not in program.standard_decisions:
            known = [*program.decisions, *program.standard_decisions]
            _unknown("question", case.ask, case.ask_span, known, report)
        return
    expected = case.expected
    for part in ("outputs", "lines", "leaning"):
        _all("output", _keys(expected, part), decision.outputs, report)
    _all("rule", _words(expected.rules), [r.id for r in decision.rules], report)
    _all("window", _keys(expected, "deadlines"), program.windows, report)
    _all("option", _keys(expected, "instead"), decision.options, report)
    for node in expected.instead.values():
        if isinstance(node, Mapping):
            _all("output", [(k.text, k.span) for k, _ in node], decision.outputs, report)
    _all("reading", _words(expected.rests_on), program.readings, report)


def _keys(expected: Expected, part: str) -> list[tuple[str, Span]]:
    return [(key.text, key.span) for key in expected.keys.get(part, ())]


def _words(node: Node | None) -> list[tuple[str, Span]]:
    items = node.items if isinstance(node, Sequence) else (() if node is None else (node,))
    return [(item.text, item.span) for item in items if isinstance(item, Scalar)]


def _all(kind: str, names: Iterable[tuple[str, Span]], known: Iterable[str], report: Report) -> None:
    there = list(known)
    for name, span in names:
        if name not in there:
            _unknown(kind, name, span, there, report)


def _unknown(kind: str, name: str, span: Span, known: Iterable[str], report: Report) -> None:
    report.add("name-unknown", f"the policy has no {kind} `{name}`", span, help=did_you_mean(name, known))
