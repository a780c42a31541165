"""The document of a decision: one shape, one spelling, and nothing that depends on where or in which order."""

import dataclasses
import json
import os
import random
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import jsonschema
import pytest
import yaml
from explain_support import HARBOUR, POLICY, TYPICAL, decided, requests
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import load_policy
from engine.base.resources import schema
from engine.explain.document import canonical, document
from engine.language.decision import LeadsTo
from engine.language.types import Percent
from engine.language.wording import plain

VALIDATOR = jsonschema.Draft202012Validator(schema("decision"))
ROOT = Path(__file__).resolve().parents[2]


def valid(found):
    """The document, after its bytes were held against the schema."""
    VALIDATOR.validate(json.loads(canonical(found)))
    return found


# the schema ------------------------------------------------------------------------------------------------------------


def objects(node):
    """Every schema of an object with named keys."""
    if isinstance(node, dict):
        if "properties" in node:
            yield node
        for value in node.values():
            yield from objects(value)
    elif isinstance(node, list):
        for value in node:
            yield from objects(value)


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(schema("decision"))


def test_every_object_of_the_schema_is_closed_and_has_all_its_keys():
    open_by_design = schema("decision")["$defs"]["deadline_keys"]  # closed by those that use it
    for node in objects(schema("decision")):
        stream_only = {"line"} if node is schema("decision") else set()
        assert set(node["required"]) | stream_only == set(node["properties"]), node.get("title")
        if node is not open_by_design:
            assert node.get("additionalProperties") is False or node.get("unevaluatedProperties") is False, node


def test_every_key_of_the_schema_says_what_it_holds():
    for node in objects(schema("decision")):
        for name, found in node["properties"].items():
            assert (
                "description" in found or "$ref" in found or "oneOf" in found or name in ("mixed", "value", "members")
            )


def test_every_example_of_the_schema_is_valid():
    root = schema("decision")

    def held(node):
        if isinstance(node, dict):
            for example in node.get("examples", []) if "properties" not in node or node is not root else []:
                jsonschema.Draft202012Validator({**node, "$defs": root["$defs"]}).validate(example)
            for value in node.values():
                held(value)
        elif isinstance(node, list):
            for value in node:
                held(value)

    held(root)


# the document ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", TYPICAL)
def test_typical_answers_fit_the_schema(name):
    valid(document(decided(name)))


@settings(max_examples=60, deadline=None)
@given(requests(), st.sampled_from([*POLICY.decisions, "lost_parcel"]))
def test_every_answer_fits_the_schema(request, question):
    valid(document(POLICY.decide(question, request)))


def test_every_request_to_kaolate_fits_the_schema():
    policy = load_policy(ROOT / "policies" / "kaolate.yaml")
    for file in sorted((ROOT / "examples" / "requests").glob("*.json")):
        case = policy.case(json.loads(file.read_text()))
        for question in policy.decisions:
            valid(document(policy.decide(question, case)))


def test_all_answers_have_the_same_keys():
    shapes = {tuple(sorted(document(decided(name)))) for name in TYPICAL}
    assert len(shapes) == 1


def test_a_percentage_an_amount_and_a_list_are_told_by_their_type():
    found = document(decided("approved"))["members"][0]["outputs"]
    assert {name: (one["type"], one["value"]) for name, one in found.items()} == {
        "outcome": ("word", "approve"),
        "share_kept": ("percent", "15%"),
        "goods": ("money", {"amount": "8.50", "currency": "USD"}),
        "to_do": ("list", ["keep_tags", "use_tracking"]),
    }


def test_a_whole_decimal_is_text_like_any_other():
    kind = POLICY.program.facts.get("order").type.get("weight_kg").type
    assert [plain(value, kind) for value in (2, 0)] == ["2", "0"]


