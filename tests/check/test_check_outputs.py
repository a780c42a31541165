"""Outputs: what goes with their types, rounding, words that go to a person, requirements, splits, overriding."""

from __future__ import annotations

from typing import get_args

import pytest
from check_support import WORDS, codes, decision, found, messages, output, policy, program, then

from engine.language.model import Combine, RollUp
from engine.values.numbers import Rounding

VALUES = {
    "boolean": "true",
    "text": "hello",
    "integer": "3",
    "decimal": "2.5",
    "percent": "20%",
    "money": "line.paid",
    "date": "request.at + 3 days",
    "moment": "request.at",
    "date range": "request.at + 3 to 5 days",
    "elapsed": "24 hours",
    "[a, b]": "a",
    "{ordered: [a, b]}": "a",
    "{list_of: [a, b]}": "a",
}
COUNTED = {"integer", "decimal", "percent", "money", "elapsed"}
TIMES = {"date", "moment"}
LIST = "{list_of: [a, b]}"
WORD_LISTS = {"[a, b]", "{ordered: [a, b]}"}

COMBINES: dict[str, set[str]] = {
    "unique": set(VALUES) - {LIST},
    "first": set(VALUES) - {LIST},
    "strictest": WORD_LISTS,
    "all": {LIST},
    **{way: COUNTED for way in ("sum", "min", "max")},
    **{way: TIMES for way in ("earliest", "latest")},
}
ROLL_UPS: dict[str, set[str]] = {
    "each": set(VALUES),
    **{way: {"boolean", LIST} for way in ("all", "any")},
    **{way: COUNTED for way in ("sum", "min", "max")},
    **{way: TIMES for way in ("earliest", "latest")},
}


def _with(kind: str, combine: str, roll_up: str) -> str:
    rules = f"{{one: {{then: {{outcome: approve, value: {VALUES[kind]}}}}}}}"
    return policy(decision(rules, f"value: {{type: {kind}, combine: {combine}, roll_up: {roll_up}}}"))


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("combine", get_args(Combine))
def test_which_ways_of_combining_go_with_which_type(kind: str, combine: str) -> None:
    assert codes(_with(kind, combine, "each")) == ([] if kind in COMBINES[combine] else ["type-mismatch"])


@pytest.mark.parametrize("kind", VALUES)
@pytest.mark.parametrize("roll_up", get_args(RollUp))
def test_which_roll_ups_go_with_which_type(kind: str, roll_up: str) -> None:
    combine = "all" if kind == LIST else "unique"
    assert codes(_with(kind, combine, roll_up)) == ([] if kind in ROLL_UPS[roll_up] else ["type-mismatch"])


def test_a_roll_up_is_needed_for_each_member_and_means_nothing_otherwise() -> None:
    missing = policy(decision(outcome=f"{{type: {WORDS}}}"))
    assert codes(missing) == ["roll-up-missing"]
    pointless = policy(
        decision("{one: {then: {outcome: approve, value: 3}}}", "value: {type: integer, roll_up: sum}", each=False)
    )
    assert codes(pointless) == ["roll-up-nothing"]


def test_only_when_names_words_of_the_first_output() -> None:
    rules = "{one: {then: {outcome: approve, value: 3}}}"
    wrong = policy(decision(rules, "value: {type: integer, roll_up: sum, only_when: [approve, aprove]}"))
    assert found(wrong) == [("type-unknown-word", "aprove")]
    counted = "{type: integer, roll_up: sum}"
    number = policy(
        decision("{one: {then: {outcome: 3, value: 3}}}", f"value: {counted[:-1]}, only_when: [x]}}", outcome=counted)
    )
    assert codes(number) == ["type-mismatch"]


@pytest.mark.parametrize("word", ["not_covered", "not stated", "mixed"])
def test_words_with_a_meaning_of_their_own_are_no_answers(word: str) -> None:
    assert codes(policy(decision(outcome=f"{{type: [approve, {word}], roll_up: each}}"))) == ["name-reserved"]


