"""Every kind of expression is evaluated: a new one in the core that nobody taught the interpreter is found here."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

from engine import load_policy
from engine.evaluate.decisions import Evaluation
from engine.language import core as c

SHOP = Path(__file__).parents[2] / "policies" / "kaolate.yaml"


def test_the_interpreter_knows_every_kind_of_expression() -> None:
    policy = load_policy(SHOP)
    known = Evaluation(policy.program, policy.case({})).expressions._of_kind
    assert set(known) == set(get_args(c.Expr))
