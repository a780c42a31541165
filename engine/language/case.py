"""A case: the facts of one request, decoded. What the interpreter reads, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from engine.base.diagnostics import Diagnostic
from engine.language.values import Value

Path = tuple[str | int, ...]
"""A fact's place: ("request", "lines", 0, "category"). List members are numbered from 0."""


EARLIER = -1
"""In a path, as the number of a member: any that lies further back than the list goes (`Case.complete_since`)."""


def path_text(path: Path) -> str:
    """A path as people write it: `request.lines[0].category`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else part)
    return text


def parse_path(text: str) -> Path:
    """The inverse of `path_text`, for paths that it wrote."""
    parts: list[str | int] = []
    for piece in text.replace("[", ".[").split("."):
        parts.append(int(piece[1:-1]) if piece.startswith("[") else piece)
    return tuple(parts)


@dataclass(frozen=True)
class Case:
    """The decoded facts of one request.

    `facts` holds every given value under its path (a moment may be given as `NotYet`); what is not in it is unknown.
    `lengths` holds the number of members of every list that was given. `assumed` are the paths that a preset filled.
    `as_of` is when the facts were true, None if nobody said. `errors` are the inputs that cannot be right, each with the
    path of the smallest place that is wrong: such a place has no value here, and what rests on it is an error.
    """

    facts: Mapping[Path, Value]
    lengths: Mapping[Path, int]
    as_of: datetime | None
    stage: str
    digest: str
    assumed: frozenset[Path] = frozenset()
    stage_assumed: bool = False
    presets: tuple[str, ...] = ()
    errors: tuple[CaseError, ...] = ()
    expects: tuple[tuple[str, Value], ...] = field(default=())
    """What the customer demands (`request.expects`): output name to value."""
    complete_since: Mapping[Path, date] = field(default_factory=dict)
    """Lists that name all their members only from a day on (in the policy's zone); the others are complete."""
    awaiting_currency: frozenset[Path] = frozenset()
    """Amounts that were given, but in a currency nobody has told: unknown until `order.currency` is."""
    worked_out: frozenset[Path] = frozenset()
    """Facts that nobody gave, but that follow from others when the case is read: the parts of postal codes."""
    beside: tuple[Case, ...] = ()
    """The same facts as each version and market of the policy decodes them, where it has several: amounts are in the
    currency of the market."""


@dataclass(frozen=True)
class CaseError:
    """One input that cannot be right. `path` is () if the whole case is wrong."""

    path: Path
    diagnostic: Diagnostic
