"""From a policy's file and the cases there are to suggested cases."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.base.diagnostics import Diagnostic, Report
from engine.check.program import check_policy
from engine.evaluate.decisions import Evaluation
from engine.language import core as c
from engine.testing.boundaries import Boundaries, Suggestion, invented
from engine.testing.files import Programs, find_files, run_file
from engine.testing.model import WorkedCase
from engine.testing.variations import Start


@dataclass(frozen=True)
class Suggestions:
    """What was found. With `diagnostics`, nothing was: the policy, or a file of cases, has errors."""

    suggestions: tuple[Suggestion, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    broken_policy: bool = False


def suggest_cases(policy: Path, cases: list[Path]) -> Suggestions:
    """Cases for the limits of a policy file that none of the cases touches. Without cases, plain ones are made up.

    Files of cases about other policies are left out. Never raises for what the files say.
    """
    report = Report()
    try:
        program = check_policy(policy.read_bytes(), policy.as_posix(), report)
    except OSError as error:
        reason = (error.strerror or "the system gives no reason").lower()
        report.add("file-unreadable", f"the file cannot be read: {reason}", where=policy.as_posix())
        program = None
    if program is None:
        return Suggestions((), tuple(d for d in report if d.severity == "error"), broken_policy=True)
    starts: list[Start] = []
    programs = Programs()
    for file in find_files(cases):
        own: list[Start] = []

        def watch(case: WorkedCase, evaluation: Evaluation, own: list[Start] = own) -> None:
            own.append(Start(case.name, case.ask, dict(case.document), evaluation.settings))

        result = run_file(file, programs, watch=watch)
        errors = tuple(d for d in result.diagnostics if d.severity == "error")
        if errors:
            return Suggestions((), errors)
        if result.policy is not None and (file.parent / result.policy).resolve() == policy.resolve():
            starts.extend(own)
    return Suggestions(tuple(_all(program, starts)))


def _all(program: c.Program, starts: list[Start]) -> list[Suggestion]:
    """Suggestions from the cases there are; made-up ones for questions that none of them asks."""
    asked = {one.ask for one in starts}
    return list(
        Boundaries(program, [*starts, *(one for one in invented(program) if one.ask not in asked)]).suggestions()
    )
