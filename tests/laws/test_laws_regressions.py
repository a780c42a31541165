"""Every way in which the law was once broken, or the engine brought down, as the smallest policy that shows it."""

import pytest
from laws_checks import results, settled
from laws_policies import CITES, CLAUSE, as_text

from engine import load_policy

AT = "2026-05-06T12:00:00Z"
MOMENT = {"type": "moment"}
YES_NO = {"type": "boolean"}


def policy(formulas=None, decisions=None, **parts):
    """A policy that concludes each formula (text, with its type) in an output of its name, for each line."""
    outputs = {name: {"type": kind, "roll_up": "each"} for name, (kind, _) in (formulas or {}).items()}
    rules = {f"r_{name}": {"then": {name: text}, **CITES} for name, (_, text) in (formulas or {}).items()}
    asked = {"asks": "?", "for_each": "line in request.lines", "outputs": outputs, "rules": rules}
    document = {
        "policy": "regressions",
        "title": "Regressions",
        "version": "1",
        "currency": "USD",
        "timezone": "America/Denver",
        "rounding": "half up",
        "calendar": {"weekend": ["saturday", "sunday"], "holidays": "US", "from": "2026-01-01", "until": "2027-01-01"},
        "sources": {"page": {"title": "?", "read_on": "2026-01-01", "sections": {"1": {"x-1": CLAUSE}}}},
        **parts,
        "decisions": decisions or {"ask": asked},
    }
    return load_policy(as_text(document).encode())


def case(line=None, order=None, **more):
    lines = [{}] if line is None else [line]
    return {"as_of": AT, "request": {"at": AT, "lines": lines}, "order": order or {}, **more}


def answer(policy, document, output, decision="ask"):
    """The output for the first line."""
    evaluated = {(p.decision, p.output, p.member, p.option): r for p, r in results(policy, document).items()}
    return evaluated[decision, output, ("request", "lines", 0), ""]


def known(policy, document, output="x"):
    found = answer(policy, document, output)
    return found.value if settled(found) else None


def decision(rules, outputs=None, **more):
    outcome = {"type": ["deny", "review", "approve"], "combine": "strictest", "roll_up": "each"}
    return {
        "asks": "?",
        "for_each": "line in request.lines",
        "outputs": outputs or {"outcome": outcome},
        "rules": rules,
        **more,
    }


# events that have not been seen -----------------------------------------------------------------------------------------


def test_an_event_that_is_not_yet_is_no_conclusion():
    one = policy({"x": ("moment", "line.seen_at")}, facts={"line.seen_at": MOMENT})
    found = answer(one, case({"seen_at": {"not_by": "2026-05-01T00:00:00Z"}}), "x")
    assert (found.status, {cause.kind for cause in found.causes}) == ("needs_facts", {"later"})


def test_a_stage_that_rules_an_event_out_says_more_than_that_somebody_had_looked_before():
    facts = {"line.seen_at": {"type": "moment", "known_from": "inspected"}}
    one = policy({"x": ("boolean", "line.seen_at has happened")}, facts=facts)
    looked = {"seen_at": {"not_by": "2026-05-01T00:00:00Z"}}
    assert known(one, case({}, stage="request")) is known(one, case(looked, stage="request")) is False


@pytest.mark.parametrize(
    "test",
    [
        "line.seen_at within 0 days before order.seen_at",
        "order.seen_at within 3 days after line.seen_at",
        "order.seen_at at least 0 days after line.seen_at",
    ],
)
def test_by_the_calendar_the_rest_of_the_day_on_which_somebody_looked_is_open(test):
    one = policy({"x": ("boolean", test)}, facts={"line.seen_at": MOMENT, "order.seen_at": MOMENT})
    order = {"seen_at": "2026-05-04T15:00:00Z"}
    looked = case({"seen_at": {"not_by": "2026-05-04T16:00:00Z"}}, order)
    then = case({"seen_at": "2026-05-04T18:00:00Z"}, order)
    assert known(one, looked) in (None, known(one, then))


