"""The types of the language. Frozen data: the checker compares them, the decoder reads facts by them."""

from __future__ import annotations

from dataclasses import dataclass, field

CHARGED = "as charged"
"""The currency of a policy that takes whatever the order was charged in (`order.currency`)."""


@dataclass(frozen=True, slots=True)
class Boolean:
    """True or false."""


@dataclass(frozen=True, slots=True)
class Text:
    """Free text: compared for equality, never searched."""


@dataclass(frozen=True, slots=True)
class Words:
    """One of several words.

    `closed`: a word not listed is an input error; open: it is allowed and equals none of the listed ones. `ordered`:
    the words stand in a stated order and can be compared with `<` and in ranges; ordered words are closed.
    """

    words: tuple[str, ...]
    closed: bool = True
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Integer:
    """A whole number."""


@dataclass(frozen=True, slots=True)
class Decimal:
    """An exact decimal number (a fraction in the engine, never a binary float)."""


@dataclass(frozen=True, slots=True)
class Percent:
    """A share; `20%` is one fifth."""


@dataclass(frozen=True, slots=True)
class MoneyType:
    """An amount of one currency: an ISO 4217 code, or `CHARGED`."""

    currency: str


@dataclass(frozen=True, slots=True)
class Date:
    """A local date."""


@dataclass(frozen=True, slots=True)
class DateRange:
    """Two local dates, both in: what `day + 3 to 10 business days` gives. For deadlines only."""


@dataclass(frozen=True, slots=True)
class MomentType:
    """An event: an instant, or a local date when that is all that is known, or not yet."""


@dataclass(frozen=True, slots=True)
class TimeOfDay:
    """What a clock on the wall shows: `time of request.at`, `08:30`. It stands in conditions and messages only."""


@dataclass(frozen=True, slots=True)
class ElapsedType:
    """A length of absolute time, such as 24 hours."""


@dataclass(frozen=True, slots=True)
class PeriodType:
    """A calendar period, such as 30 days, 18 months, 3 business days."""


@dataclass(frozen=True, slots=True)
class PeriodRangeType:
    """A range of calendar periods, such as 3 to 10 business days."""


@dataclass(frozen=True, slots=True)
class Zone:
    """The name of an IANA time zone."""


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list; its elements are records in facts, or words."""

    element: Type


@dataclass(frozen=True, slots=True)
class Record:
    """A record of named facts."""

    fields: tuple[tuple[str, FactType], ...]

    def get(self, name: str) -> FactType | None:
        """The fact type of a field, or None."""
        for key, fact in self.fields:
            if key == name:
                return fact
        return None


@dataclass(frozen=True, slots=True)
class TenderSplit:
    """An amount laid out over the order's tenders."""

    currency: str


Type = (
    Boolean
    | Text
    | Words
    | Integer
    | Decimal
    | Percent
    | MoneyType
    | Date
    | DateRange
    | MomentType
    | TimeOfDay
    | ElapsedType
    | PeriodType
    | PeriodRangeType
    | Zone
    | ListOf
    | Record
    | TenderSplit
)


@dataclass(frozen=True, slots=True)
class FactType:
    """What is known of a fact beforehand.

    `source` is who can tell it (customer, shop, carrier, bank, external); `known_from` the first stage at which it can
    be known; `only_when` a condition (as text) without which it does not exist; `minimum` and `maximum` bound numbers
    and amounts; `ask` is the question to put to whoever knows it; `label` names it for people.
    """

    type: Type
    source: str = "shop"
    known_from: str | None = None
    only_when: str | None = None
    minimum: int | None = None
    maximum: int | None = None
    ask: str | None = None
    label: str | None = None
    derived: str | None = None
    """A formula that works the fact out from others, with `{line}` for the member it belongs to. If it has an `ask`, it may
    be given instead; otherwise it never is."""
    dated_by: str | None = None
    """For a list of records: which of their facts says how far back each lies. Such a list may go back to a day only."""
    parts_of: tuple[str, ...] = ()
    """For a part of a postal code: the facts, beside the record that holds it, from which it is worked out. It may be given
    where they do not tell it."""
    planned: bool = False
    """A moment that is fixed beforehand (a booked start, an event on a ticket): it may lie ahead, and is no event that
    happens or has not happened yet."""
    own: bool = field(default=False)
    """Whether the policy added it to the shared vocabulary."""
    joined: bool = False
    """Whether a promotion's line has it from the order line that it names (`engine/language/joined.py`)."""


def describe(kind: Type) -> str:
    """A type in the words an author knows: `an amount in USD`, `one of 'deny', 'approve'`."""
    match kind:
        case Boolean():
            return "true or false"
        case Text():
            return "text"
        case Words(words=words, ordered=ordered):
            shown = ", ".join(f"'{w}'" for w in words[:6]) + (", ..." if len(words) > 6 else "")
            return f"one of {shown}" + (" (in that order)" if ordered else "")
        case Integer():
            return "a whole number"
        case Decimal():
            return "a number"
        case Percent():
            return "a percentage"
        case MoneyType(currency=currency):
            return "an amount in the order's currency" if currency == CHARGED else f"an amount in {currency}"
        case Date():
            return "a date"
        case DateRange():
            return "a range of dates"
        case MomentType():
            return "a moment"
        case TimeOfDay():
            return "a time of day"
        case ElapsedType():
            return "elapsed time (hours or minutes)"
        case PeriodType():
            return "a calendar period (days, months)"
        case PeriodRangeType():
            return "a range of days"
        case Zone():
            return "a time zone"
        case ListOf(element=Record()):
            return "a list of records"
        case ListOf(element=element):
            return f"a list of {describe(element).removeprefix('one of ')}"
        case Record():
            return "a record"
        case TenderSplit():
            return "a split over tenders"
