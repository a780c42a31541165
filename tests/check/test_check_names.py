"""What names mean where: variables, definitions under different variables, options, circles."""

from __future__ import annotations

import pytest
from check_support import codes, decision, found, messages, output, policy, program, when

from engine.language import core as c
from engine.language.walk import below, rule_parts

OPTIONS = "for_every: remedy in [refund, exchange]\nasked: line.remedy"


def _refs(text: str, of: str) -> list[c.OutputRef]:
    rules = program(text).decisions[of].rules
    return [expr for expr in below(rule_parts(rules)) if isinstance(expr, c.OutputRef)]


# definitions ---------------------------------------------------------------------------------------------------------


def test_a_definition_means_what_its_variables_mean_where_it_is_used() -> None:
    rules = "{one: {when: is_large, then: {outcome: deny}}}"
    parcels = decision(rules, name="dispatch").replace("line in request.lines", "line in order.lines")
    made = program(policy(decision(rules), parcels, top="define: {is_large: line.quantity > 3}"))
    bodies = [rule.when[0] for d in made.decisions.values() for rule in d.rules]
    assert all(isinstance(body, c.Named) for body in bodies)
    assert len({id(body.body) for body in bodies if isinstance(body, c.Named)}) == 2


def test_a_definition_that_needs_a_line_is_refused_at_its_use_which_names_it() -> None:
    rules = "{one: {when: is_custom_order, then: {outcome: deny}}}"
    text = policy(decision(rules, each=False), top="define: {is_custom_order: line.is_custom}")
    assert found(text) == [("name-not-here", "is_custom_order")]
    assert "`is_custom_order` speaks of a `line`" in messages(text)


def test_each_use_without_a_line_is_told() -> None:
    rules = "{one: {when: is_large, then: {outcome: deny}}, two: {unless: is_large, then: {outcome: approve}}}"
    text = policy(decision(rules, each=False), top="define: {is_large: line.quantity > 3}")
    assert found(text) == [("name-not-here", "is_large"), ("name-not-here", "is_large")]


def test_a_line_is_needed_through_other_definitions_too() -> None:
    top = "define: {is_large: line.quantity > 3, is_odd: is_large or order.is_gift}"
    assert found(when("is_odd", top, each=False)) == [("name-not-here", "is_odd")]


@pytest.mark.parametrize(
    "condition", ["any line in order.lines has is_large", "(count line in order.lines where is_large) > 1"]
)
def test_a_list_expression_gives_a_definition_its_line(condition: str) -> None:
    assert codes(when(condition, "define: {is_large: line.quantity > 3}", each=False)) == []


def test_a_definition_may_go_through_the_lines_itself() -> None:
    top = "define: {is_large: line.quantity > 3, has_large: any line in order.lines has is_large}"
    assert codes(when("has_large", top, each=False)) == []


def test_a_definition_may_not_call_its_members_as_the_decision_does() -> None:
    text = when("has_large", "define: {has_large: any line in order.lines has line.quantity > 3}")
    assert found(text) == [("name-twice", "line")]
    assert "where `has_large` is used" in messages(text)


def test_a_window_that_needs_a_line_is_refused_at_its_use() -> None:
    top = "windows: {time: {lasts: 3 days, after: line.delivery.at, act: request.at}}"
    assert found(when("time is open", top, each=False)) == [("name-not-here", "time")]


def test_a_table_that_needs_a_line_is_refused_at_its_use() -> None:
    top = "tables: {t: {looks_at: {k: line.category}, gives: {no: boolean}, rows: {r: {k: any, no: true}}}}"
    assert found(when("t.no", top, each=False)) == [("name-not-here", "t.no")]


def test_a_definition_may_speak_of_the_option() -> None:
    rules = "{one: {when: wants_money, then: {outcome: approve}}}"
    assert codes(policy(decision(rules, more=OPTIONS), top="define: {wants_money: remedy == 'refund'}")) == []