def test_a_calendar_window_may_begin_on_the_day_on_which_somebody_looked():
    window = {"lasts": "3 days", "after": "line.seen_at", "act": "order.seen_at", **CITES}
    facts = {"line.seen_at": MOMENT, "order.seen_at": MOMENT}
    one = policy({"x": ("boolean", "w has begun")}, facts=facts, windows={"w": window})
    order = {"seen_at": "2026-05-04T15:00:00Z"}
    assert known(one, case({"seen_at": {"not_by": "2026-05-04T16:00:00Z"}}, order)) is None
    assert known(one, case({"seen_at": "2026-05-04T18:00:00Z"}, order)) is True
    assert known(one, case({"seen_at": {"not_by": AT}}, order)) is False, "nothing comes after the case's last word"


def test_a_window_whose_act_is_not_seen_either_is_judged_at_as_of():
    window = {"lasts": "3 days", "after": "line.seen_at", "act": "order.seen_at", **CITES}
    facts = {"line.seen_at": MOMENT, "order.seen_at": MOMENT}
    one = policy({"x": ("boolean", "w has begun")}, facts=facts, windows={"w": window})
    looked = {"not_by": "2026-05-01T00:00:00Z"}
    assert known(one, case({"seen_at": looked}, {"seen_at": {"not_by": AT}})) is None
    assert known(one, case({"seen_at": "2026-05-04T00:00:00Z"}, {"seen_at": {"not_by": AT}})) is True


def test_a_bare_date_is_not_held_against_a_moment_in_utc_while_the_zone_is_unknown():
    window = {
        "lasts": "36 hours",
        "after": "line.seen_at",
        "act": "order.seen_at",
        "zone": "order.ship_to.timezone",
        **CITES,
    }
    facts = {"line.seen_at": MOMENT, "order.seen_at": MOMENT}
    one = policy({"x": ("boolean", "w has begun")}, facts=facts, windows={"w": window})
    line = {"seen_at": {"not_by": "2026-05-05T01:00:00Z"}}
    there = {"seen_at": "2026-05-04", "ship_to": {"timezone": "America/Denver"}}
    assert known(one, case(line, {"seen_at": "2026-05-04"})) in (None, known(one, case(line, there)))


def test_what_hangs_on_the_time_of_the_request_asks_for_it():
    one = policy(
        {"x": ("boolean", "line.seen_at > order.seen_at")}, facts={"line.seen_at": MOMENT, "order.seen_at": MOMENT}
    )
    document = case({"seen_at": {"not_by": "2026-05-05T00:00:00Z"}}, {"seen_at": "2026-05-04T00:00:00Z"})
    bare = {**document, "as_of": None, "request": {"lines": document["request"]["lines"]}}
    assert "request.at" in {cause.name for cause in answer(one, bare, "x").causes}
    assert known(one, document) is True


# dates ------------------------------------------------------------------------------------------------------------------


def test_an_instant_is_compared_with_a_date_by_its_local_day():
    texts = {
        "x": "request.at <= line.delivery.at + 3 days",
        "y": "request.at < 2026-05-06",
        "z": "request.at in [2026-05-06]",
    }
    one = policy({name: ("boolean", text) for name, text in texts.items()})
    document = case({"delivery": {"at": "2026-05-03T09:00:00Z"}})
    assert [known(one, document, name) for name in texts] == [True, False, True]


def test_the_earliest_of_a_date_and_instants_does_not_hang_on_their_order():
    facts = {f"line.t{i}": MOMENT for i in range(3)}
    told = {"t0": "2026-05-02T00:00:00Z", "t1": "2026-05-04", "t2": "2026-05-04T15:00:00Z"}
    orders = ("t0, line.t1, line.t2", "t1, line.t2, line.t0", "t2, line.t1, line.t0")
    one = policy({f"x{i}": ("moment", f"earlier of (line.{text})") for i, text in enumerate(orders)}, facts=facts)
    assert len({known(one, case(told), f"x{i}") for i in range(3)} - {None}) == 1
    assert None not in {known(one, case(told), f"x{i}") for i in range(3)}


