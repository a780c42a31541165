"""`policy-engine explain`: how an answer comes about, condition by condition."""

from __future__ import annotations

import sys
from dataclasses import replace

import click

from engine.cli.exit_codes import ExitCode
from engine.cli.parameters import about_a_case, want_facts
from engine.cli.terminal import wants_color, write, write_bytes


@click.command("explain")
@about_a_case
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.pass_context
def command(
    ctx: click.Context,
    policy: str,
    question: str,
    facts: str,
    assume: tuple[str, ...],
    as_of: str | None,
    stage: str | None,
    form: str,
) -> None:
    """Explain the answer to QUESTION by POLICY for the case in the JSON file FACTS (or on standard input)."""
    want_facts(facts)
    from engine.cli.answers import read_one
    from engine.cli.cases import CaseOptions, open_question
    from engine.explain.document import canonical, explanation_document
    from engine.explain.text import render_explanation
    from engine.explain.tree import explain

    asked = open_question(policy, question, CaseOptions(assume, as_of, stage))
    case = read_one(asked, facts, form == "json")
    speaking = asked.policy.speaking(case, asked.name).program
    explanation = explain(speaking, case, asked.name)
    if len(asked.policy.programs) > 1:  # which version or market it is may be open, and that is told with the answer
        explanation = replace(explanation, decision=asked.policy.decide(asked.name, case))
    if form == "json":
        write_bytes(canonical(explanation_document(explanation)).rstrip(b"\n") + b"\n")
    else:
        write(render_explanation(explanation, wants_color(sys.stdout)).rstrip("\n") + "\n")
    ctx.exit(ExitCode.CASE if case.errors else ExitCode.FINE)
