"""What authors are told: the message, the help line and the exact words underlined, for each usual slip."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.base.diagnostics import Report
from engine.base.source import Embedded, SourceText, Span
from engine.read.condition import MAX_LENGTH, MAX_MESSAGE, parse_cell, parse_condition, parse_template

CORPUS = Path(__file__).parents[1] / "corpus" / "conditions"


def entries(name: str) -> list[tuple[str, str, str]]:
    """The entries of a corpus file: the text with its marks, the message with its code, the help."""
    blocks = (CORPUS / name).read_text(encoding="utf-8").split("\n\n")[1:]
    rows = [tuple(line.strip() for line in block.strip("\n").split("\n")) for block in blocks]
    assert all(len(row) == 3 for row in rows)
    return [(row[0], row[1], row[2]) for row in rows]


def embedded(text: str) -> Embedded:
    source = SourceText("policy.yaml", f"when: {text}\n")
    return Embedded(text, Span(source, 6, 6 + len(text)), tuple(range(6, 7 + len(text))))


def check(parse: Callable[[Embedded, Report], object], marked: str, message: str, help: str) -> None:
    text = marked.replace("«", "").replace("»", "")
    report = Report()
    assert parse(embedded(text), report) is None
    (found,) = report
    code, bare = "condition-syntax", message
    if message.startswith("["):
        code, bare = message[1:].split("] ", 1)
    assert (found.code, found.message, found.help) == (code, bare, help)
    assert found.span is not None
    start, end = found.span.start - 6, found.span.end - 6
    assert f"{text[:start]}«{text[start:end]}»{text[end:]}" == marked


@pytest.mark.parametrize(("marked", "message", "help"), entries("wrong-conditions.txt"))
def test_a_wrong_condition_says_what_to_write(marked: str, message: str, help: str) -> None:
    check(parse_condition, marked, message, help)


@pytest.mark.parametrize(("marked", "message", "help"), entries("wrong-cells.txt"))
def test_a_wrong_cell_says_what_to_write(marked: str, message: str, help: str) -> None:
    check(parse_cell, marked, message, help)


@pytest.mark.parametrize(("marked", "message", "help"), entries("wrong-messages.txt"))
def test_a_wrong_message_says_what_to_write(marked: str, message: str, help: str) -> None:
    check(parse_template, marked, message, help)


def test_what_a_help_line_writes_out_for_the_text_at_hand_is_itself_right() -> None:
    """Where the help is a whole condition made of the author's own words, it parses."""
    tried = 0
    for marked, _, help in entries("wrong-conditions.txt"):
        text = marked.replace("«", "").replace("»", "")
        for piece in re.findall(r"`([^`]{9,})`", help):
            if piece.split()[0] in text and "..." not in piece and "line" in piece:
                report = Report()
                assert parse_condition(embedded(piece), report) is not None, (piece, list(report))
                tried += 1
    assert tried > 10


@pytest.mark.parametrize(("parse", "help"), [
    (parse_condition, "write one, such as `line.quantity > 2`"),
    (parse_cell, "write `any` if the column does not matter in this row"),
])  # fmt: skip
def test_an_empty_text_is_told_so(parse: Callable[[Embedded, Report], object], help: str) -> None:
    for text in ("", "   "):
        report = Report()
        assert parse(embedded(text), report) is None
        assert [found.help for found in report] == [help]


def test_several_wrong_literals_are_all_reported() -> None:
    report = Report()
    assert parse_condition(embedded("a > 5 XYZ and b > 2026-02-30 and c in 'x' and d == null"), report) is None
    assert [found.span.text for found in report if found.span] == ["XYZ", "2026-02-30", "'x'", "null"]


def test_several_wrong_formulas_in_one_message_are_all_reported() -> None:
    report = Report()
    assert parse_template(embedded("{a = b} and {c ==} and {}"), report) is None
    assert [found.span.text for found in report if found.span] == ["=", "==", "{}"]


@pytest.mark.parametrize(
    "text",
    [
        "(" * 61 + "a" + ")" * 61,
        "not " * 60 + "a",
        "-" * 60 + "a",
        " + ".join(["a"] * 61),
        " * ".join(["a"] * 1000),
        "if a then b else " * 60 + "c",
        "any x in l has " * 60 + "a",
        "date(" * 60 + "a" + ")" * 60,
        "(" * 1990 + "a" + ")" * 1990,
    ],
)
def test_too_deep_a_text_is_refused_and_not_walked(text: str) -> None:
    report = Report()
    assert parse_condition(embedded(text), report) is None
    (found,) = report
    assert found.code == "condition-too-deep"
    assert found.help == "name parts of it under `define` and use the names"


def test_too_long_a_text_is_refused() -> None:
    for parse, limit in ((parse_condition, MAX_LENGTH), (parse_cell, MAX_LENGTH), (parse_template, MAX_MESSAGE)):
        report = Report()
        assert parse(embedded("a" * limit), report) is not None
        assert parse(embedded("a" * (limit + 1)), report) is None
        assert [found.code for found in report] == ["condition-too-long"]
    report = Report()
    assert parse_template(embedded("{" + "a" * (MAX_LENGTH + 1) + "}"), report) is None
    assert [found.code for found in report] == ["condition-too-long"]


def test_where_columns_are_not_certain_the_place_is_in_the_text_itself() -> None:
    source = SourceText("policy.yaml", "when: >\n  a and\n  b = 3\n")
    text = Embedded("a and b = 3\n", Span(source, 6, 23), None)
    report = Report()
    assert parse_condition(text, report) is None
    (found,) = report
    assert found.span is not None and found.span.text == "="
    assert found.span.source.name == "policy.yaml:1:7 (this text)"
