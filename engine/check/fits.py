"""Which ways of combining rules, and of rolling up members, go with which type of output."""

from __future__ import annotations

from typing import get_args

from engine.language.model import Combine, RollUp
from engine.language.types import (
    Boolean,
    Date,
    Decimal,
    ElapsedType,
    Integer,
    ListOf,
    MomentType,
    MoneyType,
    Percent,
    TenderSplit,
    Type,
    Words,
)

_COUNTED = (Integer, Decimal, Percent, MoneyType, ElapsedType)
_TIMES = (Date, MomentType)

_COMBINES: dict[Combine, tuple[type, ...]] = {
    "strictest": (Words,),
    "all": (ListOf,),
    "sum": _COUNTED,
    "min": _COUNTED,
    "max": _COUNTED,
    "earliest": _TIMES,
    "latest": _TIMES,
}

_ROLL_UPS: dict[RollUp, tuple[type, ...]] = {
    "all": (Boolean, ListOf),
    "any": (Boolean, ListOf),
    "sum": _COUNTED,
    "min": _COUNTED,
    "max": _COUNTED,
    "earliest": _TIMES,
    "latest": _TIMES,
}


def combine_fits(combine: Combine, kind: Type) -> bool:
    """Whether several rules' values of a type can be combined so."""
    if combine in ("unique", "first"):
        return not isinstance(kind, ListOf) and (combine == "unique" or not isinstance(kind, TenderSplit))
    return isinstance(kind, _COMBINES[combine])


def roll_up_fits(roll_up: RollUp, kind: Type) -> bool:
    """Whether the members' values of a type can be rolled up so."""
    return roll_up == "each" or isinstance(kind, _ROLL_UPS[roll_up])


def combines_of(kind: Type) -> str:
    """The ways of combining that go with a type, for a help line."""
    return ", ".join(f"`{way}`" for way in get_args(Combine) if combine_fits(way, kind))


def roll_ups_of(kind: Type) -> str:
    """The roll-ups that go with a type, for a help line."""
    return ", ".join(f"`{way}`" for way in get_args(RollUp) if roll_up_fits(way, kind))