def test_an_answer_to_a_question_is_told_by_the_type_of_its_fact():
    one = LeadsTo(Fraction(1, 8), Percent(), "decided", "approve", ())
    found = valid(document(dataclasses.replace(decided("approved"), leads_to={"request.lines[0].wear": (one,)})))
    assert found["leads_to"]["request.lines[0].wear"] == [
        {"answer": "12.5%", "status": "decided", "value": "approve", "needs": [], "any_other": False}
    ]


def test_the_windows_of_all_members_stand_once_with_whose_they_are():
    found = document(decided("money"))
    assert found["deadlines"] == []
    two = document(POLICY.decide("return", TYPICAL["money"][1]))
    told = [({k: v for k, v in one.items() if k != "items"}, one["items"]) for one in two["deadlines"]]
    for member in two["members"]:
        own = [one for one, items in told if member["item"] in items]
        assert sorted(own, key=str) == sorted(member["deadlines"], key=str)
    assert [one["window"] for one in two["deadlines"]] == ["time_for_faults", "time_to_return"]


def test_windows_differ_by_line_where_the_deliveries_do():
    _, request = TYPICAL["money"]
    moved = json.loads(json.dumps(request))
    moved["request"]["lines"][1]["delivery"]["at"] = "2026-05-06"
    moved["request"]["lines"][1]["reason_category"] = "preference"
    found = document(POLICY.decide("return", moved))
    assert [(one["last_day"], one["items"]) for one in found["deadlines"]] == [
        ("2026-05-19", ["request.lines[0]"]),
        ("2026-05-20", ["request.lines[1]"]),
    ]


@settings(max_examples=40, deadline=None)
@given(requests(), st.sampled_from(list(POLICY.decisions)))
def test_open_names_exactly_what_is_not_settled(request, question):
    found = document(POLICY.decide(question, request))
    settled = ("decided", "not_applicable")
    unsettled = {
        (name, member["item"])
        for member in found["members"]
        for name, output in member["outputs"].items()
        if output["status"] not in settled
    }
    told = {(one["output"], one["item"]) for one in found["open"]}
    assert unsettled <= told
    alone = {name for name, _ in told - unsettled}
    assert all(found["outputs"][name]["status"] not in settled for name in alone)
    assert all(found["outputs"][name]["status"] in settled or name in {n for n, _ in told} for name in found["outputs"])


def test_what_nobody_gave_stands_under_assumed():
    found = document(decided("approved"))
    assert "stage" in found["assumed"] and "request.lines[0].is_final_sale" in found["assumed"]
    assert found["presets"] == ["nothing_unusual"]


def test_a_demand_is_answered():
    assert document(decided("money_demanded"))["expects"] == [
        {"output": "total", "expected": "8.50", "result": "granted"}
    ]


def test_an_undecided_reading_shows_the_headline_under_each_option():
    found = document(decided("undecided_reading"))["members"][0]
    assert found["under_readings"] == {"worn_credit": {"yes": "approve", "no": "deny"}}


def test_the_messages_are_those_of_the_rules_that_decide():
    assert document(decided("denied_late"))["messages"] == ["The last day to return it was 19 May 2026."]
    assert document(decided("contradiction"))["messages"] == []


def test_no_message_is_told_while_the_headline_is_open():
    _, request = TYPICAL["photos_missing"]
    unsure = {**request, "assume": []}  # nobody says whether it was on final sale
    unsure["request"] = {**request["request"], "evidence": {"photos": True, "reason": True}}
    found = document(POLICY.decide("return", unsure))
    assert found["status"] == "needs_facts"
    assert [one["message"] for one in found["members"][0]["reasons"] if one["rule"] == "faulty"] == [
        "We are sorry. Send it back until 4 June 2026."
    ]
    assert found["messages"] == []


def test_no_message_is_told_of_a_rule_that_is_overridden_in_the_headline():
    kinder = HARBOUR.read_text().replace(
        "then: {outcome: review}\n        review: contradiction\n", "then: {outcome: approve}\n"
    )
    kinder = kinder.replace("        leaning: {outcome: approve}\n", "")
    found = document(load_policy(kinder.encode(), "kinder.yaml").decide(*TYPICAL["contradiction"]))
    assert found["verdict"] == "approve"
    assert "faulty" in [one["rule"] for one in found["members"][0]["reasons"]]  # it speaks about what is to do
    assert found["messages"] == []