def test_an_output_that_no_rule_concludes_is_told_unless_it_is_said_what_it_is_then() -> None:
    sources = "sources: {p: {title: P, read_on: 2026-01-01, sections: {s: {c-1: {kind: rule, says: Nothing.}}}}}"
    fee = "fee: {type: money, roll_up: sum}"
    assert found(policy(decision(outputs=fee))) == [("output-empty", "fee")]
    assert codes(policy(decision(outputs=fee, more="otherwise: {fee: not_covered}"))) == []
    assert codes(policy(decision(outputs=fee, more="otherwise: {fee: {value: 0, cites: [c-1]}}"), top=sources)) == []


def test_otherwise_speaks_of_outputs_that_there_are() -> None:
    assert found(policy(decision(more="otherwise: {fee: not_covered}"))) == [("name-unknown", "fee")]


# what a person decides -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "rule",
    [
        "{then: {outcome: review}}",
        "{then: {outcome: if line.is_custom then 'review' else 'deny'}}",
        "{then: {outcome: verdicts.verdict}}",
        "{then: {outcome: usual}}",
        "{when: line.is_custom, then: {outcome: deny}, review: silent}",
        "{when: line.is_custom, then: {outcome: deny}, leaning: {outcome: approve}}",
    ],
)
def test_review_and_its_kind_go_together(rule: str) -> None:
    top = (
        "tables: {verdicts: {looks_at: {c: line.is_custom}, gives: {verdict: [deny, review]}, rows: {"
        "a: {c: true, verdict: review}, b: {c: false, verdict: deny}}}}\n"
        f"parameters: {{usual: {{type: {WORDS}, value: review}}}}"
    )
    assert "review-kind" in codes(policy(decision(f"{{one: {rule}}}"), top=top))


@pytest.mark.parametrize(
    "rule",
    [
        "{then: {outcome: review}, review: silent, leaning: {outcome: deny}}",
        "{then: {outcome: if line.is_custom then 'review' else 'deny'}, review: vague}",
        "{then: {outcome: refund.outcome}}",
        "{then: {outcome: not stated}}",
    ],
)
def test_a_rule_that_is_clear_about_review(rule: str) -> None:
    assert codes(policy(decision(f"{{one: {rule}}}"), decision(name="refund"))) == []


def test_silence_is_no_review() -> None:
    sources = "sources: {p: {title: P, read_on: 2026-01-01, sections: {s: {c-1: {kind: rule, says: Nothing.}}}}}"
    text = policy(decision(more="otherwise: {outcome: {value: review, cites: [c-1]}}"), top=sources)
    assert codes(text) == ["review-kind"]


def test_a_word_review_of_a_text_output_is_only_a_text() -> None:
    assert codes(then("review", "text")) == []


# requirements --------------------------------------------------------------------------------------------------------


def _requiring(requirement: str, rules: str = "{one: {then: {outcome: approve}}}") -> str:
    top = "windows: {time: {lasts: 3 days, after: line.delivery.at, act: request.at}}"
    text = policy(decision(rules, more=f"requires: {{photos: {requirement}}}"), top=top)
    return text.replace("rules: {", "rules: {w: {when: time has passed, then: {outcome: deny}}, ")


@pytest.mark.parametrize("by", ["time", "request.at + 3 days", "booking.on", "request.at"])
def test_by_when_something_must_come(by: str) -> None:
    assert codes(_requiring(f"{{met: request.evidence.photos, ask: Photos?, by: {by}}}")) == []


@pytest.mark.parametrize(
    ("by", "code"), [("line.paid", "type-mismatch"), ("5 days", "type-mismatch"), ("tiem", "name-unknown")]
)
def test_by_when_nothing_can_come(by: str, code: str) -> None:
    assert codes(_requiring(f"{{met: request.evidence.photos, ask: Photos?, by: {by}}}")) == [code]


