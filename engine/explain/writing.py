"""Plain text for a terminal: labels in a column, wrapped lines, marks, and colour where it is wanted."""

from __future__ import annotations

import textwrap
import unicodedata
from typing import Literal

WIDTH = 100
"""No line is longer, except inside a word that is."""

_LABEL = 12
Style = Literal["good", "bad", "open", "bold", "dim"]
_CODES: dict[Style, str] = {
    "good": "\x1b[32m",
    "bad": "\x1b[31m",
    "open": "\x1b[33m",
    "bold": "\x1b[1m",
    "dim": "\x1b[2m",
}


class Page:
    """Gathers lines. Whatever steers a terminal in a text from outside is replaced before it gets here (`clean`)."""

    def __init__(self, color: bool) -> None:
        self.color = color
        self.lines: list[str] = []

    def paint(self, text: str, style: Style | None) -> str:
        """The text in a colour, if colour is wanted."""
        return f"{_CODES[style]}{text}\x1b[0m" if self.color and style is not None and text else text

    def blank(self) -> None:
        """An empty line, unless there is one already."""
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def line(self, text: str, indent: int = 0, style: Style | None = None, hanging: int = 0) -> None:
        """A text of one or more lines."""
        for part in wrapped(text, indent, hanging):
            pad = len(part) - len(part.lstrip())
            self.lines.append(part[:pad] + self.paint(part[pad:], style))

    def verdict(self, head: str, said: str, style: Style, tail: str = "") -> None:
        """A line whose middle is the point: `return: denied`."""
        plain = f"{head}: {said}{tail}"
        if len(clean(plain)) > WIDTH:
            self.line(plain, style="bold", hanging=2)
            return
        self.lines.append(self.paint(f"{clean(head)}: ", "bold") + self.paint(clean(said), style) + tail)

    def item(self, label: str, texts: list[str], indent: int = 2) -> None:
        """Texts beside a label; nothing if there are none. One that begins with spaces stands so much further in."""
        edge = indent + _LABEL
        for number, text in enumerate(texts):
            further = len(text) - len(text.lstrip(" "))
            first, *rest = wrapped(text, edge + further, 2)
            if number == 0:
                first = self.paint(" " * indent + label.ljust(_LABEL), "dim") + first[edge:]
            self.lines.extend([first, *rest])

    def text(self) -> str:
        """Everything, with a line end after each line."""
        return "\n".join(line.rstrip() for line in self.lines).strip("\n") + "\n"


def wrapped(text: str, indent: int, hanging: int = 0) -> list[str]:
    """The lines of a text; those after the first stand further in by `hanging`."""
    first, later = " " * indent, " " * (indent + hanging)
    lines = textwrap.wrap(
        clean(text), WIDTH, initial_indent=first, subsequent_indent=later, break_on_hyphens=False, tabsize=4
    )
    return lines or [first]


def clean(text: str) -> str:
    """The text on one line, with a stand-in for every character that steers a terminal or turns the direction of writing."""
    return "".join(_stand_in(char) for char in " ".join(text.split()))


def _stand_in(char: str) -> str:
    if char.isascii():
        return char if char.isprintable() else "�"
    steers = unicodedata.category(char) in ("Cc", "Cf", "Cs", "Zl", "Zp") and char not in "\u200b\u200c\u200d"
    return "�" if steers else char


def joined(words: list[str], last: str = "and") -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"
