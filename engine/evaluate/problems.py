"""Inputs that cannot be right: what decoding found, what checks say, values against `only_when`, odd demands."""

from __future__ import annotations

from collections.abc import Iterator

from engine.base.diagnostics import Diagnostic
from engine.base.suggest import did_you_mean
from engine.evaluate.decisions import Evaluation
from engine.evaluate.looked_at import LookedAt
from engine.facts.problems import shown
from engine.language import core as c
from engine.language.case import Case, Path, path_text
from engine.language.decision import Problem
from engine.language.outcome import EMPTY, Known
from engine.language.wording import say
from engine.values.moments import NotYet
from engine.values.zones import zone

_MAX_NAMED = 4
"""How many of the facts that a broken check looked at are named."""


def unknown_demands(program: c.Program, case: Case) -> Iterator[Problem]:
    """Names under `request.expects` that are no output of any question of the policy.

    The output of another question is none of these: it is answered where that question is asked.
    """
    outputs = {name for decision in program.decisions.values() for name in decision.outputs}
    for name, _ in case.expects:
        if name not in outputs:
            place = path_text(("request", "expects", shown(name) or '""'))
            message = f"no question of this policy has an output `{shown(name)}`"
            help = did_you_mean(shown(name), outputs) or "demand an output of the question that is asked"
            yield Problem(place, Diagnostic("fact-unknown", message, where=place, help=help))


def _clashing(evaluation: Evaluation, check: c.CoreCheck, path: Path) -> str:
    """What to correct: the facts that a broken check looked at, with their values."""
    env = EMPTY if check.variable is None else EMPTY.bind(check.variable, path)
    told: dict[str, None] = {}
    for fact, there in LookedAt(evaluation).facts((check.must,), env):
        assert isinstance(fact, c.FactRef)
        found = evaluation.expressions.value(fact, there)
        if isinstance(found, Known) and not isinstance(found.value, NotYet):
            name = path_text(evaluation.expressions.path(fact, there))
            told[f"`{name}` is {say(found.value, fact.type, zone(evaluation.program.timezone))}"] = None
    facts = ", ".join(list(told)[:_MAX_NAMED]) + (", and more" if len(told) > _MAX_NAMED else "")
    return (f"{facts}: correct what is wrong; " if facts else "") + f"check `{check.id}` of the policy"


def problems(evaluation: Evaluation) -> tuple[Problem, ...]:
    """Every problem of a case, by place. A problem that stands at several places under one cause is told once."""
    found: dict[tuple[str, str], Problem] = {}
    for error in evaluation.case.errors:
        key = (error.diagnostic.where or path_text(error.path), error.diagnostic.message)
        found.setdefault(key, Problem(key[0], error.diagnostic))
    for demand in unknown_demands(evaluation.program, evaluation.case):
        found.setdefault((demand.path, demand.diagnostic.message), demand)
    for path, check in evaluation.failed_checks.items():
        place = path_text(path) or "case"
        message = check.says[:1].lower() + check.says[1:]
        diagnostic = Diagnostic("fact-check", message, where=place, help=_clashing(evaluation, check, path))
        found.setdefault((place, diagnostic.message), Problem(place, diagnostic))
    for path in evaluation.ruled_out:
        place = path_text(path)
        diagnostic = Diagnostic(
            "fact-against",
            f"`{place}` is given although another fact rules it out",
            where=place,
            help="correct one of the two, or leave this one out",
        )
        found.setdefault((place, diagnostic.message), Problem(place, diagnostic))
    return tuple(found[key] for key in sorted(found))
