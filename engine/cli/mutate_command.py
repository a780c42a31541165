"""`policy-engine mutate`: change a policy in one place at a time, and see whether its cases notice."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.base.diagnostics import Diagnostic
from engine.cli.completion import files as complete_files
from engine.cli.coverage_report import percent
from engine.cli.exit_codes import ExitCode
from engine.cli.mutation_report import REPORTS, Score
from engine.cli.progress import Bar
from engine.cli.report_format import report_format
from engine.cli.start import started
from engine.cli.terminal import wants_color, write

if TYPE_CHECKING:
    from engine.testing.files import FileResult
    from engine.testing.mutation.running import Workshop


@click.command("mutate")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", shell_complete=complete_files)
@report_format
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only changes of this kind, such as exceptions.")
@click.option("--fail-under", metavar="PERCENT", help="The least share of changes that must be noticed.")
@click.option("--jobs", type=click.IntRange(0), default=0, metavar="N", help="Processes to use; 0: all cores.")
@click.pass_context
def command(
    ctx: click.Context, paths: tuple[str, ...], form: str, kinds: tuple[str, ...], fail_under: str | None, jobs: int
) -> None:
    """Change the policies of worked cases, one place at a time, and run the cases that can notice. A change that none
    notices is told with its place.

    PATH is a file of cases, or a folder with such files at any depth.
    """
    least = 0.0 if fail_under is None else percent(fail_under)
    from engine.testing.files import find_files
    from engine.testing.mutation.nodes import MUTATION_KINDS
    from engine.testing.mutation.running import open_workshop

    for kind in kinds:
        if kind not in MUTATION_KINDS:
            message = f"'{kind}' is no kind of change; they are {', '.join(MUTATION_KINDS)}."
            raise click.BadParameter(message, param_hint="'--kind'")
    files = find_files(Path(path) for path in paths)
    if not files:
        raise click.UsageError("There are no cases in what was named: a file of cases has `policy:` and `cases:`.")
    workshop = open_workshop(files, frozenset(kinds))
    started()
    _end_if_broken(ctx, workshop.results, form)
    scores = _scores(workshop, jobs, least, whole=not kinds)
    write(REPORTS[form](scores))
    if any(score.below for score in scores):
        ctx.exit(ExitCode.SURVIVORS)


def _end_if_broken(ctx: click.Context, results: tuple[FileResult, ...], form: str) -> None:
    """Say why there is nothing to measure by, if a case fails or a file cannot be run, and end."""
    failed = [one for file in results for one in file.results if one.outcome == "failed"]
    broken = [d for file in results for d in file.diagnostics if d.severity == "error"]
    if not failed and not broken:
        return
    if form == "text":
        from engine.cli.diagnostics_text import render
        from engine.testing.text import failure_text

        write(render(broken, wants_color(sys.stdout)) if broken else "")
        if not broken:
            write("".join(failure_text(one) + "\n\n" for one in failed))
            write("the policy is not changed before its own cases pass\n")
    else:
        from engine.testing.text import failed_case

        write(_broken(form, results, list(dict.fromkeys([*broken, *map(failed_case, failed)]))))
    ctx.exit(ExitCode.CASES if broken else ExitCode.FAILED)


def _broken(form: str, results: Iterable[FileResult], found: list[Diagnostic]) -> str:
    """What keeps a run from beginning, for programs."""
    if form == "json":
        from engine.cli.diagnostics_json import to_json

        document = {"diagnostics": [to_json(one) for one in found], "policies": []}
        return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    if form == "junit":
        from engine.cli.junit import junit_of_cases

        return junit_of_cases(results)
    if form == "sarif":
        from engine.cli.diagnostics_sarif import sarif

        return sarif(found)
    from engine.cli.diagnostics_github import github

    return github(found)


def _scores(workshop: Workshop, jobs: int, least: float, whole: bool) -> list[Score]:
    """What became of the changes; what accepts none of them is told if they are the `whole` of all kinds."""
    from engine.read.silences import Silence, silences_nothing
    from engine.testing.mutation.running import try_all

    used: set[Silence] = set()
    found: dict[str, Score] = {}
    for subject in workshop.subjects:
        found.setdefault(subject.name, Score(subject.name, least))
    total = sum(len(subject.mutants) for subject in workshop.subjects)
    with Bar(total, "changes") as bar:
        for number, verdict in try_all(workshop, jobs):
            subject = workshop.subjects[number]
            mutant = subject.mutants[verdict.number]
            silence = subject.accepts(mutant)
            found[subject.name].count(mutant, verdict, None if silence is None else silence.reason)
            if silence is not None and verdict.fate == "survived":
                used.add(silence)
            bar.done()
    for subject in workshop.subjects if whole else ():
        found[subject.name].stale += [silences_nothing(one) for one in subject.silences if one not in used]
    return list(found.values())
