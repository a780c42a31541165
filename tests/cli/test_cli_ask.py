"""`policy-engine ask`: what is put, what can be typed for it, and what was meant."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from cli_support import run

POLICY = """
policy: ferry
title: Ferry
version: '1'
currency: EUR
timezone: Europe/Lisbon
decisions:
  return:
    asks: May this line come back?
    for_each: line in request.lines
    outputs:
      outcome: {type: [deny, approve], combine: strictest, roll_up: each}
    rules:
      begun: {when: line.production.begun_at has happened, then: {outcome: deny}}
      not_begun: {when: not (line.production.begun_at has happened), then: {outcome: approve}}
  stage_of_work:
    asks: How far is it?
    for_each: line in request.lines
    outputs:
      outcome: {type: [deny, approve], combine: strictest, roll_up: each}
    rules:
      early: {when: line.production.status == 'not_started', then: {outcome: approve}}
      late: {when: line.production.status != 'not_started', then: {outcome: deny}}
  all_custom:
    asks: Is all of it custom?
    for_each: line in request.lines
    outputs:
      outcome: {type: [deny, approve], combine: strictest, roll_up: each}
    rules:
      whole: {when: all other in order.lines has other.is_custom, then: {outcome: deny}}
      mine: {when: not line.is_custom, then: {outcome: approve}}
  offer:
    asks: Does the gift come back?
    for_each: promo in order.promotions
    outputs:
      outcome: {type: [deny, approve], combine: strictest, roll_up: each}
    rules:
      no: {when: any one in promo.lines has one.role == 'rewarded' and one.is_custom, then: {outcome: deny}}
      yes: {when: all one in promo.lines has one.role == 'qualifying' or not one.is_custom, then: {outcome: approve}}
  amount:
    asks: Is it dear?
    for_each: line in request.lines
    outputs:
      outcome: {type: [deny, approve], combine: strictest, roll_up: each}
    rules:
      dear: {when: line.paid > 10.00 EUR, then: {outcome: deny}}
      cheap: {when: line.paid <= 10.00 EUR, then: {outcome: approve}}
  jewels:
    asks: Is it jewellery?
    for_each: line in request.lines
    outputs:
      outcome: {type: [deny, approve], combine: strictest, roll_up: each}
    rules:
      jewels: {when: line.category == 'jewellery', then: {outcome: approve}}
      others: {when: line.category != 'jewellery', then: {outcome: deny}}
  order_acceptance:
    asks: Is it delivered there?
    outputs:
      outcome: {type: [deny, approve], combine: strictest}
    rules:
      far: {when: order.ship_to.postal.area == 'QX', then: {outcome: deny}}
      near: {when: order.ship_to.postal.area != 'QX', then: {outcome: approve}}
