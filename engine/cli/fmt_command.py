"""`policy-engine fmt`: lay out the conditions of policy files."""

from __future__ import annotations

import sys

import click

from engine.base.diagnostics import Report
from engine.cli.check_command import files_of
from engine.cli.completion import files
from engine.cli.exit_codes import ExitCode
from engine.cli.files import MOST_POLICY_BYTES, STDIN, read_file
from engine.cli.rewriting import rewrite
from engine.cli.start import started
from engine.cli.terminal import complain, wants_color, write, write_bytes


@click.command("fmt")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", shell_complete=files)
@click.option("--check", "only_look", is_flag=True, help="Write nothing; end with code 9 if a file would be changed.")
@click.pass_context
def command(ctx: click.Context, paths: tuple[str, ...], only_look: bool) -> None:
    """Lay out the conditions of policy files: spaces, idle brackets, quotes. A folder stands for its *.yaml and *.yml.

    Nothing else changes: comments, the order of keys and line breaks stay, and so does the policy's digest. A file with
    an error is left alone. `-` reads standard input and writes to standard output.
    """
    from engine.cli.diagnostics_text import render
    from engine.read.layout import laid_out

    report = Report()
    changed = False
    for name in files_of(paths, report):
        data = read_file(name, MOST_POLICY_BYTES, report)
        new = None if data is None else laid_out(data, name, report)
        started()
        if name == STDIN and not only_look:
            write_bytes(new if new is not None else data or b"")
        if new is None or new == data:
            continue
        changed = True
        if name != STDIN and not only_look:
            rewrite(name, new)
        if name != STDIN or only_look:
            write(f"{name}: {'would be laid out anew' if only_look else 'laid out'}\n")
    complain(render(report, wants_color(sys.stderr)))
    if not report.ok:
        ctx.exit(ExitCode.POLICY)
    if changed and only_look:
        ctx.exit(ExitCode.LAYOUT)
