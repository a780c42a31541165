"""A line on standard error that says how far a stream has come, for people who wait at a terminal."""

from __future__ import annotations

import sys
from time import monotonic
from types import TracebackType
from typing import BinaryIO

from engine.cli.files import size_of
from engine.cli.terminal import complain

_EVERY = 0.2  # seconds: often enough to look alive
_CELLS = 24
_ROOM = 78


class Progress:
    """Counts answers. Shown only where standard error is a terminal and the answers themselves go somewhere else."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._size = size_of(stream)
        self._count = 0
        self._shown = sys.stderr is not None and sys.stderr.isatty() and not sys.stdout.isatty()
        self._began = self._drawn = monotonic()

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self._shown:
            complain("\r" + " " * _ROOM + "\r")

    def answered(self) -> None:
        """One more case is answered."""
        self._count += 1
        if not self._shown:
            return
        now = monotonic()
        if now - self._drawn >= _EVERY:
            self._drawn = now
            complain("\r" + self._line(now)[:_ROOM].ljust(_ROOM))

    def _line(self, now: float) -> str:
        speed = self._count / max(now - self._began, 0.001)
        counts = f"{self._count:,} cases, {speed:,.0f} a second"
        if not self._size:
            return counts
        part = min(1.0, self._stream.tell() / self._size)
        done = round(part * _CELLS)
        return f"[{'#' * done}{'.' * (_CELLS - done)}] {part:4.0%}  {counts}"


class Bar:
    """A bar for work whose amount is known. Shown only where standard error is a terminal."""

    def __init__(self, total: int, what: str) -> None:
        self._total, self._what = total, what
        self._count = 0
        self._shown = sys.stderr is not None and sys.stderr.isatty()
        self._began = self._drawn = monotonic()

    def __enter__(self) -> Bar:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        if self._shown:
            complain("\r" + " " * _ROOM + "\r")

    def done(self) -> None:
        """One more is done."""
        self._count += 1
        now = monotonic()
        if self._shown and now - self._drawn >= _EVERY:
            self._drawn = now
            complain("\r" + self._line(now)[:_ROOM].ljust(_ROOM))

    def _line(self, now: float) -> str:
        part = self._count / self._total
        cells = round(part * _CELLS)
        left = (now - self._began) * (self._total - self._count) / self._count
        counts = f"{self._count:,} of {self._total:,} {self._what}, {left:,.0f} s left"
        return f"[{'#' * cells}{'.' * (_CELLS - cells)}] {part:4.0%}  {counts}"
