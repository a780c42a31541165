"""One fact at a time: what is taken, as which value, and every kind of bad fact with its whole diagnostic."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from types import MappingProxyType

import pytest
from facts_support import PROGRAM, case_of, facts, told

from engine.base.resources import schema
from engine.facts.decode import decode
from engine.language.case import parse_path
from engine.values.moments import NotYet
from engine.values.money import Money

INSTANT = "write e.g. 2026-03-06T09:00:00+01:00"
MOMENT = 'write e.g. 2026-03-06T09:00:00+01:00, or 2026-03-06, or {"not_by": "2026-03-06T09:00:00+01:00"}'
COVERED = "days from 1900-01-01 to 2200-12-31 are covered"
AMOUNT = 'write it like "12.50": digits, one point, no sign of a currency'
NUMBER = 'write it like "12.50": digits and one point'


class Remedy(str, Enum):
    REFUND = "refund"


def with_fact(path, value):
    """A document with one fact; a number in the path stands for a list of one member."""
    document = value
    for part in reversed(parse_path(path)):
        document = [document] if isinstance(part, int) else {part: document}
    return document


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
        if inner.get("x-control"):
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


BAD = [
    ("order.is_gift", "true", "fact-wrong-kind", "`true` is not true or false", "write true or false, without quotes"),
    ("order.is_gift", 1, "fact-wrong-kind", "`1` is not true or false", "write true or false, without quotes"),
    ("order.is_gift", {}, "fact-wrong-kind", "a record is not true or false", "write true or false, without quotes"),
    ("order.name", 1001, "fact-wrong-kind", "`1001` is not text", 'put it in quotes: "1001"'),
    ("order.name", True, "fact-wrong-kind", "`true` is not text", "write text in double quotes"),
    ("order.name", b"x", "fact-wrong-kind", "something that is neither text, number, record nor list is not text", "write text in double quotes"),
    ("order.name", "x" * 10_001, "fact-range", "the text has more than 10,000 characters", "send what the rules need"),
    ("order.name", "a\ud800b", "fact-wrong-kind", "`a\\ud800b` holds half a character", "send whole UTF-8 text"),
    ("order.channel", 5, "fact-wrong-kind", "`5` is not a word", "it can be `web`, `app`, `shop`, `outlet`, `phone`, `email`, `social`, `marketplace`, `reseller`, `pick_up`"),
    ("order.address_check", "matched", "fact-unknown-word", "`matched` is not a word of this fact", "did you mean `match`?"),
    ("order.address_check", "", "fact-unknown-word", "empty text is not a word of this fact", "it can be `match`, `partial`, `mismatch`"),
    ("order.ship_to.country", "USA", "fact-unknown-word", "`USA` is not a word of this fact", "it is one of 250 words, such as `AD` and `AE`"),
    ("order.ship_to.country", "no", "fact-unknown-word", "`no` is not a word of this fact", "did you mean `NO`?"),
    ("order.lines[0].production.status", "Started", "fact-unknown-word", "`Started` is not a word of this fact", "did you mean `started`?"),
    ("order.item_count", "3", "fact-wrong-kind", "`3` is not a whole number", "write digits only, without quotes"),
    ("order.item_count", Decimal("3.5"), "fact-wrong-kind", "`3.5` is not a whole number", "write digits only, without quotes"),
    ("order.item_count", True, "fact-wrong-kind", "`true` is not a whole number", "write digits only, without quotes"),
    ("order.item_count", 3.0, "fact-float", "`3.0` is a binary number, which has no exact decimal value", 'send it as text: "3.0"'),
    ("order.item_count", -1, "fact-range", "`-1` is less than 0", "it is 0 or more"),
    ("order.item_count", 10**15, "fact-range", "`1000000000000000` is beyond what stays exact", "stay below 1,000,000,000,000,000"),
    ("order.item_count", 10**5000, "fact-range", "`...000000` is beyond what stays exact", "stay below 1,000,000,000,000,000"),
    ("order.item_count", Decimal("1E+999999"), "fact-wrong-kind", "`1E+999999` is not a whole number", "write digits only, without quotes"),
    ("order.weight_kg", "1,5", "fact-wrong-kind", "`1,5` is not a number", NUMBER),
    ("order.weight_kg", "١٢", "fact-wrong-kind", "`١٢` is not a number", NUMBER),
    ("order.weight_kg", " 1", "fact-wrong-kind", "` 1` is not a number", NUMBER),
    ("order.weight_kg", float("nan"), "fact-float", "`nan` is a binary number, which has no exact decimal value", 'send a number as text, such as "12.50"'),
    ("order.weight_kg", float("inf"), "fact-float", "`inf` is a binary number, which has no exact decimal value", 'send a number as text, such as "12.50"'),
    ("order.weight_kg", Decimal("NaN"), "fact-wrong-kind", "`NaN` is not a number", NUMBER),
    ("order.weight_kg", Decimal("1E+400000"), "fact-range", "`1E+400000` has more than 24 digits", NUMBER),
    ("order.weight_kg", 10**30, "fact-range", f"`{10**30}` has more than 24 digits", NUMBER),
    ("request.lines[0].engraving.depth_mm", "5.5", "fact-range", "`5.5` is more than 5", "it lies between 1 and 5"),
    ("workshop.discount", "51%", "fact-range", "`51%` is more than 50", "it is 50 or less"),
    ("customer.return_rate", "0.2", "fact-wrong-kind", "`0.2` is not a percentage", 'write it as text with its sign, such as "20%"'),
    ("customer.return_rate", Decimal("0.2"), "fact-wrong-kind", "`0.2` is not a percentage", 'write it as text with its sign, such as "20%"'),
    ("customer.return_rate", "101%", "fact-range", "`101%` is more than 100", "it lies between 0 and 100"),
    ("order.total_paid", "$5", "fact-wrong-kind", "`$5` is not an amount", AMOUNT),
    ("order.total_paid", "5.00 USD", "fact-wrong-kind", "`5.00 USD` is not an amount", AMOUNT),
    ("order.total_paid", "5e2", "fact-wrong-kind", "`5e2` is not an amount", AMOUNT),
    ("order.total_paid", {"amount": "5"}, "fact-wrong-kind", "a record is not an amount", AMOUNT),
    ("order.total_paid", 0.1, "fact-float", "`0.1` is a binary number, which has no exact decimal value", 'send it as text: "0.1"'),
    ("order.total_paid", "3.333", "fact-range", "`3.333` has fractions of the smallest coin", "the smallest coin is 0.01 USD"),
    ("order.total_paid", "-0.01", "fact-range", "`-0.01` is less than 0", "it is 0 or more"),
    ("order.total_paid", "100000000000.00", "fact-range", "`100000000000.00` is beyond what stays exact", "amounts go up to 99999999999.99"),
    ("order.promised_on", "2026-02-30", "fact-bad-date", "there is no day `2026-02-30`", "check the day and the month"),
    ("order.promised_on", "1899-12-31", "fact-bad-date", "`1899-12-31` is not a day that is covered", COVERED),
    ("order.promised_on", "10.03.2026", "fact-bad-date", "`10.03.2026` is not a date", "write e.g. 2026-03-06"),
    ("order.promised_on", "2026-03-10T10:00:00Z", "fact-bad-date", "`2026-03-10T10:00:00Z` is an instant, but a date is needed", "write e.g. 2026-03-06"),
    ("order.promised_on", {"not_by": "2026-03-02T01:20:00Z"}, "fact-wrong-kind", "a record is not a date", "write e.g. 2026-03-06"),
    ("order.promised_on", datetime(2026, 3, 1, tzinfo=UTC), "fact-wrong-kind", "`2026-03-01T00:00:00+00:00` is not a date", "write e.g. 2026-03-06"),
    ("order.promised_on", date(2201, 1, 1), "fact-bad-date", "`2201-01-01` is not a day that is covered", COVERED),
    ("order.placed_at", "2026-13-01", "fact-bad-date", "there is no day `2026-13-01`", "check the day and the month"),
    ("order.placed_at", "2026-03-01T18:20:00", "fact-bad-instant", "`2026-03-01T18:20:00` has no offset", f"{INSTANT}, with the offset of the place"),
    ("order.placed_at", "2026-03-01T25:20:00Z", "fact-bad-instant", "`2026-03-01T25:20:00Z` is not an instant", MOMENT),
    ("order.placed_at", "yesterday", "fact-bad-instant", "`yesterday` is not an instant", MOMENT),
    ("order.placed_at", 1772413200, "fact-wrong-kind", "`1772413200` is not a moment", MOMENT),
    ("order.placed_at", {"at": 1}, "fact-wrong-kind", "a record is not a moment unless it is `not_by` with an instant", MOMENT),
    ("order.placed_at", {"not_by": "2026-03-01"}, "fact-bad-instant", "`2026-03-01` is a date, but an instant is needed", INSTANT),
    ("order.placed_at", {"not_by": None}, "fact-wrong-kind", "`null` is not an instant", INSTANT),
    ("order.placed_at", datetime(2026, 3, 1), "fact-bad-instant", "`2026-03-01T00:00:00` has no offset", INSTANT),
    ("order.placed_at", datetime.max.replace(tzinfo=timezone(timedelta(hours=-5))), "fact-bad-instant", "`9999-12-31T23:59:59.999999-05:00` is not an instant that is covered", COVERED),
    ("order.ship_to.timezone", "America/Dever", "bad-zone", "no time zone has the name `America/Dever`", "did you mean `America/Denver`?"),
    ("order.ship_to.timezone", 5, "fact-wrong-kind", "`5` is not the name of a time zone", "write an IANA name such as Europe/Lisbon"),
    ("order.tags", "vip", "fact-wrong-kind", "`vip` is not a list", "write [...]"),
    ("order.tags[0]", None, "fact-wrong-kind", "`null` is not a member of a list", "leave it out"),
    ("order.tags[0]", 5, "fact-wrong-kind", "`5` is not text", 'put it in quotes: "5"'),
    ("order.lines", {"0": {}}, "fact-wrong-kind", "a record is not a list", "write [...]"),
    ("order.lines[0]", None, "fact-wrong-kind", "`null` is not a record", "write {...}"),
    ("order.lines[0].delivery", "2026-03-09", "fact-wrong-kind", "`2026-03-09` is not a record", "write {...}"),
    ("order", [], "fact-wrong-kind", "a list is not a record", "write {...}"),
    ("request.lines", [], "fact-wrong-kind", "the request has no lines", "name at least one line"),
    ("request.lines[0].quantity", 0, "fact-range", "`0` is less than 1", "it is 1 or more"),
    ("order.lines[0].categroy", "hats", "fact-unknown", "no fact has the name `categroy`", "did you mean `category`?"),
    ("order.plcaed_at", "2026-03-01", "fact-unknown", "no fact has the name `plcaed_at` in `order`", "did you mean `placed_at`?"),
    ("ordre", {}, "fact-unknown", "no fact has the name `ordre`", "did you mean `order`?"),
    ("order.studio_noet", None, "fact-unknown", "no fact has the name `studio_noet` in `order`", "did you mean `studio_note`?"),
    ("order.qqqqq", 1, "fact-unknown", "no fact has the name `qqqqq` in `order`", "use a name of the vocabulary; what only this store knows is added under `facts` in its policy"),
]  # fmt: skip


@pytest.mark.parametrize(("path", "raw", "code", "message", "help"), BAD, ids=[f"{p}-{c}" for p, _, c, _, _ in BAD])
def test_a_bad_fact_has_its_place_its_finding_and_no_value(path, raw, code, message, help):
    case = case_of(with_fact(path, raw))
    assert told(case) == [(path, code, message, help, path)]
    assert path not in facts(case)


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
