"""What can be wrong with one fact, and how it is told: never a Python type's name, never a line break."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

_SHOWN = 60
_MAX_SHOWN_BITS = 256


class BadFact(Exception):
    """A raw value that cannot be a value of its fact. Caught where the fact's path is known; never leaves `decode`."""

    def __init__(self, code: str, message: str, help: str | None = None) -> None:
        """`code`, `message` and `help` are those of the diagnostic to be made."""
        super().__init__(message)
        self.code = code
        self.message = message
        self.help = help


def shown(raw: object) -> str:
    """A raw value as its sender wrote it, on one line, cut to a readable length, safe to print anywhere."""
    if raw is None:
        return "null"
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, int):
        return str(raw) if raw.bit_length() <= _MAX_SHOWN_BITS else f"{'-' if raw < 0 else ''}...{abs(raw) % 10**6:06d}"
    if isinstance(raw, datetime | date):
        return raw.isoformat()
    if not isinstance(raw, str | float | Decimal | Fraction):
        return _kind(raw)
    text = str(raw)
    cut = text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
    return "".join(char if char.isprintable() and char != "`" else _escaped(char) for char in cut)


def named(raw: object) -> str:
    """A raw value as the subject of a message: in backticks, or in words if it is a record or a list."""
    if isinstance(raw, str) and not raw:
        return "empty text"
    return shown(raw) if _is_other(raw) else f"`{shown(raw)}`"


def wrong_kind(raw: object, needed: str, help: str) -> BadFact:
    """The finding that `raw` is not a `needed` (such as `an amount`); a binary float has a code of its own."""
    if isinstance(raw, float):
        return BadFact(
            "fact-float",
            f"{named(raw)} is a binary number, which has no exact decimal value",
            f'send it as text: "{shown(raw)}"' if raw - raw == 0 else 'send a number as text, such as "12.50"',
        )
    return BadFact("fact-wrong-kind", f"{named(raw)} is not {needed}", help)


def _is_other(raw: object) -> bool:
    return not (raw is None or isinstance(raw, bool | int | str | float | Decimal | Fraction | date))


def _kind(raw: object) -> str:
    if isinstance(raw, Mapping):
        return "a record"
    if isinstance(raw, Sequence) and not isinstance(raw, bytes | bytearray):
        return "a list"
    return "something that is neither text, number, record nor list"


def _escaped(char: str) -> str:
    return f"\\u{ord(char):04x}"
