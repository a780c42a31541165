"""A policy's own facts: how their types are written, what is refused, how they join the shared vocabulary."""

import pytest

from engine.language.types import (
    CHARGED,
    Boolean,
    Date,
    Decimal,
    FactType,
    Integer,
    ListOf,
    MomentType,
    MoneyType,
    Percent,
    Record,
    Text,
    Words,
    Zone,
)
from engine.vocabulary.own_facts import FactSpecError, extend, fact_from_spec, type_from_spec
from engine.vocabulary.shared import lookup, vocabulary

ROOT = vocabulary().root


def own(root, name):
    return lookup(root, name.split("."), vocabulary().places)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("boolean", Boolean()),
        ("text", Text()),
        ("integer", Integer()),
        ("decimal", Decimal()),
        ("percent", Percent()),
        ("money", MoneyType(CHARGED)),
        ("date", Date()),
        ("moment", MomentType()),
        ("zone", Zone()),
        (["small", "large"], Words(("small", "large"))),
        ({"open": ["small"]}, Words(("small",), closed=False)),
        ({"ordered": ["cut", "sewn"]}, Words(("cut", "sewn"), ordered=True)),
        ({"list_of": "text"}, ListOf(Text())),
        ({"list_of": ["a", "b"]}, ListOf(Words(("a", "b")))),
        (
            {"list_of": {"at": "moment", "fee": {"type": "money", "min": 0, "from": "bank"}}},
            ListOf(
                Record(
                    (
                        ("at", FactType(MomentType(), own=True)),
                        ("fee", FactType(MoneyType(CHARGED), "bank", minimum=0, own=True)),
                    )
                )
            ),
        ),
    ],
)
def test_a_type_is_read(raw, expected):
    assert type_from_spec(raw) == expected


@pytest.mark.parametrize(
    ("raw", "message", "help"),
    [
        ("mony", "`mony` is not a type", "did you mean `money`?"),
        (7, "`7` is not a type", None),
        (None, "`null` is not a type", None),
        (True, "`true` is not a type", None),
        ([], "the list of words is empty", "name at least one word"),
        (["a", True], "`true` is not a word", "put it in quotes: 'true'"),
        (["a", 38], "`38` is not a word", "put it in quotes: '38'"),
        (["a", "a"], "the word `a` stands twice in the list", "keep one of them"),
        (["a", ["b"]], "`[...]` is not a word", None),
        ({"open": "a"}, "a list of words is needed", "write e.g. `[small, medium, large]`"),
        ({"opn": ["a"]}, "`opn` is not a kind of type", "did you mean `open`?"),
        ({"open": ["a"], "ordered": ["b"]}, "a type has one key: `open`, `ordered` or `list_of`", None),
        ({}, "a type has one key: `open`, `ordered` or `list_of`", None),
        ({"list_of": {}}, "a list of records needs at least one field", None),
        ({"list_of": {"a-b": "money"}}, "`a-b` cannot be the name of a field", None),
        ({"list_of": {"a": "mony"}}, "`mony` is not a type", "did you mean `money`?"),
        ({"list_of": {"a": {"type": "money", "mins": 1}}}, "a fact has no key `mins`", "did you mean `min`?"),
        (["w" + str(n) for n in range(2001)], "the list has more than 2,000 words", "use `text`"),
    ],
)
def test_a_type_that_is_none_is_refused_with_the_authors_words(raw, message, help):
    with pytest.raises(FactSpecError) as caught:
        type_from_spec(raw)
    assert str(caught.value) == message
    if help is not None:
        assert caught.value.help == help


def test_a_type_without_end_is_refused():
    raw = "money"
    for _ in range(50):
        raw = {"list_of": {"inner": raw}}
    with pytest.raises(FactSpecError, match="nested too deeply"):
        type_from_spec(raw)


def test_a_declaration_gives_everything_that_is_known_of_a_fact():
    spec = {
        "type": "money",
        "from": "external",
        "known_from": "received",
        "only_when": "line.is_custom",
        "min": 0,
        "max": 500,
        "ask": "What did the engraving cost?",
        "label": "cost of the engraving",
    }
    assert fact_from_spec(spec) == FactType(
        MoneyType(CHARGED),
        source="external",
        known_from="received",
        only_when="line.is_custom",
        minimum=0,
        maximum=500,
        ask="What did the engraving cost?",
        label="cost of the engraving",
        own=True,
    )