def test_the_facts_behind_a_date_that_is_too_coarse_are_named_and_not_the_words_of_the_formula():
    facts = {"line.t1": MOMENT, "line.t2": MOMENT, "line.kind": {"type": ["a", "b"]}}
    text = "(max of x.t1 for x in request.lines where x.kind in ['a']) > line.t2"
    one = policy({"x": ("boolean", text)}, facts=facts)
    document = case({"t1": "2026-05-04", "kind": "a", "t2": "2026-05-04T15:00:00Z"})
    document["request"]["lines"].append({"t1": "2026-05-04T15:00:00Z", "kind": "a"})
    assert {cause.name for cause in answer(one, document, "x").causes} == {"request.lines[0].t1"}


# what settles, and what is asked for ------------------------------------------------------------------------------------


def test_a_fact_that_may_not_exist_waits_for_what_would_rule_it_out():
    facts = {"line.seen_at": {"type": "moment", "only_when": "line.flag"}, "line.flag": YES_NO}
    one = policy({"x": ("boolean", "line.seen_at has happened")}, facts=facts)
    assert {cause.name for cause in answer(one, case(), "x").causes} == {
        "request.lines[0].seen_at",
        "request.lines[0].flag",
    }
    assert known(one, case({"flag": False})) is False


def test_a_list_that_only_a_later_stage_can_know_is_not_asked_for():
    facts = {"line.marks": {"type": {"list_of": {"deep": "boolean"}}, "known_from": "inspected"}}
    one = policy({"x": ("boolean", "any m in line.marks has m.deep")}, facts=facts)
    assert {cause.kind for cause in answer(one, case(), "x").causes} == {"later"}
    assert {cause.kind for cause in answer(one, case(stage="inspected"), "x").causes} == {"fact"}


def test_otherwise_settles_nothing_while_the_policy_may_not_speak_about_the_order():
    rules = {"no": {"when": "line.is_custom", "then": {"outcome": "deny"}, **CITES}}
    ask = decision(rules, otherwise={"outcome": {"value": "approve", **CITES}})
    one = policy(decisions={"ask": ask}, applies_when="order.channel == 'web'")
    found = answer(one, case({"is_custom": False}), "outcome")
    assert (found.status, {cause.name for cause in found.causes}) == ("needs_facts", {"order.channel"})
    assert answer(one, case({"is_custom": False}, {"channel": "shop"}), "outcome").status == "not_covered"


def test_an_option_that_is_not_offered_is_refused_only_where_the_policy_speaks():
    more = {"for_every": "way in [refund, exchange]", "asked": "line.remedy", "not_offered": CITES}
    ask = decision({"yes": {"then": {"outcome": "approve"}, **CITES}}, **more)
    one = policy(decisions={"ask": ask}, applies_when="order.channel == 'web'")
    assert answer(one, case({"remedy": "repair"}), "outcome").status == "needs_facts"
    assert answer(one, case({"remedy": "repair"}, {"channel": "web"}), "outcome").value == "deny"
    assert answer(one, case({"remedy": "repair"}, {"channel": "shop"}), "outcome").status == "not_covered"


def test_a_missing_list_is_not_all_that_is_waited_for():
    ask = decision({"yes": {"then": {"outcome": "approve"}, **CITES}})
    one = policy(decisions={"ask": ask}, applies_when="order.channel == 'web'")
    found = one.decide("ask", {"as_of": AT})
    assert {need.name for need in found.may_need} == {"request.lines", "order.channel"}


def test_while_nobody_says_which_option_is_asked_for_what_the_options_wait_for_counts_too():
    rules = {
        "yes": {"when": "way == 'refund' or line.is_custom", "then": {"outcome": "approve"}, **CITES},
        "no": {"when": "way == 'exchange' and not line.is_custom", "then": {"outcome": "deny"}, **CITES},
    }
    more = {"for_every": "way in [refund, exchange]", "asked": "line.wish"}
    facts = {"line.wish": {"type": ["refund", "exchange"]}}
    one = policy(decisions={"ask": decision(rules, **more)}, facts=facts)
    found = answer(one, case(), "outcome")
    assert {cause.name for cause in found.causes} == {"request.lines[0].wish", "request.lines[0].is_custom"}
    assert answer(one, case({"is_custom": True}), "outcome").value == "approve"


