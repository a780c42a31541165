"""The parser: which node a text is, where its parts stand, and the traps that other grammars fall into."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from condition_nodes import PLACE

from engine.base.diagnostics import Report
from engine.base.source import Embedded, SourceText, Span
from engine.language import types as t
from engine.language.surface import (
    Aggregate,
    Between,
    Binary,
    Cell,
    Happened,
    Literal,
    Logic,
    Member,
    Name,
    Negative,
    Node,
    Not,
    OutputRead,
    Quantifier,
    Range,
    Round,
    Timing,
    WindowTest,
    WordList,
)
from engine.language.values import Value
from engine.read import condition
from engine.read.condition import ConditionError, parse_cell, parse_condition, parse_template, parse_text
from engine.values.money import Money
from engine.values.periods import CalendarPeriod, Elapsed, PeriodRange


def embedded(text: str) -> Embedded:
    source = SourceText("policy.yaml", f"when: {text}\n")
    return Embedded(text, Span(source, 6, 6 + len(text)), tuple(range(6, 7 + len(text))))


def name(text: str) -> Name:
    return Name(tuple(text.split(".")), **PLACE)


def number(value: int) -> Literal:
    return Literal(t.Integer(), value, **PLACE)


def word(text: str) -> Literal:
    return Literal(t.Text(), text, **PLACE)


A, B, C = name("a"), name("b"), name("c")


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("'swimwear'", t.Text(), "swimwear"),
        ("''", t.Text(), ""),
        ("'don''t'", t.Text(), "don't"),
        ("'Größe “L”'", t.Text(), "Größe “L”"),
        ("3", t.Integer(), 3),
        ("3.0", t.Decimal(), Fraction(3)),
        ("2.50", t.Decimal(), Fraction(5, 2)),
        ("20%", t.Percent(), Fraction(1, 5)),
        ("12.5 %", t.Percent(), Fraction(1, 8)),
        ("20.00 USD", t.MoneyType("USD"), Money(Fraction(20), "USD")),
        ("500  JPY", t.MoneyType("JPY"), Money(Fraction(500), "JPY")),
        ("24 hours", t.ElapsedType(), Elapsed(86400)),
        ("1 minute", t.ElapsedType(), Elapsed(60)),
        ("1 day", t.PeriodType(), CalendarPeriod(1, "days")),
        ("2 weeks", t.PeriodType(), CalendarPeriod(14, "days")),
        ("18 months", t.PeriodType(), CalendarPeriod(18, "months")),
        ("2 years", t.PeriodType(), CalendarPeriod(24, "months")),
        ("3  business  days", t.PeriodType(), CalendarPeriod(3, "business days")),
        ("3 to 10 business days", t.PeriodRangeType(),
         PeriodRange(CalendarPeriod(3, "business days"), CalendarPeriod(10, "business days"))),
        ("1 to 2 weeks", t.PeriodRangeType(), PeriodRange(CalendarPeriod(7, "days"), CalendarPeriod(14, "days"))),
        ("2026-03-06", t.Date(), date(2026, 3, 6)),
        ("2026-03-06T09:00:00+01:00", t.MomentType(), datetime(2026, 3, 6, 8, tzinfo=UTC)),
        ("2026-03-06T09:00:00.25Z", t.MomentType(), datetime(2026, 3, 6, 9, 0, 0, 250000, tzinfo=UTC)),
        ("true", t.Boolean(), True),
        ("false", t.Boolean(), False),
    ],
)  # fmt: skip
def test_literals_have_their_type_and_exact_value(text: str, kind: t.Type, value: Value) -> None:
    node = parse_text(text)
    assert node == Literal(kind, value, **PLACE)
    assert type(node.value) is type(value)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("a or b and not c", Logic("or", (A, Logic("and", (B, Not(C, **PLACE)), **PLACE)), **PLACE)),
        ("not a == b", Not(Binary("==", A, B, **PLACE), **PLACE)),
        ("a - b - c", Binary("-", Binary("-", A, B, **PLACE), C, **PLACE)),
        ("a + b * c", Binary("+", A, Binary("*", B, C, **PLACE), **PLACE)),
        ("a * b of c", Binary("of", Binary("*", A, B, **PLACE), C, **PLACE)),
        ("-a * b", Binary("*", Negative(A, **PLACE), B, **PLACE)),
        ("a-1", Binary("-", A, number(1), **PLACE)),
        ("a - b >= -c", Binary(">=", Binary("-", A, B, **PLACE), Negative(C, **PLACE), **PLACE)),
        ("a not  in ['x']", Member(A, WordList((word("x"),), **PLACE), True, **PLACE)),
        ("a in b.c", Member(A, name("b.c"), **PLACE)),
        ("a in 3..10", Member(A, Range(number(3), number(10), **PLACE), **PLACE)),
        ("a in b..c", Member(A, Range(B, C, **PLACE), **PLACE)),
        ("a in 3..", Member(A, Range(number(3), None, **PLACE), **PLACE)),
        ("a in ..10", Member(A, Range(None, number(10), **PLACE), **PLACE)),
        ("a in to 10", Member(A, Range(None, number(10), **PLACE), **PLACE)),
        ("a in under 10", Member(A, Range(None, number(10), True, False, **PLACE), **PLACE)),
        ("a in over 10", Member(A, Range(number(10), None, False, True, **PLACE), **PLACE)),
        ("a in over 3 to 10", Member(A, Range(number(3), number(10), False, True, **PLACE), **PLACE)),
        ("a in 3 to under 10", Member(A, Range(number(3), number(10), True, False, **PLACE), **PLACE)),
        ("a in over 3 to under 10", Member(A, Range(number(3), number(10), False, False, **PLACE), **PLACE)),
        ("a.at has  not happened", Happened(name("a.at"), True, **PLACE)),
        ("a is not open", WindowTest(A, "open", True, **PLACE)),
        ("a has passed", WindowTest(A, "passed", **PLACE)),
        ("a has not begun", WindowTest(A, "begun", True, **PLACE)),
        ("not a at least 5 days before b",
         Not(Timing("at least before", A, parse_text("5 days"), B, **PLACE), **PLACE)),
        ("a later than b + c after 2026-03-06",
         Timing("later than after", A, Binary("+", B, C, **PLACE), parse_text("2026-03-06"), **PLACE)),
        ("return(line).outcome", OutputRead("return", ("line",), ("outcome",), **PLACE)),
        ("return(line, refund).a.b", OutputRead("return", ("line", "refund"), ("a", "b"), **PLACE)),
        ("round(a, to 0.01 USD, half  up)", Round(A, parse_text("0.01 USD"), "half up", **PLACE)),
        ("round(elapsed from a to b / 24 hours, to 1, up)",
         Round(Binary("/", Between("elapsed", A, B, **PLACE), parse_text("24 hours"), **PLACE),
               number(1), "up", **PLACE)),
        ("days from a + 2 days to b in 0..10",
         Member(Between("days", Binary("+", A, parse_text("2 days"), **PLACE), B, **PLACE),
                Range(number(0), number(10), **PLACE), **PLACE)),
        ("count x in l >= 3", Binary(">=", Aggregate("count", "x", name("l"), None, None, **PLACE), number(3), **PLACE)),
        ("sum of a for x in l where b and c",
         Aggregate("sum", "x", name("l"), A, Logic("and", (B, C), **PLACE), **PLACE)),
        ("any x in l has a and b", Quantifier("any", "x", name("l"), None, Logic("and", (A, B), **PLACE), **PLACE)),
        ("a and all x in l where b has c or a",
         Logic("and", (A, Quantifier("all", "x", name("l"), B, Logic("or", (C, A), **PLACE), **PLACE)), **PLACE)),
        ("any x in l where any y in m has a has b",
         Quantifier("any", "x", name("l"), Quantifier("any", "y", name("m"), None, A, **PLACE), B, **PLACE)),
        ("(any x in l has a) and b",
         Logic("and", (Quantifier("any", "x", name("l"), None, A, **PLACE), B), **PLACE)),
    ],
)  # fmt: skip
def test_what_a_text_is(text: str, node: Node) -> None:
    assert parse_text(text) == node


@pytest.mark.parametrize(
    "text",
    [
        "age >= and",
        "a < 1 andb < 2",
        "a and_b c",
        "3and 4",
        "a == 3or b",
        "nota b",
        "a isopen",
        "x in['a'",
        "line.paid > 5 USDX",
        "a <b> c",
        "a. b",
        "round (a, to 1, halfup)",
        "a later thanb after c",
        "2026-03-06T0900Z > a",
        "5 - 10 days ago",
    ],
)
def test_words_that_run_together_are_not_taken_apart(text: str) -> None:
    with pytest.raises(ConditionError):
        parse_text(text)


@pytest.mark.parametrize(
    "text", ["delivery.at", "plan.first", "a.not.in", "is", "half", "open", "x.date", "to.x", "count.of"]
)
def test_words_stay_usable_as_names_after_a_dot_or_as_half_of_an_operator(text: str) -> None:
    assert parse_text(text) == name(text)


def test_line_ends_and_tabs_are_spaces() -> None:
    assert parse_text("a\n  and\tnot\r\nb") == parse_text("a and not b")
    assert parse_text("a later\n than 3\n days after b") == parse_text("a later than 3 days after b")


def test_a_long_list_is_no_deep_tree() -> None:
    node = parse_text(" and ".join(["a"] * 500))
    assert node == Logic("and", (A,) * 500, **PLACE)
    assert parse_text("(" * 60 + "a" + ")" * 60) == A


def places(text: str) -> dict[str, Node]:
    node = parse_condition(embedded(text), Report())
    assert node is not None
    found: dict[str, Node] = {}
    pending: list[object] = [node]
    while pending:
        one = pending.pop()
        if isinstance(one, tuple):
            pending.extend(one)
        elif hasattr(one, "span"):
            found[one.span.text] = one  # type: ignore[assignment]
            pending.extend(getattr(one, key) for key in type(one).__dataclass_fields__ if key != "span")  # type: ignore[attr-defined]
    return found


def test_every_node_knows_its_words_in_the_file() -> None:
    found = places("(a or b.c) and d in ['x', 'y'] or e within 3 days after f - 1 day")
    assert set(found) == {
        "(a or b.c) and d in ['x', 'y'] or e within 3 days after f - 1 day",
        *("(a or b.c) and d in ['x', 'y']", "a or b.c", "a", "b.c", "d in ['x', 'y']", "d", "['x', 'y']", "'x'", "'y'"),
        *("e within 3 days after f - 1 day", "e", "3 days", "f - 1 day", "f", "1 day"),
    }
    assert found["b.c"].span.column == 7 + len("(a or ")
    quantified = places("any l in o.lines where l.a has round(l.b, to 1, up) > 2")
    assert isinstance(quantified["o.lines"], Name)
    assert "round(l.b, to 1, up)" in quantified


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("any", Cell("any")),
        ("US", Cell("values", (word("US"),))),
        ("not_started", Cell("values", (word("not_started"),))),
        ("in-transit", Cell("values", (word("in-transit"),))),
        ("IN", Cell("values", (word("IN"),))),
        ("or", Cell("values", (word("or"),))),
        ("null", Cell("values", (word("null"),))),
        ("'any'", Cell("values", (word("any"),))),
        ("'New Zealand'", Cell("values", (word("New Zealand"),))),
        ("true", Cell("values", (Literal(t.Boolean(), True, **PLACE),))),
        ("20%", Cell("values", (Literal(t.Percent(), Fraction(1, 5), **PLACE),))),
        ("-5", Cell("values", (Negative(number(5), **PLACE),))),
        ("3 .. 10", Cell("range", range=Range(number(3), number(10), **PLACE))),
        ("3..", Cell("range", range=Range(number(3), None, **PLACE))),
        ("to 10", Cell("range", range=Range(None, number(10), **PLACE))),
        ("under 10", Cell("range", range=Range(None, number(10), True, False, **PLACE))),
        ("over 10 to 20", Cell("range", range=Range(number(10), number(20), False, **PLACE))),
        ("10 to under 20", Cell("range", range=Range(number(10), number(20), True, False, **PLACE))),
        ("over 28.00 EUR", Cell("range", range=Range(parse_text("28.00 EUR"), None, False, **PLACE))),
        ("cut .. sewn", Cell("range", range=Range(word("cut"), word("sewn"), **PLACE))),
    ],
)
def test_what_a_cell_is(text: str, cell: Cell) -> None:
    report = Report()
    assert parse_cell(embedded(text), report) == cell, list(report)
    assert report.ok


def test_a_cell_knows_its_place() -> None:
    cell = parse_cell(embedded("  US "), Report())
    assert cell is not None and cell.span is not None
    assert (cell.span.text, cell.values[0].span.text) == ("US", "US")


def test_a_message_is_text_and_formulas() -> None:
    text = "Don't wait: {days from a to b} days {{not hours}}, '{if c == '}' then 1 else 2}'."
    template = parse_template(embedded(text), Report())
    assert template is not None
    shown = [piece if isinstance(piece, str) else f"<{piece.span.text}>" for piece in template.pieces]
    assert shown == [
        "Don't wait: ",
        "<days from a to b>",
        " days {not hours}, '",
        "<if c == '}' then 1 else 2>",
        "'.",
    ]
    assert template.source.text == text
    assert parse_template(embedded(""), Report()) is not None


def test_many_threads_share_one_grammar(monkeypatch: pytest.MonkeyPatch) -> None:
    built = []
    real = condition.Lark

    def counted(*args: object, **options: object) -> object:
        built.append(1)
        return real(*args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(condition, "Lark", counted)
    condition._build.cache_clear()
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(parse_text, ["a and b"] * 40))
    assert len(built) == 1
    assert set(results) == {Logic("and", (A, B), **PLACE)}


def test_the_error_for_plain_text_carries_the_diagnostics() -> None:
    with pytest.raises(ConditionError, match="write `==` to compare") as caught:
        parse_text("line.x = 3")
    (found,) = caught.value.diagnostics
    assert found.span is not None and str(found.span) == "condition:1:8"
