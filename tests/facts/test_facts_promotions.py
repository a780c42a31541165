"""Lines of promotions: each names an order line, and what cannot be right about it is an error at its path."""

import pytest
from facts_support import case_of, facts, told


def offer(*lines, order=({"id": "a"}, {"id": "b"}), **more):
    """A case with one promotion."""
    promotion = {"id": "spring", "lines": list(lines), **more}
    given = {"promotions": [promotion]} | ({} if order is None else {"lines": list(order)})
    return case_of({"order": given})


def places(case):
    """Where the case is wrong, and what is said of it."""
    return {(path, message) for path, _, message, _, _ in told(case)}


FIRST, SECOND = "order.promotions[0].lines[0]", "order.promotions[0].lines[1]"


def test_what_a_promotion_says_of_its_lines_is_all_that_stands_there():
    case = offer({"id": "b", "role": "rewarded", "discount": "2.00"}, {"id": "a"}, discount_total="2.00")
    assert case.errors == ()
    said = {path: value for path, value in facts(case).items() if path.startswith("order.promotions[0].lines")}
    assert set(said) == {f"{FIRST}.id", f"{FIRST}.role", f"{FIRST}.discount", f"{SECOND}.id"}


def test_an_id_that_no_line_of_the_order_has_is_an_error_with_the_nearest():
    case = offer({"id": "item1"}, {"id": "iteml", "role": "rewarded"}, order=[{"id": "item1"}])
    message = "no line of the order has the id `iteml`"
    where = f"{SECOND}.id"
    assert told(case) == [(place, "fact-join", message, "did you mean `item1`?", where) for place in (SECOND, where)]
    assert f"{SECOND}.role" not in facts(case)


def test_an_order_without_lines_has_no_line_for_a_promotion():
    assert [path for path, *_ in told(offer({"id": "a"}, order=[]))] == [FIRST, f"{FIRST}.id"]


@pytest.mark.parametrize("order", [None, [{"id": "b"}, {"quantity": 1}]])
def test_a_line_that_nobody_has_named_yet_may_be_the_one(order):
    assert offer({"id": "a"}, order=order).errors == ()


def test_a_line_of_a_promotion_may_lack_its_id():
    assert offer({"role": "rewarded"}, {"role": "rewarded"}).errors == ()


@pytest.mark.parametrize("order", [None, [{"id": "a"}], [{"id": "a"}, {}]])
def test_one_line_twice_in_a_promotion_leaves_its_lines_without_facts(order):
    case = offer({"id": "a", "discount": "1.00"}, {"id": "a"}, order=order, discount_total="0.50")
    message = "two lines of the offer have the id `a`"
    assert places(case) == {("order.promotions[0].lines", message), (f"{SECOND}.id", message)}
    assert not any(path.startswith("order.promotions[0].lines") for path in facts(case))


def test_one_line_may_be_in_two_promotions():
    promotions = [{"lines": [{"id": "a"}]}, {"lines": [{"id": "a"}]}]
    assert case_of({"order": {"lines": [{"id": "a"}], "promotions": promotions}}).errors == ()


def test_a_line_whose_id_two_order_lines_have_is_wrong_in_a_promotion_too():
    case = offer({"id": "a", "role": "rewarded"}, {"id": "b"}, order=[{"id": "a"}, {"id": "a"}, {"id": "b"}])
    assert {path for path, _ in places(case)} == {FIRST, "order.lines[1].id"}
    assert f"{FIRST}.role" not in facts(case)


@pytest.mark.parametrize(
    ("total", "discounts", "wrong"),
    [
        ("3.00", ("1.00", "2.00"), False),
        ("3.00", ("1.00", "1.99"), False),  # the rest is off the postage
        ("3.00", ("1.00", None), False),
        ("3.00", ("1.00", "2.01"), True),
        ("3.00", ("3.01", None), True),
        (None, ("1.00", "2.00"), False),
        ("0.00", (None, None), False),
    ],
)
def test_discounts_come_to_what_the_offer_took_off_at_most(total, discounts, wrong):
    lines = [{"id": name, "discount": one} for name, one in zip("ab", discounts, strict=True)]
    case = offer(*lines, discount_total=total)
    given = {f"{place}.discount" for place, one in zip((FIRST, SECOND), discounts, strict=True) if one}
    found = {path for path, *_ in told(case)}
    assert found == (given | {"order.promotions[0].discount_total"} if wrong else set())
    if wrong:
        off = "3.01 USD"
        said = "more than `3.00 USD`, which the offer took off in all"
        assert {message for _, message in places(case)} == {
            f"the discounts of the offer's lines come to `{off}`, {said}"
        }


@pytest.mark.parametrize("where", ["discount_total", "threshold", "taken_back_before", "lines[0].discount"])
def test_amounts_below_zero_are_errors(where):
    lines = [{"id": "a", "discount": "-0.01"}] if where.startswith("lines") else [{"id": "a"}]
    case = offer(*lines, **({} if where.startswith("lines") else {where: "-0.01"}))
    assert [(path, code) for path, code, *_ in told(case)] == [(f"order.promotions[0].{where}", "fact-range")]


@pytest.mark.parametrize(
    ("fact", "value"), [("list_price", "3.00"), ("delivery", {"at": "2026-03-01"}), ("tags", ["x"]), ("engraving", {})]
)
def test_a_fact_of_the_order_line_is_not_taken_from_a_promotion(fact, value):
    case = offer({"id": "a", fact: value}, order=[{"id": "a", "list_price": "3.00"}])
    message = "this is a fact of the order line that `id` names"
    path = f"{FIRST}.{fact}"
    assert told(case) == [(path, "fact-join", message, "send it once, with the order's line", path)]


def test_what_is_worked_out_is_not_taken_from_a_promotion_either():
    assert [(path, code) for path, code, *_ in told(offer({"id": "a", "kept": 1}))] == [
        (f"{FIRST}.kept", "fact-derived")
    ]


def test_many_promotions_that_are_all_wrong_take_no_time():
    order = [{"id": "a", "quantity": 1}] * 2 + [{"id": str(number), "quantity": 1} for number in range(900)]
    promotions = [{"lines": [{"id": "a"}]} for _ in range(500)]
    case = case_of({"order": {"lines": order, "promotions": promotions}})
    assert len(case.errors) == 501
