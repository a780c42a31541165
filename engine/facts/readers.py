"""How each fact of a program is read: the record of fact types, prepared once for reading many cases."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from engine.facts import scalars
from engine.facts.scalars import Bounds, Context
from engine.language.types import (
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
from engine.language.values import Scalar

Kind = Literal["value", "record", "records", "values"]


@dataclass(frozen=True, slots=True)
class FieldReader:
    """How one fact is read. `kind` tells a plain value from a record, a list of records and a list of plain values.

    `fields` holds a record's facts (or those of the records in a list) by name; `read` turns a raw value (or one in a
    list of plain values) into a value of the language and raises `BadFact`. `known_from` is the number of the stage
    before which there is no value, 0 if there is none. `dated_by` is the fact by which members of a list may be left out
    that lie further back than the list goes.
    """

    kind: Kind
    known_from: int
    money: bool = False
    moment: bool = False
    read: Callable[[object, Context], Scalar] = scalars.read_nothing
    fields: dict[str, FieldReader] = field(default_factory=dict)
    dated_by: str | None = None


def field_readers(record: Record, stages: tuple[str, ...]) -> dict[str, FieldReader]:
    """How the facts of `record` are read, by name. `stages` are in the order of time."""
    return {name: _reader(name, fact, stages) for name, fact in record.fields}


def _reader(name: str, fact: FactType, stages: tuple[str, ...]) -> FieldReader:
    known_from = stages.index(fact.known_from) if fact.known_from in stages else 0
    if fact.derived is not None and fact.ask is None:
        return FieldReader("value", known_from, read=scalars.read_derived)
    if fact.joined:
        return FieldReader("value", known_from, read=scalars.read_joined)
    kind = fact.type
    if isinstance(kind, Record):
        return FieldReader("record", known_from, fields=field_readers(kind, stages))
    if fact.parts_of and isinstance(kind, Text):
        return FieldReader("value", known_from, read=scalars.postal_part_reader(name))
    if isinstance(kind, ListOf) and isinstance(kind.element, Record):
        fields = field_readers(kind.element, stages)
        return FieldReader("records", known_from, fields=fields, dated_by=fact.dated_by)
    element = kind.element if isinstance(kind, ListOf) else kind
    return FieldReader(
        "values" if isinstance(kind, ListOf) else "value",
        known_from,
        money=isinstance(element, MoneyType),
        moment=isinstance(element, MomentType) and not fact.planned,
        read=scalars.read_planned if fact.planned else _read(element, Bounds(fact.minimum, fact.maximum)),
    )


def _read(kind: Type, bounds: Bounds) -> Callable[[object, Context], Scalar]:
    match kind:
        case Boolean():
            return scalars.read_boolean
        case Text():
            return scalars.read_text
        case Words():
            return scalars.words_reader(kind)
        case Integer():
            return scalars.integer_reader(bounds)
        case Decimal():
            return scalars.decimal_reader(bounds)
        case Percent():
            return scalars.percent_reader(bounds)
        case MoneyType():
            return scalars.money_reader(bounds)
        case Date():
            return scalars.read_date
        case MomentType():
            return scalars.read_moment
        case Zone():
            return scalars.read_zone
    raise ValueError(f"a fact cannot be {kind}")
