"""One plain fact at a time: from what was sent to a value of the language.

Every function takes the raw value (never None, which is unknown) and the case's context, gives the value, and raises
`BadFact` if there is none. Numbers stay exact; a binary float is refused, because 0.1 has already been changed in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal as PythonDecimal
from fractions import Fraction
from functools import lru_cache

from engine.base.suggest import nearest
from engine.facts.problems import BadFact, named, shown, wrong_kind
from engine.language.types import Words
from engine.values.moments import NotYet, parse_date, parse_instant
from engine.values.money import MAX_MINOR_UNITS, Money, minor_unit
from engine.values.numbers import MAX_DIGITS, decimal_text, parse_decimal
from engine.values.postal_codes import evened, is_part
from engine.values.zones import FIRST_DAY, LAST_DAY, is_zone, zone_help

MAX_TEXT = 10_000
"""The most characters a text may have."""

MAX_NUMBER = 10**15
"""Numbers that are not amounts stay below this."""

WRITE_AMOUNT = 'write it like "12.50": digits, one point, no sign of a currency'
_WRITE_NUMBER = 'write it like "12.50": digits and one point'
_WRITE_INSTANT = "write e.g. 2026-03-06T09:00:00+01:00"
_WRITE_MOMENT = 'write e.g. 2026-03-06T09:00:00+01:00, or 2026-03-06, or {"not_by": "2026-03-06T09:00:00+01:00"}'
_WRITE_DATE = "write e.g. 2026-03-06"
_COVERED = f"days from {FIRST_DAY} to {LAST_DAY} are covered"

_MAX_SUGGESTED = 80  # comparing long texts takes long
_MAX_LISTED = 12
_CODE = 3

_DATE_SHAPE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NO_OFFSET_SHAPE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]+)?)?")
_PERCENT_SHAPE = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?) ?%")


@dataclass(frozen=True, slots=True)
class Context:
    """What reading one fact needs to know of its case: the currency of amounts, "" while nobody has told it."""

    currency: str


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most a number may be, both in; amounts in the main unit, percentages in hundredths."""

    low: int | None = None
    high: int | None = None

    def check(self, value: Fraction | int, raw: object) -> None:
        """Raise BadFact if `value`, which was sent as `raw`, lies outside."""
        if self.low is not None and value < self.low:
            raise BadFact("fact-range", f"{named(raw)} is less than {self.low}", self._help())
        if self.high is not None and value > self.high:
            raise BadFact("fact-range", f"{named(raw)} is more than {self.high}", self._help())

    def _help(self) -> str:
        if self.high is None:
            return f"it is {self.low} or more"
        return f"it is {self.high} or less" if self.low is None else f"it lies between {self.low} and {self.high}"


Reader = Callable[[object, Context], "bool | int | Fraction | str | Money | date | NotYet"]


def read_derived(raw: object, context: Context) -> bool:
    """For facts that the engine works out from others."""
    raise BadFact("fact-derived", "this fact is worked out from others and is never given", "leave it out")


def read_joined(raw: object, context: Context) -> bool:
    """For facts that a promotion's line has from the order line it names."""
    raise BadFact(
        "fact-join", "this is a fact of the order line that `id` names", "send it once, with the order's line"
    )


def read_nothing(raw: object, context: Context) -> bool:
    """For records and lists, which are not values themselves."""
    raise wrong_kind(raw, "a plain value", "send the facts inside it")


def read_boolean(raw: object, context: Context) -> bool:
    """True or false; no other spelling."""
    if raw is True or raw is False:
        return raw
    raise wrong_kind(raw, "true or false", "write true or false, without quotes")