def test_what_is_met_is_a_condition() -> None:
    assert codes(_requiring("{met: line.paid, ask: Photos?}")) == ["type-not-condition"]


def test_a_requirement_holds_back_a_word_that_some_rule_concludes() -> None:
    met = "met: request.evidence.photos, ask: Photos?"
    assert codes(_requiring(f"{{{met}, for: accept}}")) == ["requirement-nothing"]
    assert codes(_requiring(f"{{{met}}}", "{one: {when: line.is_custom, then: {outcome: deny}}}")) == [
        "requirement-nothing"
    ]
    formula = "{one: {then: {outcome: if line.is_custom then 'deny' else 'approve'}}}"
    assert codes(_requiring(f"{{{met}}}", formula)) == []


def test_a_misspelt_yes_is_told_once() -> None:
    text = _requiring("{met: request.evidence.photos, ask: Photos?}", "{one: {then: {outcome: aprove}}}")
    assert found(text) == [("type-unknown-word", "aprove")]


def test_refusing_other_options_needs_a_word_of_refusal() -> None:
    sources = "sources: {p: {title: P, read_on: 2026-01-01, sections: {s: {c-1: {kind: rule, says: No other.}}}}}"
    options = "for_every: w in [refund, exchange]\nasked: line.remedy\nnot_offered: {cites: [c-1]}"
    assert codes(policy(decision(more=options), top=sources)) == []
    no = decision("{one: {then: {outcome: fine}}}", more=options, outcome="{type: [fine, bad], roll_up: each}")
    assert codes(policy(no, top=sources)) == ["type-unknown-word"]


# amounts -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formula", "whole"),
    [
        ("line.paid", True),
        ("5.00 EUR", True),
        ("5.005 EUR", False),
        ("3 * line.paid", True),
        ("1.5 * line.paid", False),
        ("20% of line.paid", False),
        ("line.paid - line.tax_total", True),
        ("share(line.paid, line.asked, line.quantity, line.returned_before)", True),
        ("round(20% of line.paid, to 0.01 EUR, half up)", True),
        ("round(20% of line.paid, to 0.001 EUR, half up)", False),
        ("greater of (0, line.paid - fee)", True),
        ("greater of (0, line.paid - thin_fee)", False),
        ("if line.is_custom then fee else thin_fee", False),
        ("sum of other.paid for other in order.lines", True),
        ("sum of 10% of other.paid for other in order.lines", False),
        ("rates.whole", True),
        ("rates.part", False),
        ("dated_fee", False),
        ("line.kept_paid", True),
        ("half_of_it", False),
    ],
)
def test_amounts_are_whole_coins_or_rounded(formula: str, whole: bool) -> None:
    top = (
        "parameters:\n"
        "  fee: {type: money, value: 1.25 EUR}\n"
        "  thin_fee: {type: money, value: 1.255 EUR}\n"
        "  dated_fee: {type: money, values: [{value: 1.00 EUR}, {from: 2026-01-01, value: 1.005 EUR}]}\n"
        "define: {half_of_it: 50% of line.paid}\n"
        "tables: {rates: {looks_at: {c: line.is_custom}, gives: {whole: money, part: money}, rows: {"
        "a: {c: any, whole: line.paid, part: 10% of line.paid}}}}\n"
    )
    text = then(formula, "money", top)
    assert ("type-rounding" in codes(text)) is not whole
    rounded = text.replace("decisions:", "rounding: half even\ndecisions:", 1)
    assert "type-rounding" not in codes(rounded)
    assert output(rounded, "value").rounding is Rounding.HALF_EVEN


def test_the_amount_that_holds_without_a_rule_is_a_whole_one_too() -> None:
    sources = "sources: {p: {title: P, read_on: 2026-01-01, sections: {s: {c-1: {kind: rule, says: A fee.}}}}}"
    fee = decision(
        outputs="fee: {type: money, roll_up: sum}", more="otherwise: {fee: {value: 10% of line.paid, cites: [c-1]}}"
    )
    assert found(policy(fee, top=sources)) == [("type-rounding", "10% of line.paid")]


