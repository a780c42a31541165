"""Guarantees, checks, the facts of a store's own and whether they exist: parsed, typed, bound to their members."""

from __future__ import annotations

import pytest
from check_support import codes, decision, found, policy, program

from engine.language import core as c
from engine.language.types import Boolean


def test_a_guarantee_is_typed_and_bound_to_each_line() -> None:
    top = (
        "define: {is_ours: line.reason_category == 'defect'}\n"
        "guarantees:\n"
        "  ours_come_back:\n"
        "    whenever: [is_ours, not line.is_final_sale]\n"
        "    then: return(line).outcome != 'deny'\n"
        "    says: What we broke comes back.\n"
    )
    [guarantee] = program(policy(decision(), top=top)).guarantees
    assert (guarantee.variable, guarantee.list_path) == ("line", ("request", "lines"))
    assert guarantee.whenever.type == guarantee.then.type == Boolean()
    assert isinstance(guarantee.whenever, c.Logic)
    assert guarantee.says == "What we broke comes back."


def test_a_guarantee_reads_the_outputs_of_its_own_line() -> None:
    top = "guarantees: {g: {whenever: line.is_custom, then: return.outcome != 'deny'}}"
    [guarantee] = program(policy(decision(), top=top)).guarantees
    assert isinstance(guarantee.then, c.Op)
    read = guarantee.then.args[0]
    assert isinstance(read, c.OutputRef)
    assert read.item == "line"


def test_a_guarantee_about_the_whole_has_no_member() -> None:
    top = "guarantees: {g: {whenever: order.is_gift, then: return.outcome != 'deny'}}"
    [guarantee] = program(policy(decision(), top=top)).guarantees
    assert (guarantee.variable, guarantee.list_path) == (None, ())


@pytest.mark.parametrize(
    ("whenever", "then", "code"),
    [
        ("line.paid", "return.outcome != 'deny'", "type-not-condition"),
        ("line.is_custom", "return.outcom != 'deny'", "name-unknown"),
        ("line.is_custom", "return.outcome != 'denied'", "type-unknown-word"),
        ("line.is_custom", "retrun(line).outcome != 'deny'", "name-unknown"),
        ("line.is_custom and", "return.outcome != 'deny'", "condition-syntax"),
    ],
)
def test_a_mistake_in_a_guarantee_is_found(whenever: str, then: str, code: str) -> None:
    top = f'guarantees: {{g: {{whenever: "{whenever}", then: "{then}"}}}}'
    assert codes(policy(decision(), top=top)) == [code]


def test_a_check_that_goes_through_lines_itself_is_asked_once() -> None:
    top = "checks: {c: {must: all line in order.lines has line.quantity >= 1, says: Lines have units.}}"
    [check] = program(policy(top=top)).checks
    assert check.variable is None


@pytest.mark.parametrize(
    ("must", "variable", "path"),
    [
        ("line.quantity >= line.returned_before", "line", ("request", "lines")),
        ("tender.refunded <= tender.captured", "tender", ("order", "tenders")),
        ("fits", "line", ("request", "lines")),
        ("order.total_paid >= order.shipping_paid", None, ()),
    ],
)
def test_a_check_is_asked_of_each_member_that_it_speaks_of(
    must: str, variable: str | None, path: tuple[str, ...]
) -> None:
    top = f"define: {{fits: line.quantity > 0}}\nchecks: {{c: {{must: {must}, says: It fits.}}}}"
    text = policy(decision("{one: {when: fits, then: {outcome: approve}}}"), top=top)
    [check] = program(text).checks
    assert (check.variable, check.list_path) == (variable, path)


def test_a_check_speaks_of_one_kind_of_member_at_a_time() -> None:
    top = "checks: {c: {must: line.paid <= tender.captured, says: It fits.}}"
    assert found(policy(top=top)) == [("name-not-here", "tender.captured")]


# facts ---------------------------------------------------------------------------------------------------------------


def _exists(text: str, name: str) -> list[tuple[tuple[str | int, ...], str | None]]:
    return [(o.pattern, o.variable) for o in program(text).only_when if o.pattern[-1] == name]


def test_a_fact_of_a_line_exists_under_both_kinds_of_lines() -> None:
    text = policy(top="facts: {line.motto: {type: text, only_when: line.is_custom}}")
    assert _exists(text, "motto") == [
        (("order", "lines", "*", "motto"), "line"),
        (("request", "lines", "*", "motto"), "line"),
    ]


def test_a_fact_of_another_member_keeps_its_condition() -> None:
    text = policy(top="facts: {tender.checked: {type: boolean, only_when: tender.kind == 'card'}}")
    assert _exists(text, "checked") == [(("order", "tenders", "*", "checked"), "tender")]


def test_a_fact_of_a_parcel_exists_for_the_parcel_and_those_of_the_order() -> None:
    text = policy(top="facts: {parcel.sealed: {type: boolean, only_when: parcel.tracked}}")
    assert _exists(text, "sealed") == [(("order", "parcels", "*", "sealed"), "parcel"), (("parcel", "sealed"), None)]


def test_a_fact_of_a_list_inside_a_list_keeps_its_condition() -> None:
    text = policy(top="facts: {member.checked: {type: boolean, only_when: member.role == 'rewarded'}}")
    assert [variable for _, variable in _exists(text, "checked")] == ["member"]


def test_whether_a_fact_exists_may_hang_on_another_but_not_on_itself() -> None:
    chain = "facts: {line.a: {type: boolean, only_when: line.is_custom}, line.b: {type: boolean, only_when: line.a}}"
    assert codes(policy(top=chain)) == []
    alone = "facts: {line.a: {type: boolean, only_when: line.a}}"
    assert codes(policy(top=alone)) == ["cycle"]
    through = chain.replace("line.is_custom", "is_so") + "\ndefine: {is_so: line.b}"
    assert codes(policy(top=through)) == ["cycle"]


@pytest.mark.parametrize(
    ("name", "spec", "underlined"),
    [
        ("line.size_of_box", "{type: integer, min: 3, max: 1}", "3"),
        ("line.quantity", "{type: text}", "text"),
        ("line.box", "{type: [small, small]}", "small, small"),
        ("reading.box", "{type: text}", "reading.box"),
        ("line", "{type: text}", ""),
    ],
)
def test_a_mistake_in_a_fact_is_underlined_where_it_stands(name: str, spec: str, underlined: str) -> None:
    [(_, words)] = found(policy(top=f"facts: {{{name}: {spec}}}"))
    assert underlined in words


def test_formulas_of_the_vocabulary_do_not_see_what_a_policy_names() -> None:
    top = "define: {kept_line: line.is_custom}"
    rules = "{one: {when: request.whole_order and kept_line, then: {outcome: approve}}}"
    assert codes(policy(decision(rules), top=top)) == []
