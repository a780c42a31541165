"""Words that a policy compares with and that no list has, although it has one that is nearly the same.

Where a fact takes other words than the listed ones too, such a word is no error: but nobody will ever send it if only the
spelling is another (`jewelry`, `jewellery`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.base.diagnostics import Report
from engine.base.source import Span
from engine.base.suggest import ANOTHER_SPELLING, nearest
from engine.check.typing import shown
from engine.language import core as c
from engine.language.types import Words
from engine.language.walk import below, output_parts

_COMPARED = ("equal", "not_equal", "in_values")


def warn_of_unlisted_words(program: c.Program, report: Report) -> None:
    """A warning for each such word, at its place in the policy, once."""
    told: set[tuple[Span, str]] = set()
    for expr in below(_roots(program)):
        if not isinstance(expr, c.Op) or expr.key not in _COMPARED:
            continue
        facts = [arg for arg in expr.args if not isinstance(arg, c.Const) and _open(arg)]
        for word in (arg for arg in expr.args if isinstance(arg, c.Const)):
            for fact in facts[:1]:
                near = _near(word, fact.type)
                if near is not None and (word.span, near) not in told:
                    told.add((word.span, near))
                    _warn(word, fact, near, report)


def _open(expr: c.Expr) -> bool:
    return isinstance(expr.type, Words) and not expr.type.closed and bool(expr.type.words)


def _near(word: c.Const, kind: object) -> str | None:
    if not isinstance(kind, Words) or not isinstance(word.value, str) or word.value in kind.words:
        return None
    return nearest(word.value, kind.words, ANOTHER_SPELLING)


def _warn(word: c.Const, fact: c.Expr, near: str, report: Report) -> None:
    report.add(
        "word-unlisted",
        f"`{word.value}` is not a word that `{shown(fact)}` lists",
        word.span,
        help=f"did you mean `{near}`? Words of your own are listed under `facts`",
    )


def _roots(program: c.Program) -> Iterator[c.Expr]:
    """Every condition of a policy, its guarantees and checks among them."""
    for decision in program.decisions.values():
        for output in decision.outputs.values():
            yield from output_parts(decision, output)
        yield from _of_requirements(decision.requires)
    for guarantee in program.guarantees:
        yield from (guarantee.whenever, guarantee.then)
    yield from (check.must for check in program.checks)
    if program.applies_when is not None:
        yield program.applies_when


def _of_requirements(requires: Iterable[c.CoreRequirement]) -> Iterator[c.Expr]:
    for one in requires:
        yield from (one.when, one.met)
