"""Money: amounts with a currency, shares of an amount, and splits that always add up.

Amounts are exact (`Fraction`, in the currency's main unit: 7.00 USD is 7). The three ways of dividing
money here have one promise in common: the parts add up to what was divided, to the last cent.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from engine.values.numbers import Rounding, decimal_text, round_to

MAX_MINOR_UNITS = 10**13
"""Amounts, counted in minor units, stay below this; fast back ends hold them in 64-bit integers."""

ANY_OTHER = "any other"
"""In an order of tenders: every kind that the order does not name."""


class OutOfBounds(ValueError):
    """An amount, weight or part lies outside of what can be divided; the message says which."""


def _table() -> Iterator[tuple[str, int]]:
    by_digits = {
        0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
        2: """
            AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD
            CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
            GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL
            MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK
            PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS
            TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG
        """,
        3: "BHD IQD JOD KWD LYD OMR TND",
        4: "CLF UYW",
    }
    for digits, codes in by_digits.items():
        for code in codes.split():
            yield code, digits


# ISO 4217 list one, without the codes that have no minor unit (metals, drawing rights, tests): no
# order is charged in those. ANG and BGN were withdrawn in 2025 and at the start of 2026; they stay,
# because what was charged in them may still have to be paid back.
_MINOR_DIGITS: dict[str, int] = dict(_table())


def minor_digits(currency: str) -> int | None:
    """Give the number of decimals of an ISO 4217 currency (USD 2, JPY 0); None for an unknown code."""
    return _MINOR_DIGITS.get(currency)


def is_currency(code: str) -> bool:
    """Say whether `code` is a currency an order can be charged in: ISO 4217, upper case."""
    return code in _MINOR_DIGITS


def minor_unit(currency: str) -> Fraction:
    """Give the smallest amount of a currency in its main unit (USD 1/100); KeyError if unknown."""
    return Fraction(1, 10 ** _MINOR_DIGITS[currency])


def currencies() -> tuple[str, ...]:
    """Give all known currency codes in alphabetical order, for suggestions and for the handbook."""
    return tuple(sorted(_MINOR_DIGITS))


@dataclass(frozen=True, slots=True)
class Money:
    """An exact amount in the main unit of one currency; whole minor units are not required.

    Money has no arithmetic of its own: two currencies never add or compare, and the checker says so
    before anything runs.
    """

    amount: Fraction
    currency: str

    def __str__(self) -> str:
        """Write the exact amount with at least the currency's decimals: `7.00 USD`."""
        return f"{decimal_text(self.amount, minor_digits(self.currency) or 0)} {self.currency}"


@dataclass(frozen=True, slots=True)
class TenderPart:
    """What goes back to one tender of an order: its kind (`card`, `gift_card`, ...) and the amount."""

    kind: str
    amount: Fraction


def share(
    amount: Fraction,
    part: Fraction | int,
    whole: Fraction | int,
    before: Fraction | int,
    step: Fraction,
    mode: Rounding = Rounding.HALF_UP,
) -> Fraction:
    """Give the share of `amount` that `part` of `whole` has when `before` has been taken already.

    Cumulative rounding: the rounded share of all taken so far, less the rounded share of all taken
    earlier. Shares of the same amount taken one after the other, in parts of any size, therefore add
    up to the rounded amount. `part`, `whole` and `before` are in one unit (pieces, say); the result
    is a multiple of `step`, in the unit of `amount`. Raises `OutOfBounds` if `whole` is not above
    zero, a part is negative, or more than the whole is taken.
    """
    if whole <= 0:
        raise OutOfBounds(f"the whole must be above zero, not {decimal_text(whole)}")
    if part < 0 or before < 0:
        raise OutOfBounds("a part must not be below zero")
    if before + part > whole:
        taken = f"{decimal_text(before)} + {decimal_text(part)}"
        raise OutOfBounds(f"{taken} is more than the whole, {decimal_text(whole)}")
    rate = Fraction(amount) / whole
    return round_to(rate * (before + part), step, mode) - round_to(rate * before, step, mode)


def largest_remainder(total: Fraction, weights: Sequence[Fraction | int], step: Fraction) -> list[Fraction]:
    """Split `total` in proportion to `weights` into multiples of `step` that add up to it exactly.

    Every part is first cut to whole steps; the steps left over go to the parts that lost most, in
    list order where they lost the same. Weights that are all zero give equal parts; a negative total
    is split as its positive and turned round. Raises `OutOfBounds` if `step` is not above zero, a
    weight is negative, `total` is no multiple of `step`, or there is something to split and no part.
    """
    if step <= 0:
        raise OutOfBounds(f"a step must be above zero, not {decimal_text(step)}")
    if any(weight < 0 for weight in weights):
        raise OutOfBounds("a weight must not be below zero")
    units = abs(Fraction(total)) / step
    if units.denominator != 1:
        raise OutOfBounds(f"{decimal_text(total)} is not a multiple of {decimal_text(step)}")
    if not weights:
        if units:
            raise OutOfBounds(f"nothing to split {decimal_text(total)} over")
        return []
    weight_sum = sum(weights, Fraction(0))
    counted = [Fraction(weight) for weight in weights] if weight_sum else [Fraction(1)] * len(weights)
    exact = [units * weight / (weight_sum or len(weights)) for weight in counted]
    parts = [floor(value) for value in exact]
    left = units.numerator - sum(parts)
    by_loss = sorted(range(len(parts)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_loss[:left]:
        parts[i] += 1
    signed = -step if total < 0 else step
    return [part * Fraction(signed) for part in parts]


def split_tenders(total: Fraction, room: Sequence[tuple[str, Fraction]], order: Sequence[str]) -> list[Fraction]:
    """Pay `total` back to the tenders of an order, kind after kind, and none more than it has room for.

    `room` lists each tender as (kind, what can still go back to it); `order` names kinds in the order
    in which they are filled, with `any other` for all it does not name (which get nothing if it is
    left out). Tenders of one rank are filled in list order. The result stands parallel to `room`; all
    amounts are in one currency. Raises `OutOfBounds` if `total` or a room is negative, or if the
    tenders that may be used cannot take the whole `total`.
    """
    if total < 0:
        raise OutOfBounds(f"cannot pay back less than nothing: {decimal_text(total)}")
    if any(free < 0 for _, free in room):
        raise OutOfBounds("more has gone back to a tender than it paid")
    ranks: dict[str, int] = {}
    for rank, kind in enumerate(order):
        ranks.setdefault(kind, rank)
    others = ranks.get(ANY_OTHER)
    ranked = [(ranks.get(kind, others), i) for i, (kind, _) in enumerate(room)]
    parts = [Fraction(0)] * len(room)
    left = Fraction(total)
    for _, i in sorted((rank, i) for rank, i in ranked if rank is not None):
        parts[i] = min(left, Fraction(room[i][1]))
        left -= parts[i]
    if left > 0:
        raise OutOfBounds(f"the tenders cannot take {decimal_text(left)} of {decimal_text(total)}")
    return parts
