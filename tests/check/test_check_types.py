"""What goes together: words, lists, numbers, amounts, times, and what each of them is refused for."""

from __future__ import annotations

import pytest
from check_support import checked, codes, decision, found, messages, policy, program, then, when

from engine.language import core as c


def test_a_formula_may_choose_between_words() -> None:
    assert codes(then("if line.is_custom then 'a' else 'b'", "[a, b]")) == []


def test_a_formula_may_not_choose_a_word_the_output_lacks() -> None:
    assert codes(then("if line.is_custom then 'a' else 'c'", "[a, b]")) == ["type-unknown-word"]


def test_a_fact_with_other_words_is_no_answer() -> None:
    assert codes(then("line.origin", "[sale, gift]")) == ["type-mismatch"]


def test_a_fact_that_can_be_any_word_is_no_answer_even_if_its_listed_words_fit() -> None:
    facts = "facts: {line.wish: {type: {open: [a, b]}}}"
    assert codes(then("line.wish", "[a, b]", facts)) == ["type-mismatch"]


def test_a_fact_with_fewer_words_is_an_answer() -> None:
    facts = "facts: {line.wish: {type: [a, b]}}"
    assert codes(then("line.wish", "[a, b, d]", facts)) == []


def test_a_whole_reads_mixed_where_members_differ() -> None:
    reader = "{one: {then: {outcome: approve, got: return.outcome}}}"
    text = policy(decision(), decision(reader, "got: {type: [deny, review, approve]}", each=False, name="refund"))
    assert "mixed" in messages(text)


def test_mixed_can_be_tested_for() -> None:
    reader = "{one: {when: \"return.outcome == 'mixed'\", then: {outcome: approve}}}"
    assert codes(policy(decision(), decision(reader, each=False, name="refund"))) == []


def test_mixed_cannot_be_tested_for_in_one_member() -> None:
    reader = "{one: {when: \"return.outcome == 'mixed'\", then: {outcome: approve}}}"
    assert codes(policy(decision(), decision(reader, name="refund"))) == ["type-unknown-word"]


def test_ordered_words_of_two_lists_do_not_compare() -> None:
    facts = "facts: {line.a: {type: {ordered: [low, high]}}, line.b: {type: {ordered: [high, low]}}}"
    assert codes(when("line.a < line.b", facts)) == ["type-mismatch"]


def test_ordered_words_compare_with_a_word_of_their_list() -> None:
    facts = "facts: {line.a: {type: {ordered: [low, high]}}}"
    assert codes(when("line.a < 'high' and line.a in 'low' .. 'high'", facts)) == []


def test_an_ordered_output_that_rolls_up_has_no_order_as_a_whole() -> None:
    rated = "care: {type: {ordered: [low, high]}, roll_up: each}"
    reader = "{one: {when: \"return.care >= 'high'\", then: {outcome: approve}}}"
    first = decision("{one: {then: {outcome: approve, care: low}}}", rated)
    assert codes(policy(first, decision(reader, name="refund"))) == []
    assert codes(policy(first, decision(reader, each=False, name="refund"))) == ["type-mismatch"]


def test_words_of_lists_that_share_none_are_never_the_same() -> None:
    assert codes(when("line.reason_category == line.origin")) == ["type-mismatch"]


def test_codes_of_two_letters_get_no_silly_suggestion() -> None:
    assert "two capital letters" in messages(when("order.ship_to.country == 'USA'"))
    assert "did you mean `US`" in messages(when("order.ship_to.country == 'us'"))


# lists ---------------------------------------------------------------------------------------------------------------


def test_a_named_list_is_looked_up() -> None:
    assert codes(when("line.category in kinds", "parameters: {kinds: {type: {list_of: text}, value: [shoes]}}")) == []


def test_a_named_list_of_numbers_takes_whole_numbers_and_others() -> None:
    top = "parameters: {sizes: {type: {list_of: decimal}, value: [1.5, 2]}}"
    assert codes(when("line.quantity in sizes", top)) == []


@pytest.mark.parametrize("formula", ["kinds == 'shoes'", "kinds", "(count k in kinds) > 1"])
def test_a_named_list_is_nothing_else(formula: str) -> None:
    top = "parameters: {kinds: {type: {list_of: text}, value: [shoes]}}"
    assert codes(when(formula, top)) == ["type-mismatch"]


