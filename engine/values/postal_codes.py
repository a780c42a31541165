"""Postal codes and their parts, by the table in `schema/postal_codes.json`: the one place that says how a code splits."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType

from engine.base.resources import postal_codes

PARTS = ("area", "district", "prefix3")
"""The parts of a postal code, by the names that facts give them."""

COUNTRY, CODE, AREA = "country", "postal_code", ("postal", "area")
"""Where an address has its country, its code, and the code's area."""

MAX_CODE = 40
"""The most characters of a text that is looked at as a postal code."""

_LEFT_OUT = frozenset(("Zs", "Zl", "Zp", "Cf", "Pd"))  # spaces, what cannot be seen, dashes
_AREA = re.compile(r"[A-Z]{1,10}|[0-9]{1,10}")
_PREFIX3 = re.compile(r"[0-9A-Z]{3}")
_PREFIX = 3


@dataclass(frozen=True, slots=True)
class PostalFormat:
    """How the codes of a country are written (in words), examples, and what its area and its district are."""

    country: str
    name: str
    written: str
    examples: tuple[str, ...]
    area: str
    district: str
    patterns: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class PostalParts:
    """The parts of one code: `QX4 7AB` has the area QX, the district 4 and the prefix QX4."""

    area: str
    district: int
    prefix3: str

    def named(self, name: str) -> str | int:
        """A part by its name, one of `PARTS`."""
        if name == "district":
            return self.district
        return self.area if name == "area" else self.prefix3


def evened(text: str) -> str:
    """A code, or a part of one, without spaces and dashes and in capital letters; full-width characters are plain."""
    plain = unicodedata.normalize("NFKC", text)
    return "".join(_upper(char) for char in plain if not _left_out(char))


def _left_out(char: str) -> bool:
    return char in "\t\n\r" or unicodedata.category(char) in _LEFT_OUT


def _upper(char: str) -> str:
    return char.upper() if char.isascii() else char  # no letter of another alphabet becomes one of ours


def is_part(text: str, name: str) -> bool:
    """Whether a text, as it stands, can be the part of a code called `name`, one of `PARTS` that are text."""
    return (_PREFIX3 if name == "prefix3" else _AREA).fullmatch(text) is not None


@cache
def formats() -> Mapping[str, PostalFormat]:
    """The countries of the table, by their codes of two letters."""
    return MappingProxyType(
        {
            country: PostalFormat(
                country,
                told["name"],
                told["written"],
                tuple(one["code"] for one in told["examples"]),
                told["area"],
                told["district"],
                tuple(re.compile(pattern) for pattern in told["patterns"]),
            )
            for country, told in postal_codes()["countries"].items()
        }
    )


@lru_cache(maxsize=4096)
def postal_parts(country: str, code: str) -> PostalParts | None:
    """The parts of a code of this country; None if the table has no such country.

    Raises ValueError if the code is not one of its country; the text says how one is written.
    """
    form = formats().get(country)
    if form is None:
        return None
    found = _match(form, evened(code)) if len(code) <= MAX_CODE else None
    if found is None:
        raise ValueError(f"in {country} it is {form.written}, such as `{form.examples[0]}`")
    begin = found.start("area")
    return PostalParts(found["area"], int(found["district"]), found.string[begin : begin + _PREFIX])


def _match(form: PostalFormat, code: str) -> re.Match[str] | None:
    return next((found for found in (one.fullmatch(code) for one in form.patterns) if found is not None), None)


def with_part(country: str, code: str | None, name: str, value: str | int) -> str:
    """A code of this country that has this part, as much like `code` (None: like an example of the table) as can be.

    Raises ValueError if the country is not in the table or has no such code.
    """
    form = formats().get(country)
    if form is None:
        raise ValueError(f"no postal codes are known for {country}")
    if code is None:
        for example in form.examples:
            with suppress(ValueError):
                return with_part(country, example, name, value)
        raise ValueError(f"no postal code of {country} is known with the {name} {value}")
    text = unicodedata.normalize("NFKC", code)
    places = [at for at, char in enumerate(text) if not _left_out(char)]
    found = _match(form, evened(text))
    if found is None:
        raise ValueError(f"`{code}` is not a postal code of {country}")
    begin = found.start("area")
    first, last = (begin, begin + _PREFIX) if name == "prefix3" else found.span(name)
    said = str(value).zfill(last - first) if name == "district" and form.country in _padded() else str(value)
    made = text[: places[first]] + said + text[places[last - 1] + 1 :]
    parts = postal_parts(country, made)
    if parts is None or parts.named(name) != value:
        raise ValueError(f"no postal code of {country} is known with the {name} {value}")
    return made


@cache
def _padded() -> frozenset[str]:
    """The countries whose districts all have as many digits, with noughts in front."""
    return frozenset(c for c, one in formats().items() if not any("[0-9]{1,2})" in p.pattern for p in one.patterns))


def countries_of(code: str) -> Iterator[str]:
    """The countries of the table that this may be a code of."""
    even = evened(code[: MAX_CODE + 1])
    yield from (country for country, form in formats().items() if _match(form, even) is not None)


def countries_with(area: str) -> Iterator[str]:
    """The countries of the table that may have a code with this area."""
    for country in formats():
        with suppress(ValueError):
            with_part(country, None, "area", area)
            yield country