def test_what_nothing_uses_is_looked_through_all_the_same() -> None:
    tables = "tables: {t: {looks_at: {k: line.category}, gives: {no: money}, rows: {r: {k: any, no: 3}}}}"
    assert codes(policy(top="define: {d: line.catgory == 'x'}")) == ["name-unknown"]
    assert codes(policy(top="windows: {w: {lasts: line.quantity, after: line.delivery.at, act: request.at}}")) == [
        "type-mismatch"
    ]
    assert codes(policy(top=tables)) == ["type-mismatch"]
    assert codes(policy(top="define: {d: line.paid > tender.captured}")) == ["unused"]


# variables -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["order", "fee", "season", "rates", "refund", "as_of"])
def test_a_variable_has_a_name_of_its_own(name: str) -> None:
    top = (
        "define: {fee: line.paid}\nparameters: {season: {type: date, value: 2026-01-01}}\n"
        "tables: {rates: {looks_at: {k: order.is_gift}, gives: {no: boolean}, rows: {r: {k: any, no: true}}}}"
    )
    condition = f"any {name} in order.lines has {name}.is_custom"
    assert "name-twice" in codes(when(condition, top, each=False))
    each = policy(decision().replace("line in request.lines", f"{name} in request.lines"), top=top)
    assert "name-twice" in codes(each)


def test_a_parcel_of_the_order_may_be_called_a_parcel() -> None:
    rules = "{one: {when: parcel.status == 'lost', then: {outcome: approve}}}"
    parcels = decision(rules, name="lost_parcel").replace("line in request.lines", "parcel in order.parcels")
    assert codes(policy(parcels)) == []
    assert codes(when("any parcel in order.parcels has parcel.signed", each=False)) == []


@pytest.mark.parametrize("variable", ["line", "request", "fee"])
def test_the_variable_of_for_every_hides_nothing(variable: str) -> None:
    options = f"for_every: {variable} in [refund, exchange]\nasked: line.remedy"
    assert "name-twice" in codes(policy(decision(more=options), top="define: {fee: line.paid}"))


def test_a_list_inside_a_member_can_be_gone_through() -> None:
    assert codes(when("any one in line.discounts has one.kind == 'percentage'")) == []
    nested = "any other in order.lines has any one in other.discounts has one.amount > line.paid"
    assert codes(when(nested)) == []


def test_a_question_goes_over_records_of_one_list() -> None:
    for path in ("order.tags", "order.lines.discounts", "order.ship_to", "order.boxes"):
        assert codes(policy(decision().replace("request.lines", path))) == ["name-unknown"]


# options and other outputs -------------------------------------------------------------------------------------------


def test_the_same_option_is_read_whatever_the_order_of_the_options() -> None:
    reader = "{one: {when: return.outcome == 'approve', then: {outcome: approve}}}"
    options = "for_every: wish in [exchange, refund]\nasked: line.remedy"
    text = policy(decision(more=OPTIONS), decision(reader, more=options, name="refund"))
    assert [ref.option for ref in _refs(text, "refund")] == ["*wish"]


def test_the_option_asked_for_is_read_where_the_reader_has_none() -> None:
    reader = "{one: {when: return.outcome == 'approve', then: {outcome: approve}}}"
    text = policy(decision(more=OPTIONS), decision(reader, name="refund"))
    assert [(ref.item, ref.option) for ref in _refs(text, "refund")] == [("line", "")]


def test_options_that_only_overlap_must_be_named() -> None:
    reader = "{one: {when: return.outcome == 'approve', then: {outcome: approve}}}"
    options = "for_every: wish in [refund, repair]\nasked: line.remedy"
    text = policy(decision(more=OPTIONS), decision(reader, more=options, name="refund"))
    assert codes(text) == ["type-unknown-word"]
    named = text.replace("return.outcome ==", "return(exchange).outcome ==")
    assert [ref.option for ref in _refs(named, "refund")] == ["exchange"]