def read_text(raw: object, context: Context) -> str:
    """Text, up to `MAX_TEXT` characters."""
    if not isinstance(raw, str):
        digits = isinstance(raw, int) and not isinstance(raw, bool)
        raise wrong_kind(raw, "text", f'put it in quotes: "{shown(raw)}"' if digits else "write text in double quotes")
    if len(raw) > MAX_TEXT:
        raise BadFact("fact-range", f"the text has more than {MAX_TEXT:,} characters", "send what the rules need")
    if not raw.isascii():
        try:
            raw.encode("utf-8")
        except UnicodeEncodeError:
            raise BadFact("fact-wrong-kind", f"{named(raw)} holds half a character", "send whole UTF-8 text") from None
    return raw if type(raw) is str else str.__str__(raw)  # an enumeration's member is a text too


def postal_part_reader(name: str) -> Reader:
    """A reader for the part of a postal code called `name`, evened as codes are (`engine/values/postal_codes.py`)."""
    needed = "three letters and digits, such as `QX4`" if name == "prefix3" else "letters or digits only, such as `QX`"

    def read(raw: object, context: Context) -> str:
        part = evened(read_text(raw, context))
        if not is_part(part, name):
            raise BadFact("fact-range", f"{named(raw)} is not the {name} of any postal code", f"write {needed}")
        return part

    return read


def words_reader(kind: Words) -> Reader:
    """A reader for one of several words; a closed list refuses others and names the nearest."""
    known = frozenset(kind.words)

    def read(raw: object, context: Context) -> str:
        if isinstance(raw, str):
            if raw in known:
                return raw if type(raw) is str else str.__str__(raw)
            if not kind.closed:
                return read_text(raw, context)
            help = suggestion(raw, kind.words) or _some(kind.words)
            raise BadFact("fact-unknown-word", f"{named(raw)} is not a word of this fact", help)
        raise wrong_kind(raw, "a word", _some(kind.words) if kind.words else "write a word in double quotes")

    return read


@lru_cache(maxsize=512)
def suggestion(raw: str, known: tuple[str, ...]) -> str | None:
    """A help line for an unknown word, or None. Kept, since what is wrong in one line is often wrong in the next.

    Codes of two or three letters are all alike (`USA` is as near to `SA` as to `US`), so they are offered only for
    another spelling of themselves.
    """
    if len(raw) <= _MAX_SUGGESTED:
        folded = raw.casefold()
        near = nearest(raw, (word for word in known if len(word) > _CODE or word.casefold() == folded))
        if near is not None:
            return f"did you mean `{near}`?"
    if 0 < len(known) <= _MAX_LISTED:
        return "it can be " + ", ".join(f"`{word}`" for word in known)
    return None


def _some(words: tuple[str, ...]) -> str:
    if len(words) <= _MAX_LISTED:
        return "it can be " + ", ".join(f"`{word}`" for word in words)
    if all(len(word) == 2 and word.isupper() for word in words):
        return f"write a code of two letters, such as `{words[0]}` or `{words[1]}`"
    return f"it is one of {len(words)} words, such as `{words[0]}` and `{words[1]}`"


def integer_reader(bounds: Bounds) -> Reader:
    """A reader for whole numbers within `bounds`; 3.0 is one, "3" is text."""

    def read(raw: object, context: Context) -> int:
        value = _whole(raw)
        if value is None:
            raise wrong_kind(raw, "a whole number", "write digits only, without quotes")
        if not -MAX_NUMBER < value < MAX_NUMBER:
            raise BadFact("fact-range", f"{named(raw)} is beyond what stays exact", f"stay below {MAX_NUMBER:,}")
        bounds.check(value, raw)
        return value

    return read


def _whole(raw: object) -> int | None:
    if isinstance(raw, int) and not isinstance(raw, bool):
        return int(raw)
    if isinstance(raw, PythonDecimal) and raw.is_finite() and _small(raw) and raw == raw.to_integral_value():
        return int(raw)
    return None


def decimal_reader(bounds: Bounds) -> Reader:
    """A reader for exact numbers within `bounds`, sent as text or as JSON numbers."""

    def read(raw: object, context: Context) -> Fraction:
        value = _exact(raw, "a number", _WRITE_NUMBER)
        if not -MAX_NUMBER < value < MAX_NUMBER:
            raise BadFact("fact-range", f"{named(raw)} is beyond what stays exact", f"stay below {MAX_NUMBER:,}")
        bounds.check(value, raw)
        return value

    return read


