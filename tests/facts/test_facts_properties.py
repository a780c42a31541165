"""What holds for every document: never a traceback, never a guess, never a fact out of nowhere."""

import copy
import random

import jsonschema
from facts_support import PROGRAM, case_of, facts
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.base.resources import schema
from engine.language.case import path_text
from engine.language.types import (
    CHARGED,
    Boolean,
    Date,
    Decimal,
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

INSTANTS = st.sampled_from(["2026-03-01T10:00:00Z", "2026-03-02T10:00:00+02:00", "2026-03-03T00:00:00.5-07:00"])
PARTS = {"area": ["q x", "80"], "district": [3, 803], "prefix3": ["q-x4", "803"]}


def values(kind):
    """Good raw values of a type, as a service could send them."""
    match kind:
        case Boolean():
            return st.booleans()
        case Text():
            return st.sampled_from(["a", "b", "é\n"])
        case Words(words=words):
            return st.sampled_from(words or ("word",))
        case Integer():
            return st.integers(1, 5)
        case Decimal() | MoneyType():
            return st.sampled_from(["1.5", "2.00", 3])
        case Percent():
            return st.just("20%")
        case Date():
            return st.just("2026-03-01")
        case MomentType():
            return INSTANTS | st.just("2026-03-01") | INSTANTS.map(lambda text: {"not_by": text})
        case Zone():
            return st.just("Europe/Lisbon")
        case ListOf(element=element):
            return st.lists(records(element) if isinstance(element, Record) else values(element), max_size=2)
        case Record():
            return records(kind)
    raise AssertionError(kind)


def records(record):
    """Records with a few good facts: a handful of names is drawn first, so that documents stay small."""
    told = [name for name, fact in record.fields if fact.derived is None or fact.ask is not None]
    names = [name for name in told if name != "currency"]
    return st.lists(st.sampled_from(names), unique=True, max_size=5).flatmap(
        lambda chosen: st.fixed_dictionaries({name: _good(name, record.get(name)) for name in chosen}).map(_as_coded)
    )


def _good(name, fact):
    if fact.planned:
        return INSTANTS | st.just("2026-03-01")
    return values(fact.type) if not fact.parts_of else st.sampled_from(PARTS[name])


def _as_coded(record):
    """A code that every country of the table would take does not exist, so a record has one country with its codes."""
    if "country" in record and "postal_code" in record:
        return {**record, "country": "GB", "postal_code": "qx4 7ab", "postal": {"area": "QX"}}
    return record


ORDER_LINE, REQUEST_LINE = PROGRAM.get("order").type.get("lines").type, PROGRAM.get("request").type.get("lines").type


@st.composite
def good_documents(draw):
    """Documents without a mistake, some with lines to join."""
    document = draw(records(PROGRAM))
    document |= {"stage": "concluded", "as_of": "2027-01-01T00:00:00Z"}
    if draw(st.booleans()):
        orders = draw(st.lists(records(ORDER_LINE.element), min_size=1, max_size=3))
        for number, line in enumerate(orders):
            line["id"] = str(number)
        own = ["asked", *(n for n, _ in REQUEST_LINE.element.fields if ORDER_LINE.element.get(n) is None)]
        requests = []
        for _ in range(draw(st.integers(1, 3))):
            line = draw(records(Record(tuple((name, REQUEST_LINE.element.get(name)) for name in own))))
            line["id"] = str(draw(st.integers(0, len(orders) - 1)))
            requests.append(line)
        for line in orders:  # nobody asks for more than was bought and is still there
            asked = sum(one.get("asked") or 0 for one in requests if one["id"] == line["id"])
            if line.get("quantity") is not None:
                line["quantity"] = max(line["quantity"], asked + (line.get("returned_before") or 0))
        document["order"] = {**document.get("order", {}), "lines": orders}
        document["request"] = {**document.get("request", {}), "lines": requests}
    elif "request" in document and document["request"].get("lines") is not None:
        document["request"]["lines"] = [{"asked": 1}]
    return document


NAMES = st.sampled_from(
    [
        "as_of",
        "stage",
        "assume",
        "$schema",
        "order",
        "request",
        "lines",
        "id",
        "currency",
        "at",
        "placed_at",
        "paid",
        "tags",
        "expects",
        "delivery",
        "is_gift",
        "x",
    ]
)
JUNK = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.binary(max_size=2)
    | st.decimals()
    | st.dates()
    | st.datetimes()
    | INSTANTS
    | st.sampled_from(["a", "USD", "nothing_unusual", "12.50", 10**400, 5, True, "\ud800", object()])
)
DOCUMENTS = st.recursive(
    JUNK,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | st.text(max_size=3), inner, max_size=6),
    max_leaves=30,
)