def test_a_true_any_stays_so_when_another_line_turns_out_to_hang_on_its_headline():
    outputs = {
        "outcome": {"type": ["deny", "approve"], "roll_up": "each"},
        "fee": {"type": "boolean", "roll_up": "any", "only_when": ["approve"]},
    }
    rules = {
        "r": {"when": "line.is_custom", "then": {"outcome": "approve"}, **CITES},
        "fee": {"then": {"fee": "line.is_preorder"}, **CITES},
    }
    one = policy(decisions={"ask": decision(rules, outputs)})
    first, second = {"is_custom": True, "is_preorder": True}, {}
    document = {"as_of": AT, "request": {"at": AT, "lines": [first, second]}}
    assert one.decide("ask", document).outputs["fee"].value is True
    second["is_preorder"] = False
    found = one.decide("ask", document).outputs["fee"]
    assert (found.value, found.only_if) == (True, None)


def test_by_cases_is_tried_also_where_another_rule_would_be_an_error():
    facts = {"line.flag": YES_NO, "line.due_on": {"type": "date"}}
    late = "(business days from line.due_on to 2026-05-04) > 2"
    rules = {
        "a": {"when": "line.flag", "then": {"outcome": "deny"}, **CITES},
        "b": {"when": "not line.flag", "then": {"outcome": "deny"}, **CITES},
        "c": {"when": late, "then": {"outcome": "approve"}, **CITES},
    }
    one = policy(decisions={"ask": decision(rules)}, facts=facts)
    for line in ({}, {"due_on": "2020-01-01"}):  # a day that the calendar does not cover
        found = answer(one, case(line), "outcome")
        assert (found.value, found.by_cases) == ("deny", True)


def test_two_blocked_rules_may_add_up_although_each_of_them_says_what_otherwise_says():
    outputs = {"fee": {"type": "money", "combine": "sum", "roll_up": "sum"}}
    rules = {
        "a": {"when": "line.is_custom", "then": {"fee": "5.00 USD"}, **CITES},
        "b": {"when": "line.is_preorder", "then": {"fee": "5.00 USD"}, **CITES},
    }
    one = policy(decisions={"ask": decision(rules, outputs, otherwise={"fee": {"value": "5.00 USD", **CITES}})})
    assert answer(one, case(), "fee").status == "needs_facts"
    assert str(answer(one, case({"is_custom": True, "is_preorder": True}), "fee").value) == "10.00 USD"


def test_a_rule_that_says_what_otherwise_says_is_asked_about_if_it_keeps_another_from_counting():
    outputs = {"fee": {"type": "integer", "combine": "min", "roll_up": "sum"}}
    rules = {
        "a": {"when": "line.is_custom", "then": {"fee": 0}, **CITES},
        "b": {"when": "line.quantity > 3", "then": {"fee": 5}, **CITES},
    }
    one = policy(decisions={"ask": decision(rules, outputs, otherwise={"fee": {"value": 0, **CITES}})})
    found = answer(one, case(), "fee")
    assert {cause.name for cause in found.causes} == {"request.lines[0].is_custom", "request.lines[0].quantity"}
    assert answer(one, case({"is_custom": True}), "fee").value == 0


def test_words_of_a_union_stand_in_the_order_of_their_type_whoever_says_them():
    outputs = {"todo": {"type": {"list_of": ["label", "photo", "form"]}, "combine": "all", "roll_up": "each"}}
    rules = {
        "a": {"when": "line.is_custom", "then": {"todo": ["photo"]}, **CITES},
        "b": {"then": {"todo": ["form", "label"]}, **CITES},
    }
    one = policy(decisions={"ask": decision(rules, outputs)})
    assert answer(one, case({"is_custom": False}), "todo").value == ("label", "form")
    assert answer(one, case({"is_custom": True}), "todo").value == ("label", "photo", "form")


# what once raised -------------------------------------------------------------------------------------------------------


