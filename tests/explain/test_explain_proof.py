"""Proofs: the author's words at their place, each with what the evaluator makes of it, and never too much."""

import json

import pytest
from explain_support import HARBOUR, POLICY, TYPICAL, line, request, requests
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import load_policy
from engine.evaluate.decisions import Evaluation
from engine.explain.document import canonical, explanation_document
from engine.explain.proof import MAX_MEMBERS, MAX_NODES
from engine.explain.prove import Prover
from engine.explain.tree import explain

KLEENE_AND = {
    (True, False): "false",
    (True, True): "false",
    (False, True): "unknown",
    (False, False): "true",
}


def explained(question, document, policy=POLICY):
    return explain(policy.program, policy.case(document), question, changes=False)


def nodes(explanation):
    """Every node of every proof of an explanation."""
    for member in explanation.members:
        for rule in (*member.rules, *member.silent):
            for root in (*rule.when, *rule.unless):
                yield from root
            for one in rule.requires:
                yield from one.when
                yield from one.met
            for one in rule.concludes:
                if one.proof is not None:
                    yield from one.proof


def all_of(states):
    return KLEENE_AND["false" in states, "unknown" in states]


def opposite(state):
    return {"true": "false", "false": "true"}.get(state, state)


def cut(node):
    return any(part.kind == "cut" for part in node.parts)


# agreement -------------------------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(requests(), st.sampled_from(list(POLICY.decisions)))
def test_every_part_agrees_with_what_stands_below_it(document, question):
    for node in nodes(explained(question, document)):
        states = [part.state for part in node.parts]
        if cut(node) or not states or "known" in states:
            continue
        if node.kind == "all":
            assert node.state == all_of(states), node
        elif node.kind == "any":
            assert node.state == opposite(all_of([opposite(one) for one in states])), node
        elif node.kind == "not" and len(states) == 1 and node.parts[0].kind != "happened":
            assert node.state == opposite(states[0]), node
        elif node.kind == "define":
            assert node.state == states[0], node
        elif node.kind == "list" and node.text.startswith("any"):
            assert node.state == opposite(all_of([opposite(one) for one in states])), node


@settings(max_examples=40, deadline=None)
@given(requests(), st.sampled_from(list(POLICY.decisions)))
def test_a_rule_applies_by_all_of_when_and_none_of_unless(document, question):
    explanation = explained(question, document)
    if explanation.scope is not None:
        return  # whether the policy applies at all is a part of every rule
    for member in explanation.members:
        for rule in (*member.rules, *member.silent):
            states = [part.state for part in rule.when]
            states += [opposite(part.state) for part in rule.unless]
            states += [one.state for one in rule.requires]
            if len(list(nodes(explanation))) < MAX_NODES:
                assert rule.state == all_of(states), rule.rule


@settings(max_examples=25, deadline=None)
@given(requests())
def test_roles_and_states_go_together(document):
    for member in explained("return", document).members:
        for rule in member.rules:
            assert (rule.state == "unknown") == (rule.role == "blocked")
        for rule in member.silent:
            assert rule.role is None and rule.state == "false" and rule.failing


@settings(max_examples=25, deadline=None)
@given(requests())
def test_the_rules_are_those_of_the_decision(document):
    explanation = explained("return", document)
    for told, member in zip(explanation.members, explanation.decision.members, strict=False):
        known = {r.rule for r in (*member.reasons, *member.outweighed, *member.yielded, *member.blocked)}
        assert known <= {rule.rule for rule in told.rules}


@settings(max_examples=30, deadline=None)
@given(requests(), st.sampled_from(list(POLICY.decisions)))
def test_an_explanation_is_json(document, question):
    told = json.loads(canonical(explanation_document(explained(question, document))))
    assert told["decision"]["decision"] == question