def percent_reader(bounds: Bounds) -> Reader:
    """A reader for percentages: text with a percent sign, since 0.2 could mean 20% or 0.2%. `20%` is one fifth."""

    def read(raw: object, context: Context) -> Fraction:
        found = _PERCENT_SHAPE.fullmatch(raw) if isinstance(raw, str) else None
        value = parse_decimal(found[1]) if found else None
        if value is None:
            raise wrong_kind(raw, "a percentage", 'write it as text with its sign, such as "20%"')
        if not -MAX_NUMBER < value < MAX_NUMBER:
            raise BadFact("fact-range", f"{named(raw)} is beyond what stays exact", f"stay below {MAX_NUMBER:,}%")
        bounds.check(value, raw)
        return value / 100

    return read


def money_reader(bounds: Bounds) -> Reader:
    """A reader for amounts within `bounds`: whole minor units of the case's currency, written without its name.

    While the currency is not known ("") the amount is read but its decimals cannot be judged.
    """

    def read(raw: object, context: Context) -> Money:
        if isinstance(raw, str) and len(raw) <= MAX_DIGITS + 2:
            money = _amount(raw, context.currency)
        else:
            money = _coins(_exact(raw, "an amount", WRITE_AMOUNT), raw, context.currency)
        if bounds.low is not None or bounds.high is not None:
            bounds.check(money.amount, raw)
        return money

    return read


@lru_cache(maxsize=4096)
def _amount(text: str, currency: str) -> Money:
    return _coins(_exact(text, "an amount", WRITE_AMOUNT), text, currency)


def _coins(value: Fraction, raw: object, currency: str) -> Money:
    coin = minor_unit(currency) if currency else Fraction(1)
    minor = value / coin
    if not -MAX_MINOR_UNITS < minor < MAX_MINOR_UNITS:
        most = decimal_text((MAX_MINOR_UNITS - 1) * coin)
        raise BadFact("fact-range", f"{named(raw)} is beyond what stays exact", f"amounts go up to {most}")
    if currency and minor.denominator != 1:
        smallest = f"the smallest coin is {Money(coin, currency)}"
        raise BadFact("fact-range", f"{named(raw)} has fractions of the smallest coin", smallest)
    return Money(value, currency)


def _exact(raw: object, needed: str, help: str) -> Fraction:
    if isinstance(raw, str):
        value = parse_decimal(raw)
        if value is not None:
            return value
    elif isinstance(raw, int) and not isinstance(raw, bool):
        if raw.bit_length() <= 80:  # 24 digits
            return Fraction(raw)
        raise BadFact("fact-range", f"{named(raw)} has more than {MAX_DIGITS} digits", help)
    elif isinstance(raw, PythonDecimal) and raw.is_finite():
        if _small(raw):
            return Fraction(raw)
        raise BadFact("fact-range", f"{named(raw)} has more than {MAX_DIGITS} digits", help)
    raise wrong_kind(raw, needed, help)


def _small(number: PythonDecimal) -> bool:
    """Whether a decimal has few enough digits to become a fraction: 1E+999999999 would not fit into memory."""
    _, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)  # it is finite
    return len(digits) <= MAX_DIGITS and exponent >= -MAX_DIGITS and exponent + len(digits) <= MAX_DIGITS


def read_date(raw: object, context: Context) -> date:
    """A local date."""
    if isinstance(raw, str):
        day = parse_date(raw)
        if day is not None:
            return day
        raise _bad_day(raw)
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return _covered(raw)
    raise wrong_kind(raw, "a date", _WRITE_DATE)


