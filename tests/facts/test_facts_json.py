"""Strict JSON: exact numbers, nothing repeated, nothing without bounds, and a place for every finding."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.base.diagnostics import Report
from engine.facts.json_reader import MAX_BYTES, read_json


def findings(data):
    report = Report()
    assert read_json(data, "case.json", report) is None
    assert not report.ok
    return [(one.code, one.message, one.help, one.where) for one in report]


def reads(data):
    report = Report()
    found = read_json(data, "case.json", report)
    assert list(report) == []
    return found


def test_numbers_stay_exact():
    found = reads('{"a": 0.1, "b": 12.50, "c": 3, "d": -0.0, "e": 1e2, "f": 12345678901234567890}')
    assert found == {
        "a": Decimal("0.1"),
        "b": Decimal("12.50"),
        "c": 3,
        "d": Decimal("0.0"),
        "e": 100,
        "f": 12345678901234567890,
    }
    assert not any(isinstance(value, float) for value in found.values())
    assert str(found["b"]) == "12.50"


def test_bytes_and_text_and_a_byte_order_mark_are_taken():
    assert reads('{"a": "é"}'.encode()) == reads('{"a": "é"}') == reads("\ufeff" + '{"a": "é"}') == {"a": "é"}
    assert reads(b"\xef\xbb\xbf[]") == []
    assert reads("null") is None


@pytest.mark.parametrize(
    ("data", "place", "message", "help"),
    [
        (
            '{"a": 1,}',
            "case.json:1:9",
            "this is not JSON: expecting property name enclosed in double quotes",
            "remove the comma before it",
        ),
        ("[1,\n]", "case.json:2:1", "this is not JSON: expecting value", "remove the comma before it"),
        (
            "{'a': 1}",
            "case.json:1:2",
            "this is not JSON: expecting property name enclosed in double quotes",
            'JSON text stands in double quotes: "..."',
        ),
        ('{"a": True}', "case.json:1:7", "this is not JSON: expecting value", "write true in small letters"),
        ('{"a": None}', "case.json:1:7", "this is not JSON: expecting value", "write null for what is not known"),
        (
            "policy: alder\ntitle: Alder returns\n",
            "case.json:1:1",
            "this is not JSON: expecting value",
            "a case is one JSON object: `{...}`",
        ),
        ("// facts\n{}", "case.json:1:1", "this is not JSON: expecting value", "JSON has no comments"),
        (
            "{}\n{}",
            "case.json:2:1",
            "this is not JSON: something follows the end of the document",
            "send one JSON object",
        ),
        ("  ", "case.json:1:1", "the document is empty", "send one JSON object"),
        ('{"a" 1}', "case.json:1:6", "this is not JSON: expecting ':' delimiter", None),
        ('{"a": "x\ty"}', "case.json:1:9", "this is not JSON: invalid control character", None),
        (
            "1_000",
            "case.json:1:2",
            "this is not JSON: something follows the end of the document",
            "send one JSON object",
        ),
    ],
)
def test_what_is_not_json_is_shown_at_its_place(data, place, message, help):
    report = Report()
    assert read_json(data, "case.json", report) is None
    [one] = report
    assert (one.code, one.message, one.help, str(one.span)) == ("facts-not-json", message, help, place)


def test_a_repeated_key_is_an_error_with_its_path_at_every_depth():
    assert findings('{"order": {"lines": [{"id": 1, "id": 2, "paid": 3}], "id": "x"}, "order": {}, "order": 1}') == [
        ("facts-repeated-key", "the key `order` stands twice", "keep one of them", "order"),
        ("facts-repeated-key", "the key `id` stands twice", "keep one of them", "order.lines[0].id"),
    ]


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity"])
def test_not_a_number_is_not_json(word):
    help = "leave the fact out, or send null, if it is not known"
    assert findings(f'{{"order": {{"total_paid": {word}}}}}') == [
        ("facts-not-json", f"`{word}` is not JSON", help, "order.total_paid")
    ]
    assert findings(word)[0][3] == "case.json"


@pytest.mark.parametrize(
    "number", ["1" * 65, "-" + "1" * 64, "0." + "3" * 63, "1e65", "1e-65", "1e999999999", "0e" + "9" * 30]
)
def test_a_number_of_absurd_length_is_refused_before_it_costs_anything(number):
    shown = number if len(number) <= 60 else number[:57] + "..."
    assert findings(f"[{number}]") == [
        ("fact-range", f"the number `{shown}` is too long", "send a number of up to 24 digits", "[0]")
    ]


def test_depth_is_bounded_whatever_it_is_made_of():
    reads("[" * 32 + "]" * 32)
    reads('{"a":' * 32 + "1" + "}" * 32)
    reads("[" + "[]," * 100 + "[]]")
    too_deep = [
        ("facts-too-deep", "the facts are nested more than 32 levels deep", "send the documented shape", "case.json")
    ]
    assert findings("[" * 33 + "]" * 33) == too_deep
    assert findings('{"a":' * 33 + "1" + "}" * 33) == too_deep
    assert findings("[" * 100_000) == too_deep
    assert findings('[{"a":' * 50_000) == too_deep


def test_size_and_encoding_are_bounded():
    assert findings(b" " * (MAX_BYTES + 1)) == [
        ("facts-too-large", "the document has more than 5,000,000 bytes", "send one case", "case.json")
    ]
    assert findings(b'{"a": "\xe9"}') == [
        ("file-not-text", "the document is not UTF-8 text: byte 8 fits no character", "save it as UTF-8", "case.json")
    ]


json_documents = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(json_documents)
def test_every_json_document_is_read_as_it_was_written(document):
    assert reads(json.dumps(document)) == document


@given(st.binary(max_size=80) | st.text(max_size=80))
def test_no_text_at_all_makes_it_raise(data):
    report = Report()
    found = read_json(data, "case.json", report)
    assert report.ok or found is None
