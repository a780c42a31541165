"""`policy-engine test`: run worked cases and say what came out otherwise."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.base.diagnostics import Diagnostic
from engine.cli.completion import files
from engine.cli.coverage_report import (
    KINDS,
    Wanted,
    accepted_of,
    below,
    coverage_checks,
    coverage_json,
    coverage_line,
    coverage_text,
    listed_of,
    stale_of,
    thresholds,
    too_low,
)
from engine.cli.exit_codes import ExitCode
from engine.cli.report_format import report_format
from engine.cli.start import started
from engine.cli.terminal import wants_color, write

if TYPE_CHECKING:
    from engine.testing.coverage.counting import Coverage
    from engine.testing.files import FileResult


@click.command("test")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", shell_complete=files)
@report_format
@click.option("--only", metavar="PATTERN", help="Run only the cases whose names fit, such as 'late_*'.")
@click.option("--coverage", is_flag=True, help="Say what of the policy no case has tried.")
@click.option(
    "--missing",
    multiple=True,
    type=click.Choice([*KINDS, "none"]),
    help="With --coverage: the kinds to list one by one (else all but unknown).",
)
@click.option(
    "--fail-under",
    multiple=True,
    metavar="[KIND=]PERCENT",
    help="With --coverage: the least that will do, for all kinds but unknown or for one, such as mcdc=90.",
)
@click.option("--jobs", type=click.IntRange(0), default=0, metavar="N", help="Processes to use; 0: all cores.")
@click.pass_context
def command(
    ctx: click.Context,
    paths: tuple[str, ...],
    form: str,
    only: str | None,
    coverage: bool,
    missing: tuple[str, ...],
    fail_under: tuple[str, ...],
    jobs: int,
) -> None:
    """Run worked cases. A folder stands for the files in it, at any depth, that hold cases."""
    if (missing or fail_under) and not coverage:
        raise click.UsageError("--missing and --fail-under go with --coverage.")
    wanted = Wanted(set(missing or [kind for kind in KINDS if kind != "unknown"]), thresholds(fail_under))
    from engine.testing.files import find_files
    from engine.testing.parallel import run_files

    files = find_files(Path(path) for path in paths)
    if not files:
        raise click.UsageError("There are no cases in what was named: a file of cases has `policy:` and `cases:`.")
    started()
    results, covered = _watched(files, only) if coverage else (run_files(files, only, jobs), [])
    if only is not None and not any(r.results for r in results) and not any(r.diagnostics for r in results):
        raise click.UsageError(f"No case has a name that fits '{only}'.")
    write(_SHAPES[form](results, covered, wanted))
    if any(d.severity == "error" for r in results for d in r.diagnostics):
        ctx.exit(ExitCode.CASES)
    if any(r.failed for r in results):
        ctx.exit(ExitCode.FAILED)
    if any(below(one, wanted.least) for one in covered):
        ctx.exit(ExitCode.COVERAGE)


def _watched(files: list[Path], only: str | None) -> tuple[list[FileResult], list[Coverage]]:
    """Run files of cases in this process, and say what they cover of each policy."""
    from engine.testing.coverage.counting import Recorder
    from engine.testing.files import Programs, picks, run_file

    programs, recorder = Programs(), Recorder()
    results = [run_file(file, programs, picks(only), watch=recorder.watch) for file in files]
    policies = {id(result.programs): result.programs for result in results if result.programs}
    return results, [recorder.coverage(versions) for versions in policies.values()]


def _text(results: list[FileResult], covered: list[Coverage], wanted: Wanted) -> str:
    from engine.cli.diagnostics_text import render
    from engine.testing.text import failure_text, summary

    text = ""
    for file in results:
        if file.diagnostics:
            text += render(file.diagnostics, wants_color(sys.stdout))
        for one in file.results:
            if one.outcome == "failed":
                text += failure_text(one) + "\n\n"
            elif one.outcome == "skipped":
                text += f"{one.case.span}: case `{one.case.name}` skipped: {one.case.skip}\n"
    text += summary(results) + "\n"
    return text + "".join("\n" + coverage_text(one, wanted, wants_color(sys.stdout)) for one in covered)


def _json(results: list[FileResult], covered: list[Coverage], wanted: Wanted) -> str:
    from engine.cli.diagnostics_json import to_json

    files = [
        {
            "file": file.name,
            "policy": file.policy,
            "diagnostics": [to_json(d) for d in file.diagnostics],
            "cases": [
                {
                    "name": one.case.name,
                    "line": one.case.span.line,
                    "outcome": one.outcome,
                    "skip": one.case.skip,
                    "differences": [
                        {"what": d.what, "expected": d.expected, "actual": d.actual} for d in one.differences
                    ],
                    "hint": next((d.hint for d in one.differences if d.hint), None),
                    "decided_by": list(one.deciding),
                }
                for one in file.results
            ],
        }
        for file in results
    ]
    document: dict[str, object] = {"files": files}
    if covered:
        document["coverage"] = [coverage_json(one, wanted) for one in covered]
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _findings(results: list[FileResult], covered: list[Coverage], wanted: Wanted) -> list[Diagnostic]:
    """Everything as diagnostics: each once, although several files of cases may be about one wrong policy."""
    from engine.testing.text import failed_case

    found: dict[Diagnostic, None] = {}
    for file in results:
        found.update(dict.fromkeys(file.diagnostics))
        found.update((failed_case(case), None) for case in file.results if case.outcome == "failed")
    for one in covered:
        found.update(dict.fromkeys([*listed_of(one, wanted), *stale_of(one, wanted), *too_low(one, wanted)]))
    return list(found)


def _sarif(results: list[FileResult], covered: list[Coverage], wanted: Wanted) -> str:
    from engine.cli.diagnostics_sarif import sarif

    quiet = [pair for one in covered for pair in accepted_of(one, wanted)]
    return sarif(_findings(results, covered, wanted), quiet)


def _github(results: list[FileResult], covered: list[Coverage], wanted: Wanted) -> str:
    from engine.cli.diagnostics_github import github, notice
    from engine.testing.text import summary

    figures = [summary(results), *(coverage_line(one) for one in covered)]
    return github(_findings(results, covered, wanted)) + notice("worked cases", figures)


def _junit(results: list[FileResult], covered: list[Coverage], wanted: Wanted) -> str:
    from engine.cli.junit import junit_of_cases

    return junit_of_cases(results, [coverage_checks(one, wanted) for one in covered])


_SHAPES: dict[str, Callable[[list[FileResult], list[Coverage], Wanted], str]] = {
    "text": _text,
    "json": _json,
    "sarif": _sarif,
    "github": _github,
    "junit": _junit,
}