# words and places ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["approved", "denied_late", "contradiction", "money", "label"])
def test_the_words_stand_where_the_proof_says(name):
    question, document = TYPICAL[name]
    source = HARBOUR.read_text().splitlines()
    checked = 0
    for node in nodes(explained(question, document)):
        if node.where is None or node.text in ("all of these", "any of these") or node.kind in ("row", "rule"):
            continue
        assert node.where.file == "harbour.yaml" and node.where.exact
        written = source[node.where.line - 1][node.where.column - 1 :]
        assert written.startswith(node.text[: len(written)]), (node.text, written)
        checked += 1
    assert checked > 5


def one_rule(policy, rule_id, document, question="return"):
    found = explained(question, document, policy)
    return next(r for m in found.members for r in (*m.rules, *m.silent) if r.rule == rule_id)


def test_a_folded_condition_says_only_where_its_text_begins():
    folded = HARBOUR.read_text().replace(
        "        when: at_fault and time_for_faults has passed\n",
        "        when: >-\n          at_fault and\n          time_for_faults has passed\n",
    )
    policy = load_policy(folded.encode(), "folded.yaml")
    rule = one_rule(policy, "faulty_late", TYPICAL["approved"][1])
    assert [part.text for part in rule.when] == ["at_fault and time_for_faults has passed"]
    below = rule.when[0].parts
    assert [part.text for part in below] == ["at_fault", "time_for_faults has passed"]
    assert {part.where.exact for part in below} == {False}
    line_number = folded.splitlines().index("        when: >-") + 1
    assert {part.where.line for part in below} == {line_number}


def test_doubled_quotes_are_told_as_the_author_means_them():
    old = "      - remedy != 'store_credit'\n"
    new = "      - 'remedy != ''store_credit'' and ''a'' != ''b'''\n"
    policy = load_policy(HARBOUR.read_text().replace(old, new).encode(), "quoted.yaml")
    rule = one_rule(policy, "liked_not_late", TYPICAL["approved"][1])
    found = next(part for part in rule.when if part.kind == "all")
    assert found.text == "remedy != 'store_credit' and 'a' != 'b'"
    assert [part.text for part in found.parts] == ["remedy != 'store_credit'", "'a' != 'b'"]


# facts, windows, defines, lists ------------------------------------------------------------------------------------------


def test_facts_are_told_with_their_values_and_where_they_come_from():
    _, document = TYPICAL["undecided_reading"]
    found = {node.fact: node for node in nodes(explained("return", document)) if node.fact}
    assert found["request.lines[0].is_final_sale"].origin == "assumed"
    assert found["request.lines[0].is_final_sale"].value is False
    assert found["request.lines[0].reason_category"].origin == "given"
    assert found["request.lines[0].reason_category"].value == "preference"
    assert found["request.lines[0].wear"].origin == "missing"
    assert found["request.lines[0].wear"].value is None
    assert [cause.name for cause in found["request.lines[0].wear"].needs] == ["request.lines[0].wear"]


def test_an_input_that_cannot_be_right_is_told_as_such():
    proof = rule_alone("paid_back", TYPICAL["bad_input"][1])
    found = {node.fact: node for one in proof.concludes for node in one.proof if node.fact}
    assert found["request.lines[0].paid"].origin == "wrong"
    assert explained("return", TYPICAL["bad_input"][1]).members[0].rules == ()


def test_what_this_stage_cannot_know_is_not_yet():
    found = {node.fact: node for node in nodes(explained("refund", TYPICAL["money"][1])) if node.fact}
    assert found["refund.approved_at"].origin == "not_yet"


def test_a_window_is_told_with_anchor_length_zone_and_state():
    rule = one_rule(POLICY, "liked_not_late", TYPICAL["denied_late"][1])
    window = next(node for part in rule.when for node in part if node.window).window
    assert (window.state, window.lasts, window.zone, window.day) == ("passed", "14 days", "America/Denver", 23)
    assert (window.anchor_fact, str(window.anchor)) == ("request.lines[0].delivery.at", "2026-05-05")


