"""Exact numbers: reading, writing and rounding decimals without binary floating point.

A whole number is an `int`; every other number is a `fractions.Fraction`. Nothing here takes or
gives a `float`, so a sum never depends on the order in which it was added up.
"""

from __future__ import annotations

import enum
import re
from fractions import Fraction
from math import ceil, floor

MAX_DIGITS = 24
"""The most digits, before and after the point together, that a written number may have."""

_DECIMAL = re.compile(r"-?([0-9]+)(?:\.([0-9]+))?")


class Rounding(enum.Enum):
    """The ways an author can ask for rounding; the value is the word written in a policy.

    The directions are named from zero, so that an amount and its negative always round alike.
    """

    HALF_UP = "half up"  # a half goes away from zero
    HALF_EVEN = "half even"  # a half goes to the even neighbour
    UP = "up"  # away from zero
    DOWN = "down"  # towards zero


def round_to(x: Fraction | int, step: Fraction, mode: Rounding) -> Fraction:
    """Give the multiple of `step` that `x` rounds to under `mode`.

    `x` and `step` are in the same unit, and so is the result. `step` need not be a power of ten
    (cash is often rounded to 0.05). Raises `ValueError` if `step` is not above zero.
    """
    if step <= 0:
        raise ValueError(f"a rounding step must be above zero, not {decimal_text(step)}")
    steps = Fraction(x) / step
    size = abs(steps)
    match mode:
        case Rounding.HALF_UP:
            whole = floor(size + Fraction(1, 2))
        case Rounding.HALF_EVEN:
            whole = round(size)
        case Rounding.UP:
            whole = ceil(size)
        case Rounding.DOWN:
            whole = floor(size)
    return (whole if steps >= 0 else -whole) * Fraction(step)


def parse_decimal(text: str) -> Fraction | None:
    """Read a plain decimal such as `-12.50`; None if `text` is not exactly one.

    Only ASCII digits, one optional leading minus and one optional point with digits on both sides
    are taken: no exponent, plus sign, space, separator or infinity, and at most `MAX_DIGITS` digits.
    Facts come from many systems, and a number that two of them would read differently is refused.
    """
    found = _DECIMAL.fullmatch(text)
    if found is None:
        return None
    whole, decimals = found[1], found[2] or ""
    if len(whole) + len(decimals) > MAX_DIGITS:
        return None
    size = Fraction(int(whole + decimals), 10 ** len(decimals))
    return -size if text.startswith("-") else size


def decimal_text(x: Fraction | int, min_digits: int = 0) -> str:
    """Write `x` exactly, without exponent and never as `-0`.

    At least `min_digits` digits stand after the point, more only where the value needs them, so the
    text of a value is always the same. A fraction that no finite decimal equals is written `n/d`.
    """
    value = Fraction(x)
    digits = _digits_needed(value.denominator)
    if digits is None:
        return f"{value.numerator}/{value.denominator}"
    digits = max(digits, min_digits)
    scaled = abs(value.numerator) * 10**digits // value.denominator
    sign = "-" if value < 0 else ""
    if digits == 0:
        return f"{sign}{scaled}"
    padded = str(scaled).rjust(digits + 1, "0")
    return f"{sign}{padded[:-digits]}.{padded[-digits:]}"


def _digits_needed(denominator: int) -> int | None:
    """Count the digits after the point that 1/denominator needs; None if it never ends."""
    counts = []
    for prime in (2, 5):
        count = 0
        while denominator % prime == 0:
            denominator //= prime
            count += 1
        counts.append(count)
    return max(counts) if denominator == 1 else None
