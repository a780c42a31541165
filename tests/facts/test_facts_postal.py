"""The parts of postal codes in a case: worked out, given, contradicted, missing."""

import itertools

import pytest
from facts_support import case_of, facts, told, with_fact

PLACES = ("order.ship_to", "order.bill_to", "request.new_address")


def parts(case, place="order.ship_to"):
    found = facts(case)
    return tuple(found.get(f"{place}.postal.{name}") for name in ("area", "district", "prefix3"))


def address(**told_facts):
    return case_of({"order": {"ship_to": told_facts}})


@pytest.mark.parametrize("place", PLACES)
def test_every_address_has_the_parts_of_its_code(place):
    case = case_of(with_fact(place, {"country": "GB", "postal_code": "qx4 7ab"}))
    assert told(case) == []
    assert parts(case, place) == ("QX", 4, "QX4")
    assert {path[-1] for path in case.worked_out} == {"area", "district", "prefix3"}
    assert facts(case)[f"{place}.postal_code"] == "qx4 7ab"


@pytest.mark.parametrize(
    "given",
    [{"country": "GB"}, {"postal_code": "QX4 7AB"}, {}, {"country": "AE", "postal_code": "1"}, {"country": None}],
)
def test_without_code_or_country_or_an_entry_in_the_table_there_are_no_parts(given):
    case = address(**given)
    assert told(case) == []
    assert parts(case) == (None, None, None)
    assert case.worked_out == frozenset()


def test_parts_that_are_given_are_evened_and_need_no_code():
    case = address(country="AE", postal={"area": "q x", "district": 4, "prefix3": "qx-4"})
    assert told(case) == []
    assert parts(case) == ("QX", 4, "QX4")
    assert case.worked_out == frozenset()


def test_what_is_given_may_say_the_same_as_the_code():
    case = address(country="GB", postal_code="QX4 7AB", postal={"area": "qx", "district": 4})
    assert told(case) == []
    assert parts(case) == ("QX", 4, "QX4")
    assert [path[-1] for path in case.worked_out] == ["prefix3"]


def test_a_code_that_does_not_fit_its_country_is_an_error_at_its_path():
    case = address(country="CA", postal_code="80302")
    help = "in CA it is letter, digit, letter; then digit, letter, digit, such as `K1A 0B1`"
    path = "order.ship_to.postal_code"
    assert told(case) == [(path, "fact-postal-code", "`80302` is not a postal code of `CA`", help, path)]
    assert parts(case) == (None, None, None)


@pytest.mark.parametrize(
    ("name", "value", "right"), [("area", "IV", "QX"), ("district", 5, 4), ("prefix3", "QX5", "QX4")]
)
def test_a_part_that_contradicts_the_code_is_an_error_at_its_path(name, value, right):
    case = address(country="GB", postal_code="QX4 7AB", postal={name: value})
    path = f"order.ship_to.postal.{name}"
    message = f"`{value}` is given, but in the postal code `QX4 7AB` it is `{right}`"
    help = "leave it out, or correct one of the two"
    assert told(case) == [(path, "fact-postal-part", message, help, path)]
    assert path not in facts(case)


@pytest.mark.parametrize(
    ("name", "value", "message", "help"),
    [
        ("area", "QX4", "`QX4` is not the area of any postal code", "write letters or digits only, such as `QX`"),
        ("area", "", "empty text is not the area of any postal code", "write letters or digits only, such as `QX`"),
        (
            "prefix3",
            "QX",
            "`QX` is not the prefix3 of any postal code",
            "write three letters and digits, such as `QX4`",
        ),
        ("district", -1, "`-1` is less than 0", "it lies between 0 and 9999"),
    ],
)
def test_a_part_that_no_code_has_is_out_of_range(name, value, message, help):
    path = f"order.ship_to.postal.{name}"
    assert told(address(postal={name: value})) == [(path, "fact-range", message, help, path)]


def test_a_wrong_part_gets_no_value_from_the_code():
    case = address(country="GB", postal_code="QX4 7AB", postal={"area": 5})
    assert [one[:2] for one in told(case)] == [("order.ship_to.postal.area", "fact-wrong-kind")]
    assert parts(case) == (None, 4, "QX4")


def test_the_order_of_keys_changes_nothing():
    items = {"country": "GB", "postal_code": "QX4 7AB", "postal": {"district": 4}}
    cases = [address(**dict(one)) for one in itertools.permutations(items.items())]
    assert len({(tuple(sorted(facts(case).items(), key=str)), case.worked_out, case.digest) for case in cases}) == 1
