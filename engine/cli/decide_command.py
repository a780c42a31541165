"""`policy-engine decide`: the answer to one case, or to a stream of them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from engine.cli.exit_codes import ExitCode
from engine.cli.files import open_file
from engine.cli.parameters import about_a_case, want_facts
from engine.cli.terminal import wants_color, write, write_bytes

if TYPE_CHECKING:
    from engine.cli.cases import Question


@click.command("decide")
@about_a_case
@click.option("--format", "form", type=click.Choice(["text", "json"]), help="text for people, the default, or json.")
@click.option(
    "--ndjson", is_flag=True, help="Many cases: one JSON object a line in, one decision a line out, in order."
)
@click.option("--no-questions", is_flag=True, help="Do not work out where each answer to an open question would lead.")
@click.option(
    "--jobs",
    type=click.IntRange(1, 256),
    default=1,
    help="With --ndjson: decide in this many processes. The order stays; the answers come in blocks.",
)
@click.pass_context
def command(
    ctx: click.Context,
    policy: str,
    question: str,
    facts: str,
    assume: tuple[str, ...],
    as_of: str | None,
    stage: str | None,
    form: str | None,
    ndjson: bool,
    no_questions: bool,
    jobs: int,
) -> None:
    """Answer QUESTION by POLICY for the case in the JSON file FACTS (or on standard input).

    A case that says otherwise than --assume, --as-of or --stage is an error: nothing is overruled.
    """
    if ndjson and form == "text":
        raise click.UsageError("--ndjson gives JSON; leave out --format text.")
    if jobs > 1 and not ndjson:
        raise click.UsageError("--jobs is for many cases; add --ndjson.")
    want_facts(facts)
    from engine.cli.cases import CaseOptions, open_question

    asked = open_question(policy, question, CaseOptions(assume, as_of, stage))
    ctx.exit(_stream(asked, facts, not no_questions, jobs) if ndjson else _one(asked, facts, not no_questions, form))


def _one(asked: Question, facts: str, questions: bool, form: str | None) -> ExitCode:
    from engine.cli.answers import read_one

    decision = asked.policy.decide(asked.name, read_one(asked, facts, form == "json"), questions=questions)
    if form == "json":
        from engine.explain.document import canonical, document

        write_bytes(canonical(document(decision)).rstrip(b"\n") + b"\n")
    else:
        from engine.explain.text import render_decision

        write(render_decision(decision, asked.policy.program_of(decision), wants_color(sys.stdout)).rstrip("\n") + "\n")
    return ExitCode.CASE if decision.status == "error" else ExitCode.FINE


def _stream(asked: Question, facts: str, questions: bool, jobs: int) -> ExitCode:
    from engine.base.diagnostics import Report
    from engine.cli.cases import end
    from engine.cli.stream import decide_all

    report = Report()
    stream = open_file(facts, report)
    if stream is None:
        end(ExitCode.FACTS, report)
    with stream:
        return decide_all(asked, stream, questions, jobs)
