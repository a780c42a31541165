"""From a policy's file and the cases there are to suggested cases."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.base.diagnostics import Diagnostic, Report
from engine.check.program import check_programs
from engine.evaluate.decisions import Evaluation
from engine.language import core as c
from engine.testing.files import Programs, find_files, run_file
from engine.testing.limits.boundaries import Boundaries, Suggestion, invented
from engine.testing.limits.of_policy import Key
from engine.testing.model import WorkedCase
from engine.testing.variations import Start, of_its_market


@dataclass(frozen=True)
class Suggestions:
    """What was found. With `diagnostics`, nothing was: the policy, or a file of cases, has errors.

    `not_reached` says which limits no case touches and no case could be suggested for, and why.
    """

    suggestions: tuple[Suggestion, ...]
    not_reached: tuple[str, ...] = ()
    diagnostics: tuple[Diagnostic, ...] = ()
    broken_policy: bool = False


def suggest_cases(policy: Path, cases: list[Path]) -> Suggestions:
    """Cases for the limits of a policy file that none of the cases touches. Without cases, plain ones are made up.

    Files of cases about other policies are left out. Never raises for what the files say.
    """
    report = Report()
    try:
        found = check_programs(policy.read_bytes(), policy.as_posix(), report)
    except OSError as error:
        reason = (error.strerror or "the system gives no reason").lower()
        report.add("file-unreadable", f"the file cannot be read: {reason}", where=policy.as_posix())
        found = ()
    if not found:
        return Suggestions((), diagnostics=tuple(d for d in report if d.severity == "error"), broken_policy=True)
    starts: list[Start] = []
    programs = Programs()
    for file in find_files(cases):
        own: list[Start] = []

        def watch(case: WorkedCase, evaluation: Evaluation, own: list[Start] = own) -> None:
            own.append(Start(case.name, case.ask, dict(case.document), evaluation.settings))

        result = run_file(file, programs, watch=watch)
        errors = tuple(d for d in result.diagnostics if d.severity == "error")
        if errors:
            return Suggestions((), diagnostics=errors)
        if result.policy is not None and (file.parent / result.policy).resolve() == policy.resolve():
            starts.extend(own)
    return _all(found, starts)


def _all(programs: tuple[c.Program, ...], starts: list[Start]) -> Suggestions:
    """Suggestions from the cases there are; made-up ones for questions that none of them asks.

    With markets each case is one of its own market, and a limit that is touched in one of them is touched.
    """
    asked = {one.ask for one in starts}
    found: list[Boundaries] = []
    for program in programs:
        own = [one for one in starts if of_its_market(program, one.evaluation(program))]
        own += [one for one in invented(program) if one.ask not in asked]
        found.append(Boundaries(program, own, found[0] if found else None))
        found[-1].look()
    suggestions = tuple(suggestion for one in found for suggestion in one.suggestions())
    not_reached: dict[Key, str] = {}
    for one in found:
        not_reached = one.not_reached() | not_reached
    return Suggestions(suggestions, tuple(not_reached[key] for key in sorted(not_reached)))
