"""The schema of a case: a valid schema, complete for every fact, and the same vocabulary as the engine's types."""

import re
from collections.abc import Iterator

import jsonschema
import pytest

from engine.base.resources import schema
from engine.language.types import CHARGED, FactType, ListOf, MomentType, MoneyType, Record, Words
from engine.vocabulary.shared import MEMBER, SOURCES, lookup, vocabulary


def plain_facts(record: Record, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], FactType]]:
    for name, fact in record.fields:
        inside = fact.type.element if isinstance(fact.type, ListOf) else fact.type
        if isinstance(inside, Record):
            yield from plain_facts(inside, (*path, name))
        else:
            yield (*path, name), fact


def written_properties() -> Iterator[tuple[str, dict]]:
    document = schema("facts")
    for record, node in [("case", document), *document["$defs"].items()]:
        for name, written in node.get("properties", {}).items():
            if record != "moment":  # its one property is part of a type, not a fact
                yield f"{record}.{name}", written


FACTS = dict(plain_facts(vocabulary().root))


def test_the_schema_is_a_valid_schema_and_its_own_example_fits_it():
    document = schema("facts")
    jsonschema.Draft202012Validator.check_schema(document)
    for example in document["examples"]:
        assert list(jsonschema.Draft202012Validator(document).iter_errors(example)) == []


def test_every_property_says_what_it_is_and_every_plain_one_shows_an_example_that_fits():
    document = schema("facts")
    for name, written in written_properties():
        assert written.get("description", "").endswith("."), name
        if "x-source" in written:
            rules = {"$defs": document["$defs"], **written}
            for example in written["examples"]:
                assert list(jsonschema.Draft202012Validator(rules).iter_errors(example)) == [], name


def test_every_plain_fact_says_who_knows_it_and_how_to_ask():
    stages = vocabulary().stages
    for path, fact in FACTS.items():
        assert fact.source in SOURCES, path
        if fact.derived is None:
            assert fact.ask is not None and fact.ask.endswith("?"), path
        assert fact.known_from is None or fact.known_from in stages, path
        assert not fact.own


NAMES = """
order: id name placed_at currency channel market status is_gift is_bulk item_count lines lines_total shipping_paid
    total_paid last_delivery_at address_check tenders parcels
order.ship_to: country region postal_code timezone
order.bill_to: country region postal_code timezone
customer: type tier tags orders_count returns_count return_rate
line: id sku title category tags quantity asked returned_before unit_price discounts discount_kind tax_total paid
    is_final_sale is_gift_card is_custom is_preorder made_to_order origin points_earned remedy reason reason_category
    sent_back_at received_at inspected_at
line.production: status begun begun_at materials_cost
line.shipment: shipped_at service tracked
line.delivery: at status confirmed
parcel: came_back_because address_error_by
tender: kind provider captured refunded usable
request: kind at registered_at authorised lines whole_order channel pay_to reship_requested
request.evidence: photos order_number rma email form_enclosed trackable defect_proven
line.condition: unworn unwashed unspoiled tags_attached odor_free clean_soles hygiene_seal_intact original_packaging
    opened resaleable
line.exchange: change in_stock same_value
line.inspection: fault_found
line.stock: replacement_available
refund: requested approved_at
quote: calculator
"""


@pytest.mark.parametrize("entry", re.split(r"\n(?! )", NAMES.strip()))
def test_the_agreed_names_are_there(entry):
    record, names = entry.split(":")
    missing = [name for name in names.split() if vocabulary().lookup((*record.split("."), name)) is None]
    assert missing == []


def test_a_path_finds_its_fact_with_numbers_with_stars_and_by_the_name_of_the_record():
    shared = vocabulary()
    category = shared.lookup(("request", "lines", "category"))
    assert category is not None and isinstance(category.type, Words)
    for parts in [
        ("request", "lines", 0, "category"),
        ("request", "lines", MEMBER, "category"),
        ("order", "lines", 3, "category"),
        ("line", "category"),
    ]:
        assert shared.lookup(parts) == category
    assert shared.lookup(("line", "discounts", 0, "amount")) == shared.lookup(("discount", "amount"))
    assert shared.lookup(("line", "remedy")) is not None  # a fact that only a line of the request has
    assert shared.lookup(("order", "lines", "remedy")) is None
    for nothing in [(), ("line",)[:0], ("nothing",), ("order", "nothing"), ("order", "id", "part"), ("as_of",)]:
        assert shared.lookup(nothing) is None
    assert lookup(shared.root, ("line", "category")) is None  # names of records are told by the vocabulary