def test_answers_that_are_tried_are_of_the_facts_own_type():
    one = policy({"x": ("boolean", "line.quantity * line.unit_price > 100.00 USD")})
    leads = one.decide("ask", case({"unit_price": "10.00"})).leads_to
    assert all(isinstance(tried.answer, int) for answers in leads.values() for tried in answers)


def test_only_currencies_are_tried_as_the_currency():
    formulas = {"x": ("money", "if order.currency == 'USD' then 2 * line.paid else line.paid")}
    document = case({"paid": "10.00"})
    found = policy(formulas, currency="as charged").decide("ask", document)
    assert found.leads_to["order.currency"] and all(len(t.answer) == 3 for t in found.leads_to["order.currency"])


def test_a_cause_that_is_no_place_in_the_facts_is_not_taken_for_one():
    facts = {"line.t1": MOMENT, "line.t2": MOMENT, "line.kind": {"type": ["a", "b"]}}
    rules = {
        "a": {
            "when": "(max of x.t1 for x in request.lines where x.kind in ['a']) > line.t2",
            "then": {"outcome": "deny"},
            **CITES,
        },
        "b": {"when": "line.is_custom", "then": {"outcome": "approve"}, **CITES},
    }
    one = policy(decisions={"ask": decision(rules)}, facts=facts)
    document = case({"t1": "2026-05-04", "kind": "a", "t2": "2026-05-04T15:00:00Z"})
    assert answer(one, document, "outcome").status == "needs_facts"


def test_a_wrong_currency_is_not_asked_for_again():
    one = policy({"x": ("boolean", "line.paid > 0")}, currency="as charged")
    found = one.decide("ask", case({"paid": "10.00"}, {"currency": "DOLLARS"}))
    assert (found.status, found.may_need) == ("error", ())


def test_a_table_that_nobody_can_read_yet_does_not_stand_in_the_way_of_whom_the_policy_speaks_about():
    rows = {"few": {"count": "..2", "small": True, **CITES}, "many": {"count": "over 2", "small": False, **CITES}}
    table = {"looks_at": {"count": "order.item_count"}, "gives": {"small": "boolean"}, "rows": rows}
    ask = decision({"yes": {"then": {"outcome": "approve"}, **CITES}})
    one = policy(decisions={"ask": ask}, tables={"sizes": table}, applies_when="sizes.small")
    assert one.decide("ask", case(order={"item_count": 1})).value == "approve"
    assert one.decide("ask", case(order={"item_count": 9})).why == ("out_of_scope",)


def test_a_requirement_whose_window_hangs_on_the_option_is_no_trouble_where_no_option_is_asked_for():
    windows = {
        "w": {
            "lasts": "if way == 'refund' then 3 days else 4 days",
            "after": "order.placed_at",
            "act": "request.at",
            **CITES,
        }
    }
    more = {"for_every": "way in [refund, exchange]", "asked": "line.remedy"}
    requires = {"proof": {"met": "request.evidence.photos", "ask": "?", "by": "w"}}
    ask = decision({"yes": {"when": "w is open", "then": {"outcome": "approve"}, **CITES}}, requires=requires, **more)
    one = policy(decisions={"ask": ask}, windows=windows)
    for line in ({}, {"remedy": "repair"}, {"remedy": "refund"}):
        assert one.decide("ask", case(line)).status in ("needs_facts", "not_covered")


def test_a_list_without_members_settles_nothing_while_nobody_knows_whether_the_policy_speaks_about_the_order():
    ask = decision({"yes": {"then": {"outcome": "approve"}, **CITES}}, for_each="promo in order.promotions")
    one = policy(decisions={"ask": ask}, applies_when="order.is_gift")
    empty = {"promotions": []}
    open_ = one.decide("ask", case(order=empty))
    assert (open_.status, [need.name for need in open_.may_need]) == ("needs_facts", ["order.is_gift"])
    assert one.decide("ask", case(order={**empty, "is_gift": False})).status == "not_covered"
    assert one.decide("ask", case(order={**empty, "is_gift": True})).status == "not_applicable"
