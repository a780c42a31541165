"""The formatter: what it writes, and that parsing it gives the node back."""

from __future__ import annotations

from datetime import date

import pytest
from condition_nodes import nested, nodes
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.base.diagnostics import Report
from engine.base.source import Embedded, SourceText, Span
from engine.language.surface import Cell, Node, Range, Template
from engine.language.surface import Literal as LiteralNode
from engine.language.types import Date, Integer, Text
from engine.read.condition import parse_cell, parse_template, parse_text
from engine.read.format import format_cell, format_node, format_template


def embedded(text: str) -> Embedded:
    source = SourceText("test", text)
    return Embedded(text, Span(source, 0, len(text)), tuple(range(len(text) + 1)))


@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(nodes())
def test_parsing_what_was_formatted_gives_the_same_node(node: Node) -> None:
    text = format_node(node)
    assert parse_text(text) == node
    assert format_node(parse_text(text)) == text


def test_every_construct_within_every_other_comes_back() -> None:
    for node in nested():
        assert parse_text(format_node(node)) == node


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(nodes())
def test_no_pair_of_brackets_could_be_left_out(node: Node) -> None:
    """Brackets round a list expression or an `if` may stay for the reader; every other pair is needed."""
    text = format_node(node)
    for start, end in plain_brackets(text):
        inner = text[start + 1 : end]
        if inner.startswith(("any ", "all ", "count ", "sum of", "min of", "max of", "share of", "if ")):
            continue
        shorter = f"{text[:start]}{inner}{text[end + 1 :]}"
        try:
            assert parse_text(shorter) != node, shorter
        except AssertionError:
            raise
        except Exception:  # not a condition any more: the brackets were needed
            continue


def plain_brackets(text: str) -> list[tuple[int, int]]:
    """The bracket pairs that group, without those of functions; quoted words hold none."""
    opened: list[int] = []
    pairs = []
    quoted = False
    for i, char in enumerate(text):
        if char == "'":
            quoted = not quoted
        elif char == "(" and not quoted:
            opened.append(i)
        elif char == ")" and not quoted:
            start = opened.pop()
            before = text[:start]
            if not (before.endswith(" of ") or (before[-1:].isalnum() or before[-1:] == "_")):
                pairs.append((start, i))
    return pairs


@pytest.mark.parametrize(
    ("written", "formatted"),
    [
        ("a   and(b)", "a and b"),
        ("(a and b) and c", "(a and b) and c"),
        ("(a and b) or c", "a and b or c"),
        ("a and (b or c)", "a and (b or c)"),
        ("not (not a)", "not not a"),
        ("not (a == b)", "not a == b"),
        ("(not a) == b", "(not a) == b"),
        ("(a - b) - c", "a - b - c"),
        ("a - (b - c)", "a - (b - c)"),
        ("(20% of x) * 2", "20% of x * 2"),
        ("20 % of (x * 2)", "20% of (x * 2)"),
        ("- ( - x )", "--x"),
        ("-(a + b)", "-(a + b)"),
        ("x in 3..10", "x in 3 .. 10"),
        ("x in to 10", "x in .. 10"),
        ("x in 3 ..", "x in 3 .."),
        ("x in over 10 to 20", "x in over 10 to 20"),
        ("x in 10 to  under 20", "x in 10 to under 20"),
        ("x not   in ['a','b''c']", "x not in ['a', 'b''c']"),
        ("(any l in ls has l.a) and b", "(any l in ls has l.a) and b"),
        ("b and (any l in ls has l.a)", "b and any l in ls has l.a"),
        ("(any l in ls has l.a and l.b)", "any l in ls has l.a and l.b"),
        ("(count l in ls) >= 3", "count l in ls >= 3"),
        ("(count l in ls where l.a) >= 3", "(count l in ls where l.a) >= 3"),
        ("3 <= (count l in ls where l.a)", "3 <= count l in ls where l.a"),
        ("(not any l in ls has l.a) and b", "not (any l in ls has l.a) and b"),
        ("(if a then b else c) + 1", "(if a then b else c) + 1"),
        ("if (if a then b else c) then 1 else (if d then 2 else 3)",
         "if if a then b else c then 1 else if d then 2 else 3"),
        ("any l in ls has (passed)", "any l in ls has (passed)"),
        ("any l in ls has (not happened)", "any l in ls has (not happened)"),
        ("any l in ls has passed.x", "any l in ls has passed.x"),
        ("(later) of x", "(later) of x"),
        ("x in over (3) to 10 days", "x in over (3) to 10 days"),
        ("(days from a to b) / 7", "days from a to b / 7"),
        ("days from (a + 1 days) to (b + 2 days)", "days from a + 1 day to (b + 2 days)"),
        ("2 weeks", "14 days"),
        ("1 year", "12 months"),
        ("120 minutes", "2 hours"),
        ("90 minutes", "90 minutes"),
        ("0 minutes", "0 hours"),
        ("1 to 2 weeks", "7 to 14 days"),
        ("5 USD", "5.00 USD"),
        ("5.005 USD", "5.005 USD"),
        ("500 JPY", "500 JPY"),
        ("2.50", "2.5"),
        ("2.0", "2.0"),
        ("007", "7"),
        ("12.50%", "12.5%"),
        ("2026-03-06T09:00:00+01:00", "2026-03-06T08:00:00Z"),
        ("return( line,refund ).outcome", "return(line, refund).outcome"),
        ("round( x , to 0.05 USD,half   even )", "round(x, to 0.05 USD, half even)"),
        ("x later   than 3 business  days after y", "x later than 3 business days after y"),
    ],
)  # fmt: skip
def test_one_spelling_for_everything(written: str, formatted: str) -> None:
    assert format_node(parse_text(written)) == formatted
    assert format_node(parse_text(formatted)) == formatted


