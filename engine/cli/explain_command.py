"""`policy-engine explain`: how an answer comes about, condition by condition."""

from __future__ import annotations

import json
import sys

import click

from engine.cli.exit_codes import ExitCode
from engine.cli.files import STDIN, read_file
from engine.cli.terminal import wants_color, write


@click.command("explain")
@click.argument("policy", metavar="POLICY")
@click.argument("question", metavar="QUESTION")
@click.argument("facts", default=STDIN, metavar="[FACTS]")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--assume", multiple=True, metavar="NAME", help="Take what this preset says as given: nothing_unusual.")
@click.option("--as-of", metavar="INSTANT", help="When the facts were true, such as 2026-03-06T09:00:00+01:00.")
@click.option("--stage", metavar="STAGE", help="How far the matter has come: before_buying, request, sent, received, ...")
@click.pass_context
def command(
    ctx: click.Context,
    policy: str,
    question: str,
    facts: str,
    form: str,
    assume: tuple[str, ...],
    as_of: str | None,
    stage: str | None,
) -> None:
    """Explain the answer to QUESTION by POLICY for the case in the JSON file FACTS (or on standard input)."""
    if facts == STDIN and sys.stdin.isatty():
        raise click.UsageError("Name a file with the facts, or send them to standard input.")
    from engine.cli.cases import CaseOptions, end_unread, open_question

    ...
