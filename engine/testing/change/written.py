"""What is written otherwise in one text of a policy than in another: every key, whatever their order and layout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from engine.base.diagnostics import Report
from engine.read.digest import contents
from engine.read.load import formulas
from engine.read.yaml_reader import read_yaml


@dataclass(frozen=True)
class ChangedText:
    """A key whose value is another one: `path` as `windows.time_to_ask.lasts`; a side is None where the key is not there,
    and its value is told if it is one value."""

    path: str
    before: str | None
    after: str | None


def written_otherwise(before: bytes, after: bytes) -> tuple[ChangedText, ...]:
    """What differs between two policies that check. Spaces, comments, quotes and the order of keys are no difference; the
    order of rules is one where an output takes the first."""
    return tuple(_differing("", _contents(before), _contents(after)))


def _contents(data: bytes) -> Any:
    root = read_yaml(data, "", Report())
    assert root is not None  # it was checked before
    said, ordered = contents(root, formulas(root, Report()))
    return {**said, "order of rules": ordered}


def _differing(path: str, was: Any, now: Any) -> Iterator[ChangedText]:
    if was == now:
        return
    if isinstance(was, dict) and isinstance(now, dict):
        for key in [*now, *(key for key in was if key not in now)]:
            yield from _differing(f"{path}.{key}" if path else key, was.get(key), now.get(key))
        return
    yield ChangedText(path, _said(was), _said(now))


def _said(value: Any) -> str | None:
    """A value on one line; None if there is none."""
    match value:
        case None:
            return None
        case dict():
            return "{" + ", ".join(f"{key}: {_said(one)}" for key, one in value.items()) + "}"
        case list():
            return "[" + ", ".join(str(_said(one)) for one in value) + "]"
        case bool():
            return "true" if value else "false"
    return " ".join(str(value).split())