def test_a_word_of_a_named_list_that_the_fact_never_is() -> None:
    top = "parameters: {faults: {type: {list_of: text}, value: [defect, transit_damge]}}"
    text = when("line.reason_category in faults", top)
    assert codes(text) == ["type-unknown-word"]
    assert "`transit_damage`" in messages(text)


def test_a_list_of_amounts_cannot_be_gone_through() -> None:
    facts = "facts: {order.fees: {type: {list_of: money}}}"
    assert codes(when("any fee in order.fees has fee > 1.00 EUR", facts)) == ["type-mismatch"]
    assert codes(when("1.00 EUR in order.fees", facts)) == ["type-mismatch"]


def test_a_list_that_an_output_concludes_is_looked_up() -> None:
    steps = decision(
        "{one: {then: {outcome: approve, steps: [label]}}}",
        "steps: {type: {list_of: [label, photos]}, combine: all, roll_up: all}",
    )
    reader = "{one: {when: \"'label' in return.steps\", then: {outcome: approve}}}"
    assert codes(policy(steps, decision(reader, each=False, name="refund"))) == []


def test_a_list_in_a_message_is_told() -> None:
    text = policy(
        decision(
            "{one: {then: {outcome: approve, steps: [label]}, because: 'Do {return.steps}.'}}",
            "steps: {type: {list_of: [label, photos]}, combine: all, roll_up: all}",
        )
    )
    assert codes(text) == []


def test_list_expressions_nest_twice_and_no_deeper() -> None:
    two = "any a in order.lines has (count b in order.lines where b.sku == a.sku) > 1"
    assert codes(when(two, each=False)) == []
    three = f"any d in order.lines has ({two})"
    assert codes(when(three, each=False)) == ["condition-too-deep"]


# numbers, amounts, times ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "code"),
    [
        ("line.quantity / 2 > 1", "type-division"),
        ("round(line.quantity / 2, to 1, up) > 1", None),
        ("round(2 / line.quantity, to 1, up) > 1", None),
        ("round(2 / line.returned_before, to 1, up) > 1", "type-division"),
        ("round(2 / greater of (1, line.returned_before), to 1, up) > 1", None),
        ("round(line.paid / order.total_paid, to 0.1, up) > 1", "type-division"),
        ("round(line.paid / greater of (0.01 EUR, order.total_paid), to 0.1, up) > 1", None),
        ("round(1 / (if line.is_custom then 2 else 3), to 1, up) > 0", None),
        ("round(1 / -2, to 1, up) > 0", None),
        ("round(1 / 0, to 1, up) > 0", "type-division"),
    ],
)
def test_a_division_rounds_and_never_divides_by_zero(formula: str, code: str | None) -> None:
    assert codes(when(formula)) == ([] if code is None else [code])


def test_a_define_that_divides_is_rounded_where_it_is_used() -> None:
    top = "define: {ratio: line.hours_used / line.quantity}"
    assert codes(when("round(ratio, to 1, up) > 3", top)) == []
    rules = (
        "{a: {when: 'round(ratio, to 1, up) > 3', then: {outcome: deny}}, b: {when: ratio > 3, then: {outcome: deny}}}"
    )
    assert found(policy(decision(rules), top=top)) == [("type-division", "line.hours_used / line.quantity")]


def test_a_divisor_that_may_be_set_otherwise_over_time_is_looked_at_as_a_whole() -> None:
    dated = "parameters: {parts: {type: integer, values: [{value: 2}, {from: 2026-01-01, value: 0}]}}"
    assert codes(when("round(line.quantity / parts, to 1, up) > 1", dated)) == ["type-division"]
    assert codes(when("round(line.quantity / parts, to 1, up) > 1", dated.replace("value: 0", "value: 3"))) == []


@pytest.mark.parametrize(
    "constant",
    ["100000000000.00 EUR", "999999999999999.00 JPY", "200000 days", "9000 months", "99999999 hours", "100000000%"],
)
def test_a_fixed_value_beyond_the_range_is_refused(constant: str) -> None:
    kinds = {"EUR": "money EUR", "JPY": "money JPY", "days": "period", "months": "period", "hours": "elapsed"}
    kind = kinds.get(constant.split()[-1], "percent")
    top = f"parameters: {{p: {{type: {kind}, value: {constant}}}}}"
    assert codes(policy(top=top)) == ["type-magnitude"]


