"""What the commands know of the terminal: whether colour is wanted, and how to write without surprises."""

from __future__ import annotations

import os
import sys
from typing import TextIO

import click


def wants_color(stream: TextIO) -> bool:
    """Whether to write ANSI escapes: only on a terminal, and not with NO_COLOR set (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def write(text: str) -> None:
    """Write text to standard output as UTF-8, whatever the terminal's encoding."""
    write_bytes(text.encode("utf-8", "replace"))


def write_bytes(data: bytes) -> None:
    """Write bytes to standard output at once, so that a reader at the other end of a pipe gets them now."""
    out = click.get_binary_stream("stdout")
    out.write(data)
    out.flush()


def complain(text: str) -> None:
    """Write text to standard error, with a stand-in for what it cannot show. Lost if nobody listens there."""
    try:
        click.get_binary_stream("stderr").write(text.encode("utf-8", "replace"))
        click.get_binary_stream("stderr").flush()
    except OSError:
        return


def hush() -> None:
    """Let nothing more reach standard output: Python would complain when it flushes a broken pipe at its end."""
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
    except (OSError, ValueError):  # a stand-in without a file number, as in tests, breaks no pipe
        return