@pytest.mark.parametrize(
    ("written", "formatted"),
    [
        ("any", "any"),
        ("US", "US"),
        ("'US'", "US"),
        ("in-transit", "in-transit"),
        ("'any'", "'any'"),
        ("'New Zealand'", "'New Zealand'"),
        ("true", "true"),
        ("not", "not"),
        ("3..", "3 .."),
        ("..10", "to 10"),
        ("to 28.00 EUR", "to 28.00 EUR"),
        ("under 5", "under 5"),
        ("over 28 EUR", "over 28.00 EUR"),
        ("over 10 to 20", "over 10 to 20"),
        ("cut..sewn", "cut .. sewn"),
        ("'in-transit' .. 'not'", "'in-transit' .. 'not'"),
        ("-5", "-5"),
        ("2026-01-01 .. 2026-02-01", "2026-01-01 .. 2026-02-01"),
    ],
)
def test_cells_are_written_as_short_as_they_can_be(written: str, formatted: str) -> None:
    report = Report()
    cell = parse_cell(embedded(written), report)
    assert cell is not None, list(report)
    assert format_cell(cell) == formatted
    assert parse_cell(embedded(formatted), report) == cell


PLACE = embedded("").span(0, 0)


def literal(value: int | str | date) -> LiteralNode:
    kind = Text() if isinstance(value, str) else Integer() if isinstance(value, int) else Date()
    return LiteralNode(kind, value, span=PLACE)


def test_a_cell_with_several_values_is_a_yaml_list() -> None:
    assert format_cell(Cell("values", (literal("US"), literal("New Zealand")))) == "[US, 'New Zealand']"


@given(
    st.one_of(st.integers(0, 10**6), st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.text("abto-'_ 1'é", max_size=8)),
    st.one_of(st.none(), st.integers(0, 10**6), st.text("abto_", min_size=1, max_size=4)),
    st.booleans(),
    st.booleans(),
)
def test_any_cell_comes_back_as_it_was(
    low: int | str | date, high: int | str | None, low_in: bool, high_in: bool
) -> None:
    cells = [Cell("values", (literal(low),))]
    if high is not None:
        cells.append(Cell("range", range=Range(literal(low), literal(high), low_in, high_in, span=PLACE)))
        cells.append(Cell("range", range=Range(None, literal(high), True, high_in, span=PLACE)))
    cells.append(Cell("range", range=Range(literal(low), None, low_in, True, span=PLACE)))
    for cell in cells:
        report = Report()
        assert parse_cell(embedded(format_cell(cell)), report) == cell, list(report)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.one_of(st.text("a{}' .\n", min_size=1, max_size=6), nodes(2)), max_size=5))
def test_messages_come_back_as_they_were(pieces: list[str | Node]) -> None:
    merged: list[str | Node] = []
    for piece in pieces:
        if merged and isinstance(piece, str) and isinstance(merged[-1], str):
            merged[-1] += piece
        else:
            merged.append(piece)
    template = Template(tuple(merged), embedded(""))
    report = Report()
    assert parse_template(embedded(format_template(template)), report) == template, list(report)


@pytest.mark.parametrize(
    "text", ["123456789012345678901234 USD", "0.00000000000000000000001", "99999999999999999999999.5%"]
)
def test_literals_of_the_greatest_length_still_come_back(text: str) -> None:
    node = parse_text(text)
    assert parse_text(format_node(node)) == node
