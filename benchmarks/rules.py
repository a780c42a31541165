"""How `policy-engine check` grows with a policy: from 20 rules to 300, as a multiple of importing the libraries alone.

    python benchmarks/rules.py [--runs N]

The policies are made here: decisions of twenty rules, each with two conditions, a window, a fee, a message and, now and
then, an override: everything that is checked of a rule is there. A policy of 300 rules must not take more than LIMIT
seconds of processor time from the start of the process on; the exit code is 1 if it does.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from start import BASE, seconds

LIMIT = 1.5
SIZES = (20, 50, 100, 200, 300)
PER_DECISION = 20

TOP = """\
policy: made
title: Made to be measured
version: '1'
currency: EUR
timezone: Europe/Lisbon
rounding: half up
sources: {page: {title: Page, read_on: 2026-01-01, sections: {One: {c-1: {kind: rule, says: It is so.}}}}}
"""
DECISION = """\
  question_%d:
    asks: May it come back, and what is kept?
    for_each: line in request.lines
    outputs:
      outcome: {type: [deny, review, approve], combine: strictest, roll_up: each}
      fee: {type: money, combine: sum, roll_up: sum, only_when: [approve]}
    rules:
"""
RULE = """\
      rule_{n}:
        when:
          - line.category == 'clothing' and line.paid > {n}.00 EUR or large_{k}
          - time_{k} is open or line.condition.opened
        unless: line.is_custom and line.quantity > {n}
        then:
          outcome: {word}
          fee: 15% of line.paid + {n}.50 EUR
{overrides}        because: Until {{time_{k}.last_day}} it can come back for {{15% of line.paid}}.
        cites: [c-1]
"""


def policy(rules: int) -> str:
    """A policy with so many rules."""
    kinds = range(PER_DECISION)
    define = "".join(f"  large_{k}: line.quantity > {k} and not line.is_custom\n" for k in kinds)
    window = "  time_{0}: {{lasts: {1} days, after: line.delivery.at, act: request.at, cites: [c-1]}}\n"
    text = f"{TOP}define:\n{define}windows:\n" + "".join(window.format(k, k + 10) for k in kinds) + "decisions:\n"
    for n in range(rules):
        if n % PER_DECISION == 0:
            text += DECISION % (n // PER_DECISION)
        before = f"        overrides: [rule_{n - 1}]\n" if n % 4 == 1 else ""
        text += RULE.format(n=n, k=n % PER_DECISION, word="deny" if n % 2 else "approve", overrides=before)
    return text


def main() -> None:
    """Measure each size, print, and end with 1 if the largest takes too long."""
    parser = argparse.ArgumentParser(description="Checking policies of growing size.")
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    base = min(seconds(BASE) for _ in range(options.runs))
    print(f"importing the libraries: {base * 1000:.0f} ms of processor")
    taken = 0.0
    with tempfile.TemporaryDirectory() as place:
        for rules in SIZES:
            file = Path(place, f"rules_{rules}.yaml")
            file.write_text(policy(rules), encoding="utf-8")
            command = [sys.executable, "-m", "engine.cli", "check", str(file)]
            taken = min(seconds(command) for _ in range(options.runs))
            print(f"{rules:>4} rules: {taken * 1000:.0f} ms of processor, {taken / base:.1f} times the imports")
    print(f"limit for {SIZES[-1]} rules: {LIMIT} s")
    sys.exit(taken > LIMIT)


if __name__ == "__main__":
    main()
