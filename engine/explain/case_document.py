"""A case as a document again: the inverse of decoding, for asking "what if" through the public door."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from engine.evaluate.trial import fact_at
from engine.facts.postal import is_postal_part, set_part
from engine.language.case import Case, Path
from engine.language.core import Program
from engine.language.types import ListOf, Percent, Record
from engine.language.values import Value
from engine.values.moments import NotYet, instant_text
from engine.values.money import Money
from engine.values.numbers import decimal_text

Json = dict[str, Any]


def case_document(program: Program, case: Case, changes: Mapping[Path, Value] | None = None) -> Json:
    """A document that decodes to `case`, with some facts set to other values.

    What a preset filled is left to the preset, and `as_of` is always written out if the case has one. Not in it are bad
    inputs and amounts in a currency nobody told, which have no value, and what the customer demands, on which no answer
    hangs. Another part of a postal code is written as another code; ValueError if its country has none like that.
    """
    root: Json = {}
    for path, length in sorted(case.lengths.items(), key=lambda one: len(one[0])):
        _put(root, path, [_empty(program, path) for _ in range(length)])
    for path, value in case.facts.items():
        if path not in case.assumed and path not in case.worked_out:
            _put(root, path, fact_data(program, path, value))
    for path, value in (changes or {}).items():
        _change(root, path, fact_data(program, path, value))
    for path, day in case.complete_since.items():
        _put(root, path, {"complete_since": day.isoformat(), "members": _at(root, path)})
    if case.as_of is not None:
        root["as_of"] = instant_text(case.as_of)
    if not case.stage_assumed:
        root["stage"] = case.stage
    if case.presets:
        root["assume"] = list(case.presets)
    return root


def fact_data(program: Program, path: Path, value: Value) -> Any:
    """A fact's value as a case document writes it: an amount without its currency, a percentage with its sign."""
    match value:
        case bool() | int() | str():
            return value
        case Money(amount=amount):
            return decimal_text(amount)
        case Fraction():
            fact = fact_at(program, path)
            if fact is not None and isinstance(fact.type, Percent):
                return decimal_text(value * 100) + "%"
            return decimal_text(value)
        case datetime():
            return instant_text(value)
        case date():
            return value.isoformat()
        case NotYet(by=by):
            return None if by is None else {"not_by": instant_text(by)}
        case tuple():
            return [fact_data(program, path, one) for one in value]
    raise ValueError("a fact has no value of this kind")


def with_facts(document: Mapping[str, Any], changes: Mapping[Path, Any]) -> Json:
    """A case document with other data at some places; the records on the way are made, lists must be long enough.

    Another part of a postal code is written as another code. Raises ValueError if its country has none like that.
    """
    root = copy.deepcopy(dict(document))
    for path, data in changes.items():
        _change(root, path, data)
    return root


def _change(root: Json, path: Path, data: Any) -> None:
    if not is_postal_part(path):
        _put(root, path, data)
        return
    address = copy.deepcopy(_at(root, path[:-2]) or {})
    set_part(address, str(path[-1]), data)
    _put(root, path[:-2], address)


def _put(root: Json, path: Path, data: Any) -> None:
    here: Any = root
    for part in path[:-1]:
        if isinstance(part, int):
            here = (here["members"] if isinstance(here, Mapping) else here)[part]
            continue
        if here.get(part) is None:  # a null says nothing, like an absent key
            here[part] = {}
        here = here[part]
    here[path[-1]] = data


def _at(root: Json, path: Path) -> Any:
    here: Any = root
    for part in path:
        here = here.get(part) if isinstance(here, dict) else here[part]
        if here is None:
            return None
    return here


def _empty(program: Program, path: Path) -> Any:
    """What a member of a list is before anything is put into it: a record, or a word still to come."""
    fact = fact_at(program, path)
    words = fact is not None and isinstance(fact.type, ListOf) and not isinstance(fact.type.element, Record)
    return None if words else {}
