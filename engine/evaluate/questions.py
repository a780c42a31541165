"""What is still to be asked: `may_need`, `ask_first`, `leads_to` (`docs/semantics.md`, step 15)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.evaluate.answers import Answers
from engine.evaluate.decisions import Evaluation
from engine.evaluate.trial import fact_at
from engine.language import core as c
from engine.language.case import parse_path
from engine.language.decision import LeadsTo, Need
from engine.language.outcome import Cause, Causes, OutputResult

MAX_QUESTIONS = 8
"""How many of the missing facts are tried out; all of them stand under `may_need`."""

MAX_TRIED_MEMBERS = 600
"""How many members of lists are decided anew for all trials together: each answer tried decides the whole case."""

ASKED_KINDS = ("fact", "evidence")


def need(program: c.Program, cause: Cause) -> Need:
    """A cause as something to be told, asked or done."""
    if cause.kind in ("fact", "later", "external"):
        return _fact_need(program, cause)
    if cause.kind == "evidence":
        decision, _, name = cause.name.partition(".")
        requirements = program.decisions[decision].requires if decision in program.decisions else ()
        ask = next((r.ask for r in requirements if r.id == name), None)
        return Need(cause.kind, cause.name, cause.item or None, ask, "customer")
    if cause.kind == "ruling":
        reading = program.readings.get(cause.name)
        parameter = program.parameters.get(cause.name)
        ask = reading.asks if reading else (parameter.because if parameter else None)
        return Need(cause.kind, cause.name, None, ask, "shop")
    if cause.kind == "referred" and ".answers." in f".{cause.item}":
        asked = _fact_need(program, Cause("fact", cause.item))
        return Need(cause.kind, cause.name, cause.item, asked.ask, asked.source)
    return Need(cause.kind, cause.name, cause.item or None)


def _fact_need(program: c.Program, cause: Cause) -> Need:
    try:
        fact = fact_at(program, parse_path(cause.name))
    except ValueError:
        fact = None
    if fact is None:
        return Need(cause.kind, cause.name, cause.item or None, *_further_back(program, cause.name))
    ask = fact.ask or (f"{fact.label}?" if fact.label else None)
    return Need(cause.kind, cause.name, cause.item or None, ask, fact.source)


def _further_back(program: c.Program, name: str) -> tuple[str | None, str | None]:
    """The question behind a list that does not go back far enough, and who can answer it."""
    listed, _, last = name.rpartition(".")
    fact = fact_at(program, parse_path(listed)) if last == "complete_since" else None
    return (None, None) if fact is None else (f"What lies further back than {listed} goes?", fact.source)


def needs(program: c.Program, causes: Causes) -> tuple[Need, ...]:
    """All causes, in a stable order: facts first, then by name."""
    return tuple(need(program, cause) for cause in sorted(causes))


def may_need(program: c.Program, headline: OutputResult) -> tuple[Need, ...]:
    """The facts and evidence that can still settle the headline. Nothing outside this list can."""
    return tuple(need(program, cause) for cause in sorted(headline.causes) if cause.kind in ASKED_KINDS)


def leads_to(
    evaluation: Evaluation, decision: c.CoreDecision, asked: tuple[Need, ...]
) -> tuple[dict[str, tuple[LeadsTo, ...]], dict[str, int]]:
    """For each missing fact, where each answer worth trying leads; facts beyond `MAX_TRIED_MEMBERS` are left out.

    Beside it, for each of them with more such answers than are tried, how many were not.
    """
    found: dict[str, tuple[LeadsTo, ...]] = {}
    untried: dict[str, int] = {}
    answers = Answers(evaluation, decision)
    members, left = sum(evaluation.case.lengths.values()) or 1, MAX_TRIED_MEMBERS
    for one in [n for n in asked if n.kind == "fact"][:MAX_QUESTIONS]:
        try:
            path = parse_path(one.name)
        except ValueError:
            continue
        fact = fact_at(evaluation.program, path)
        if fact is None or evaluation.facts.given(path):
            continue
        worth = answers.worth_trying(path)
        left -= len(worth.answers) * members
        if left < 0:
            break
        tried = []
        for answer in worth.answers:
            result = evaluation.trying({path: answer}).rolled(decision, decision.headline)
            still = tuple(c.name for c in sorted(result.causes) if c.kind in ASKED_KINDS)
            other = worth.other is not None and answer == worth.other
            tried.append(LeadsTo(answer, fact.type, result.status, result.value, still, other))
        if tried:
            found[one.name] = tuple(tried)
        if worth.not_tried:
            untried[one.name] = worth.not_tried
    return found, untried


def ask_first(program: c.Program, asked: tuple[Need, ...], leads: Mapping[str, tuple[LeadsTo, ...]]) -> str | None:
    """The question whose answers settle most; then the one declared first; then by name."""
    if not asked:
        return None

    def rank(one: Need) -> tuple[float, int, str]:
        answers = [a for a in leads.get(one.name, ()) if a.status != "error"]  # that one cannot be the answer
        settled = sum(a.status != "needs_facts" for a in answers)
        share = settled / len(answers) if answers else 0.0
        return (-share, _declared(program, one), one.name)

    return min(asked, key=rank).name


def _declared(program: c.Program, one: Need) -> int:
    """Where a fact stands in the vocabulary, as a number; evidence after all facts."""
    if one.kind != "fact":
        return 10**9
    order = {name: i for i, (name, _) in enumerate(program.facts.fields)}
    return order.get(one.name.split(".")[0], 10**6)
