"""The option that chooses how findings are printed, the same for every command that has some."""

from __future__ import annotations

import click

report_format = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "github", "junit"]),
    default="text",
    show_default=True,
    help="How to print it: for people, or for the programs that read it.",
)