def test_a_definition_and_a_window_are_opened_once_in_a_rule():
    policy = load_policy(
        HARBOUR.read_bytes().replace(
            b"when: at_fault and time_for_faults has passed",
            b"when: at_fault and time_for_faults has passed or not at_fault and time_for_faults is open",
        ),
        "twice.yaml",
    )
    rule = one_rule(policy, "faulty_late", TYPICAL["denied_late"][1])
    uses = [node for part in rule.when for node in part if node.text == "at_fault"]
    assert [bool(node.parts) for node in uses] == [True, False]
    assert uses[1].note == "opened above" and uses[1].state == uses[0].state
    windows = [node for part in rule.when for node in part if node.kind == "window"]
    assert [bool(node.parts) for node in windows] == [True, False]


def test_a_long_list_shows_the_members_that_decide():
    many = [line(id=str(n), is_final_sale=n != 37) for n in range(60)]
    rule = one_rule(POLICY, "their_choice", request(*many), "return_shipping")
    listed = next(node for part in rule.when for node in part if node.kind == "list")
    told = [part.text for part in listed.parts]
    assert listed.state == "true"
    assert "request.lines[37]" in told and len(told) == MAX_MEMBERS + 1
    assert listed.parts[-1].note == "54 more"


def test_the_rows_of_a_table_that_do_not_fit_are_counted():
    rule = one_rule(POLICY, "their_choice", TYPICAL["label"][1], "return_shipping")
    table = next(node for one in rule.concludes if one.proof for node in one.proof if node.kind == "table")
    assert [(part.kind, part.text, part.said) for part in table.parts] == [
        ("row", "at_home", "5.00 USD"),
        ("cut", "…", None),
    ]


def test_another_decisions_output_names_the_rules_behind_it():
    rule = one_rule(POLICY, "their_choice", TYPICAL["label"][1], "return_shipping")
    read = next(node for part in rule.when for node in part if node.kind == "output")
    assert (read.text, read.said, [part.text for part in read.parts]) == (
        "return(line).outcome",
        "approve",
        ["return.liked_not"],
    )


def test_what_keeps_a_rule_from_applying():
    rule = one_rule(POLICY, "worn_goods", TYPICAL["contradiction"][1])
    assert [part.text for part in rule.failing] == ["worn", "not at_fault"]


def test_a_proof_has_an_end():
    tests = " or ".join(f"line.quantity == {n}" for n in range(30))
    body = "define:\n" + "".join(f"  many{n}: {tests}\n" for n in range(20))
    wide = " or ".join(f"many{n}" for n in range(20))
    text = (
        HARBOUR.read_text()
        .replace("define:\n", body, 1)
        .replace("when: worn and not at_fault and (", f"when: ({wide}) and (")
    )
    policy = load_policy(text.encode(), "wide.yaml")
    rule = one_rule(policy, "worn_goods", request(line(quantity=29, condition={"unworn": False})))
    shown = [node for part in rule.when for node in part]
    assert MAX_NODES <= len(shown) <= MAX_NODES + 30
    assert any(node.kind == "cut" for node in shown)


def rule_alone(rule_id, document, **options):
    evaluation = Evaluation(POLICY.program, POLICY.case(document))
    decision = POLICY.program.decisions["return"]
    env = evaluation.env(decision, ("request", "lines", 0), "refund")
    rule = next(r for r in decision.rules if r.id == rule_id)
    return Prover(evaluation, **options).rule(decision, rule, env)


def test_a_cut_proof_still_says_whether_the_rule_applies():
    proof = rule_alone("liked_not", TYPICAL["approved"][1], limit=2)
    assert proof.state == "true" and sum(1 for part in proof.when for _ in part) <= 4


# what cannot be explained ------------------------------------------------------------------------------------------------


def test_a_question_the_policy_does_not_speak_of_has_no_proofs():
    assert explained("lost_parcel", TYPICAL["approved"][1]).members == ()


def test_an_order_the_policy_does_not_apply_to_says_why():
    found = explained(*TYPICAL["other_shop"])
    assert (found.scope.text, found.scope.state) == ("order.channel != 'marketplace'", "false")


def test_no_option_is_asked_for_so_no_rule_is_explained():
    found = explained("return", request(line(remedy=None)))
    assert [(one.rules, one.silent) for one in found.members] == [((), ())]
