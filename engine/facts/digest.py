"""The digest of a case: equal for two documents that say the same, however they are written."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from fractions import Fraction
from functools import lru_cache
from typing import Any

from engine.language.case import CaseError, Path
from engine.language.values import Value
from engine.values.moments import NotYet
from engine.values.money import Money


def digest(
    facts: Mapping[Path, Value],
    lengths: Mapping[Path, int],
    circumstances: Iterable[tuple[str, Value | None]],
    assumed: Iterable[Path],
    expects: Iterable[tuple[str, Value]],
    errors: Iterable[CaseError],
) -> str:
    """`sha256:` and the SHA-256, in hexadecimal, of everything a decision can depend on.

    The order of keys, `1.50` or `1.5`, one offset or another for the same instant make no difference; a fact that was
    assumed and one that was given do, and so does what is wrong with a case. `circumstances` are named single values.
    """
    parts = [f"f{_path(path)}={_value(value)}" for path, value in facts.items()]
    parts += [f"l{_path(path)}={length}" for path, length in lengths.items()]
    parts += [f"a{_path(path)}" for path in assumed]
    parts += [f"e{_text(name)}={_value(value)}" for name, value in expects]
    parts += [f"x{_text(_path(one.path))}={one.diagnostic.code}:{_text(one.diagnostic.message)}" for one in errors]
    parts += [f"c{name}={'' if value is None else _value(value)}" for name, value in circumstances]
    parts.sort()
    return "sha256:" + hashlib.sha256("\n".join(parts).encode("utf-8")).hexdigest()


@lru_cache(maxsize=16_384)
def _path(path: Path) -> str:
    return ".".join(map(str, path))


def _value(value: Value) -> str:
    write = _WRITERS.get(type(value))
    if write is None:
        raise ValueError("a fact has no value of this kind")
    return write(value)


def _text(text: str) -> str:
    return f"{len(text)}:{text}"  # with its length, so that no text can pass for a further entry


# By exact type: an instant is a date too, and true is a whole number. Instants are in UTC here.
_WRITERS: dict[type, Callable[[Any], str]] = {
    str: _text,
    bool: lambda value: "true" if value else "false",
    int: lambda value: f"{value}/1",
    Fraction: lambda value: f"{value.numerator}/{value.denominator}",
    Money: lambda value: f"{value.amount.numerator}/{value.amount.denominator} {value.currency}",
    datetime: lambda value: f"@{value.isoformat()}",
    date: lambda value: value.isoformat(),
    NotYet: lambda value: f"!{value.by.isoformat() if value.by else ''}",
}