@pytest.mark.parametrize(
    ("spec", "key", "message", "help"),
    [
        ({}, "type", "the fact has no type", None),
        (
            {"type": "text", "knwon_from": "sent"},
            "knwon_from",
            "a fact has no key `knwon_from`",
            "did you mean `known_from`?",
        ),
        ({"type": "text", "from": "nobody"}, "from", "`from` cannot be `nobody`", None),
        ({"type": "text", "from": ["shop"]}, "from", "`from` cannot be `[...]`", None),
        (
            {"type": "text", "known_from": "recieved"},
            "known_from",
            "`known_from` cannot be `recieved`",
            "did you mean `received`?",
        ),
        ({"type": "integer", "min": "0.5"}, "min", "`min` must be a whole number, not `0.5`", "write e.g. `min: 0`"),
        ({"type": "integer", "max": True}, "max", "`max` must be a whole number, not `true`", "write e.g. `max: 0`"),
        ({"type": "integer", "min": 2, "max": 1}, "min", "`min` is 2, more than `max`, 1", "exchange the two"),
        ({"type": "text", "ask": 7}, "ask", "`ask` must be text, not `7`", "put it in quotes"),
    ],
)
def test_a_wrong_declaration_names_the_key(spec, key, message, help):
    with pytest.raises(FactSpecError) as caught:
        fact_from_spec(spec)
    assert (caught.value.key, str(caught.value)) == (key, message)
    if help is not None:
        assert caught.value.help == help


def test_a_fact_of_a_line_is_one_of_the_order_and_of_the_request():
    fact = fact_from_spec({"type": "text"})
    for name in ("line.engraving.text", "order.lines.engraving.text"):
        root = extend(ROOT, {name: fact})
        assert own(root, "order.lines.engraving.text") == fact
        assert own(root, "request.lines.engraving.text") == fact
        assert own(root, "line.engraving.text") == fact
    only_request = extend(ROOT, {"request.lines.wish": fact})
    assert own(only_request, "request.lines.wish") == fact
    assert own(only_request, "order.lines.wish") is None


def test_a_fact_of_a_line_is_one_of_a_promotions_line_too():
    added = {"line.engraving.text": {"type": "text"}, "line.category": {"type": ["hat"]}}
    root = extend(vocabulary().root, {name: fact_from_spec(spec) for name, spec in added.items()})
    for name in ("engraving.text", "category", "kept"):
        member, line = own(root, f"member.{name}"), own(root, f"order.lines.{name}")
        assert member is not None and line is not None
        assert (member.type, member.ask) == (line.type, line.ask)
    assert own(root, "member.engraving").joined and own(root, "member.category").joined
    assert not own(root, "order.lines.category").joined
    assert own(root, "member.remedy") is None  # that is asked of a request's line


def test_what_a_promotion_says_of_its_line_goes_before_what_the_line_is_called():
    root = extend(vocabulary().root, {"line.role": fact_from_spec({"type": "text"})})
    assert own(root, "member.role") == vocabulary().lookup(("member", "role"))
    root = extend(vocabulary().root, {"member.points": fact_from_spec({"type": "integer"})})
    assert not own(root, "member.points").joined and own(root, "line.points") is None


def test_a_fact_of_the_order_line_is_not_declared_for_promotions():
    with pytest.raises(FactSpecError) as caught:
        extend(vocabulary().root, {"member.delivery.note": fact_from_spec({"type": "text"})})
    assert str(caught.value) == "`member.delivery.note` is a fact of the order line that belongs to the promotion"
    assert (caught.value.help, caught.value.key) == ("declare `line.delivery.note`", "")