def test_an_option_may_be_named_by_its_variable() -> None:
    reader = "{one: {when: 'return(line, wish).outcome == ''approve''', then: {outcome: approve}}}"
    options = "for_every: wish in [exchange, refund]\nasked: line.remedy"
    text = policy(decision(more=OPTIONS), decision(reader, more=options, name="refund"))
    assert [(ref.item, ref.option) for ref in _refs(text, "refund")] == [("line", "*wish")]


@pytest.mark.parametrize(
    ("read", "code"),
    [
        ("return(line, line).outcome", "name-unknown"),
        ("return(refund, exchange).outcome", "name-unknown"),
        ("return(order).outcome", "name-unknown"),
        ("return.outcome.x", "name-unknown"),
        ("retrun(line).outcome", "name-unknown"),
    ],
)
def test_what_is_read_of_another_decision_exists(read: str, code: str) -> None:
    reader = f"{{one: {{when: '{read} == ''approve''', then: {{outcome: approve}}}}}}"
    assert codes(policy(decision(more=OPTIONS), decision(reader, name="refund"))) == [code]


def test_a_decision_that_is_asked_once_is_not_read_for_a_member() -> None:
    reader = "{one: {when: 'refund(line).outcome == ''approve''', then: {outcome: approve}}}"
    assert codes(policy(decision(each=False, name="refund"), decision(reader))) == ["name-not-here"]


def test_an_option_is_a_word_that_can_be_asked_for() -> None:
    closed = "facts: {line.wish: {type: [refund, exchange]}}"
    wrong = policy(decision(more="for_every: w in [refund, exchnge]\nasked: line.wish"), top=closed)
    assert found(wrong) == [("type-unknown-word", "exchnge")]
    near = policy(decision(more="for_every: w in [refund, exchnge]\nasked: line.remedy"))
    assert codes(near) == ["word-unlisted"]
    own = policy(decision(more="for_every: w in [refund, upgrade]\nasked: line.remedy"))
    assert codes(own) == []


def test_asked_is_looked_up_before_any_option_is_worked_out() -> None:
    assert codes(policy(decision(more="for_every: w in [refund, exchange]\nasked: w"))) == ["name-not-here"]


def test_an_output_that_has_the_name_of_a_fact_is_told_apart_where_it_is_read() -> None:
    refund = decision(
        "{one: {then: {outcome: approve, amount: line.paid}}}", "amount: {type: money, roll_up: sum}", name="refund"
    )
    reader = "{one: {when: refund.amount > 0, then: {outcome: approve}}}"
    assert codes(policy(refund)) == []
    assert found(policy(refund, decision(reader))) == [("name-twice", "refund.amount")]


def test_a_fact_of_a_record_that_is_also_a_decision_can_be_read() -> None:
    reader = "{one: {when: refund.approved, then: {outcome: approve}}}"
    assert codes(policy(decision(name="refund"), decision(reader))) == []


# suggestions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("condition", "help"),
    [
        ("line.catgory == 'x'", "did you mean `line.category`?"),
        ("line.placed_at < request.at", "did you mean `order.placed_at`?"),
        ("oder.is_gift", "did you mean `order.is_gift`?"),
        ("line.delivery.att < request.at", "did you mean `line.delivery.at`?"),
        ("line.category == shoes", "a word is written in quotes: `'shoes'`"),
        ("line.category == clothng", "a word is written in quotes: `'clothing'`"),
        ("line.category == is_larg", "did you mean `is_large`?"),
        ("item.paid > 0", "did you mean `line.paid`?"),
        ("zzz.yyy > 0", "the facts of a case begin with"),
    ],
)
def test_what_is_meant_is_suggested(condition: str, help: str) -> None:
    assert help in messages(when(condition, "define: {is_large: line.quantity > 3}"))


def test_what_is_nothing_like_it_is_not_suggested() -> None:
    assert "did you mean" not in messages(when("line.zzzzzz == 'x'"))


# circles -------------------------------------------------------------------------------------------------------------


