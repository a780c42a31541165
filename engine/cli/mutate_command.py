"""`policy-engine mutate`: change a policy in one place at a time, and see whether its cases notice."""

from __future__ import annotations

import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.base.diagnostics import Diagnostic
from engine.cli.coverage_report import percent, shown_percent
from engine.cli.exit_codes import ExitCode
from engine.cli.progress import Bar
from engine.cli.start import started
from engine.cli.terminal import wants_color, write

if TYPE_CHECKING:
    from engine.testing.files import FileResult
    from engine.testing.mutate_policy import Mutant
    from engine.testing.mutation import Verdict, Workshop


@dataclass
class _Score:
    """What became of the changes to one policy."""

    policy: str
    noticed: Counter[str] = field(default_factory=Counter)
    survived: Counter[str] = field(default_factory=Counter)
    apart: Counter[str] = field(default_factory=Counter)
    survivors: list[tuple[Mutant, Diagnostic, str | None]] = field(default_factory=list)

    @property
    def counted(self) -> int:
        return self.noticed.total() + self.survived.total()

    @property
    def percent(self) -> float:
        return 100.0 * self.noticed.total() / self.counted if self.counted else 100.0


@click.command("mutate")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
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
    from engine.testing.mutate_nodes import MUTATION_KINDS
    from engine.testing.mutation import open_workshop

    for kind in kinds:
        if kind not in MUTATION_KINDS:
            message = f"'{kind}' is no kind of change; they are {', '.join(MUTATION_KINDS)}."
            raise click.BadParameter(message, param_hint="'--kind'")
    files = find_files(Path(path) for path in paths)
    if not files:
        raise click.UsageError("There are no cases in what was named: a file of cases has `policy:` and `cases:`.")
    workshop = open_workshop(files, frozenset(kinds))
    started()
    _end_if_broken(ctx, workshop.results)
    scores = _scores(workshop, jobs)
    write(_json(scores) if form == "json" else _text(scores, least))
    if any(score.percent < least for score in scores):
        ctx.exit(ExitCode.SURVIVORS)


def _end_if_broken(ctx: click.Context, results: tuple[FileResult, ...]) -> None:
    """Say why there is nothing to measure by, if a case fails or a file cannot be run, and end."""
    from engine.cli.diagnostics_text import render
    from engine.testing.text import failure_text

    failed = [one for file in results for one in file.results if one.outcome == "failed"]
    broken = [d for file in results for d in file.diagnostics if d.severity == "error"]
    if broken:
        write(render(broken, wants_color(sys.stdout)))
        ctx.exit(ExitCode.CASES)
    if failed:
        write("".join(failure_text(one) + "\n\n" for one in failed))
        write("the policy is not changed before its own cases pass\n")
        ctx.exit(ExitCode.FAILED)


def _scores(workshop: Workshop, jobs: int) -> list[_Score]:
    from engine.testing.mutation import try_all

    found: dict[str, _Score] = {}
    for subject in workshop.subjects:
        found.setdefault(subject.name, _Score(subject.name))
    total = sum(len(subject.mutants) for subject in workshop.subjects)
    with Bar(total, "changes") as bar:
        for number, verdict in try_all(workshop, jobs):
            subject = workshop.subjects[number]
            _count(found[subject.name], subject.mutants[verdict.number], verdict)
            bar.done()
    return list(found.values())


def _count(score: _Score, mutant: Mutant, verdict: Verdict) -> None:
    if verdict.fate == "noticed":
        score.noticed[mutant.kind] += 1
    elif verdict.fate == "survived":
        score.survived[mutant.kind] += 1
        score.survivors.append((mutant, _told(mutant, verdict), verdict.would))
    else:
        score.apart[verdict.fate] += 1


def _told(mutant: Mutant, verdict: Verdict) -> Diagnostic:
    message = f"{mutant.whose}: {mutant.says}, and no case notices"
    if verdict.reached == 0:
        return Diagnostic("mutant-survived", message, mutant.span, "no case comes to this place: write one that does")
    if verdict.would is not None:
        return Diagnostic("mutant-survived", message, mutant.span, f"this would notice: {verdict.would}")
    ran = "1 case comes" if verdict.reached == 1 else f"{verdict.reached} cases come"
    help = f"{ran} to this place; write one whose answer hangs on it"
    return Diagnostic("mutant-survived", message, mutant.span, help)


def _text(scores: list[_Score], least: float) -> str:
    from engine.cli.diagnostics_text import render

    text = ""
    for score in scores:
        said = render([told for _, told, _ in score.survivors], wants_color(sys.stdout))
        text += said + ("\n" if said else "") + f"changes to {score.policy} that the cases notice\n"
        for kind in sorted({*score.noticed, *score.survived}):
            total = score.noticed[kind] + score.survived[kind]
            text += _row(kind, score.noticed[kind], total)
        wanted = f", {least:g} % is demanded" if score.percent < least else ""
        text += _row("all", score.noticed.total(), score.counted).rstrip("\n") + wanted + "\n"
        apart = {"equivalent": "change nothing", "unchecked": "do not check"}
        for fate, said in apart.items():
            if score.apart[fate]:
                text += f"  not counted: {score.apart[fate]} that {said}\n"
        text += "\n" if score is not scores[-1] else ""
    return text


def _row(kind: str, noticed: int, total: int) -> str:
    share = shown_percent(100.0 * noticed / total if total else 100.0)
    return f"  {kind.ljust(13)}{share:>8}  {noticed} of {total}\n"


def _json(scores: list[_Score]) -> str:
    from engine.cli.diagnostics_json import to_json

    def of(score: _Score) -> dict[str, Any]:
        kinds = {
            kind: {"noticed": score.noticed[kind], "counted": score.noticed[kind] + score.survived[kind]}
            for kind in sorted({*score.noticed, *score.survived})
        }
        return {
            "policy": score.policy,
            "percent": int(score.percent * 10) / 10,
            "noticed": score.noticed.total(),
            "counted": score.counted,
            "equivalent": score.apart["equivalent"],
            "unchecked": score.apart["unchecked"],
            "kinds": kinds,
            "survivors": [
                {
                    "kind": mutant.kind,
                    "whose": mutant.whose,
                    "change": mutant.says,
                    "would_notice": would,
                    **to_json(told),
                }
                for mutant, told, would in score.survivors
            ],
        }

    return json.dumps({"policies": [of(score) for score in scores]}, ensure_ascii=False, indent=2) + "\n"
