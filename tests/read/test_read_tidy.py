"""Tidy conditions: spaces and idle brackets are settled, words are not touched, and the meaning stays."""

from __future__ import annotations

import random

import pytest
from condition_nodes import nodes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.language.surface import Node
from engine.read.condition import lex, parse_text
from engine.read.format import format_node
from engine.read.tidy import tidy


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ("a   and(b)", "a and b"),
        ("((a and b)) or c", "(a and b) or c"),
        ("(a and b) or c", "(a and b) or c"),
        ("(a and (b or c))", "a and (b or c)"),
        ("x==- 5", "x == -5"),
        ("x  - 5.00   USD  >y", "x - 5.00 USD > y"),
        ("- x", "-x"),
        ("return( line ) .outcome == 'a  b'", "return(line).outcome == 'a  b'"),
        ("greater   of( a,b )", "greater of (a, b)"),
        ("date( x )==2026-01-01", "date(x) == 2026-01-01"),
        ("round( a*20 %,to 0.01   USD,half   up)", "round(a * 20%, to 0.01 USD, half up)"),
        ("x in ['a','b' ]", "x in ['a', 'b']"),
        ("x in 3..10", "x in 3 .. 10"),
        ("w   is   not\nopen", "w is not open"),
        ("x within 1  years after y", "x within 1 years after y"),
        ("(any l in order.lines has l.x) or y", "(any l in order.lines has l.x) or y"),
        ("x in (3) to 10 days", "x in (3) to 10 days"),
        ("a and", "a and"),
        ("  ", "  "),
        ("a ? b", "a ? b"),
    ],
)
def test_a_condition_is_laid_out(written: str, wanted: str) -> None:
    assert tidy(written) == wanted


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(nodes(), st.randoms(use_true_random=False))
def test_however_it_is_spaced_and_bracketed_it_means_the_same_and_comes_to_rest(
    node: Node, chance: random.Random
) -> None:
    text = format_node(node)
    words = [str(token) for token in lex(text)]
    spaced = "".join(word + " " * chance.randint(1, 3) for word in words)
    if chance.random() < 0.5:
        spaced = f"( ({spaced}))"
    try:
        before = parse_text(spaced)
    except Exception:  # brackets or spaces can break a form: then there is nothing to lay out
        assert tidy(spaced) == spaced
        return
    after = tidy(spaced)
    assert parse_text(after) == before
    assert tidy(after) == after
    kept = [str(token).split() for token in lex(after) if token.type not in ("LPAR", "RPAR")]
    said = [str(token).split() for token in lex(spaced) if token.type not in ("LPAR", "RPAR")]
    assert ["".join(one) for one in kept] == ["".join(one) for one in said]
