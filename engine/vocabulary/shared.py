"""The vocabulary that all policies share: facts, stages, standard questions and presets, read from `schema/`.

The schema of a case is the one place where a shared fact is written down. What is here is that schema as the engine's
own types.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

from engine.base.resources import schema
from engine.language.case import Path
from engine.language.joined import rejoin
from engine.language.types import (
    CHARGED,
    Boolean,
    Date,
    Decimal,
    FactType,
    Integer,
    ListOf,
    MomentType,
    MoneyType,
    Percent,
    Record,
    Text,
    Type,
    Words,
    Zone,
)

MEMBER = "*"
"""In a pattern of a path: any member of the list before it."""

PLAIN_TYPES: Mapping[str, Type] = MappingProxyType(
    {
        "boolean": Boolean(),
        "text": Text(),
        "integer": Integer(),
        "decimal": Decimal(),
        "percent": Percent(),
        "money": MoneyType(CHARGED),
        "date": Date(),
        "moment": MomentType(),
        "zone": Zone(),
    }
)
"""The types of a fact that need no list of words, under the names that schemas and policies use."""

SOURCES = ("customer", "shop", "carrier", "bank", "external")
"""Who can tell a fact; `external` is a figure that only exists outside, such as a carrier's price."""

PresetValue = bool | int | str


@dataclass(frozen=True)
class Vocabulary:
    """What all policies share. Frozen; `vocabulary()` gives the one there is.

    `root` holds every fact; `stages` are in the order of time; `decisions` are the standard questions with one line
    each; `presets` give, per name, the path patterns (see `MEMBER`) and the raw values they stand for. `places` says
    where the records called `line`, `parcel`, `tender`, ... stand: paths of records and of lists of records.
    """

    root: Record
    stages: tuple[str, ...]
    decisions: Mapping[str, str]
    presets: Mapping[str, tuple[tuple[Path, PresetValue], ...]]
    places: Mapping[str, tuple[tuple[str, ...], ...]]

    def lookup(self, parts: Sequence[str | int]) -> FactType | None:
        """The fact type under a path, or None.

        Members of lists may be numbered, written `*`, or left out: `("request", "lines", 0, "category")`,
        `("request", "lines", "category")` and `("line", "category")` are the same fact.
        """
        return lookup(self.root, parts, self.places)


def lookup(
    root: Record, parts: Sequence[str | int], places: Mapping[str, tuple[tuple[str, ...], ...]] | None = None
) -> FactType | None:
    """The fact type under a path of `root`, or None; as `Vocabulary.lookup`, for a root with a policy's own facts."""
    names = [part for part in parts if isinstance(part, str) and part != MEMBER]
    if not names:
        return None
    if root.get(names[0]) is None and names[0] in (places or {}):
        assert places is not None
        names = [*places[names[0]][-1], *names[1:]]
    fact: FactType | None = None
    inside: Type = root
    for name in names:
        record = inside.element if isinstance(inside, ListOf) else inside
        fact = record.get(name) if isinstance(record, Record) else None
        if fact is None:
            return None
        inside = fact.type
    return fact


@cache
def vocabulary() -> Vocabulary:
    """The shared vocabulary, read once from `schema/facts.schema.json`."""
    document = schema("facts")
    defs: dict[str, Any] = document["$defs"]
    root = rejoin(_record(document, defs))
    return Vocabulary(
        root=root,
        stages=tuple(document["x-stages"]),
        decisions=MappingProxyType(dict(document["x-decisions"])),
        presets=MappingProxyType(
            {
                name: tuple((_pattern(path), value) for path, value in values.items())
                for name, values in document["x-presets"].items()
            }
        ),
        places=MappingProxyType(_places(document, defs)),
    )


def _pattern(text: str) -> Path:
    parts: list[str | int] = []
    for name in text.split("."):
        parts.append(name.removesuffix("[]"))
        if name.endswith("[]"):
            parts.append(MEMBER)
    return tuple(parts)


def _resolved(node: Mapping[str, Any], defs: Mapping[str, Any]) -> dict[str, Any]:
    """The keys of a schema together with those of what it refers to; its own win."""
    merged: dict[str, Any] = {}
    if "$ref" in node:
        merged.update(_resolved(defs[node["$ref"].removeprefix("#/$defs/")], defs))
    properties: dict[str, Any] = {}
    for part in node.get("allOf", ()):
        properties.update(_resolved(part, defs)["properties"])
    merged.update(node)
    if properties:
        merged["properties"] = {**properties, **node.get("properties", {})}
    return merged


def _record(node: Mapping[str, Any], defs: Mapping[str, Any]) -> Record:
    fields = []
    for name, written in _resolved(node, defs)["properties"].items():
        if not written.get("x-control"):
            fields.append((name, _fact(_resolved(written, defs), defs)))
    return Record(tuple(fields))


def _fact(node: Mapping[str, Any], defs: Mapping[str, Any]) -> FactType:
    return FactType(
        type=_type(node, defs),
        source=node.get("x-source", "shop"),
        known_from=node.get("x-known-from"),
        only_when=node.get("x-only-when"),
        minimum=node.get("minimum"),
        maximum=node.get("maximum"),
        ask=node.get("x-ask"),
        label=node.get("title"),
        derived=node.get("x-derived"),
        dated_by=node.get("x-dated-by"),
        parts_of=tuple(node.get("x-parts-of", ())),
        planned=node.get("x-planned", False),
    )


def _type(node: Mapping[str, Any], defs: Mapping[str, Any]) -> Type:
    if "items" in node:
        return ListOf(_type(_resolved(node["items"], defs), defs))
    named = node.get("x-type")
    if named is None:
        return _record(node, defs)
    if named in ("words", "ordered"):
        listed = node.get("enum", node.get("x-words"))
        words = tuple(word for word in listed if word is not None)
        return Words(words, closed="enum" in node, ordered=named == "ordered")
    return PLAIN_TYPES[named]


def _places(document: Mapping[str, Any], defs: Mapping[str, Any]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Where each kind of record stands that conditions and own facts call by a short name."""
    found: dict[str, list[tuple[str, ...]]] = {}

    def walk(node: Mapping[str, Any], path: tuple[str, ...]) -> None:
        for name, written in _resolved(node, defs).get("properties", {}).items():
            here = (*path, name)
            inner = _resolved(written, defs)
            if "items" in inner:
                inner = _resolved(inner["items"], defs)
                if "properties" in inner:
                    found.setdefault(written["x-each"], []).append(here)
            elif not path and "properties" in inner and not written.get("x-control"):
                found.setdefault(name, []).append(here)
            if "x-type" not in inner:
                walk(inner, here)

    walk(document, ())
    top = set(document["properties"])
    return {
        name: tuple(sorted(paths, key=len))
        for name, paths in found.items()
        if name not in top or len(paths) > 1  # `order.x` needs no help; `parcel.x` also means the order's parcels
    }