def test_facts_go_where_their_names_say_and_the_shared_ones_stay():
    fact = fact_from_spec({"type": "decimal"})
    names = ("order.studio_note", "parcel.girth_cm", "tender.fee", "discount.share", "workshop.load", "weather")
    root = extend(ROOT, dict.fromkeys(names, fact))
    assert own(root, "order.studio_note") == fact
    assert own(root, "parcel.girth_cm") == own(root, "order.parcels.girth_cm") == fact
    assert own(root, "order.tenders.fee") == fact
    assert own(root, "order.lines.discounts.share") == own(root, "request.lines.discounts.share") == fact
    assert own(root, "workshop.load") == own(root, "weather") == fact
    assert own(root, "order.placed_at") == own(ROOT, "order.placed_at")
    assert own(ROOT, "weather") is None  # the shared vocabulary itself never changes
    assert extend(ROOT, {}) == ROOT


def test_a_list_of_records_can_be_added_and_gain_fields_in_a_list_that_exists():
    root = extend(ROOT, {"order.studio.steps": fact_from_spec({"type": {"list_of": {"at": "moment"}}})})
    assert isinstance(own(root, "order.studio.steps.at").type, MomentType)
    root = extend(root, {"customer.orders": fact_from_spec({"type": {"list_of": {"channel_fee": "money"}}})})
    assert own(root, "customer.orders.channel_fee").own
    assert own(root, "customer.orders.total") == own(ROOT, "customer.orders.total")


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("line.origin", ["loan"], Words(("sale", "exchange", "replacement", "loan"))),
        ("line.remedy", {"open": ["patch"]}, None),
        ("line.category", ["socks", "hats"], Words(("socks", "hats"))),
        ("order.market", ["north", "south"], Words(("north", "south"))),
        (
            "line.production.status",
            {"ordered": ["not_started", "materials_ordered", "cut", "started", "done"]},
            Words(("not_started", "materials_ordered", "cut", "started", "done"), ordered=True),
        ),
        ("line.reason_category", {"open": ["mood"]}, None),
        ("order.tags", {"list_of": ["a", "b"]}, ListOf(Words(("a", "b")))),
    ],
)
def test_a_shared_fact_can_get_words(name, kind, expected):
    root = extend(ROOT, {name: fact_from_spec({"type": kind})})
    found = own(root, name).type
    if expected is None:
        shared = own(ROOT, name).type
        expected = Words(shared.words + tuple(kind["open"]), closed=False)
    assert found == expected


def test_a_declaration_of_a_shared_fact_keeps_what_it_does_not_say():
    root = extend(ROOT, {"line.paid": fact_from_spec({"type": "money", "ask": "How much?", "min": 1})})
    shared, found = own(ROOT, "line.paid"), own(root, "line.paid")
    assert (found.ask, found.minimum, found.source, found.own) == ("How much?", 1, shared.source, False)


@pytest.mark.parametrize(
    ("name", "kind", "key", "message"),
    [
        ("line", "text", "", "`line` is a record, not a fact"),
        ("line..x", "text", "", "`line..x` cannot be the name of a fact"),
        ("order.studio-note", "text", "", "`order.studio-note` cannot be the name of a fact"),
        ("as_of", "moment", "", "`as_of` has a meaning of its own in every case"),
        ("request.expects", "text", "", "`request.expects` has a meaning of its own in every case"),
        ("order.currency.name", "text", "", "`order.currency` is text; it has no parts"),
        ("line.tags.kind", "text", "", "`order.lines.tags` is a list of text; it has no parts"),
        ("line.paid", "text", "type", "`line.paid` is an amount in the order's currency in the shared vocabulary"),
        ("order", "text", "type", "`order` is a record in the shared vocabulary"),
        (
            "line.production.status",
            ["cut"],
            "type",
            "`line.production.status` has shared words, which must all stay, in their order",
        ),
        (
            "line.production.status",
            {"ordered": ["started", "not_started", "materials_ordered", "done"]},
            "type",
            "`line.production.status` has shared words, which must all stay, in their order",
        ),
    ],
)
def test_a_fact_that_cannot_be_merged_is_refused(name, kind, key, message):
    with pytest.raises(FactSpecError) as caught:
        extend(ROOT, {name: fact_from_spec({"type": kind})})
    assert (str(caught.value), caught.value.key) == (message, key)
    assert caught.value.help
