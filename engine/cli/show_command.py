"""`policy-engine show`: a policy as a page to read."""

from __future__ import annotations

import click

from engine.cli.completion import files
from engine.cli.exit_codes import ExitCode
from engine.cli.terminal import write


@click.command("show")
@click.argument("policy", metavar="POLICY", shell_complete=files)
def command(policy: str) -> None:
    """Show POLICY as a page: every clause with the rules that apply it, the readings, the decisions. It is Markdown."""
    from engine.base.diagnostics import Report
    from engine.check.program import check_written
    from engine.cli.cases import end
    from engine.cli.files import MOST_POLICY_BYTES, read_file
    from engine.explain.handbook import handbook

    report = Report()
    data = read_file(policy, MOST_POLICY_BYTES, report)
    checked = None if data is None else check_written(data, policy, report)
    if checked is None:
        end(ExitCode.POLICY, report)
    write(handbook(*checked))
