"""`policy-engine check`: what is wrong with policy files, where, and what would be right."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.base.diagnostics import Diagnostic, Report
from engine.cli.exit_codes import ExitCode
from engine.cli.files import MOST_POLICY_BYTES, read_file
from engine.cli.start import started
from engine.cli.terminal import wants_color, write

if TYPE_CHECKING:
    from engine.language.core import Program

_SUFFIXES = (".yaml", ".yml")


@click.command("check")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--warnings-as-errors", is_flag=True, help="End with code 1 if there are warnings, too.")
@click.pass_context
def command(ctx: click.Context, paths: tuple[str, ...], form: str, warnings_as_errors: bool) -> None:
    """Check policy files. A folder stands for the *.yaml and *.yml files in it."""
    report = Report()
    found: list[Diagnostic] = []
    clean: list[dict[str, object]] = []
    for name in _files(paths, report):
        program, diagnostics = _check(name)
        started()
        found.extend(diagnostics)
        if program is not None:
            clean.append({"file": name, "policy": program.key, **_counts(program), "warnings": len(diagnostics)})
    found = [*report.sorted(), *found]
    write(_json(found, clean) if form == "json" else _text(found, clean))
    if any(one.severity == "error" or warnings_as_errors for one in found):
        ctx.exit(ExitCode.POLICY)


def _files(paths: tuple[str, ...], report: Report) -> list[str]:
    """The files to check, each once, in the order given and by name within a folder."""
    names: dict[str, None] = {}
    for path in paths:
        if not Path(path).is_dir():
            names[path] = None
            continue
        try:
            inside = sorted(
                str(one)
                for one in Path(path).iterdir()
                if one.suffix in _SUFFIXES and not one.name.startswith(".") and not one.is_dir()
            )
        except OSError:
            report.add("file-unreadable", "the folder may not be read", help="check its permissions", where=path)
            continue
        if not inside:
            help = "name a folder that has policies in it, or a file"
            report.add("no-policy", "the folder has no `*.yaml` and no `*.yml` file", help=help, where=path)
        names.update(dict.fromkeys(inside))
    return list(names)


def _check(name: str) -> tuple[Program | None, list[Diagnostic]]:
    from engine.check.program import check_policy

    report = Report()
    data = read_file(name, MOST_POLICY_BYTES, report)
    program = None if data is None else check_policy(data, name, report)
    return program, report.sorted()


def _counts(program: Program) -> dict[str, int]:
    return {
        "clauses": len(program.clauses),
        "decisions": len(program.decisions),
        "rules": sum(len(decision.rules) for decision in program.decisions.values()),
    }


def _text(found: list[Diagnostic], clean: list[dict[str, object]]) -> str:
    from engine.cli.diagnostics_text import render

    text = render(found, wants_color(sys.stdout)) if found else ""
    for one in clean:
        counts = [f"{one[what]} {what if one[what] != 1 else what[:-1]}" for what in ("clauses", "decisions", "rules")]
        warnings = one["warnings"]
        if warnings:
            counts.append(f"{warnings} warning{'' if warnings == 1 else 's'}")
        text += f"{one['file']}: ok ({', '.join(counts)})\n"
    return text


def _json(found: list[Diagnostic], clean: list[dict[str, object]]) -> str:
    from engine.cli.diagnostics_json import to_json

    document = {"ok": clean, "diagnostics": [to_json(one) for one in found]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