def test_a_circle_of_outputs_through_a_requirement_is_found() -> None:
    rules = "{no: {when: line.is_custom, then: {outcome: deny}}, yes: {then: {outcome: approve}}}"
    needs = "requires: {photos: {when: return.outcome == 'approve', met: request.evidence.photos, ask: Photos?}}"
    assert codes(policy(decision(rules, more=needs))) == ["cycle"]


def test_a_circle_of_outputs_through_the_question_asked_is_found() -> None:
    asked = "for_every: w in [refund, exchange]\nasked: refund.wish"
    wish = decision(
        "{one: {when: return.outcome == 'deny', then: {outcome: approve, wish: refund}}}",
        "wish: {type: [refund, exchange], roll_up: each}",
        name="refund",
    )
    assert codes(policy(decision(more=asked), wish)) == ["cycle"]


def test_a_circle_of_outputs_through_a_window_and_a_table_is_found() -> None:
    top = (
        "windows: {time: {lasts: 3 days, after: return.back_by, act: request.at}}\n"
        "tables: {t: {looks_at: {now: time is open}, gives: {day: date}, rows: {"
        "a: {now: true, day: 2026-01-01}, b: {now: false, day: 2026-02-01}}}}"
    )
    text = decision("{one: {then: {outcome: approve, back_by: t.day}}}", "back_by: {type: date, roll_up: latest}")
    assert codes(policy(text, top=top)) == ["cycle"]


def test_outputs_of_one_decision_may_read_one_another_in_one_direction() -> None:
    rules = "{one: {then: {outcome: approve, goods: line.paid, tax: return.goods}}}"
    more = "goods: {type: money, roll_up: sum}\ntax: {type: money, roll_up: sum}"
    assert output(policy(decision(rules, more)), "tax").rules


def test_checks_and_scopes_come_before_all_outputs() -> None:
    check = "checks: {c: {must: return.outcome != 'deny', says: Nothing.}}"
    scope = "applies_when: denied"
    assert codes(policy(top=check)) == ["name-not-here"]
    assert codes(policy(top=f"{scope}\ndefine: {{denied: return.outcome == 'deny'}}")) == ["name-not-here"]


@pytest.mark.parametrize(
    ("condition", "near"),
    [
        ("line.category == 'jewelry'", [("word-unlisted", "'jewelry'")]),
        ("not (line.category != 'jewelry')", [("word-unlisted", "'jewelry'")]),
        (
            "line.category in ['toys', 'footware', 'boooks']",
            [("word-unlisted", "'footware'"), ("word-unlisted", "'boooks'")],
        ),
        (
            "line.category in ['toys', 'bicycle', 'electric', 'boots']",
            [],
        ),  # no listed word is near: it is one of their own
        ("line.seller == 'jewelry'", []),
        ("any one in request.lines has one.category == 'tool'", [("word-unlisted", "'tool'")]),
    ],
)
def test_a_word_that_is_nearly_a_listed_one_is_told(condition: str, near: list[tuple[str, str]]) -> None:
    rules = f'{{one: {{when: "{condition}", then: {{outcome: approve}}}}}}'
    assert found(policy(decision(rules))) == near


def test_a_word_of_their_own_is_no_mistake_however_near_it_is() -> None:
    rules = "{one: {when: line.category == 'jewelry', then: {outcome: approve}}}"
    assert codes(policy(decision(rules), top="facts: {line.category: {type: [jewelry, jewellery]}}")) == []


def test_a_word_in_a_cell_of_a_table_is_looked_at_too() -> None:
    table = (
        "tables: {t: {looks_at: {kind: line.category}, gives: {days: integer}, "
        "rows: {a: {kind: [toys, footware], days: 3}, b: {kind: any other, days: 4}}}}"
    )
    rules = "{one: {when: t.days > 3, then: {outcome: approve}}, two: {when: t.days == 3, then: {outcome: deny}}}"
    assert found(policy(decision(rules), top=table)) == [("word-unlisted", "footware")]
