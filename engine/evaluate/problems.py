"""Inputs that cannot be right: what decoding found, what checks say, values given against `only_when`."""

from __future__ import annotations

from engine.base.diagnostics import Diagnostic
from engine.evaluate.decisions import Evaluation
from engine.language.case import path_text
from engine.language.decision import Problem


def problems(evaluation: Evaluation) -> tuple[Problem, ...]:
    """Every problem of a case, by place. A problem that stands at several places under one cause is told once."""
    found: dict[tuple[str, str], Problem] = {}
    for error in evaluation.case.errors:
        key = (error.diagnostic.where or path_text(error.path), error.diagnostic.message)
        found.setdefault(key, Problem(key[0], error.diagnostic))
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