"""
AT = "2026-07-10T10:00:00+01:00"


@pytest.fixture
def ask(tmp_path: Path):  # type: ignore[no-untyped-def]
    policy, facts, saved = tmp_path / "ferry.yaml", tmp_path / "case.json", tmp_path / "saved.json"
    policy.write_text(POLICY, encoding="utf-8")

    def put(question: str, *typed: str, order: object = None, form: str = "text"):  # type: ignore[no-untyped-def]
        lines = [{"id": "1", "production": {"begun": True}}]
        document = {"request": {"at": AT, "lines": lines}} | ({"order": order} if order else {})
        facts.write_text(json.dumps(document), encoding="utf-8")
        given = "".join(f"{one}\n" for one in typed).encode()
        result = run("ask", str(policy), question, str(facts), "--save", str(saved), "--format", form, stdin=given)
        assert result.exit_code == 0, result.output
        return result.output, json.loads(saved.read_text(encoding="utf-8")) if saved.exists() else None

    return put


@pytest.mark.parametrize("said", ["not yet", "Not yet.", "not_yet", "NOT-YET", "notyet", "no", "never"])
def test_not_yet_is_understood_however_it_is_typed(ask, said: str) -> None:  # type: ignore[no-untyped-def]
    output, saved = ask("return", said)
    assert "return: approved" in output
    assert saved["request"]["lines"][0]["production"]["begun_at"] == {"not_by": AT}


@pytest.mark.parametrize(
    ("question", "wrong", "what"),
    [
        (
            "return",
            "last week",
            "Type 2026-05-08, 2026-05-08T14:30:00-06:00, or: not yet; or nothing, if nobody knows.",
        ),
        ("stage_of_work", "not yet", "Type not_started, materials_ordered, started, done; or nothing"),
        ("amount", "not yet", "Type an amount such as 12.50; or nothing"),
        ("all_custom", "maybe", "Type yes or no; or nothing"),
    ],
)
def test_what_cannot_be_meant_is_answered_with_what_can_be_typed(  # type: ignore[no-untyped-def]
    ask, question: str, wrong: str, what: str
) -> None:
    output, _ = ask(question, wrong, order={"currency": "EUR", "lines": [{"id": "1"}]})
    assert f"`{wrong}`" in output and what in output
    assert "a record" not in output


@pytest.mark.parametrize("said", ["not_started", "Not started", "NOT-STARTED"])
def test_words_are_understood_without_their_signs(ask, said: str) -> None:  # type: ignore[no-untyped-def]
    output, saved = ask("stage_of_work", said)
    assert "stage of work: approved" in output
    assert saved["request"]["lines"][0]["production"]["status"] == "not_started"


@pytest.mark.parametrize(
    ("typed", "category", "verdict"),
    [
        (("jewelry", "yes"), "jewellery", "approved"),
        (("jewelry", "no"), "jewelry", "denied"),
        (("jewelry",), "jewelry", "denied"),  # nobody is there to say what was meant
        (("bicycle",), "bicycle", "denied"),
    ],
)
def test_another_spelling_of_a_listed_word_is_asked_back(  # type: ignore[no-untyped-def]
    ask, typed: tuple[str, ...], category: str, verdict: str
) -> None:
    output, saved = ask("jewels", *typed)
    assert saved["request"]["lines"][0]["category"] == category
    assert f"jewels: {verdict}" in output
    assert ("`jewelry` is not listed. Did you mean `jewellery`? (yes or no)" in output) == (typed[0] == "jewelry")
    assert "clothing, footwear" in output and "or another word" in output


def test_an_order_line_is_asked_about_once(ask) -> None:  # type: ignore[no-untyped-def]
    order = {"lines": [{"id": "1"}]}
    output, _ = ask("all_custom", order=order, form="json")
    assert [one["name"] for one in json.loads(output)["questions"]] == ["order.lines[0].is_custom"]
    output, saved = ask("all_custom", "no", order=order)
    assert output.count("Is it personalised or custom-made?") == 1 and "all custom: approved" in output
    assert saved["order"]["lines"][0]["is_custom"] is False


def test_the_postal_code_is_asked_for_and_not_its_part(ask) -> None:  # type: ignore[no-untyped-def]
    output, saved = ask("order_acceptance", "GB", "80302", "qx4 7ab")
    assert "`80302` is not a postal code of `GB`: in GB it is" in output
    assert saved["order"]["ship_to"] == {"country": "GB", "postal_code": "qx4 7ab"}


def test_a_country_that_the_code_is_not_of_is_asked_for_again(ask) -> None:  # type: ignore[no-untyped-def]
    output, saved = ask("order_acceptance", "GB", "US", order={"ship_to": {"postal_code": "80302"}})
    assert output.count("Which country does it go to?") == 2
    assert saved["order"]["ship_to"] == {"country": "US", "postal_code": "80302"}


def test_a_part_is_asked_for_where_no_code_can_be_split(ask) -> None:  # type: ignore[no-untyped-def]
    output, saved = ask("order_acceptance", "AE", "Dubai 1", "q x")
    assert "With which letters or group of digits" in output
    assert saved["order"]["ship_to"]["postal"] == {"area": "q x"}


def test_a_line_of_an_offer_is_asked_about_as_a_line_of_the_order(ask) -> None:  # type: ignore[no-untyped-def]
    offer = {"id": "spring", "lines": [{"id": "2", "role": "rewarded"}]}
    order = {"lines": [{"id": "1"}, {"id": "2"}], "promotions": [offer]}
    output, saved = ask("offer", "yes", order=order)
    assert "Line 2 of the order (id 2): Is it personalised or custom-made?" in output
    assert saved["order"]["lines"][1]["is_custom"] is True
    assert saved["order"]["promotions"] == [offer]
    assert "offer: denied" in output
    order["promotions"] = [{"id": "autumn", "lines": []}, {"id": "spring", "lines": [{"role": "rewarded"}]}]
    output, saved = ask("offer", "2", "no", order=order)
    assert "Offer 2 (id spring): Which line of the order is it?" in output
    assert saved["order"]["promotions"][1]["lines"] == [{"id": "2", "role": "rewarded"}]
    assert "offer: approved" in output
