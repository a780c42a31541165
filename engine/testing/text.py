"""Results of cases in words."""

from __future__ import annotations

from engine.base.diagnostics import Diagnostic
from engine.testing.files import FileResult
from engine.testing.model import CaseResult


def failure_text(result: CaseResult) -> str:
    """What a case expected, what came out, and which condition went the other way."""
    case = result.case
    lines = [f"{case.span}: case `{case.name}`" + (f" ({case.says})" if case.says else "")]
    width = max(len(d.what) for d in result.differences)
    for one in result.differences:
        lines.append(f"  {one.what.ljust(width)}  expected {one.expected}")
        lines.append(f"  {' ' * width}       got {one.actual}")
    hint = next((d.hint for d in result.differences if d.hint), None)
    if hint:
        lines.extend(f"  {part}" for part in hint.split("; "))
    return "\n".join(lines)


def failed_case(result: CaseResult) -> Diagnostic:
    """A case that failed, as a finding at its place."""
    said = "; ".join(f"{d.what}: expected {d.expected}, got {d.actual}" for d in result.differences)
    hint = next((d.hint for d in result.differences if d.hint), None)
    message = f"case `{result.case.name}` came out otherwise: {said}"
    return Diagnostic("case-failed", message, result.case.span, hint)


def problems_text(result: FileResult) -> str:
    """Why a file of cases cannot be run, one diagnostic a line."""
    lines = []
    for one in result.diagnostics:
        where = one.span or one.where or result.name
        lines.append(f"{where}: {one.severity}[{one.code}] {one.message}" + (f" ({one.help})" if one.help else ""))
    return "\n".join(lines)


def summary(results: list[FileResult]) -> str:
    """One line: how many passed, failed, were skipped."""
    outcomes = [r.outcome for f in results for r in f.results]
    broken = sum(any(d.severity == "error" for d in f.diagnostics) for f in results)
    parts = [f"{outcomes.count('passed')} passed", f"{outcomes.count('failed')} failed"]
    if outcomes.count("skipped"):
        parts.append(f"{outcomes.count('skipped')} skipped")
    if broken:
        parts.append(f"{broken} {'file' if broken == 1 else 'files'} could not be run")
    return ", ".join(parts)