def read_moment(raw: object, context: Context) -> datetime | date | NotYet:
    """An event: an instant with its offset (given in UTC), a local date, or `{"not_by": instant}`."""
    if isinstance(raw, str):
        moment = parse_date(raw) if len(raw) == 10 else parse_instant(raw)
        if moment is not None:
            return moment
        raise _bad_day(raw) if _DATE_SHAPE.fullmatch(raw) else _bad_instant(raw, _WRITE_MOMENT)
    if isinstance(raw, datetime):
        return read_instant(raw)
    if isinstance(raw, date):
        return _covered(raw)
    if isinstance(raw, Mapping):
        if len(raw) == 1 and "not_by" in raw:
            return NotYet(read_instant(raw["not_by"]))
        raise BadFact(
            "fact-wrong-kind", "a record is not a moment unless it is `not_by` with an instant", _WRITE_MOMENT
        )
    raise wrong_kind(raw, "a moment", _WRITE_MOMENT)


def read_planned(raw: object, context: Context) -> datetime | date:
    """A moment that is fixed beforehand: as an event, but it cannot have been missing when somebody looked."""
    moment = read_moment(raw, context)
    if isinstance(moment, NotYet):
        message = "a planned moment is no event that may not have happened yet"
        raise BadFact("fact-wrong-kind", message, "give the moment, or leave it out while it is not fixed")
    return moment


def read_instant(raw: object) -> datetime:
    """An instant with its offset, given in UTC; nothing else."""
    if isinstance(raw, str):
        instant = parse_instant(raw)
        if instant is not None:
            return instant
        raise _bad_instant(raw, _WRITE_INSTANT)
    if isinstance(raw, datetime):
        try:
            if raw.utcoffset() is None:
                raise BadFact("fact-bad-instant", f"{named(raw)} has no offset", _WRITE_INSTANT)
            utc = raw.astimezone(UTC)
        except (OverflowError, ValueError):
            raise BadFact("fact-bad-instant", f"{named(raw)} is not an instant that is covered", _COVERED) from None
        _covered(utc.date())
        return utc
    if isinstance(raw, date):
        raise BadFact("fact-bad-instant", f"{named(raw)} is a date, but an instant is needed", _WRITE_INSTANT)
    raise wrong_kind(raw, "an instant", _WRITE_INSTANT)


def read_zone(raw: object, context: Context) -> str:
    """The name of a zone of the pinned data."""
    if not isinstance(raw, str):
        raise wrong_kind(raw, "the name of a time zone", "write an IANA name such as Europe/Lisbon")
    if not is_zone(raw):
        near = zone_help(raw) or "write an IANA name such as `Europe/Lisbon`"
        raise BadFact("bad-zone", f"no time zone has the name {named(raw)}", near)
    return raw


def _covered(day: date) -> date:
    if FIRST_DAY <= day <= LAST_DAY:
        return day
    raise BadFact("fact-bad-date", f"{named(day)} is not a day that is covered", _COVERED)


def _bad_day(raw: str) -> BadFact:
    if not _DATE_SHAPE.fullmatch(raw):
        if raw[:11].endswith("T"):
            return BadFact("fact-bad-date", f"{named(raw)} is an instant, but a date is needed", _WRITE_DATE)
        return BadFact("fact-bad-date", f"{named(raw)} is not a date", _WRITE_DATE)
    try:
        date.fromisoformat(raw)
    except ValueError:
        return BadFact("fact-bad-date", f"there is no day {named(raw)}", "check the day and the month")
    return BadFact("fact-bad-date", f"{named(raw)} is not a day that is covered", _COVERED)


def _bad_instant(raw: str, help: str) -> BadFact:
    if _NO_OFFSET_SHAPE.fullmatch(raw):
        return BadFact(
            "fact-bad-instant", f"{named(raw)} has no offset", f"{_WRITE_INSTANT}, with the offset of the place"
        )
    if _DATE_SHAPE.fullmatch(raw):
        return BadFact("fact-bad-instant", f"{named(raw)} is a date, but an instant is needed", _WRITE_INSTANT)
    return BadFact("fact-bad-instant", f"{named(raw)} is not an instant", help)
