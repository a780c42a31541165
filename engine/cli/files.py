"""Files that are named on the command line, read up to a limit; what goes wrong is told as a diagnostic."""

from __future__ import annotations

import os
import stat
import sys
from pathlib import Path
from typing import BinaryIO

from engine.base.diagnostics import Report

STDIN = "-"
"""The name that stands for standard input."""

MOST_POLICY_BYTES = 1_000_001
"""One more than the YAML reader takes, so that it sees that a file is too large without all of it being read."""


def read_file(name: str, most: int, report: Report) -> bytes | None:
    """Up to `most` bytes of the file called `name`, or of standard input; None, with an error in `report`, if unreadable."""
    stream = open_file(name, report)
    if stream is None:
        return None
    try:
        with stream:
            return stream.read(most)
    except OSError as error:
        _unreadable(name, error, report)
        return None


def open_file(name: str, report: Report) -> BinaryIO | None:
    """The file called `name`, or standard input, open for reading bytes; None, with an error in `report`, if it is not."""
    if name == STDIN:
        return sys.stdin.buffer
    try:
        return Path(name).open("rb")
    except OSError as error:
        _unreadable(name, error, report)
    except ValueError:
        report.add("file-unreadable", "this is no file's name", help="check the name", where=name.replace("\0", "?"))
    return None


def size_of(stream: BinaryIO) -> int | None:
    """The bytes a file holds; None for a pipe, a terminal and whatever else has no end yet."""
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return None
    return status.st_size if stat.S_ISREG(status.st_mode) else None


def _unreadable(name: str, error: OSError, report: Report) -> None:
    if isinstance(error, FileNotFoundError):
        message, help = "there is no such file", "check the name and the folder you are in"
    elif isinstance(error, IsADirectoryError):
        message, help = "this is a folder, and a file is needed", "name a file in it"
    elif isinstance(error, PermissionError):
        message, help = "the file may not be read", "check its permissions"
    else:
        message, help = f"the file cannot be read: {(error.strerror or 'the system gives no reason').lower()}", None
    report.add("file-unreadable", message, help=help, where=name)
