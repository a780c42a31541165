from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.values.numbers import MAX_DIGITS, Rounding, decimal_text, parse_decimal, round_to

CENT = F(1, 100)
decimals = st.decimals(min_value=-(10**9), max_value=10**9, places=4).map(F)
steps = st.sampled_from([F(1), CENT, F(1, 20), F(1, 1000), F(5)])


@pytest.mark.parametrize(
    ("x", "half_up", "half_even", "up", "down"),
    [
        ("2.5", 3, 2, 3, 2),
        ("-2.5", -3, -2, -3, -2),
        ("3.5", 4, 4, 4, 3),
        ("2.4", 2, 2, 3, 2),
        ("-2.6", -3, -3, -3, -2),
        ("2", 2, 2, 2, 2),
        ("0", 0, 0, 0, 0),
    ],
)
def test_each_rounding(x: str, half_up: int, half_even: int, up: int, down: int) -> None:
    got = [round_to(F(x), F(1), mode) for mode in (Rounding.HALF_UP, Rounding.HALF_EVEN, Rounding.UP, Rounding.DOWN)]
    assert got == [half_up, half_even, up, down]


def test_rounding_to_cash() -> None:
    assert round_to(F("7.375"), F("0.05"), Rounding.HALF_UP) == F("7.4")
    assert round_to(F("7.37"), F("0.05"), Rounding.HALF_UP) == F("7.35")


@pytest.mark.parametrize("step", [F(0), F(-1)])
def test_a_step_is_above_zero(step: F) -> None:
    with pytest.raises(ValueError):
        round_to(F(1), step, Rounding.HALF_UP)


@given(decimals, steps, st.sampled_from(Rounding))
def test_rounding_laws(x: F, step: F, mode: Rounding) -> None:
    rounded = round_to(x, step, mode)
    assert (rounded / step).denominator == 1
    assert abs(rounded - x) < step
    assert round_to(rounded, step, mode) == rounded
    assert round_to(-x, step, mode) == -rounded
    if mode in (Rounding.HALF_UP, Rounding.HALF_EVEN):
        assert abs(rounded - x) <= step / 2
    else:
        assert (abs(rounded) >= abs(x)) if mode is Rounding.UP else (abs(rounded) <= abs(x))


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", F(0)), ("-0", F(0)), ("007.50", F(15, 2)), ("-1.25", F(-5, 4)), ("0.1", F(1, 10))],
)
def test_plain_decimals(text: str, value: F) -> None:
    assert parse_decimal(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+1",
        " 1",
        "1 ",
        "1.",
        ".5",
        "1e3",
        "1_000",
        "1,5",
        "--1",
        "NaN",
        "inf",
        "٣",
        "1\n",
        "1.2.3",
        "0x1",
    ],
)
def test_what_is_no_decimal(text: str) -> None:
    assert parse_decimal(text) is None


def test_the_number_of_digits_is_bounded() -> None:
    assert parse_decimal("9" * MAX_DIGITS) is not None
    assert parse_decimal("9" * (MAX_DIGITS + 1)) is None
    assert parse_decimal("9" * 20 + "." + "9" * 4) is not None
    assert parse_decimal("9" * 20 + "." + "9" * 5) is None


@pytest.mark.parametrize(
    ("x", "digits", "text"),
    [
        (F(7), 2, "7.00"),
        (F(7), 0, "7"),
        (F("0.125"), 2, "0.125"),
        (F("-0.05"), 1, "-0.05"),
        (F(0), 2, "0.00"),
        (F(1, 3), 2, "1/3"),
        (F(-5, 6), 0, "-5/6"),
        (12, 0, "12"),
        (F(10**23), 0, "1" + "0" * 23),
    ],
)
def test_exact_text(x: F | int, digits: int, text: str) -> None:
    assert decimal_text(x, digits) == text


@given(decimals, st.integers(0, 6))
def test_text_reads_back(x: F, digits: int) -> None:
    assert parse_decimal(decimal_text(x, digits)) == x
