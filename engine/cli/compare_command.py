"""`policy-engine compare`: what a change to a policy comes to."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.base.diagnostics import Diagnostic, Report
from engine.cli.completion import files
from engine.cli.exit_codes import ExitCode
from engine.cli.files import MOST_POLICY_BYTES, STDIN, read_file
from engine.cli.start import started
from engine.cli.terminal import complain, wants_color, write

if TYPE_CHECKING:
    from engine.language.core import Program
    from engine.testing.change.changes import ChangedAnswer, ChangedPart, Changes
    from engine.testing.change.written import ChangedText

_MOST_SHOWN = 20
"""How many answers that differ are shown as text; JSON has all of them."""
_WIDTH = 100
"""Longer differences stand on two lines."""


@click.command("compare")
@click.argument("before", metavar="BEFORE", shell_complete=files)
@click.argument("after", metavar="AFTER", shell_complete=files)
@click.option(
    "--cases",
    "cases",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Files of cases about either policy, or folders of them: each case is answered by both.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(ctx: click.Context, before: str, after: str, cases: tuple[Path, ...], form: str) -> None:
    """Show what differs between two texts of a policy: the rules that mean something else, and the answers that come
    out otherwise, in the cases there are and at the limits of both.

    `-` in the place of one of them is standard input: `git show HEAD:shop.yaml | policy-engine compare - shop.yaml`.
    """
    if before == after == STDIN:
        raise click.UsageError("Only one of the two can be standard input.")
    report = Report()
    texts = [read_file(name, MOST_POLICY_BYTES, report) for name in (before, after)]
    old, new = (_programs(name, data, report) for name, data in zip((before, after), texts, strict=True))
    started()
    if not old or not new or texts[0] is None or texts[1] is None:
        _complain([one for one in report if one.severity == "error"])
        ctx.exit(ExitCode.POLICY)
    from engine.testing.change.changes import changes
    from engine.testing.change.written import written_otherwise

    written = written_otherwise(texts[0], texts[1])
    found = changes(old, new, [Path(name) for name in (before, after) if name != STDIN], cases)
    if found.diagnostics:
        _complain(list(found.diagnostics))
        ctx.exit(ExitCode.CASES)
    write(_json(before, after, written, found) if form == "json" else _text(written, found))


def _programs(name: str, data: bytes | None, report: Report) -> tuple[Program, ...]:
    from engine.check.program import check_programs

    return () if data is None else check_programs(data, name, report)


def _complain(diagnostics: list[Diagnostic]) -> None:
    from engine.cli.diagnostics_text import render

    complain(render(diagnostics, wants_color(sys.stderr)))


def _text(written: Iterable[ChangedText], found: Changes) -> str:
    if not written:
        return "both mean the same\n"
    text = "written differently\n" + "".join(_line(one) for one in written)
    text += "\nso these read differently\n" if found.parts else "\nevery rule reads the same\n"
    text += "".join(_part(one) for one in found.parts)
    if found.hanging:
        text += f"  and these questions read an answer of theirs: {', '.join(found.hanging)}\n"
    own = sum(one.span is not None for one in found.answers)
    made_up = len(found.answers) - own
    many = "1 case" if found.looked_at == 1 else f"{found.looked_at} cases"
    text += f"\nanswered differently: {own} of {many}"
    text += f", and {made_up} made up\n" if made_up else "\n"
    main = [one for one in found.answers if not one.aside and one.left_out is None]
    for one in main[:_MOST_SHOWN]:
        text += "\n" + _answer(one)
    if len(main) > _MOST_SHOWN:
        text += f"\n… and {len(main) - _MOST_SHOWN} more\n"
    for name in dict.fromkeys(one.left_out for one in found.answers if one.left_out is not None):
        same = [one for one in found.answers if one.left_out == name]
        many = "1 case" if len(same) == 1 else f"{len(same)} cases, such as"
        names = [f"`{each}`" for each in name.split(" and ")]
        who = f"{names[0]} is not" if len(names) == 1 else f"none of {' and '.join(names)} is"
        text += f"\nif {who} known, another answer in {many}\n" + _answer(same[0])
    asides: dict[tuple[str, ...], list[ChangedAnswer]] = {}
    for one in found.answers:
        if one.aside:
            asides.setdefault(tuple(what for what, _, _ in one.differences), []).append(one)
    for same in asides.values():
        many = "this one" if len(same) == 1 else f"these {len(same)}, such as"
        text += f"\nthe answer stays, and only this differs, in {many}\n" + _answer(same[0])
    unseen = [one.name for one in found.parts if one.shown is False]
    if unseen:
        text += "\nno answer shows what changed in: " + ", ".join(unseen) + "\n"
    return text


def _line(one: ChangedText) -> str:
    from engine.cli.diagnostics_text import visible

    if one.before is None or one.after is None:
        return visible(f"  {one.path}: {'added' if one.before is None else 'removed'}") + "\n"
    line = f"  {one.path}: {one.before} -> {one.after}"
    if len(line) > _WIDTH:
        line = f"  {one.path}: changed"
    return visible(line) + "\n"


def _part(one: ChangedPart) -> str:
    what = one.how if one.how != "changed" else ", ".join(one.aspects) or "changed"
    return f"  {f'{one.kind} {one.name}'.rstrip()}: {what}\n"


def _answer(one: ChangedAnswer) -> str:
    from engine.cli.diagnostics_text import visible

    where = "made up" if one.span is None else str(one.span)
    lines = [f"  {one.case} ({one.ask}; {where})"]
    lines += [] if one.says is None else [f"    {one.says}"]
    width = max(len(what) for what, _, _ in one.differences)
    for what, was, now in one.differences:
        label = f"    {what.ljust(width)}  "
        if len(label) + len(was) + len(now) + 4 <= _WIDTH:
            lines.append(f"{label}{was} -> {now}")
        else:
            lines += [label + was, " " * (len(label) - 3) + "-> " + now]
    return "".join(visible(line) + "\n" for line in lines)


def _json(before: str, after: str, written: Iterable[ChangedText], found: Changes) -> str:
    document: dict[str, Any] = {
        "before": before,
        "after": after,
        "written": [{"path": one.path, "before": one.before, "after": one.after} for one in written],
        "parts": [
            {"kind": one.kind, "name": one.name, "how": one.how, "aspects": list(one.aspects), "shown": one.shown}
            for one in found.parts
        ],
        "hanging": list(found.hanging),
        "looked_at": found.looked_at,
        "answers": [
            {
                "case": one.case,
                "says": one.says,
                "question": one.ask,
                "file": None if one.span is None else one.span.source.name,
                "line": None if one.span is None else one.span.line,
                "left_out": one.left_out,
                "differences": [{"what": what, "before": was, "after": now} for what, was, now in one.differences],
            }
            for one in found.answers
        ],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"
