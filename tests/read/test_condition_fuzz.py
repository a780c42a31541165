"""Whatever the text: a node, or a message that can be shown; never an exception."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.base.diagnostics import Report
from engine.base.source import Embedded, SourceText, Span
from engine.language.literal_forms import LITERALS
from engine.language.operators import OPERATORS
from engine.read.condition import parse_cell, parse_condition, parse_template
from engine.read.format import format_cell, format_node, format_template

EXAMPLES = [entry.example for entry in (*OPERATORS, *LITERALS)]
SLIPS = [
    *(
        "AND",
        "OR",
        "=",
        "=>",
        "<>",
        "&&",
        "!",
        '"',
        "'",
        "\u201c",
        "$5",
        "5€",
        "5EUR",
        "1,000",
        "3,50",
        ".5",
        "5.",
        "ago",
    ),
    *("1.5 days", "is not", "known", "null", "contains", "a-b", "é", "{", "}", "{{", "}}", "half up", "later than"),
    *("at least", "has happened", "days from", "sum of", "greater of", "\u00a0", "\n", "\x00", "\ud800"),
]
PIECES = re.compile(r"[a-z_.]+|'[^']*'|[0-9.%]+|[<>=!+*/,()\[\]-]+")
WORDS = sorted({word for example in EXAMPLES for word in PIECES.findall(example)} | set(SLIPS))


def embed(text: str, plain: bool) -> Embedded:
    """As it would stand in a file: at known columns after a key, or in a folded scalar without them."""
    if plain:
        source = SourceText("policy.yaml", f"when: {text}\n")
        return Embedded(text, Span(source, 6, 6 + len(text)), tuple(range(6, 7 + len(text))))
    source = SourceText("policy.yaml", "when: >\n  somehow\n")
    return Embedded(text, Span(source, 6, 18), None)


def check_all(text: str) -> None:
    for plain in (True, False):
        for parse, write in (
            (parse_condition, format_node),
            (parse_cell, format_cell),
            (parse_template, format_template),
        ):
            report = Report()
            result = parse(embed(text, plain), report)
            assert (result is None) == (not report.ok), text
            if result is not None:
                assert parse(embed(write(result), plain), report) == result
            for found in report:
                assert found.span is not None and found.help
                assert 0 <= found.span.start <= found.span.end <= len(found.span.source.text)
                for sentence in (found.message, found.help):
                    assert "\n" not in sentence and len(sentence) < 300
                    ours = re.sub(r"`[^`]*`|YAML|IANA|U\+[0-9A-F]+", "", sentence)  # without the author's words
                    assert not re.search(r"[A-Z]{4,}|Token|Literal|None\b|__", ours), sentence
                assert not found.message[0].isupper()


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=40))
def test_any_text_at_all(text: str) -> None:
    check_all(text)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=12), st.sampled_from([" ", " ", ""]))
def test_any_row_of_words(words: list[str], between: str) -> None:
    check_all(between.join(words))


@settings(max_examples=400, deadline=None)
@given(st.sampled_from(EXAMPLES), st.integers(0, 80), st.integers(0, 6), st.sampled_from([*WORDS, ""]))
def test_any_condition_with_a_piece_taken_out_and_another_put_in(text: str, at: int, cut: int, word: str) -> None:
    at = min(at, len(text))
    check_all(text[:at] + word + text[at + cut :])


def test_the_worst_of_shapes_end_quickly_and_quietly() -> None:
    for piece in (
        "(",
        "not ",
        "-",
        "[",
        "'",
        "if a then ",
        "any x in l has ",
        "round(",
        "a.",
        "1 ",
        "{",
        "x in ",
        "==",
        "a+",
    ):
        check_all((piece * 4000)[:4000])
        check_all((piece * 4000)[:3998] + " a")
    check_all("(" * 1500 + "a" + ")" * 1500)
    check_all("a" * 5000)
