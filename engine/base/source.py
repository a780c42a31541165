"""Source text and places in it: every message about a policy or a case points at one of these."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field


@dataclass(frozen=True, eq=False)
class SourceText:
    """A text that was read, under the name people know it by (usually the file's path).

    Offsets are counted in characters from 0; lines and columns, for people, from 1.
    """

    name: str
    text: str
    _starts: list[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        starts = [0]
        starts.extend(i + 1 for i, char in enumerate(self.text) if char == "\n")
        object.__setattr__(self, "_starts", starts)

    def __eq__(self, other: object) -> bool:
        """The same text under the same name, also if it was read twice (by two processes, say)."""
        if self is other:
            return True
        return isinstance(other, SourceText) and (self.name, self.text) == (other.name, other.text)

    def __hash__(self) -> int:
        return hash(self.name)

    def line_column(self, offset: int) -> tuple[int, int]:
        """The line and column (both from 1) of a character offset."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line (from 1), without its line end; empty beyond the last one."""
        if not 1 <= number <= len(self._starts):
            return ""
        start = self._starts[number - 1]
        end = self._starts[number] - 1 if number < len(self._starts) else len(self.text)
        return self.text[start:end].rstrip("\r")


@dataclass(frozen=True)
class Span:
    """A stretch of a source text: `start` is in, `end` is out."""

    source: SourceText
    start: int
    end: int

    @property
    def line(self) -> int:
        """The line it starts on, from 1."""
        return self.source.line_column(self.start)[0]

    @property
    def column(self) -> int:
        """The column it starts at, from 1."""
        return self.source.line_column(self.start)[1]

    @property
    def text(self) -> str:
        """The words it covers."""
        return self.source.text[self.start : self.end]

    def __str__(self) -> str:
        line, column = self.source.line_column(self.start)
        return f"{self.source.name}:{line}:{column}"


@dataclass(frozen=True, eq=False)
class Embedded:
    """A condition or message that stands inside a YAML scalar.

    `offsets` maps each character of `text` (and its end) to the file, when the scalar was written so plainly that
    columns are exact; it is None for folded, escaped and multi-line plain scalars. There a wrong column would be
    worse than none, so a place inside is shown on the text of the scalar itself (see `inside`).
    """

    text: str
    scalar: Span
    offsets: tuple[int, ...] | None

    def span(self, start: int, end: int) -> Span:
        """The place of text[start:end]: in the file if that is exact, otherwise in the scalar's own text."""
        if self.offsets is None:
            return Span(inside(self.scalar, self.text), start, end)
        last = self.offsets[end - 1] + 1 if end > start else self.offsets[start]
        return Span(self.scalar.source, self.offsets[start], last)


class ScalarText(SourceText):
    """The text of one scalar as a source of its own, used where columns in the file are not certain."""

    outer: Span


def inside(scalar: Span, text: str) -> ScalarText:
    """A source for the text of a scalar whose columns in the file are not certain; its name says where it stands."""
    source = ScalarText(f"{scalar} (this text)", text)
    object.__setattr__(source, "outer", scalar)
    return source