def test_a_line_of_the_request_has_all_facts_of_a_line_of_the_order():
    shared = vocabulary()
    order, request = shared.lookup(("order", "lines")), shared.lookup(("request", "lines"))
    assert order is not None and request is not None
    assert isinstance(order.type, ListOf) and isinstance(request.type, ListOf)
    assert isinstance(order.type.element, Record) and isinstance(request.type.element, Record)
    mine = {(name, fact) for name, fact in order.type.element.fields if name != "asked"}
    assert mine < set(request.type.element.fields)
    asked = order.type.element.get("asked")
    assert (
        asked is not None and asked.derived is not None
    )  # a line of the order is asked for as often as the request says


def test_the_places_of_records_are_known():
    assert vocabulary().places["line"] == (("order", "lines"), ("request", "lines"))
    assert vocabulary().places["parcel"] == (("parcel",), ("order", "parcels"))
    assert vocabulary().places["tender"] == (("order", "tenders"),)
    assert "order" not in vocabulary().places


def test_conditions_on_facts_name_facts():
    conditions = {path: fact.only_when for path, fact in FACTS.items() if fact.only_when}
    assert ("request", "lines", "delivery", "at") in conditions
    for condition in conditions.values():
        for name in re.findall(r"[a-z_]+(?:\.[a-z_]+)+", condition):
            assert vocabulary().lookup(name.split(".")) is not None, condition


def test_the_standard_questions_are_a_closed_list_with_one_line_each():
    decisions = vocabulary().decisions
    expected = """cancellation return refund payout exchange return_shipping reshipment shipping_quote order_acceptance
        lost_parcel taxes_and_duties store_credit late_refund out_of_stock bulk_order dispatch delivery_estimate
        signature address_change warranty price_adjustment subscription"""
    assert set(expected.split()) <= set(decisions)
    for line in decisions.values():
        assert line.endswith("?") and "\n" not in line and len(line) < 100


def test_amounts_are_in_the_orders_currency_and_events_are_moments():
    paid, delivered = vocabulary().lookup(("line", "paid")), vocabulary().lookup(("line", "delivery", "at"))
    assert paid is not None and paid.type == MoneyType(CHARGED) and paid.minimum == 0
    assert delivered is not None and isinstance(delivered.type, MomentType) and delivered.source == "carrier"
    for path, fact in FACTS.items():
        assert isinstance(fact.type, MomentType) == (path[-1].endswith("_at") or path[-1] in ("at", "since")), path


def test_countries_are_a_closed_list_and_production_is_in_order():
    country, status = (
        vocabulary().lookup(("order", "ship_to", "country")),
        vocabulary().lookup(("line", "production", "status")),
    )
    assert country is not None and isinstance(country.type, Words) and country.type.closed
    assert {"US", "NO", "GB", "XK"} <= set(country.type.words) and len(country.type.words) == 250
    assert status is not None
    assert status.type == Words(("not_started", "materials_ordered", "started", "done"), ordered=True)


def test_a_preset_speaks_of_flags_and_counts_only():
    preset = vocabulary().presets["nothing_unusual"]
    patterns = [pattern for pattern, _ in preset]
    assert len(set(patterns)) == len(patterns)
    assert ("request", "lines", MEMBER, "is_final_sale") in patterns and ("order", "is_gift") in patterns
    for pattern, value in preset:
        fact = vocabulary().lookup(pattern)
        assert fact is not None
        assert value in (False, True, 0, "sale"), pattern
        if pattern[:2] == ("order", "lines"):
            assert (("request", *pattern[1:]), value) in preset  # whatever is assumed of one is assumed of the other
