"""Lines of the request and lines of the order: joined by id, never contradicting each other in silence."""

from datetime import UTC, datetime
from fractions import Fraction

from facts_support import case_of, facts, told

from engine.values.money import Money

ONCE = "send it once, with the order"


def lines(order, request, **more):
    return case_of({"order": {"lines": order}, "request": {"lines": request}, **more})


def of_request(case, number=0):
    start = f"request.lines[{number}]."
    return {path.removeprefix(start): value for path, value in facts(case).items() if path.startswith(start)}


def test_a_request_line_has_every_fact_of_its_order_line():
    order = {
        "id": "a",
        "category": "hats",
        "paid": "12.50",
        "tags": ["x", "y"],
        "discounts": [{"kind": "percentage", "amount": "1.00"}, {"amount": "2.00"}],
        "delivery": {"status": "delivered", "at": "2026-03-09T12:00:00Z"},
        "engraving": {"text": "Ada"},
        "returned_before": 0,
    }
    case = lines([{"id": "b", "category": "socks"}, order], [{"id": "a", "asked": 1}])
    assert case.errors == ()
    assert of_request(case) == {
        "id": "a",
        "asked": 1,
        "category": "hats",
        "paid": Money(Fraction(25, 2), "USD"),
        "tags[0]": "x",
        "tags[1]": "y",
        "discounts[0].kind": "percentage",
        "discounts[0].amount": Money(Fraction(1), "USD"),
        "discounts[1].amount": Money(Fraction(2), "USD"),
        "delivery.status": "delivered",
        "delivery.at": datetime(2026, 3, 9, 12, tzinfo=UTC),
        "engraving.text": "Ada",
        "returned_before": 0,
    }
    assert case.lengths[("request", "lines", 0, "tags")] == case.lengths[("request", "lines", 0, "discounts")] == 2


def test_the_fields_of_a_record_are_joined_one_by_one():
    case = lines(
        [{"id": "a", "delivery": {"status": "delivered", "confirmed": True}}],
        [{"id": "a", "delivery": {"at": "2026-03-09", "confirmed": True}}],
    )
    assert case.errors == ()
    assert set(of_request(case)) == {"id", "delivery.status", "delivery.at", "delivery.confirmed"}


def test_two_request_lines_may_name_one_order_line():
    case = lines(
        [{"id": "a", "quantity": 3}],
        [{"id": "a", "asked": 1, "condition": {"opened": True}}, {"id": "a", "asked": 1}],
    )
    assert case.errors == ()
    assert of_request(case, 0)["quantity"] == of_request(case, 1)["quantity"] == 3
    assert "condition.opened" not in of_request(case, 1)


def test_what_both_say_alike_is_fine_in_any_spelling():
    case = lines(
        [{"id": "a", "paid": "12.50", "tags": ["x"], "shipment": {"shipped_at": "2026-03-03T15:00:00-07:00"}}],
        [{"id": "a", "paid": "12.5", "tags": ["x"], "shipment": {"shipped_at": "2026-03-03T22:00:00Z"}}],
    )
    assert case.errors == ()


def test_what_both_say_differently_is_an_error_at_the_request():
    case = lines(
        [{"id": "a", "paid": "12.50", "is_custom": True, "delivery": {"at": "2026-03-09"}, "quantity": 2}],
        [{"id": "a", "paid": "12.00", "is_custom": False, "delivery": {"at": {"not_by": "2026-03-08T00:00:00Z"}}}],
    )
    assert told(case) == [
        (path, "fact-join", message, ONCE, path)
        for path, message in [
            (
                "request.lines[0].delivery.at",
                "`not by 2026-03-08T00:00:00Z` differs from the order's line, which has `2026-03-09`",
            ),
            ("request.lines[0].is_custom", "`false` differs from the order's line, which has `true`"),
            ("request.lines[0].paid", "`12.00 USD` differs from the order's line, which has `12.50 USD`"),
        ]
    ]
    assert of_request(case) == {"id": "a", "quantity": 2}
    assert facts(case)["order.lines[0].is_custom"] is True


def test_a_list_is_joined_as_a_whole():
    case = lines(
        [{"id": "a", "tags": ["x", "y"], "discounts": [{"amount": "1.00"}]}],
        [{"id": "a", "tags": ["x"], "discounts": []}],
    )
    message = "the list differs from the one of the order's line"
    assert told(case) == [
        (path, "fact-join", message, ONCE, path) for path in ("request.lines[0].discounts", "request.lines[0].tags")
    ]
    assert of_request(case) == {"id": "a"}
    assert not any(path[:1] == ("request",) and len(path) > 2 for path in case.lengths)
    empty = lines([{"id": "a", "tags": []}], [{"id": "a"}])
    assert empty.lengths[("request", "lines", 0, "tags")] == 0


