"""Inputs that cannot be right: what decoding found, what checks say, values against `only_when`, odd demands."""

from __future__ import annotations

from collections.abc import Iterator

from engine.base.diagnostics import Diagnostic
from engine.base.suggest import did_you_mean
from engine.evaluate.decisions import Evaluation
from engine.facts.problems import shown
from engine.language import core as c
from engine.language.case import Case, path_text
from engine.language.decision import Problem


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
        diagnostic = Diagnostic(
            "fact-check", check.says[:1].lower() + check.says[1:], where=place, help=f"check `{check.id}` of the policy"
        )
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
