"""The wrong policies one finding each, the right ones none, and between them every code and every operator."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from check_support import checked

from engine.base.codes import CODES
from engine.base.diagnostics import Diagnostic, Report
from engine.check.program import check_policy
from engine.language import core as c
from engine.language.core import OpKey, Program
from engine.language.walk import below, rule_parts
from engine.policy import Policy

TESTS = Path(__file__).resolve().parents[1]
FOLDERS = (
    "cycles", "dates", "money", "names", "outputs", "overrides", "tables", "types", "units", "warnings", "windows",
    "with_markets",
)  # fmt: skip
WRONG = [path for folder in FOLDERS for path in sorted((TESTS / "wrong" / folder).glob("*.yaml"))]
RIGHT = sorted((TESTS / "right").glob("*.yaml"))

SEVERAL = {
    "column_misspelled": 2,  # the column that is missing, and the one that is too many
    "now_without_a_clock": 2,  # two words for now
    "words_of_the_language_as_names": 6,  # one for each kind of name, and a condition that uses one
}
"""Wrong policies in which more than one thing is wrong, with the number of findings."""

ELSEWHERE = {
    "output-cost",
    "file-",
    "yaml-",
    "schema-",
    "fact-",
    "facts-",
    "case-",
    "coverage-",
    "mutant-",
    "mutation-",
    "version-",
    "preset-",
    "condition-",
}
"""Codes, by their beginnings, that other tests give examples of."""


def _find(path: Path) -> list[Diagnostic]:
    return checked(path.read_text(encoding="utf-8"))[1]


def _program(path: Path) -> tuple[Program, list[Diagnostic]]:
    report = Report()
    program = check_policy(path.read_bytes(), path.name, report)
    assert program is not None, [one.message for one in report]
    return program, report.sorted()


@pytest.mark.parametrize("path", WRONG, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_one_mistake_is_told_once(path: Path) -> None:
    assert len(_find(path)) == SEVERAL.get(path.stem, 1)


@pytest.mark.parametrize("path", WRONG, ids=lambda p: f"{p.parent.name}/{p.stem}")
def test_every_finding_underlines_words_of_the_file(path: Path) -> None:
    for one in _find(path):
        assert one.span is not None
        assert one.span.text.strip()
        assert "\n" not in one.message


def test_warnings_and_errors_stand_in_their_folders() -> None:
    for path in WRONG:
        severities = {one.severity for one in _find(path)}
        if path.parent.name == "warnings":
            assert severities == {"warning"}, path.stem
        elif path.stem != "way_of_paying_misspelled":
            assert severities == {"error"}, path.stem


def test_every_code_of_the_checker_has_an_example() -> None:
    shown = {one.code for path in WRONG for one in _find(path)}
    expected = {code for code in CODES if not code.startswith(tuple(ELSEWHERE))}
    others = {"no-policy", "decision-unknown", "name-reserved"}
    assert expected - shown - others == set()


@pytest.mark.parametrize("path", RIGHT, ids=lambda p: p.stem)
def test_a_right_policy_is_clean(path: Path) -> None:
    _, diagnostics = _program(path)
    assert [f"{one.code}: {one.message}" for one in diagnostics] == []


@pytest.mark.parametrize("path", RIGHT, ids=lambda p: p.stem)
def test_a_right_policy_decides_a_case_of_which_nothing_is_known(path: Path) -> None:
    policy = Policy(_program(path)[0])
    for name in policy.decisions:
        decision = policy.decide(name, {"request": {"at": "2026-06-01T10:00:00Z"}})
        assert decision.status in ("needs_facts", "not_covered", "decided")


def _expressions(program: Program) -> list[c.Expr]:
    roots: list[c.Expr] = [check.must for check in program.checks]
    roots += [part for one in program.guarantees for part in (one.whenever, one.then)]
    for decision in program.decisions.values():
        roots += rule_parts(decision.rules)
        for rule in decision.rules:
            if rule.because is not None:
                roots += [piece for piece in rule.because.pieces if not isinstance(piece, str)]
        for requirement in decision.requires:
            roots += [requirement.when, requirement.met]
    return list(below(roots))


def test_the_right_policies_use_every_operator_and_every_kind_of_expression() -> None:
    expressions = [expr for path in RIGHT for expr in _expressions(_program(path)[0])]
    operators = {expr.key for expr in expressions if isinstance(expr, c.Op)}
    assert set(get_args(OpKey)) - operators - {"date_span"} == set()
    kinds = {type(expr) for expr in expressions}
    assert set(get_args(c.Expr)) - kinds == set()


def test_the_right_policies_combine_and_roll_up_in_every_way() -> None:
    outputs = [o for path in RIGHT for d in _program(path)[0].decisions.values() for o in d.outputs.values()]
    assert {"unique", "strictest", "all", "sum", "min", "max", "earliest", "first"} <= {o.combine for o in outputs}
    assert {"each", "all", "any", "sum", "min", "max", "earliest"} <= {o.roll_up for o in outputs}
