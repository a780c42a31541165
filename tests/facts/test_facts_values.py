"""One fact at a time: what is taken, as which value, and every kind of bad fact with its whole diagnostic."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

import pytest
from facts_support import PROGRAM, case_of, facts, told, with_fact

from engine.base.resources import schema
from engine.facts.decode import decode
from engine.values.moments import NotYet
from engine.values.money import Money


class Remedy(StrEnum):
    REFUND = "refund"


@pytest.mark.parametrize(
    ("path", "raw", "value"),
    [
        ("order.is_gift", True, True),
        ("order.name", "#1001 é", "#1001 é"),
        ("order.channel", "kiosk", "kiosk"),
        ("request.lines[0].remedy", Remedy.REFUND, "refund"),
        ("order.address_check", "partial", "partial"),
        ("order.lines[0].production.status", "started", "started"),
        ("order.ship_to.country", "NO", "NO"),
        ("order.item_count", 3, 3),
        ("order.item_count", Decimal("3.0"), 3),
        ("order.weight_kg", "1.250", Fraction(5, 4)),
        ("order.weight_kg", Decimal("1.25"), Fraction(5, 4)),
        ("order.weight_kg", 2, Fraction(2)),
        ("customer.return_rate", "20%", Fraction(1, 5)),
        ("customer.return_rate", "12.5 %", Fraction(1, 8)),
        ("order.total_paid", "12.50", Money(Fraction(25, 2), "USD")),
        ("order.total_paid", "12.5000", Money(Fraction(25, 2), "USD")),
        ("order.total_paid", Decimal("12.5"), Money(Fraction(25, 2), "USD")),
        ("order.total_paid", Decimal("1.2E+1"), Money(Fraction(12), "USD")),
        ("order.total_paid", 12, Money(Fraction(12), "USD")),
        ("order.total_paid", "99999999999.99", Money(Fraction(9999999999999, 100), "USD")),
        ("request.lines[0].exchange.price_difference", "-5.00", Money(Fraction(-5), "USD")),
        ("order.promised_on", "2026-03-10", date(2026, 3, 10)),
        ("order.promised_on", date(2026, 3, 10), date(2026, 3, 10)),
        ("order.placed_at", "2026-03-01", date(2026, 3, 1)),
        ("order.placed_at", date(2026, 3, 1), date(2026, 3, 1)),
        ("order.placed_at", "2026-03-01T18:20:00-07:00", datetime(2026, 3, 2, 1, 20, tzinfo=UTC)),
        ("order.placed_at", "2026-03-02T01:20:00Z", datetime(2026, 3, 2, 1, 20, tzinfo=UTC)),
        (
            "order.placed_at",
            datetime(2026, 3, 1, 18, 20, tzinfo=timezone(timedelta(hours=-7))),
            datetime(2026, 3, 2, 1, 20, tzinfo=UTC),
        ),
        ("order.cancelled_at", {"not_by": "2026-03-02T01:20:00Z"}, NotYet(datetime(2026, 3, 2, 1, 20, tzinfo=UTC))),
        ("order.ship_to.timezone", "America/Denver", "America/Denver"),
        ("order.tags[0]", "vip", "vip"),
        ("order.studio_note", "handle with care", "handle with care"),
        ("request.lines[0].engraving.depth_mm", "1.5", Fraction(3, 2)),
        ("workshop.opens", "late", "late"),
        ("workshop.discount", "50%", Fraction(1, 2)),
    ],
)
def test_a_good_fact_is_read_as_its_value(path, raw, value):
    case = case_of(with_fact(path, raw))
    assert case.errors == ()
    found = facts(case)[path]
    assert found == value and type(found) is type(value)
    if isinstance(value, datetime):
        assert found.tzinfo is UTC


def resolved(node):
    """A node of the schema together with what it refers to."""
    defs = schema("facts")["$defs"]
    merged = {**resolved(defs[node["$ref"].removeprefix("#/$defs/")]), **node} if "$ref" in node else dict(node)
    for part in merged.get("allOf", ()):
        merged["properties"] = {**resolved(part)["properties"], **merged["properties"]}
    return merged


def example_documents(node):
    """For each example of each plain fact below a record of the schema: the smallest document that gives it."""
    for name, written in resolved(node)["properties"].items():
        inner = resolved(written)
        if inner.get("x-control") or ("x-derived" in inner and "x-ask" not in inner):
            continue
        if "x-ask" in inner:
            yield from ({name: example} for example in inner["examples"])
        elif "items" in inner:
            yield from ({name: [document]} for document in example_documents(inner["items"]))
        else:
            yield from ({name: document} for document in example_documents(inner))


def test_every_example_of_the_vocabulary_is_read():
    documents = list(example_documents(schema("facts")))
    assert len(documents) > 300
    for document in documents:
        case = case_of({"stage": "concluded", "as_of": "2027-01-01T00:00:00Z", **document})
        assert case.errors == (), document
        assert len(case.facts) == 1 or len(case.lengths) == 1, document


def test_a_fact_that_is_worked_out_is_never_given():
    case = case_of({"order": {"kept_total": "12.00", "lines": [{"id": "a", "kept": 1}]}})
    assert [(where, code) for where, code, *_ in told(case)] == [
        ("order.kept_total", "fact-derived"),
        ("order.lines[0].kept", "fact-derived"),
    ]


def test_one_bad_fact_leaves_the_others_alone():
    case = case_of({"order": {"is_gift": 7, "is_bulk": False, "lines": [{"id": "a", "paid": "x"}, {"id": "b"}]}})
    assert facts(case) == {"order.is_bulk": False, "order.lines[0].id": "a", "order.lines[1].id": "b"}
    assert [where for where, *_ in told(case)] == ["order.is_gift", "order.lines[0].paid"]


def test_null_is_unknown_everywhere():
    case = case_of(
        {"as_of": None, "stage": None, "assume": None, "order": None, "request": {"at": None, "lines": None}}
    )
    assert case.errors == () and facts(case) == {} and case.lengths == {}
    assert case.stage == "request" and case.stage_assumed and case.as_of is None


def test_the_smallest_coin_is_the_currencys():
    for currency, good, bad, coin in [("JPY", "120", "120.5", "1 JPY"), ("KWD", "1.255", "1.2555", "0.001 KWD")]:
        assert case_of({"order": {"total_paid": good}}, currency).errors == ()
        [(_, code, _, help, _)] = told(case_of({"order": {"total_paid": bad}}, currency))
        assert (code, help) == ("fact-range", f"the smallest coin is {coin}")


def test_a_name_or_text_that_cannot_be_printed_is_shown_safely():
    [(path, _, message, _, where)] = told(case_of({"order": {"a\nb\ud800`": 1}}))
    assert (path, where) == ("order.a\\u000ab\\ud800\\u0060",) * 2
    assert message == "no fact has the name `a\\u000ab\\ud800\\u0060` in `order`"
    [(path, *_)] = told(case_of({5: 1}))
    assert path == "5"
    [(_, _, message, _, _)] = told(case_of({"order": {"is_gift": "x" * 100}}))
    assert message == f"`{'x' * 57}...` is not true or false"


def test_any_mapping_will_do():
    case = decode(
        MappingProxyType({"order": MappingProxyType({"is_gift": True, "tags": ("a",)})}),
        PROGRAM,
        currency="USD",
        timezone="UTC",
    )
    assert facts(case) == {"order.is_gift": True, "order.tags[0]": "a"}
    assert case.lengths == {("order", "tags"): 1}