def test_an_id_that_the_order_does_not_have_is_an_error_with_the_nearest():
    case = lines([{"id": "item1", "quantity": 2}, {"id": "other"}], [{"id": "iteml"}])
    message = "no line of the order has the id `iteml`"
    where = "request.lines[0].id"
    assert told(case) == [  # nothing of that line can be relied on
        (place, "fact-join", message, "did you mean `item1`?", where) for place in ("request.lines[0]", where)
    ]
    assert of_request(case) == {}


def test_an_id_may_be_that_of_an_order_line_whose_own_is_not_known():
    case = lines([{"id": "a", "quantity": 2}, {"quantity": 3}], [{"id": "b", "asked": 1}])
    assert case.errors == ()
    assert of_request(case) == {"id": "b", "asked": 1}


def test_more_units_than_can_come_back_are_named():
    bought = {"id": "a", "quantity": 3, "returned_before": 1}
    for asked, wrong in [([2], []), ([3], [0]), ([1, 1], []), ([1, 2], [1])]:
        case = lines([bought], [{"id": "a", "asked": units} for units in asked])
        assert [where for where, *_ in told(case)] == [f"request.lines[{i}].asked" for i in wrong]
    (problem,) = told(lines([bought], [{"id": "a", "asked": 3}]))
    assert problem[2] == "3 are asked for, but only 2 can come back"


def test_two_order_lines_with_one_id_leave_the_request_lines_that_name_it_without_facts():
    case = lines(
        [{"id": "a", "quantity": 1}, {"id": "a", "quantity": 2}, {"id": "b", "quantity": 3}],
        [{"id": "a", "asked": 1}, {"id": "b", "asked": 1}],
    )
    found = ("fact-join", "two lines of the order have the id `a`", "each line of an order has an `id` of its own")
    assert told(case) == [
        ("order.lines[1].id", *found, "order.lines[1].id"),
        ("request.lines[0]", *found, "order.lines[1].id"),
    ]
    assert of_request(case, 0) == {}
    assert of_request(case, 1) == {"id": "b", "asked": 1, "quantity": 3}


def test_without_ids_or_without_lines_of_the_order_nothing_is_joined_or_wrong():
    for document in [
        {"request": {"lines": [{"id": "a", "asked": 1}]}},
        {"order": {"lines": []}, "request": {"lines": [{"id": "a", "asked": 1}]}},
        {"order": {"lines": [{"quantity": 2}]}, "request": {"lines": [{"id": "a", "asked": 1}]}},
        {"order": {"lines": [{"id": "b", "quantity": 2}]}, "request": {"lines": [{"asked": 1}]}},
    ]:
        case = case_of(document)
        assert case.errors == ()
        assert "request.lines[0].quantity" not in facts(case)


def test_a_bad_fact_of_the_order_line_is_bad_in_the_request_line_too():
    case = lines(
        [{"id": "a", "paid": "3.333", "tags": [5], "delivery": "soon", "is_custom": 1, "quantity": 2}],
        [{"id": "a", "is_custom": False, "tags": ["x"]}],
    )
    places = {path: where for path, _, _, _, where in told(case)}
    assert places == {
        "order.lines[0].delivery": "order.lines[0].delivery",
        "order.lines[0].is_custom": "order.lines[0].is_custom",
        "order.lines[0].paid": "order.lines[0].paid",
        "order.lines[0].tags[0]": "order.lines[0].tags[0]",
        "request.lines[0].delivery": "order.lines[0].delivery",
        "request.lines[0].paid": "order.lines[0].paid",
    }
    assert of_request(case) == {"id": "a", "is_custom": False, "tags[0]": "x", "quantity": 2}


def test_a_bad_fact_of_the_request_line_is_not_mended_by_the_order():
    case = lines(
        [{"id": "a", "quantity": 2, "delivery": {"status": "delivered"}, "tags": ["x"], "paid": "5.00"}],
        [{"id": "a", "quantity": "two", "delivery": "soon", "tags": [5]}],
    )
    assert [path for path, *_ in told(case)] == [
        "request.lines[0].delivery",
        "request.lines[0].quantity",
        "request.lines[0].tags[0]",
    ]
    assert of_request(case) == {"id": "a", "paid": Money(Fraction(5), "USD")}