def test_numbers_of_more_digits_than_stay_exact_are_refused() -> None:
    assert codes(when("line.quantity > 1234567890123456789012345")) == ["bad-value"]


@pytest.mark.parametrize("length", ["-24 hours", "0 hours - 24 hours"])
def test_a_length_of_time_is_never_negative(length: str) -> None:
    text = policy(top=f"windows: {{w: {{lasts: {length}, after: order.placed_at, act: request.at}}}}")
    assert codes(text) == (["bad-value"] if length.startswith("-") else ["unused"])


def test_a_zone_that_does_not_exist_is_refused_wherever_it_is_written() -> None:
    assert codes(when("order.ship_to.timezone == 'Mars/Olympus'")) == ["bad-zone"]
    assert codes(policy(top="parameters: {home: {type: zone, value: Mars/Olympus}}")) == ["bad-zone"]


def test_only_a_fact_that_is_an_event_can_have_happened() -> None:
    assert codes(when("line.delivery.at has happened")) == []
    assert codes(when("came has happened", "define: {came: line.delivery.at}")) == []
    assert codes(when("later_on has happened", "define: {later_on: line.delivery.at + 2 hours}")) == ["type-mismatch"]
    assert codes(when("as_of has happened")) == ["type-mismatch"]
    assert codes(when("booking.on has happened")) == ["type-mismatch"]


@pytest.mark.parametrize(
    ("formula", "kind"),
    [
        ("line.quantity", "decimal"),
        ("request.at + 24 hours", "moment"),
        ("request.at + 3 days", "date"),
        ("request.at + 3 days", "moment"),
        ("request.at + 3 to 5 days", "date range"),
        ("elapsed from order.placed_at to request.at", "elapsed"),
        ("20% of 10%", "percent"),
        ("2% * line.quantity", "percent"),
        ("line.quantity * 2%", "percent"),
        ("2% * 1.5 + 1% - 3%", "percent"),
        ("round(20% / 3, to 0.01%, half up)", "percent"),
        ("lesser of (20%, 2% * 3)", "percent"),
        ("greater of (0, 20% - 2% * line.quantity)", "percent"),
        ("round(lesser of (20%, 2% * 3) of line.paid, to 0.01 EUR, half up)", "money"),
        ("round((2% * line.quantity) of line.paid, to 0.01 EUR, half up)", "money"),
        ("20% of line.quantity", "decimal"),
        ("0", "money"),
        ("0", "percent"),
        ("0", "elapsed"),
        ("line.is_custom and not line.is_sample", "boolean"),
        ("round(15% of line.paid, to 0.01 EUR, half up)", "money"),
        ("round(2.5, to 1, half even)", "integer"),
        ("weekday of request.at", "[Monday, Tuesday, Wednesday, Thursday, Friday, Saturday, Sunday]"),
        ("4.00 EUR * month of request.at", "money"),
        ("booking.on at 18:00", "moment"),
        ("(end of booking.on) + 8 hours", "moment"),
        ("first Friday on or after request.at", "date"),
        ("first Friday on or after request.at", "moment"),
        ("booking.on falls in 10 November .. 6 January", "boolean"),
    ],
)
def test_what_each_kind_of_output_takes(formula: str, kind: str) -> None:
    assert codes(then(formula, kind)) == []


@pytest.mark.parametrize(
    ("formula", "kind"),
    [
        ("1.5", "integer"),
        ("20", "percent"),
        ("20%", "money"),
        ("2% * line.quantity", "decimal"),
        ("20% of line.quantity", "percent"),
        ("5", "[a, b]"),
        ("request.at", "date"),
        ("5 days", "elapsed"),
        ("request.at + 3 days", "date range"),
        ("line.paid", "integer"),
        ("greater of (order.placed_at, request.at)", "moment"),
        ("later of (1, 2)", "integer"),
        ("lesser of (30 days, 1 month)", "date"),
        ("weekday of request.at", "integer"),
        ("weekday of request.at", "[Saturday, Sunday]"),
        ("weekday of line.quantity", "[Monday, Tuesday]"),
        ("line.paid at 18:00", "moment"),
        ("booking.on at 18:00", "date"),
        ("time of request.at", "date"),
        ("time of request.at", "moment"),
        ("time of request.at + 2 hours", "moment"),
        ("greater of (08:30, time of request.at)", "integer"),
        ("request.at > 08:30", "boolean"),
        ("time of request.at > 8", "boolean"),
        ("time of request.at == weekday of request.at", "boolean"),
    ],
)
def test_what_each_kind_of_output_refuses(formula: str, kind: str) -> None:
    assert codes(then(formula, kind)) == ["type-mismatch"]


