"""How long checking takes: about in proportion to the policy, whatever it is made of."""

from __future__ import annotations

import time

from check_support import checked, decision, policy

SECONDS = 20.0
"""Far above what it takes (half a second), far below what going wrong by a power would."""


def _rules(count: int) -> str:
    return (
        "{"
        + ", ".join(
            f"r{i}: {{when: ['large_{i % 20} or time_{i % 20} is open', line.paid > {i}.00 EUR], "
            f"then: {{outcome: {'deny' if i % 2 else 'approve'}, fee: 20% of line.paid}}, "
            f"because: 'The time ended on {{time_{i % 20}.last_day}}.'}}"
            for i in range(count)
        )
        + "}"
    )


def _taken(text: str) -> float:
    start = time.process_time()
    made, diagnostics = checked(text)
    assert made is not None, [one.message for one in diagnostics if one.severity == "error"]
    return time.process_time() - start


def test_three_hundred_rules_are_checked_quickly() -> None:
    top = (
        "rounding: half up\n"
        + "define:\n" + "".join(f"  large_{i}: line.quantity > {i} and not line.is_custom\n" for i in range(20))
        + "windows:\n"
        + "".join(f"  time_{i}: {{lasts: {i + 1} days, after: line.delivery.at, act: request.at}}\n" for i in range(20))
    )  # fmt: skip
    fee = "fee: {type: money, combine: sum, roll_up: sum, only_when: [approve]}"
    assert _taken(policy(decision(_rules(300), fee), top=top)) < SECONDS


def test_a_table_of_three_hundred_rows_is_checked_quickly() -> None:
    rows = ", ".join(f"r{i}: {{k: over {i} to {i + 1}, c: any, v: {i}.00 EUR}}" for i in range(300))
    looks = "{k: line.hours_used, c: order.ship_to.country}"
    top = f"tables: {{t: {{looks_at: {looks}, gives: {{v: money}}, rows: {{{rows}}}}}}}"
    rules = "{one: {then: {outcome: approve, fee: t.v}}}"
    assert _taken(policy(decision(rules, "fee: {type: money, roll_up: sum}"), top=top)) < SECONDS


def test_definitions_that_use_one_another_twice_do_not_double_the_work() -> None:
    links = "".join(f"  d{i}: d{i - 1} and (line.is_custom or d{i - 1})\n" for i in range(1, 25))
    top = f"define:\n  d0: line.is_sample\n{links}"
    assert _taken(policy(decision("{one: {when: d24, then: {outcome: approve}}}"), top=top)) < SECONDS
