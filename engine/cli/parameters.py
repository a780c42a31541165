"""The arguments and options that `decide` and `explain` share."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from engine.cli import completion
from engine.cli.files import STDIN

_SHARED = (
    click.argument("policy", metavar="POLICY", shell_complete=completion.files),
    click.argument("question", metavar="QUESTION", shell_complete=completion.questions),
    click.argument("facts", default=STDIN, metavar="[FACTS]", shell_complete=completion.files),
    click.option(
        "--assume",
        multiple=True,
        metavar="NAME",
        shell_complete=completion.presets,
        help="Take what a preset says as given: nothing_unusual.",
    ),
    click.option("--as-of", metavar="INSTANT", help="When the facts were true, such as 2026-03-06T09:00:00+01:00."),
    click.option(
        "--stage",
        metavar="STAGE",
        shell_complete=completion.stages,
        help="How far the matter has come: request, sent, received, ...",
    ),
)


def about_a_case(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the parameters policy, question, facts, assume, as_of and stage."""
    for parameter in reversed(_SHARED):
        command = parameter(command)
    return command


def want_facts(facts: str) -> None:
    """Raise click's usage error if the facts would have to be typed in."""
    if facts == STDIN and (sys.stdin is None or sys.stdin.isatty()):
        raise click.UsageError("Name a file with the facts, or send them to standard input.")