@given(DOCUMENTS, st.sampled_from(["USD", CHARGED]))
@settings(max_examples=300, deadline=None)
def test_no_document_makes_it_raise_and_nothing_wrong_has_a_value(document, currency):
    case = case_of(document, currency)
    for error in case.errors:
        assert error.path not in case.facts
        assert error.diagnostic.message and "\n" not in error.diagnostic.message
        assert f"{error.diagnostic.message} {error.diagnostic.help} {error.diagnostic.where}".encode()
    assert not set(case.facts) & case.awaiting_currency
    assert case_of(document, currency) == case


def shuffled(raw, chance):
    if isinstance(raw, dict):
        items = [(key, shuffled(value, chance)) for key, value in raw.items()]
        chance.shuffle(items)
        return dict(items)
    return [shuffled(member, chance) for member in raw] if isinstance(raw, list) else raw


@given(st.one_of(DOCUMENTS, good_documents()), st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_the_order_of_keys_never_matters(document, chance):
    one, two = case_of(document), case_of(shuffled(document, chance))
    assert one == two


@given(good_documents())
@settings(max_examples=150, deadline=None)
def test_good_documents_are_good_and_nothing_in_them_is_lost(document):
    case = case_of(document)
    assert case.errors == ()

    def count(raw):
        if isinstance(raw, dict) and set(raw) != {"not_by"}:
            return sum(count(value) for value in raw.values())
        return sum(count(member) for member in raw) if isinstance(raw, list) else 1

    joined = [path for path in case.facts if path[:2] == ("request", "lines")]
    given_lines = count(document.get("request", {}).get("lines", []))
    assert len(case.facts) - len(joined) == count(document) - 2 - given_lines  # `stage` and `as_of` are no facts
    assert len(joined) >= given_lines


SCHEMA = jsonschema.Draft202012Validator(schema("facts"))


@given(good_documents())
@settings(max_examples=100, deadline=None)
def test_good_documents_fit_the_schema_that_editors_use(document):
    assert [error.message for error in SCHEMA.iter_errors(document)] == []


def removals(raw, path=()):
    """Every key of a document, as the path to it."""
    if isinstance(raw, dict) and set(raw) != {"not_by"}:
        for key, value in raw.items():
            yield (*path, key)
            yield from removals(value, (*path, key))
    elif isinstance(raw, list):
        for number, member in enumerate(raw):
            yield from removals(member, (*path, number))


@given(good_documents(), st.randoms(use_true_random=False))
@settings(max_examples=150, deadline=None)
def test_removing_a_key_never_adds_a_fact(document, chance: random.Random):
    before = case_of(document)
    keys = [path for path in removals(document) if path != ("stage",)]
    for path in chance.sample(keys, min(5, len(keys))):
        smaller = copy.deepcopy(document)
        holder = smaller
        for part in path[:-1]:
            holder = holder[part]
        del holder[path[-1]]
        after = case_of(smaller)
        assert set(after.facts) <= set(before.facts), path_text(path)
        assert all(before.facts[fact] == value for fact, value in after.facts.items())


@given(good_documents())
@settings(max_examples=100, deadline=None)
def test_a_preset_only_adds_and_says_what(document):
    plain, assumed = case_of(document), case_of({**document, "assume": ["nothing_unusual"]})
    if assumed.errors != plain.errors:
        return  # more is asked for than was bought, now that nothing is said to have come back before
    added = {path_text(path) for path in assumed.assumed}
    assert {path: value for path, value in facts(assumed).items() if path not in added} == facts(plain)
    assert not added & set(facts(plain))
