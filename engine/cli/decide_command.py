"""`policy-engine decide`: the answer to one case, or to a stream of them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from engine.cli.exit_codes import ExitCode
from engine.cli.files import STDIN, open_file, read_file
from engine.cli.terminal import wants_color, write, write_bytes

if TYPE_CHECKING:
    from engine.cli.cases import Question


@click.command("decide")
@click.argument("policy", metavar="POLICY")
@click.argument("question", metavar="QUESTION")
@click.argument("facts", default=STDIN, metavar="[FACTS]")
@click.option("--format", "form", type=click.Choice(["text", "json"]), help="text for people (default), json for services.")
@click.option("--ndjson", is_flag=True, help="Many cases: one JSON object a line in, one decision a line out, in order.")
@click.option("--assume", multiple=True, metavar="NAME", help="Take what this preset says as given: nothing_unusual.")
@click.option("--as-of", metavar="INSTANT", help="When the facts were true, such as 2026-03-06T09:00:00+01:00.")
@click.option("--stage", metavar="STAGE", help="How far the matter has come: before_buying, request, sent, received, ...")
@click.option("--no-questions", is_flag=True, help="Do not work out where each answer to an open question would lead.")
@click.option("--jobs", type=click.IntRange(1, 256), default=1, help="With --ndjson: decide in this many processes.")
@click.pass_context
def command(
    ctx: click.Context,
    policy: str,
    question: str,
    facts: str,
    form: str | None,
    ndjson: bool,
    assume: tuple[str, ...],
    as_of: str | None,
    stage: str | None,
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
    if facts == STDIN and sys.stdin.isatty():
        raise click.UsageError("Name a file with the facts, or send them to standard input.")
    from engine.cli.cases import CaseOptions, open_question

    asked = open_question(policy, question, CaseOptions(assume, as_of, stage))
    code = _stream(asked, facts, not no_questions, jobs) if ndjson else _one(asked, facts, not no_questions, form)
    ctx.exit(code)


def _one(asked: Question, facts: str, questions: bool, form: str | None) -> ExitCode:
    from engine.base.diagnostics import Report
    from engine.cli.answers import error_line
    from engine.cli.cases import end
    from engine.facts.json_reader import MAX_BYTES

    report = Report()
    data = read_file(facts, MAX_BYTES + 1, report)
    case = None if data is None else asked.read_case(data, "standard input" if facts == STDIN else facts, report)
    if case is None:
        if form == "json":
            write_bytes(error_line(asked, report, None))
        conflict = any(one.code == "case-option" for one in report)
        end(ExitCode.USAGE if conflict else ExitCode.FACTS, report)
    decision = asked.policy.decide(asked.name, case, questions=questions)
    if form == "json":
        from engine.explain.document import canonical, document

        write_bytes(canonical(document(decision)) + b"\n")
    else:
        from engine.explain.text import render_decision

        write(render_decision(decision, asked.policy.program, wants_color(sys.stdout)).rstrip("\n") + "\n")
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
