"""`policy-engine check`: what is wrong with policy files, where, and what would be right."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from engine.base.diagnostics import Diagnostic, Report
from engine.cli.completion import files
from engine.cli.exit_codes import ExitCode
from engine.cli.files import MOST_POLICY_BYTES, STDIN, read_file
from engine.cli.report_format import report_format
from engine.cli.start import started
from engine.cli.terminal import wants_color, write

if TYPE_CHECKING:
    from engine.language.core import Program

_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True)
class Checked:
    """What was found in a file, and its programs if there was no error. `name` may be a folder that could not be used.

    `silenced` are the warnings that a comment takes out, each with the reason it gives; `fixed` what `--fix` mended.
    """

    name: str
    found: list[Diagnostic]
    programs: tuple[Program, ...] = ()
    silenced: tuple[tuple[Diagnostic, str], ...] = ()
    fixed: tuple[Diagnostic, ...] = ()


@click.command("check")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", shell_complete=files)
@report_format
@click.option("--warnings-as-errors", is_flag=True, help="End with code 1 if there are warnings, too.")
@click.option("--fix", is_flag=True, help="Mend the files first, where only one thing can be meant.")
@click.pass_context
def command(ctx: click.Context, paths: tuple[str, ...], form: str, warnings_as_errors: bool, fix: bool) -> None:
    """Check policy files. A folder stands for the *.yaml and *.yml files in it; those of one policy are its versions."""
    if fix and STDIN in paths:
        raise click.UsageError("Standard input cannot be mended; name a file.")
    report = Report()
    names = files_of(paths, report)
    checked = [Checked(one.where or "", [one]) for one in report]
    for name in names:
        checked.append(_check(name, fix))
        started()
    checked = _as_versions(checked, {path for path in paths if Path(path).is_dir()})
    shapes: dict[str, Callable[[list[Checked]], str]] = {
        "text": _text,
        "json": _json,
        "sarif": _sarif,
        "github": _github,
        "junit": lambda all: _junit(all, lambda one: _code_for(one, warnings_as_errors) != ExitCode.FINE),
    }
    write(shapes[form](checked))
    codes = {_code_for(one, warnings_as_errors) for one in _found(checked)} - {ExitCode.FINE}
    if codes:
        ctx.exit(min(codes))


def _code_for(one: Diagnostic, warnings_as_errors: bool) -> ExitCode:
    """The code that a finding ends the run with; of several, the least."""
    if one.code == "rule-unreachable":
        return ExitCode.UNREACHABLE
    return ExitCode.POLICY if one.severity == "error" or warnings_as_errors else ExitCode.FINE


def files_of(paths: tuple[str, ...], report: Report) -> list[str]:
    """The policy files named, each once, in the order given and by name within a folder; bad folders go to `report`."""
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


def _check(name: str, fix: bool) -> Checked:
    from engine.check.program import check_programs

    report = Report()
    data = read_file(name, MOST_POLICY_BYTES, report)
    made: list[Diagnostic] = []
    if fix and data is not None:
        from engine.cli.fixing import fixed
        from engine.cli.rewriting import rewrite

        data, made = fixed(data, name)
        if made:
            rewrite(name, data)
    programs = () if data is None else check_programs(data, name, report)
    return Checked(name, report.sorted(), programs, tuple(report.silenced), tuple(made))


def _as_versions(checked: list[Checked], folders: Iterable[str]) -> list[Checked]:
    """Policies with one key in one folder are versions: what is wrong between them goes to the file it is about.

    Nothing is said of a folder with a file that has errors: it may be the version that seems to be missing.
    """
    from engine.check.versions import check_versions

    report = Report()
    for folder in sorted(folders):
        inside = [one for one in checked if Path(one.name).parent == Path(folder)]
        keys = dict.fromkeys(one.programs[0].key for one in inside if one.programs)
        for key in keys if all(one.programs for one in inside) else ():
            versions = [(one.name, one.programs) for one in inside if one.programs[0].key == key]
            if len(versions) > 1:
                check_versions(versions, report)
    wrong: dict[str, list[Diagnostic]] = {}
    for one in report:
        wrong.setdefault(one.where or "", []).append(one)
    return [
        replace(one, found=[*one.found, *wrong[one.name]], programs=()) if one.name in wrong else one for one in checked
    ]


def _found(checked: list[Checked]) -> list[Diagnostic]:
    return [one for file in checked for one in file.found]


def _counts(program: Program) -> dict[str, int]:
    return {
        "clauses": len(program.clauses),
        "decisions": len(program.decisions),
        "rules": sum(len(decision.rules) for decision in program.decisions.values()),
    }


def _text(checked: list[Checked]) -> str:
    from engine.cli.diagnostics_text import render

    found = _found(checked)
    text = "".join(_mended(one) for file in checked for one in file.fixed)
    text += render(found, wants_color(sys.stdout)) if found else ""
    for one in checked:
        if not one.programs:
            continue
        counts = [f"{n} {what if n != 1 else what[:-1]}" for what, n in _counts(one.programs[0]).items()]
        if one.found:
            counts.append(f"{len(one.found)} warning{'' if len(one.found) == 1 else 's'}")
        if one.silenced:
            counts.append(f"{len(one.silenced)} silenced")
        text += f"{one.name}: ok ({', '.join(counts)})\n"
    return text


def _mended(one: Diagnostic) -> str:
    """What `--fix` did, in a line; the place is the one before."""
    from engine.cli.diagnostics_text import visible

    assert one.fix is not None
    return visible(f"{one.fix.span}: fixed[{one.code}] {one.fix.says}") + "\n"


def _json(checked: list[Checked]) -> str:
    from engine.cli.diagnostics_json import to_json

    clean = [
        {
            "file": one.name,
            "policy": one.programs[0].key,
            **_counts(one.programs[0]),
            "warnings": len(one.found),
            "silenced": [{**to_json(silenced), "because": reason} for silenced, reason in one.silenced],
        }
        for one in checked
        if one.programs
    ]
    mended = [to_json(one) for file in checked for one in file.fixed]
    document = {"fixed": mended, "ok": clean, "diagnostics": [to_json(one) for one in _found(checked)]}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _sarif(checked: list[Checked]) -> str:
    from engine.cli.diagnostics_sarif import sarif

    return sarif(_found(checked), [pair for file in checked for pair in file.silenced])


def _github(checked: list[Checked]) -> str:
    from engine.cli.diagnostics_github import github

    return github(_found(checked))


def _junit(checked: list[Checked], fails: Callable[[Diagnostic], bool]) -> str:
    from engine.cli.junit import junit_of_checks

    return junit_of_checks(((one.name, one.found) for one in checked), fails)
