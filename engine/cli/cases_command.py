"""`policy-engine cases`: cases for the limits of a policy that no case touches."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.cli.exit_codes import ExitCode
from engine.cli.start import started
from engine.cli.terminal import complain, wants_color, write

if TYPE_CHECKING:
    from engine.base.diagnostics import Diagnostic


@click.command("cases")
@click.argument("policy", metavar="POLICY", type=click.Path(path_type=Path))
@click.option("--suggest", is_flag=True, required=True, help="Suggest cases at limits that no case touches.")
@click.option(
    "--cases",
    "cases",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Files of cases that there are, or folders of them: limits they touch are left out, and facts taken from them.",
)
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the file here (else to standard output)."
)
@click.pass_context
def command(ctx: click.Context, policy: Path, suggest: bool, cases: tuple[Path, ...], output: Path | None) -> None:
    """Write a file of cases for POLICY: on the last day and the day after, at an exact amount and a cent beside it, on
    the first day of a season and the day before, across a change of the clocks. Limits that no case comes to are told.
    What the cases expect is what the policy answers now, for its author to confirm.
    """
    from engine.testing.limits.suggest import suggest_cases

    found = suggest_cases(policy, list(cases))
    started()
    if found.diagnostics:
        _complain(found.diagnostics)
        ctx.exit(ExitCode.POLICY if found.broken_policy else ExitCode.CASES)
    for one in found.not_reached:
        complain(f"not reached: {one}\n")
    if not found.suggestions:
        nothing = "no case can be suggested" if found.not_reached else "every limit is touched by a case"
        complain(nothing + ("" if output is None else f": {_not_written(output)}") + "\n")
        return
    from engine.testing.limits.write_cases import written

    folder = output.parent if output is not None else Path()
    text = written(Path(os.path.relpath(policy, folder)).as_posix(), found.suggestions)
    if output is None:
        write(text)
    else:
        output.write_text(text, encoding="utf-8")
        many = "1 case" if len(found.suggestions) == 1 else f"{len(found.suggestions)} cases"
        complain(f"{many} written to {output.as_posix()}: look at what each of them expects\n")


def _not_written(output: Path) -> str:
    """That there is nothing to write; a file of that name, such as one of a former run, is no answer of this run."""
    said = "no file is written"
    if not output.exists():
        return f"{said}, so there is no `{output.as_posix()}` to run"
    return f"{said}; `{output.as_posix()}` was there before and stays as it was"


def _complain(diagnostics: tuple[Diagnostic, ...]) -> None:
    from engine.cli.diagnostics_text import render

    complain(render(diagnostics, wants_color(sys.stderr)))
