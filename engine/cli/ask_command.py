"""`policy-engine ask`: the open questions of a case, one after the other, until it is decided."""

from __future__ import annotations

import json
import sys
from copy import deepcopy
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engine.cli.ask_answers import meant, other_spelling, what_to_type, words_of
from engine.cli.exit_codes import ExitCode
from engine.cli.parameters import about_a_case
from engine.cli.terminal import wants_color, write

if TYPE_CHECKING:
    from engine.cli.cases import Question
    from engine.language.decision import Decision, Need
    from engine.language.types import FactType


@click.command("ask")
@about_a_case
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--save", type=click.Path(dir_okay=False, path_type=Path), help="Write the facts with the answers here.")
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
    save: Path | None,
) -> None:
    """Ask for what QUESTION still needs to be decided for the case in FACTS; without FACTS, for a request of one line.

    An empty answer means that nobody knows; `not yet` that an event has not happened by the time of the request.
    With --format json nothing is asked: the open questions are printed, for a portal to put.
    """
    from engine.cli.cases import CaseOptions, open_question

    asked = open_question(policy, question, CaseOptions(assume, as_of, stage))
    document = _document(asked, facts)
    if form == "json":
        write(json.dumps(_questions(asked, document), ensure_ascii=False, indent=2) + "\n")
        ctx.exit(ExitCode.FINE)
    decision = _interview(asked, document)
    if save is not None:
        save.write_text(json.dumps(document, ensure_ascii=False, indent=2, default=str) + "\n", encoding="utf-8")
    from engine.explain.text import render_decision

    write(
        "\n" + render_decision(decision, asked.policy.program_of(decision), wants_color(sys.stdout)).rstrip("\n") + "\n"
    )
    ctx.exit(ExitCode.CASE if decision.status == "error" else ExitCode.FINE)


def _document(asked: Question, facts: str) -> dict[str, Any]:
    """The case as plain data, with the command line's options in it."""
    from engine.base.diagnostics import Report
    from engine.cli.answers import read_one
    from engine.cli.files import STDIN, read_file
    from engine.facts.json_reader import MAX_BYTES, read_json

    report = Report()
    loaded: object = {"request": {"lines": [{"id": "1"}]}}
    if facts != STDIN:
        read_one(asked, facts, as_json=False)  # says what is wrong with the file, and ends, if it cannot be read
        data = read_file(facts, MAX_BYTES, report)
        loaded = read_json(data or b"{}", facts, report)
    filled = asked.options.put_into(loaded, facts, report)
    assert isinstance(filled, dict)
    return filled


# questions -----------------------------------------------------------------------------------------------------------


def _questions(asked: Question, document: dict[str, Any]) -> dict[str, Any]:
    """What is still open, for a portal: the questions in the order to put them, with the answers each can have."""
    from engine.explain.document import document as as_document

    decision = asked.policy.decide(asked.name, document)
    found = []
    for need in _in_order(decision, document):
        fact = _fact(asked, document, need.name)
        words = None if fact is None else words_of(fact)
        found.append({"name": need.name, "kind": need.kind, "ask": need.ask, "source": need.source, "answers": words})
    whole = as_document(decision)
    return {
        "status": decision.status,
        "verdict": decision.verdict,
        "why": list(decision.why),
        "ask_first": decision.ask_first,
        "questions": found,
        "leads_to": whole["leads_to"],
        "not_tried": whole["not_tried"],
    }


def _in_order(decision: Decision, document: dict[str, Any]) -> list[Need]:
    """The open questions, the one to put first in front; one about an order line once, though a request line joins it."""
    names = {need.name for need in decision.may_need}
    needs = [need for need in decision.may_need if _joined(document, need.name) not in names]
    first = decision.ask_first or ""
    joined = _joined(document, first)
    return sorted(needs, key=lambda n: n.name != (joined if joined in names else first))


def _fact(asked: Question, document: dict[str, Any], name: str) -> FactType | None:
    """The fact that a question is about; None where no plain answer can be typed: for papers to be sent, for a list."""
    from engine.evaluate.trial import fact_at
    from engine.language.case import parse_path
    from engine.language.types import ListOf, Record

    try:
        fact = fact_at(asked.policy.speaking(document).program, parse_path(name))
    except ValueError:
        return None
    return None if fact is None or isinstance(fact.type, ListOf | Record) else fact


# the interview -------------------------------------------------------------------------------------------------------


