"""The parts of postal codes: worked out for every address of a case, and set in a document by setting the code."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.facts.draft import Draft
from engine.facts.problems import BadFact, shown
from engine.language.case import Path
from engine.language.types import Record
from engine.language.values import Value
from engine.values.postal_codes import CODE, COUNTRY, PARTS, formats, is_part, postal_parts, with_part

_POSTAL = "postal"


def addresses(facts: Record) -> tuple[Path, ...]:
    """Where the records stand, outside of lists, whose postal codes are split."""
    return tuple(_addresses(facts, ()))


def _addresses(record: Record, path: Path) -> Iterator[Path]:
    for name, fact in record.fields:
        if isinstance(fact.type, Record):
            if any(inner.parts_of for _, inner in fact.type.fields):
                yield path
            yield from _addresses(fact.type, (*path, name))


def work_out(draft: Draft, places: tuple[Path, ...]) -> dict[Path, Value]:
    """The parts that follow from the codes in a draft and are not given; they are not put into it.

    A code that its country does not have is a problem at the code, and a given part that the code contradicts is one at
    the part.
    """
    found: dict[Path, Value] = {}
    for place in places:
        country, code = draft.facts.get((*place, COUNTRY)), draft.facts.get((*place, CODE))
        if not isinstance(country, str) or not isinstance(code, str):
            continue
        try:
            parts = postal_parts(country, code)
        except ValueError as error:
            message = f"`{shown(code)}` is not a postal code of `{country}`"
            draft.bad((*place, CODE), BadFact("fact-postal-code", message, str(error)))
            continue
        for name in PARTS if parts is not None else ():
            assert parts is not None
            path, value = (*place, _POSTAL, name), parts.named(name)
            given = draft.facts.get(path)
            if given is None:
                if not draft.blocked(path):
                    found[path] = value
            elif given != value:
                message = f"`{shown(given)}` is given, but in the postal code `{shown(code)}` it is `{value}`"
                draft.bad(path, BadFact("fact-postal-part", message, "leave it out, or correct one of the two"))
    return found


def is_postal_part(path: Path) -> bool:
    """Whether a path is that of a part of a postal code."""
    return len(path) > 1 and path[-2] == _POSTAL and path[-1] in PARTS


def postal_code(part: Path) -> Path:
    """The path of the postal code of which `part` is a part."""
    return (*part[:-2], CODE)


def set_part(address: dict[str, Any], name: str, value: Any) -> None:
    """Give an address of a document (raw data) another part of its postal code.

    Where the country is known to have such codes, that is another code, and no part is left beside it. Otherwise the part is
    given by itself. Raises ValueError if the country, or no country, has a code with this part.
    """
    country, code, given = address.get(COUNTRY), address.get(CODE), address.get(_POSTAL)
    if isinstance(country, str) and country in formats() and (code is not None or not given):
        address[CODE] = with_part(country, code if isinstance(code, str) else None, name, value)
        address.pop(_POSTAL, None)
        return
    if isinstance(value, str) and not is_part(value, name):
        raise ValueError(f"{value} is never the {name} of a postal code")
    address[_POSTAL] = {**(given if isinstance(given, Mapping) else {}), name: value}
