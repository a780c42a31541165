"""How diagnostics look in a terminal, on one line, and as JSON."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.base.diagnostics import Diagnostic, Place
from engine.base.source import Embedded, SourceText, Span
from engine.cli.diagnostics_json import to_json
from engine.cli.diagnostics_text import render, render_line

TEXT = "policy: alder\nwindows:\n  late: {lasts: 30 days}\n  late: {lasts: 31 days}\n"
SOURCE = SourceText("alder.yaml", TEXT)


def span(words: str, source: SourceText = SOURCE, after: int = 0) -> Span:
    start = source.text.index(words, after)
    return Span(source, start, start + len(words))


TWICE = Diagnostic(
    "yaml-repeated-key",
    "`late` stands twice",
    span("late", after=50),
    help="keep one",
    also=(Place(span("late"), "it stands here first"),),
)


def shown(source: SourceText, words: Span) -> list[str]:
    """The source line and the marks, without the margin."""
    lines = render([Diagnostic("yaml-syntax", "wrong", words)], color=False).splitlines()
    return [line.split("| ", 1)[1] for line in lines if "| " in line]


def test_the_whole_layout() -> None:
    assert render([TWICE, Diagnostic("unused", "`late` is never used", span("late"))], color=False) == (
        "error[yaml-repeated-key]: `late` stands twice\n"
        " --> alder.yaml:4:3\n"
        "  |\n"
        "4 |   late: {lasts: 31 days}\n"
        "  |   ^^^^\n"
        " ::: alder.yaml:3:3, it stands here first\n"
        "  |\n"
        "3 |   late: {lasts: 30 days}\n"
        "  |   ----\n"
        "help: keep one\n"
        "\n"
        "warning[unused]: `late` is never used\n"
        " --> alder.yaml:3:3\n"
        "  |\n"
        "3 |   late: {lasts: 30 days}\n"
        "  |   ^^^^\n"
        "\n"
        "1 error, 1 warning\n"
    )


def test_nothing_found_is_nothing_printed() -> None:
    assert render([], color=True) == ""


@pytest.mark.parametrize(
    ("codes", "count"),
    [
        (["yaml-syntax"], "1 error"),
        (["yaml-syntax", "yaml-syntax"], "2 errors"),
        (["unused"], "1 warning"),
        (["unused", "yaml-syntax", "unused"], "1 error, 2 warnings"),
    ],
)
def test_the_last_line_counts(codes: list[str], count: str) -> None:
    text = render([Diagnostic(code, "wrong", span("alder")) for code in codes], color=False)
    assert text.splitlines()[-1] == count


def test_colour_adds_escapes_and_nothing_else() -> None:
    plain, coloured = render([TWICE], color=False), render([TWICE], color=True)
    assert "\x1b" not in plain
    assert "\x1b[1;31merror" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == plain


@pytest.mark.parametrize(
    ("row", "words", "expected", "marks"),
    [
        ("日本: x", "x", "日本: x", "      ^"),
        ("日本: x", "本", "日本: x", "  ^^"),
        ("a\tb", "b", "a   b", "    ^"),
        ("a\tb", "\t", "a   b", " ^^^"),
        ("e\u0301e\u0301 x", "x", "e\u0301e\u0301 x", "   ^"),
        ("\uff46ull x", "x", "\uff46ull x", "      ^"),
        ("a\x1b[31m x", "x", "a␛[31m x", "       ^"),
        ("a\u202eb x", "x", "a\ufffdb x", "    ^"),
    ],
)
def test_marks_stand_below_the_words(row: str, words: str, expected: str, marks: str) -> None:
    source = SourceText("a.yaml", f"first\n{row}\nlast\n")
    assert shown(source, span(words, source)) == [expected, marks]


@pytest.mark.parametrize("before", [0, 10, 90, 99, 150, 5_000])
@pytest.mark.parametrize("after", [0, 200])
def test_a_long_line_is_cropped_around_the_words(before: int, after: int) -> None:
    source = SourceText("a.yaml", "é" * before + "WORDS" + "ö" * after)
    row, marks = shown(source, span("WORDS", source))
    assert row[len(marks) - 5 : len(marks)] == "WORDS"
    assert marks.strip() == "^^^^^"
    assert len(row) <= 106
    assert row.startswith("...") == (before + 5 > 100)
    assert row.endswith("...") == (after > 0)


def test_words_that_are_longer_than_a_line_are_cut() -> None:
    source = SourceText("a.yaml", "x" * 3_000)
    row, marks = shown(source, Span(source, 500, 2_500))
    assert len(row) == 106
    assert len(marks) <= 103


def test_words_over_several_lines_are_marked_on_the_first() -> None:
    source = SourceText("a.yaml", "a: one\n  two\n")
    assert shown(source, Span(source, 3, 12)) == ["a: one", "   ^^^"]


def test_an_empty_place_and_the_end_of_the_text_have_one_mark() -> None:
    source = SourceText("a.yaml", "a:\n")
    for at in (2, 3):
        text = render([Diagnostic("yaml-empty", "nothing", Span(source, at, at))], color=False)
        assert text.count("^") == 1


def test_a_text_without_certain_columns_is_shown_itself() -> None:
    source = SourceText("a.yaml", "x: 1\nbecause: >\n  one {two}\n  three\n")
    scalar = Span(source, source.text.index(">"), len(source.text) - 1)
    words = Embedded("one {two} three\nfour", scalar, None).span(5, 8)
    one = Diagnostic("name-unknown", "nothing is called `two`", words)
    assert render([one], color=False).splitlines() == [
        "error[name-unknown]: nothing is called `two`",
        "--> a.yaml:2:10, in this text",
        " |",
        " | one {two} three",
        " |      ^^^",
        "",
        "1 error",
    ]
    assert render_line(one) == "a.yaml:2:10: error[name-unknown] nothing is called `two`"
    assert (to_json(one)["line"], to_json(one)["column"], to_json(one)["end_line"]) == (2, 10, 4)


def test_without_a_text_the_place_is_told_in_words() -> None:
    one = Diagnostic("file-unreadable", "the file cannot be read", where="alder.yaml", help="check its name")
    assert render([one], color=False) == (
        "error[file-unreadable]: the file cannot be read\n--> alder.yaml\nhelp: check its name\n\n1 error\n"
    )
    assert render_line(one) == "alder.yaml: error[file-unreadable] the file cannot be read"


def test_words_about_the_place_stand_beside_it() -> None:
    one = Diagnostic("fact-range", "too many", span("30"), where="order.lines[0].quantity")
    assert " --> alder.yaml:3:17, order.lines[0].quantity\n" in render([one], color=False)


def test_a_file_that_is_the_place_itself_stands_once() -> None:
    one = Diagnostic("facts-not-json", "this is not JSON", span("30"), where="alder.yaml")
    assert " --> alder.yaml:3:17\n" in render([one], color=False)


def test_one_line_for_editors() -> None:
    assert render_line(TWICE) == "alder.yaml:4:3: error[yaml-repeated-key] `late` stands twice"


def test_control_characters_never_reach_the_terminal() -> None:
    one = Diagnostic("yaml-syntax", "`\x1b[2J` is wrong", None, help="remove \x07", where="a\nb.yaml")
    for text in (render([one], color=False), render_line(one)):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f]", text)
    assert len(render_line(one).splitlines()) == 1


def test_json_has_everything_and_is_plain_data() -> None:
    data = to_json(TWICE)
    assert json.loads(json.dumps(data)) == data
    assert data == {
        "code": "yaml-repeated-key",
        "severity": "error",
        "message": "`late` stands twice",
        "help": "keep one",
        "file": "alder.yaml",
        "line": 4,
        "column": 3,
        "end_line": 4,
        "end_column": 7,
        "where": None,
        "also": [
            {
                "label": "it stands here first",
                "file": "alder.yaml",
                "line": 3,
                "column": 3,
                "end_line": 3,
                "end_column": 7,
            }
        ],
        "fix": None,
    }


def test_json_of_a_finding_without_a_text() -> None:
    data = to_json(Diagnostic("no-policy", "no policy", where="policies/"))
    assert (data["file"], data["line"], data["where"], data["also"]) == (None, None, "policies/", [])


@given(st.text(max_size=300), st.integers(0, 300), st.integers(0, 300))
def test_any_place_in_any_text_is_shown(text: str, start: int, length: int) -> None:
    source = SourceText("a.yaml", text)
    start = min(start, len(text))
    one = Diagnostic("yaml-syntax", "wrong", Span(source, start, min(start + length, len(text))))
    lines = render([one], color=False).split("\n")
    assert lines[0] == "error[yaml-syntax]: wrong"
    assert lines[-2] == "1 error"
    assert "^" in lines[4]