def _interview(asked: Question, document: dict[str, Any]) -> Decision:
    """Put one question after the other; an empty answer means that nobody knows, and the next one is put."""
    passed: set[str] = set()
    while True:
        decision = asked.policy.decide(asked.name, document)
        open_ones = [n for n in _in_order(decision, document) if n.kind == "fact" and n.name not in passed]
        found = [(need, fact) for need in open_ones if (fact := _fact(asked, document, need.name)) is not None]
        if decision.status != "needs_facts" or not found:
            return decision
        if not _put(asked, document, *found[0]):
            passed.add(found[0][0].name)


def _put(asked: Question, document: dict[str, Any], need: Need, fact: FactType) -> bool:
    """Ask one question until the answer fits; whether it was answered."""
    from engine.language.case import parse_path

    path = parse_path(need.name)
    while True:
        try:
            question = f"{_which(document, need)}{need.ask or need.name} ({what_to_type(fact)})"
            said = click.prompt(question, "", show_default=False, prompt_suffix=" ").strip()
        except click.Abort:  # the end of the input: nobody answers any more
            click.echo()
            return False
        if not said:
            return False
        now = document.get("as_of") or (document.get("request") or {}).get("at")
        before = deepcopy(document)
        set_fact(document, path, _asked_back(meant(said, fact, now), fact))
        problem = _problem(asked, document, before, need.name)
        if problem is None:
            return True
        document.clear()
        document.update(before)
        click.echo(f"{problem}. Type {what_to_type(fact)}; or nothing, if nobody knows.")


_MEMBERS = {
    ("request", "lines"): "Line {}",
    ("order", "lines"): "Line {} of the order",
    ("order", "promotions"): "Offer {}",
}
"""The lists whose members a question may be about, and what each is called."""


def _asked_back(answer: object, fact: FactType) -> object:
    """The answer, or the listed word that it nearly is, if that was meant; nobody there to say so means no."""
    near = other_spelling(answer, fact)
    if near is None:
        return answer
    try:
        question = f"`{answer}` is not listed. Did you mean `{near}`? (yes or no)"
        said = click.prompt(question, "", show_default=False, prompt_suffix=" ")
    except click.Abort:
        click.echo()
        return answer
    return near if said.strip().lower() in ("y", "yes") else answer


def _which(document: dict[str, Any], need: Need) -> str:
    """Which line a question is about, or which offer, if there are several."""
    for (top, inner), said in _MEMBERS.items():
        members = (document.get(top) or {}).get(inner) or []
        start = f"{top}.{inner}["
        if len(members) > 1 and need.name.startswith(start):
            number = int(need.name[len(start) :].partition("]")[0])
            name = members[number].get("id") if isinstance(members[number], dict) else None
            return f"{said.format(number + 1)}{f' (id {name})' if name else ''}: "
    return ""


def _problem(asked: Question, document: dict[str, Any], before: dict[str, Any], name: str) -> str | None:
    """What is wrong with the answer just given: an error of its own, or of a postal code that it does not go with."""
    known = {error.diagnostic for error in asked.policy.case(before).errors}
    for one in (error.diagnostic for error in asked.policy.case(document).errors):
        if one.code.startswith("fact-postal") and one not in known:
            return f"{one.message}: {one.help}"
        if one.where == name:
            return one.message
    return None


def _joined(document: dict[str, Any], name: str) -> str:
    """The same fact of the order line that a request line names by its `id`; nothing if it is no such fact."""
    start = "request.lines["
    if not name.startswith(start):
        return ""
    number, _, rest = name[len(start) :].partition("]")
    ours, theirs = (((document.get(part) or {}).get("lines") or []) for part in ("request", "order"))
    mine = ours[int(number)].get("id") if int(number) < len(ours) and isinstance(ours[int(number)], dict) else None
    for i, one in enumerate(theirs):
        if mine is not None and isinstance(one, dict) and one.get("id") == mine:
            return f"order.lines[{i}]{rest}"
    return ""


def set_fact(document: dict[str, Any], path: tuple[str | int, ...], value: object) -> None:
    """Put a value under a path, making the records and lists on the way."""
    here: Any = document
    for step, following in pairwise(path):
        empty: Any = [] if isinstance(following, int) else {}
        if isinstance(step, int):
            while len(here) <= step:
                here.append({})
            here = here[step]
        else:
            if here.get(step) is None:
                here[step] = empty
            here = here[step]
    here[path[-1]] = value
