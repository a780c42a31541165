"""Presets: they fill what nobody said, are listed, and never outvote anybody."""

from facts_support import case_of, facts, told

from engine.language.case import path_text
from engine.vocabulary.shared import vocabulary


def assumed(case):
    return {path_text(path) for path in case.assumed}


def with_preset(document):
    return case_of({"assume": ["nothing_unusual"], **document})


ORDER = {"id": "1", "lines": [{"id": "a", "is_custom": True}, {"id": "b"}], "tenders": [{"kind": "card"}]}
DOCUMENT = {"order": ORDER, "request": {"lines": [{"id": "a", "is_gift_card": None}]}}


def test_a_preset_fills_every_member_of_the_lists_and_is_listed():
    case = with_preset(DOCUMENT)
    found = facts(case)
    assert case.errors == () and case.presets == ("nothing_unusual",)
    for line in ("order.lines[0]", "order.lines[1]", "request.lines[0]"):
        assert found[f"{line}.is_final_sale"] is False and found[f"{line}.is_gift_card"] is False
        assert found[f"{line}.origin"] == "sale" and found[f"{line}.returned_before"] == 0
        assert f"{line}.is_final_sale" in assumed(case)
    assert found["order.is_gift"] is False and found["order.tenders[0].usable"] is True
    assert set(case.assumed) <= set(case.facts) | case.awaiting_currency


def test_a_fact_that_is_given_wins_also_through_the_join():
    case = with_preset(DOCUMENT)
    assert facts(case)["order.lines[0].is_custom"] is True
    assert facts(case)["request.lines[0].is_custom"] is True
    assert facts(case)["order.lines[1].is_custom"] is False
    assert not {"order.lines[0].is_custom", "request.lines[0].is_custom"} & assumed(case)


def test_what_a_request_line_says_is_not_contradicted_in_the_order():
    document = {"order": {"lines": [{"id": "a"}]}, "request": {"lines": [{"id": "a", "is_final_sale": True}]}}
    case = with_preset(document)
    assert facts(case)["request.lines[0].is_final_sale"] is True
    assert "order.lines[0].is_final_sale" not in facts(case)
    assert facts(case)["order.lines[0].is_custom"] is False


def test_a_fact_that_was_given_wrongly_is_not_covered_up():
    document = {
        "order": {"is_gift": "no", "lines": [{"id": "a", "is_custom": 1}, 5]},
        "request": {"lines": [{"id": "a"}]},
    }
    case = with_preset(document)
    found = facts(case)
    assert not any(
        path in found for path in ("order.is_gift", "order.lines[0].is_custom", "request.lines[0].is_custom")
    )
    assert not any(path.startswith("order.lines[1]") for path in found)
    assert [path for path, *_ in told(case)] == [
        "order.is_gift",
        "order.lines[0].is_custom",
        "order.lines[1]",
        "request.lines[0].is_custom",
    ]
    whole = with_preset({"order": [], "request": {"lines": [{"id": "a"}]}})
    assert not any(path.startswith("order") for path in facts(whole))


def test_a_preset_leaves_later_stages_alone():
    before, after = with_preset({"stage": "before_buying", **ORDER_ONLY}), with_preset(ORDER_ONLY)
    assert "order.lines[0].returned_before" in assumed(after)
    assert "order.lines[0].returned_before" not in facts(before)
    assert "order.lines[0].is_final_sale" in assumed(before)


ORDER_ONLY = {"order": {"lines": [{"id": "a"}]}}


def test_without_the_word_nothing_is_assumed():
    case = case_of(DOCUMENT)
    assert case.assumed == frozenset() and case.presets == () and "order.is_gift" not in facts(case)


def test_naming_a_preset_twice_is_naming_it_once():
    assert case_of({"assume": ["nothing_unusual", "nothing_unusual"]}).presets == ("nothing_unusual",)


def test_a_preset_that_does_not_exist_makes_the_whole_case_wrong():
    case = case_of({"assume": ["nothing_unusal", "nothing_unusual", 7], "order": {"is_bulk": True}})
    assert told(case) == [
        (
            "",
            "preset-unknown",
            "no preset has the name `nothing_unusal`",
            "did you mean `nothing_unusual`?",
            "assume[0]",
        ),
        ("", "preset-unknown", "no preset has the name `7`", "write `[nothing_unusual]`", "assume[2]"),
    ]
    [(path, code, message, help, where)] = told(case_of({"assume": "nothing_unusual"}))
    assert (path, code, where) == ("", "fact-wrong-kind", "assume")
    assert (message, help) == ("`nothing_unusual` is not a list of presets", "write `[nothing_unusual]`")


def test_every_entry_of_every_preset_fits_its_fact():
    for name, entries in vocabulary().presets.items():
        full = {"lines": [{"id": "a"}], "tenders": [{}], "promotions": [{}]}
        case = case_of({"assume": [name], "order": full, "request": {"lines": [{"id": "a"}]}})
        assert case.errors == ()
        assert len(case.assumed) == len(entries)
