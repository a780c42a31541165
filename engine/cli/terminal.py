"""What the commands know of the terminal: whether colour is wanted, and how to write without surprises."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TextIO


def wants_color(stream: TextIO | None) -> bool:
    """Whether to write ANSI escapes: only on a terminal, and not with NO_COLOR set (https://no-color.org)."""
    if stream is None or not stream.isatty():
        return False
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def write(text: str) -> None:
    """Write text to standard output as UTF-8, whatever the terminal's encoding."""
    write_bytes(text.encode("utf-8", "replace"))


def write_bytes(data: bytes) -> None:
    """Write bytes to standard output at once, so that a reader at the other end of a pipe gets them now."""
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def complain(text: str) -> None:
    """Write text to standard error, with a stand-in for what it cannot show. Lost if nobody listens there."""
    if sys.stderr is None:
        return
    with suppress(OSError):
        sys.stderr.buffer.write(text.encode("utf-8", "replace"))
        sys.stderr.buffer.flush()


def hush() -> None:
    """Let nothing more reach standard output: Python would complain when it flushes a broken pipe at its end."""
    with suppress(OSError, ValueError):  # a stand-in without a file number, as in tests, breaks no pipe
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
