"""Diagnostics as data: what is wrong, where, and what would be right. Only renderers know about colour or JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from engine.base.codes import CODES
from engine.base.source import ScalarText, Span
from engine.base.suggest import nearest

Severity = Literal["error", "warning"]


@dataclass(frozen=True)
class Place:
    """A further place that a diagnostic speaks about, with a few words on why."""

    span: Span
    label: str


@dataclass(frozen=True)
class Fix:
    """A change of the text that mends a finding: `text` in the place of `span`, and in a few words what that does.

    `safe` only if no other change could be meant: such a fix is made without asking.
    """

    span: Span
    text: str
    says: str
    safe: bool = False


@dataclass(frozen=True)
class Diagnostic:
    """One finding.

    `message` fits on one line, starts in lower case, puts the author's words in backticks and never names a Python
    type. `help` says what would be right. `span` is where, None only if there is no text to point at (an unreadable
    file); `where` then, or besides, names the place in words (a fact's path, a file's name). `fix` is a change of the
    text that mends it, if there is one that can be told.
    """

    code: str
    message: str
    span: Span | None = None
    help: str | None = None
    where: str | None = None
    also: tuple[Place, ...] = ()
    fix: Fix | None = None

    @property
    def severity(self) -> Severity:
        """How bad it is: fixed by the code (`engine/base/codes.py`)."""
        return CODES[self.code].severity


class Report:
    """Gathers the diagnostics of a stage. A stage reports all it can find; the next does not start after an error."""

    def __init__(self) -> None:
        self._found: dict[Diagnostic, None] = {}
        self._silenced: dict[Diagnostic, str] = {}

    def add(
        self,
        code: str,
        message: str,
        span: Span | None = None,
        help: str | None = None,
        where: str | None = None,
        also: Iterable[Place] = (),
        fix: Fix | None = None,
    ) -> None:
        """Record a finding. `code` is one of `CODES` (KeyError otherwise); the same finding twice counts once."""
        message = " ".join(part.strip() for part in message.splitlines())  # an author's word may hold a line break
        CODES[code]  # an unregistered code is a mistake of ours: fail here, not in a renderer
        fix = fix or _suggested(span, help)
        self._found.setdefault(Diagnostic(code, message, span, help, where, tuple(also), fix))

    def extend(self, diagnostics: Iterable[Diagnostic]) -> None:
        """Take over diagnostics from elsewhere."""
        for one in diagnostics:
            self._found.setdefault(one)

    def silence(self, one: Diagnostic, reason: str) -> None:
        """Take a warning out, because its author gave a reason; it stays in `silenced`. An error cannot be taken out."""
        if one.severity == "error":
            raise ValueError(f"`{one.code}` is an error")
        self._found.pop(one, None)
        self._silenced[one] = reason

    @property
    def silenced(self) -> list[tuple[Diagnostic, str]]:
        """The warnings that were taken out, each with its reason, in the order of their places."""
        return sorted(self._silenced.items(), key=lambda pair: _order(pair[0]))

    @property
    def ok(self) -> bool:
        """Whether no error was found (warnings do not count)."""
        return not any(d.severity == "error" for d in self._found)

    def sorted(self) -> list[Diagnostic]:
        """All findings in the order of their places, whatever order they were found in."""
        return sorted(self._found, key=_order)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self.sorted())

    def __len__(self) -> int:
        return len(self._found)


_MEANT = re.compile(r"did you mean `([^`]+)`\?")


def _suggested(span: Span | None, help: str | None) -> Fix | None:
    """The word that was probably meant, in the place of the one written. Never safe: only the author knows."""
    meant = _MEANT.fullmatch(help or "")
    if span is None or meant is None or isinstance(span.source, ScalarText):
        return None
    said = span.text.strip("'")
    quote = "'" if span.text == f"'{said}'" else ""
    word = ".".join(meant[1].split(".")[-said.count(".") - 1 :])  # a part of a name is underlined, and the whole named
    if span.text != f"{quote}{said}{quote}" or nearest(said, [word]) is None or word == said:
        return None
    if word.count(" ") > said.count(" "):  # more than a word is meant, and only a part of it underlined
        return None
    return Fix(span, f"{quote}{word}{quote}", f"write `{word}`")


def _order(one: Diagnostic) -> tuple[str, int, str, str]:
    if one.span is None:
        return (one.where or "", 0, one.code, one.message)
    span = one.span
    if isinstance(span.source, ScalarText):
        span = span.source.outer
    return (span.source.name, span.start, one.code, one.message)
