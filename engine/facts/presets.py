"""Presets: what the caller states for all the facts that a shop's systems never send."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.facts.draft import Draft
from engine.facts.join import REQUEST_LINES
from engine.facts.readers import FieldReader
from engine.facts.scalars import Context
from engine.language.case import Path
from engine.language.values import Scalar
from engine.values.money import Money
from engine.vocabulary.shared import MEMBER, PresetValue


@dataclass(frozen=True, slots=True)
class Filling:
    """What a preset says of one place: a record of the case (`where` has no `MEMBER`), or each member of a list.

    `entries` are the paths from there on, the values, and the numbers of the stages they are known from.
    """

    where: Path
    entries: tuple[tuple[Path, Scalar, int], ...]


def fillings(preset: Sequence[tuple[Path, PresetValue]], fields: Mapping[str, FieldReader]) -> tuple[Filling, ...]:
    """A preset made ready for a program's facts; what the program does not have is left out."""
    found: defaultdict[Path, list[tuple[Path, Scalar, int]]] = defaultdict(list)
    for pattern, raw in preset:
        reader = _reader(pattern, fields)
        if reader is not None:
            cut = max((at + 1 for at, part in enumerate(pattern) if part == MEMBER), default=0)
            found[pattern[:cut]].append((pattern[cut:], reader.read(raw, Context("")), reader.known_from))
    return tuple(Filling(where, tuple(entries)) for where, entries in found.items())


def fill(
    draft: Draft,
    preset: Iterable[Filling],
    stage: int,
    named: Mapping[int, tuple[int, ...]],
    filled: set[Path],
    currency: str,
) -> None:
    """Give the preset's values to all facts that are not given, and add the paths that were filled to `filled`.

    A fact that is given wins, and so does one that was given wrongly. A fact that the case's stage cannot know stays
    away. `named` are the request lines that name each order line: where one of them says something, the order line is
    left unknown, since the preset could contradict it. Amounts are in `currency`, "" while nobody has told it.
    """
    facts = draft.facts
    for filling in preset:
        for base in _members(filling.where, draft.lengths):
            others = _naming(base, named) if named else ()
            for rest, value, known_from in filling.entries:
                path = base + rest
                if known_from > stage or path in facts or draft.blocked(path):
                    continue
                if others and any(_said(other + rest, draft, filled) for other in others):
                    continue
                facts[path] = Money(value.amount, currency) if isinstance(value, Money) else value
                filled.add(path)


def _reader(pattern: Path, fields: Mapping[str, FieldReader]) -> FieldReader | None:
    reader: FieldReader | None = None
    for part in pattern:
        if part == MEMBER:
            continue
        reader = fields.get(str(part))
        if reader is None:
            return None
        fields = reader.fields
    return reader


def _members(pattern: Path, lengths: Mapping[Path, int]) -> list[Path]:
    paths: list[Path] = [()]
    for part in pattern:
        if part == MEMBER:
            paths = [(*path, number) for path in paths for number in range(lengths.get(path, 0))]
        else:
            paths = [(*path, part) for path in paths]
    return paths


def _naming(base: Path, named: Mapping[int, tuple[int, ...]]) -> tuple[Path, ...]:
    """The request lines that name the order line `base`; none if it is something else."""
    match base:
        case ("order", "lines", int(number)):
            return tuple((*REQUEST_LINES, one) for one in named.get(number, ()))
        case _:
            return ()


def _said(path: Path, draft: Draft, filled: set[Path]) -> bool:
    return (path in draft.facts and path not in filled) or draft.blocked(path)