@pytest.mark.parametrize("moment", ["booking.on at 18:00", "start of booking.on", "end of booking.on"])
def test_hours_are_counted_from_a_time_of_day_and_days_from_a_date(moment: str) -> None:
    for text in (f"request.at within 8 hours after {moment}", f"request.at < ({moment}) + 8 hours"):
        assert codes(when(text)) == []
    for text in (f"request.at < ({moment}) + 8 days", f"request.at < ({moment}) - 3 to 5 days"):
        assert codes(when(text)) == ["type-periods"]
    for text in ("request.at within 8 hours after booking.on", "request.at < booking.on + 8 hours"):
        assert f"`{moment}`" in messages(when(text))
    assert "`start of booking.on`" in messages(when("elapsed from booking.on to request.at > 3 hours"))


def test_a_value_that_is_wanted_as_a_condition_has_a_code_of_its_own() -> None:
    assert codes(then("line.category", "boolean")) == ["type-not-condition"]


def test_a_text_output_is_the_text_itself() -> None:
    made = program(then("line by line", "text"))
    value = made.decisions["return"].rules[0].then["value"]
    assert isinstance(value, c.Const)
    assert value.value == "line by line"


def test_a_text_output_that_looks_like_a_fact_is_refused() -> None:
    assert codes(then("line.title", "text")) == ["type-mismatch"]


def test_one_mistake_in_a_long_condition_is_one_finding() -> None:
    text = when("line.catgory == 'shoes' and line.paid > 5 and (line.quantity or not line.is_custom)")
    assert [code for code, _ in found(text)] == ["name-unknown", "type-mismatch", "type-not-condition"]


def test_nothing_is_said_of_what_rests_on_a_wrong_declaration() -> None:
    own = "facts: {line.quantity: {type: text}, line.size_of_box: {type: integer, min: 3, max: 1}}"
    assert codes(when("line.quantity == 'x' and line.size_of_box > 2", own)) == ["bad-value", "bad-value"]
    wrong = "parameters: {fee: {type: money EUO, value: 1 EUR}}"
    assert codes(when("line.paid > fee", wrong)) == ["bad-currency"]


def test_a_chain_of_definitions_that_is_too_long_is_refused_and_brings_nothing_down() -> None:
    links = "".join(f"  d{i}: d{i - 1} + 1.00 EUR\n" for i in range(1, 2_000))
    rules = "{" + ", ".join(f"r{i}: {{then: {{outcome: approve, value: d{i}}}}}" for i in range(2_000)) + "}"
    text = policy(decision(rules, "value: {type: money, roll_up: sum}"), top=f"define:\n  d0: line.paid\n{links}")
    made, diagnostics = checked(text)
    assert made is None
    assert {one.code for one in diagnostics} == {"condition-too-deep"}


def test_a_calendar_period_is_called_one_whatever_its_unit() -> None:
    told = messages(when("months from order.placed_at to request.at + 12 months > 3"))
    assert "`12 months` (a calendar period)" in told
    assert "to (request.at + 12 months)`" in told
    assert codes(when("months from order.placed_at to (request.at + 12 months) > 3")) == []


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        (
            "order.ship_to.postal_code in 'IV1' .. 'IV63'",
            "order.ship_to.postal.area == 'QX' and order.ship_to.postal.district in 1 .. 9",
        ),
        (
            "'KW1' <= order.ship_to.postal_code",
            "order.ship_to.postal.area == 'QX' and order.ship_to.postal.district in 1 .. 9",
        ),
    ],
)
def test_postal_codes_in_an_order_are_compared_by_their_parts(wrong: str, right: str) -> None:
    assert f"`{right}`" in messages(when(wrong))
    assert codes(when(right)) == []
    assert "postal" not in messages(when("line.title in 'a' .. 'b'"))
