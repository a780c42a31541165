from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.values.money import (
    Money,
    OutOfBounds,
    currencies,
    is_currency,
    largest_remainder,
    minor_digits,
    minor_unit,
    share,
    split_tenders,
)
from engine.values.numbers import Rounding

CENT = F(1, 100)
cents = st.integers(-(10**6), 10**6).map(lambda n: n * CENT)
weight_lists = st.lists(st.fractions(min_value=0, max_value=1000, max_denominator=50), min_size=1, max_size=8)


def taken(amount: F, whole: int, parts: list[int], step: F = CENT, mode: Rounding = Rounding.HALF_UP) -> list[F]:
    return [share(amount, part, whole, sum(parts[:i]), step, mode) for i, part in enumerate(parts)]


def test_currencies() -> None:
    assert [minor_digits(c) for c in ("USD", "JPY", "KWD", "CLF", "XAU", "usd")] == [2, 0, 3, 4, None, None]
    assert is_currency("EUR") and not is_currency("EURO")
    assert minor_unit("KWD") == F(1, 1000)
    with pytest.raises(KeyError):
        minor_unit("ZZZ")
    assert len(currencies()) == len(set(currencies())) > 160
    assert all(len(c) == 3 and c.isupper() and c.isascii() for c in currencies())


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        ("7", "USD", "7.00 USD"),
        ("-0.5", "EUR", "-0.50 EUR"),
        ("300", "JPY", "300 JPY"),
        ("1.005", "USD", "1.005 USD"),
    ],
)
def test_money_text(amount: str, currency: str, text: str) -> None:
    assert str(Money(F(amount), currency)) == text


def test_worked_number_1_three_units_one_at_a_time() -> None:
    assert taken(F(10), 3, [1, 1, 1]) == [F("3.33"), F("3.34"), F("3.33")]


def test_worked_number_2_tax_added() -> None:
    paid = 2 * F(100) - F(20)
    assert share(paid + paid * F(10, 100), 1, 2, 0, CENT) == F("99.00")


def test_worked_number_3_tax_inside() -> None:
    paid = 10 * F("23.90") * F(75, 100)
    assert share(paid, 10, 10, 0, CENT) == F("179.25")
    assert sum(taken(paid, 10, [1] * 10)) == F("179.25")


def test_worked_number_4_neither_component_passes_what_was_charged() -> None:
    net, tax, before = F(0), F(0), 0
    for refund in (32, 9, 8, 3, 6, 3):
        to_net = share(F(52), refund, 62, before, F(1))
        assert 0 <= to_net <= refund
        net, tax, before = net + to_net, tax + refund - to_net, before + refund
        assert net <= 52 and tax <= 10
    assert net + tax == 61


def test_worked_number_5_gift_card_first() -> None:
    order = ["gift_card", "any other"]
    room = [("card", F(75)), ("gift_card", F(25))]
    assert split_tenders(F(40), room, order) == [F(15), F(25)]
    room = [("card", F(60)), ("gift_card", F(0))]
    assert split_tenders(F(60), room, order) == [F(60), F(0)]


def test_worked_number_6_points_that_stay() -> None:
    assert 100 - share(F(100), F(75), F(100), 0, F(1)) == 25


def test_worked_number_9_payments_that_do_not_add_up() -> None:
    with pytest.raises(OutOfBounds, match=r"cannot take 0.01 of 100.01"):
        split_tenders(F("100.01"), [("card", F(75)), ("gift_card", F(25))], ["any other"])


@given(cents, st.lists(st.integers(0, 9), min_size=1, max_size=8), st.sampled_from(Rounding), st.randoms())
def test_shares_in_any_order_add_up(amount: F, parts: list[int], mode: Rounding, random: object) -> None:
    whole = sum(parts)
    if whole:
        random.shuffle(parts)  # type: ignore[attr-defined]
        got = taken(amount, whole, parts, mode=mode)
        assert sum(got) == amount
        assert all(one * amount >= 0 for one in got)


@pytest.mark.parametrize(("part", "whole", "before"), [(1, 0, 0), (1, -1, 0), (-1, 3, 1), (1, 3, -1), (2, 3, 2)])
def test_a_share_has_bounds(part: int, whole: int, before: int) -> None:
    with pytest.raises(OutOfBounds):
        share(F(10), part, whole, before, CENT)


@given(cents, weight_lists)
def test_a_split_adds_up(total: F, weights: list[F]) -> None:
    parts = largest_remainder(total, weights, CENT)
    assert sum(parts) == total and len(parts) == len(weights)
    assert all((part / CENT).denominator == 1 for part in parts)
    whole = sum(weights)
    exact = [total * w / whole if whole else total / len(weights) for w in weights]
    assert all(abs(part - want) < CENT for part, want in zip(parts, exact, strict=True))
    assert parts == [-part for part in largest_remainder(-total, weights, CENT)]


def test_split_ties_in_list_order() -> None:
    assert largest_remainder(F("0.05"), [1, 1, 1], CENT) == [F("0.02"), F("0.02"), F("0.01")]
    assert largest_remainder(F("0.05"), [0, 0], CENT) == [F("0.03"), F("0.02")]
    assert largest_remainder(F("-0.05"), [1, 1], CENT) == [F("-0.03"), F("-0.02")]
    assert largest_remainder(F("10"), [0, 3], CENT) == [F(0), F(10)]
    assert largest_remainder(F(0), [], CENT) == []


@pytest.mark.parametrize(
    ("total", "weights", "step"),
    [("0.005", [1], CENT), ("1", [1, -1], CENT), ("1", [], CENT), ("1", [1], F(0))],
)
def test_a_split_has_bounds(total: str, weights: list[F | int], step: F) -> None:
    with pytest.raises(OutOfBounds):
        largest_remainder(F(total), weights, step)


def test_tenders_of_one_rank_in_list_order_and_unnamed_kinds() -> None:
    room = [("card", F(10)), ("gift_card", F(5)), ("card", F(10)), ("points", F(7))]
    assert split_tenders(F(18), room, ["card"]) == [F(10), F(0), F(8), F(0)]
    assert split_tenders(F(18), room, ["any other", "card"]) == [F(6), F(5), F(0), F(7)]
    with pytest.raises(OutOfBounds):
        split_tenders(F(21), room, ["card"])
    with pytest.raises(OutOfBounds):
        split_tenders(F(-1), room, ["any other"])
    with pytest.raises(OutOfBounds):
        split_tenders(F(1), [("card", F(-1))], ["any other"])


@given(
    st.lists(st.tuples(st.sampled_from(["card", "gift_card", "bank"]), st.integers(0, 500).map(F)), min_size=1),
    st.permutations(["gift_card", "bank", "any other"]),
    st.fractions(0, 1, max_denominator=100),
)
def test_no_tender_gets_more_than_its_room(room: list[tuple[str, F]], order: list[str], rate: F) -> None:
    total = rate * sum(free for _, free in room)
    parts = split_tenders(total, room, order)
    assert sum(parts) == total
    assert all(0 <= part <= free for part, (_, free) in zip(parts, room, strict=True))
    rank = [order.index(kind if kind in order else "any other") for kind, _ in room]
    for i, part in enumerate(parts):
        if part:
            assert all(parts[j] == room[j][1] for j in range(len(room)) if (rank[j], j) < (rank[i], i))
