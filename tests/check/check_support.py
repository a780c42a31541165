"""Small policies for tests of the checker, and what is found in them."""

from __future__ import annotations

from engine.base.diagnostics import Diagnostic, Report
from engine.check.program import check_policy
from engine.language.core import CoreOutput, Program

FRAME = """policy: alder
title: Alder returns
version: '2026-01'
timezone: Europe/Lisbon
"""

WORDS = "[deny, review, approve]"


def decision(
    rules: str = "{one: {then: {outcome: approve}}}",
    outputs: str = "",
    *,
    each: bool = True,
    more: str = "",
    outcome: str = f"{{type: {WORDS}, combine: strictest, roll_up: each}}",
    name: str = "return",
) -> str:
    """A decision in YAML. `rules` is a flow mapping, `outputs` further outputs after `outcome`, `more` other keys."""
    if not each:
        outcome = outcome.replace(", roll_up: each", "")
    lines = [f"  {name}:", "    asks: What about this?"]
    if each:
        lines.append("    for_each: line in request.lines")
    lines += [f"    {line}" for line in more.splitlines()]
    lines += ["    outputs:", f"      outcome: {outcome}"]
    lines += [f"      {line}" for line in outputs.splitlines()]
    lines.append(f"    rules: {rules}")
    return "\n".join(lines) + "\n"


def policy(*decisions: str, top: str = "", currency: str = "EUR") -> str:
    """A whole policy of decisions (one plain decision if there is none), with `top` for other keys."""
    body = "".join(decisions or (decision(),))
    return f"{FRAME}currency: {currency}\n{top}\ndecisions:\n{body}"


def checked(text: str) -> tuple[Program | None, list[Diagnostic]]:
    """The program, if there is one, and everything that is found."""
    report = Report()
    program = check_policy(text.encode(), "policy.yaml", report)
    return program, report.sorted()


def found(text: str) -> list[tuple[str, str]]:
    """The code of each finding with the words underlined."""
    return [(one.code, "" if one.span is None else one.span.text) for one in checked(text)[1]]


def codes(text: str) -> list[str]:
    """The codes of all findings."""
    return [one.code for one in checked(text)[1]]


def messages(text: str) -> str:
    """All messages and help lines, for finding words in them."""
    return "\n".join(f"{one.message}\n{one.help}" for one in checked(text)[1])


def program(text: str) -> Program:
    """The program of a policy that must be right."""
    made, diagnostics = checked(text)
    assert made is not None, [f"{d.span}: {d.message}" for d in diagnostics]
    return made


def output(text: str, name: str = "outcome", of: str = "return") -> CoreOutput:
    """One output of a policy that must be right."""
    return program(text).decisions[of].outputs[name]


def when(condition: str, top: str = "", *, each: bool = True) -> str:
    """A policy with one rule that refuses on this condition."""
    quoted = condition.replace("'", "''")
    return policy(decision(f"{{one: {{when: '{quoted}', then: {{outcome: deny}}}}}}", each=each), top=top)


def then(formula: str, kind: str = "money", top: str = "", *, roll_up: str = "each", currency: str = "EUR") -> str:
    """A policy with one rule that concludes an output `value` by this formula."""
    quoted = formula.replace("'", "''")
    rules = f"{{one: {{then: {{outcome: approve, value: '{quoted}'}}}}}}"
    return policy(decision(rules, f"value: {{type: {kind}, roll_up: {roll_up}}}"), top=top, currency=currency)
