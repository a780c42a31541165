"""From a case to the bytes that answer it: a decision, or an error document where no case could be read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from engine.base.diagnostics import Diagnostic, Report
from engine.cli.cases import Question, end
from engine.cli.exit_codes import ExitCode
from engine.cli.files import STDIN, read_file
from engine.cli.terminal import write_bytes
from engine.explain.document import canonical, document
from engine.facts.json_reader import MAX_BYTES
from engine.language.case import Case, CaseError


@dataclass(frozen=True)
class Answer:
    """The bytes of one line, and whether the case could be read at all."""

    line: bytes
    readable: bool


def answer(asked: Question, number: int, data: bytes, questions: bool) -> Answer:
    """Decide the case on line `number` (from 1). A case that cannot be read gets an error document."""
    report = Report()
    case = asked.read_case(data, f"line {number}", report)
    if case is None:
        return Answer(error_line(asked, report, number), False)
    decision = asked.policy.decide(asked.name, case, questions=questions)
    return Answer(canonical(document(decision)) + b"\n", True)


def read_one(asked: Question, facts: str, as_json: bool) -> Case:
    """The case in the file `facts`; ends the command if there is none, with an error document too if JSON is wanted."""
    report = Report()
    data = read_file(facts, MAX_BYTES + 1, report)
    case = None if data is None else asked.read_case(data, "standard input" if facts == STDIN else facts, report)
    if case is not None:
        return case
    if as_json:
        write_bytes(error_line(asked, report, None))
    end(ExitCode.USAGE if any(one.code == "case-option" for one in report) else ExitCode.FACTS, report)


def error_line(asked: Question, diagnostics: Iterable[Diagnostic], number: int | None) -> bytes:
    """The document for a case that cannot be read: a decision's, with the status error, and with its `line` in a stream."""
    errors = tuple(CaseError((), replace(one, where=_place(one))) for one in diagnostics)
    nothing = replace(asked.policy.case({}), errors=errors, beside=())
    unread = document(asked.policy.decide(asked.name, nothing, questions=False))
    unread |= {"status": "error", "verdict": "review", "why": ["invalid_input"], "facts_digest": None}
    return canonical(unread if number is None else {"line": number, **unread}) + b"\n"


def _place(one: Diagnostic) -> str | None:
    """Where in the text it stands, in words: a line of a stream holds one case, so that its column is enough."""
    if one.span is None:
        return one.where
    line = "" if one.span.line == 1 else f", line {one.span.line}"
    return f"{one.span.source.name}{line}, column {one.span.column}"