# bytes -----------------------------------------------------------------------------------------------------------------


def test_canonical_bytes_are_utf8_without_spaces_and_sorted():
    assert canonical({"b": [1, True, None], "a": "é\u2028\n\x1f/\\"}) == (
        '{"a":"é\u2028\\n\\u001f/\\\\","b":[1,true,null]}'.encode()
    )


def test_keys_are_in_the_order_of_their_utf16_code_units():
    assert canonical({"\ufb33": 1, "\U0001f600": 2}).decode() == '{"\U0001f600":2,"\ufb33":1}'


@pytest.mark.parametrize("value", [0.1, 1e30, float("nan"), {1, 2}, b"x"])
def test_what_has_no_one_spelling_is_refused(value):
    with pytest.raises(TypeError):
        canonical({"a": [value]})


@settings(max_examples=40, deadline=None)
@given(requests(), st.sampled_from(list(POLICY.decisions)), st.randoms(use_true_random=False))
def test_the_order_of_keys_in_the_facts_makes_no_difference(request, question, randomness):
    def shuffled(node):
        if isinstance(node, dict):
            names = list(node)
            randomness.shuffle(names)
            return {name: shuffled(node[name]) for name in names}
        return [shuffled(one) for one in node] if isinstance(node, list) else node

    told = [canonical(document(POLICY.decide(question, one))) for one in (request, shuffled(request))]
    assert told[0] == told[1]


def turned(node, names=("rules", "facts", "define", "windows", "readings", "parameters", "decisions", "requires")):
    """A policy with what stands under some of its keys in the opposite order."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value in names and isinstance(value, yaml.MappingNode):
                value.value.reverse()
            elif key.value == "outputs":  # the first one is the headline, and stays the first
                value.value[1:] = reversed(value.value[1:])
            turned(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            turned(value)
    return node


def test_the_order_of_rules_and_definitions_makes_no_difference():
    text = yaml.serialize(turned(yaml.compose(HARBOUR.read_text())))
    other = load_policy(text.encode(), "harbour.yaml")
    assert list(other.decisions) == list(reversed(POLICY.decisions))
    for question, request in TYPICAL.values():
        told = [canonical(document(policy.decide(question, request))) for policy in (POLICY, other)]
        assert told[0] == told[1]


PRINT_ALL = """
import sys
sys.path.insert(0, sys.argv[1])
from explain_support import POLICY, TYPICAL
from engine.explain.document import canonical, document, explanation_document
from engine.explain.tree import explain
for question, request in TYPICAL.values():
    sys.stdout.buffer.write(canonical(document(POLICY.decide(question, request))))
    told = explain(POLICY.program, POLICY.case(request), question)
    sys.stdout.buffer.write(canonical(explanation_document(told)))
"""


def test_hash_seed_locale_and_time_zone_make_no_difference():
    settings = [
        {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC"},
        {"PYTHONHASHSEED": "4711", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "TZ": "Pacific/Kiritimati"},
    ]
    told = [
        subprocess.run(
            [sys.executable, "-c", PRINT_ALL, str(Path(__file__).parent)],
            env={**os.environ, **one, "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])},
            capture_output=True,
            check=True,
        ).stdout
        for one in settings
    ]
    assert told[0] == told[1] and len(told[0]) > 10_000


def test_a_digest_is_the_same_for_the_same_case_said_otherwise():
    question, request = TYPICAL["approved"]
    again = json.loads(json.dumps(request))
    again["request"]["at"] = "2026-05-15T16:00:00Z"
    again["request"]["lines"][0]["paid"] = "30"
    random.Random(1).shuffle(again["assume"])
    assert canonical(document(POLICY.decide(question, request))) == canonical(document(POLICY.decide(question, again)))