def test_an_unknown_currency_brings_nothing_down() -> None:
    assert codes(then("0", "money", currency="XYZ")) == ["bad-currency"]


def test_the_help_about_rounding_names_the_coin() -> None:
    assert "to 0.01 EUR" in messages(then("20% of line.paid"))
    assert "here" not in messages(then("20% of line.paid", currency="as charged"))


def test_amounts_as_charged_take_no_fixed_amounts() -> None:
    assert codes(then("line.paid - 5.00 USD", currency="as charged")) == ["type-currency"]
    assert codes(then("5.00 USD", "money USD", currency="as charged")) == []
    assert codes(then("greater of (0, line.paid)", currency="as charged")) == []


# splits --------------------------------------------------------------------------------------------------------------


def _split(of: str, order: str = "[gift_card, any other]") -> str:
    return policy(decision(outputs=f"parts: {{type: tender split, of: {of}, in_order: {order}}}", each=False))


def test_a_split_lays_out_an_amount_of_whole_coins() -> None:
    assert codes(_split("order.total_paid")) == []
    assert codes(_split("10% of order.total_paid")) == ["type-rounding"]
    assert codes(_split("order.item_count")) == ["type-mismatch"]


def test_a_split_names_ways_of_paying() -> None:
    assert found(_split("order.total_paid", "[giftcard, any other]")) == [("word-unlisted", "giftcard")]
    assert codes(_split("order.total_paid", "[tokens, any other]")) == []
    assert found(_split("order.total_paid", "[card, card]")) == [("name-twice", "card")]


def test_a_split_is_neither_concluded_nor_compared_nor_made_for_each_line() -> None:
    rules = "{one: {then: {outcome: approve, parts: card}}}"
    split = "parts: {type: tender split, of: order.total_paid, in_order: [any other]}"
    assert codes(policy(decision(rules, split, each=False))) == ["name-not-here"]
    assert codes(policy(decision(outputs=split))) == ["amount-per-line"]
    reader = "{one: {when: return.parts == return.parts, then: {outcome: approve}}}"
    assert codes(policy(decision(outputs=split, each=False), decision(reader, name="refund"))) == ["type-mismatch"]


def test_a_range_of_days_is_for_promises() -> None:
    text = then("request.at + 3 to 5 days", "date range")
    reader = "{one: {when: return.value == return.value, then: {outcome: approve}}}"
    assert codes(text) == []
    assert codes(text + decision(reader, name="refund")) == ["type-mismatch"]


# overriding ----------------------------------------------------------------------------------------------------------


def test_naming_a_rule_twice_is_naming_it_once() -> None:
    rules = "{no: {when: line.is_custom, then: {outcome: deny}}, yes: {then: {outcome: approve}, overrides: [no, no]}}"
    assert [r.id for r in output(policy(decision(rules))).over["no"]] == ["yes"]


def test_overriding_all_spares_the_rules_that_override_it_by_name() -> None:
    rules = (
        "{no: {when: line.is_custom, then: {outcome: deny}, overrides: [yes]}, "
        "yes: {then: {outcome: approve}, overrides: all}, other: {when: line.is_sample, then: {outcome: deny}}}"
    )
    made = program(policy(decision(rules)))
    assert {rule.id: rule.overrides for rule in made.decisions["return"].rules} == {
        "no": ("yes",),
        "yes": ("other",),
        "other": (),
    }


def test_more_than_ten_rules_that_override_others_in_one_output_are_refused() -> None:
    def rules(count: int) -> str:
        more = [
            f"r{i}: {{when: line.quantity > {i + 1}, then: {{outcome: approve}}, overrides: [no]}}"
            for i in range(count)
        ]
        return "{no: {when: line.is_custom, then: {outcome: deny}}, " + ", ".join(more) + "}"

    assert codes(policy(decision(rules(10)))) == []
    assert codes(policy(decision(rules(11)))) == ["output-cost"]
