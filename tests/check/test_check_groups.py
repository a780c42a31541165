"""Groups of rules: what belongs to them, and that they are unfolded when a policy is checked."""

from __future__ import annotations

from check_support import codes, decision, found, policy, program

from engine.base.diagnostics import Report
from engine.check.program import check_written
from engine.explain.handbook import handbook

TABLE = """
tables:
  dear:
    group: terms
    looks_at: {count: line.quantity}
    gives: {word: [deny, approve]}
    rows:
      few: {count: to 2, word: approve}
      many: {count: over 2, word: deny}
define:
  by_table: dear.word
"""


def overridden(text: str, rule: str) -> tuple[str, ...]:
    return next(one.overrides for one in program(text).decisions["return"].rules if one.id == rule)


def test_a_group_stands_for_its_rules_wherever_they_are_written() -> None:
    rules = (
        "{duty: {when: line.is_sample, then: {outcome: approve}, overrides: [group terms, no]}, "
        "no: {when: line.is_custom, then: {outcome: deny}, group: terms}, "
        "other: {when: line.is_final_sale, then: {outcome: deny}}, "
        "late: {when: line.is_gift_card, then: {outcome: deny}, group: terms}}"
    )
    assert overridden(policy(decision(rules)), "duty") == ("no", "late")


def test_a_rule_that_concludes_something_from_a_table_belongs_to_the_tables_group() -> None:
    rules = (
        "{duty: {when: line.is_sample, then: {outcome: approve}, overrides: [group terms]}, "
        "direct: {then: {outcome: dear.word}}, named: {then: {outcome: by_table}}, "
        "condition: {when: dear.word == 'deny', then: {outcome: deny}}}"
    )
    assert overridden(policy(decision(rules), top=TABLE), "duty") == ("direct", "named")


def test_a_rule_of_a_group_does_not_give_way_to_itself_through_a_table() -> None:
    rules = (
        "{duty: {when: line.is_sample, then: {outcome: dear.word}, overrides: [group terms]}, "
        "no: {when: line.is_custom, then: {outcome: deny}, group: terms}}"
    )
    assert overridden(policy(decision(rules), top=TABLE), "duty") == ("no",)


def test_groups_are_of_one_decision() -> None:
    ours = decision("{no: {when: line.is_custom, then: {outcome: deny}, group: terms}}")
    theirs = decision("{yes: {then: {outcome: approve}, overrides: [group terms]}}", name="exchange")
    assert found(policy(ours, theirs)) == [("override-unknown", "group terms")]


def test_members_that_conclude_other_things_are_left_standing() -> None:
    rules = (
        "{duty: {when: line.is_sample, then: {outcome: approve}, overrides: [group terms]}, "
        "no: {when: line.is_custom, then: {outcome: deny}, group: terms}, "
        "fee: {then: {fee: 5.00 EUR}, group: terms}}"
    )
    text = policy(decision(rules, "fee: {type: money, combine: sum, roll_up: sum}"))
    assert codes(text) == []
    outputs = program(text).decisions["return"].outputs
    assert list(outputs["outcome"].over) == ["no"]
    assert outputs["fee"].over == {}


def test_the_handbook_shows_what_a_group_stands_for() -> None:
    rules = (
        "{duty: {when: line.is_sample, then: {outcome: approve}, overrides: [plain, group terms]}, "
        "plain: {when: line.is_preorder, then: {outcome: deny}}, "
        "no: {when: line.is_custom, then: {outcome: deny}, group: terms}}"
    )
    checked = check_written(policy(decision(rules)).encode(), "policy.yaml", Report())
    assert checked is not None
    page = handbook(*checked)
    assert "comes before `plain`, group `terms` (`no`)" in page
    assert "of group `terms`" in page
