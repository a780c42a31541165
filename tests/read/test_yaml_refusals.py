"""What is refused although YAML allows it, and what is no YAML: each with its own code, place and advice."""

from __future__ import annotations

import pytest
import yaml

from engine.base.diagnostics import Diagnostic, Report
from engine.read import yaml_reader
from engine.read.yaml_reader import read_yaml


def refuse(text: str | bytes) -> Diagnostic:
    report = Report()
    data = text.encode() if isinstance(text, str) else text
    assert read_yaml(data, "policy.yaml", report) is None
    found = report.sorted()
    assert len(found) == 1, [one.message for one in found]
    return found[0]


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("a: 1\na: 2\n", "yaml-repeated-key", "a"),
        ("a: 1\n'a': 2\n", "yaml-repeated-key", "'a'"),
        ("a: &x 1\n", "yaml-alias", "&x"),
        ("a: *x\n", "yaml-alias", "*x"),
        ("<<: 1\n", "yaml-alias", "<<"),
        ("a: !!str 1\n", "yaml-tag", "!!str"),
        ("a: !x\n", "yaml-tag", "!x"),
        ("a: 1\n---\nb: 2\n", "yaml-many-documents", "---"),
        ("{a: b}: 1\n", "yaml-key-not-text", "{a: b}"),
        ("? [a]\n: 1\n", "yaml-key-not-text", "[a]"),
        ("true: 1\n", "yaml-key-not-text", "true"),
        ("~: 1\n", "yaml-key-not-text", "~"),
        ("'': 1\n", "yaml-key-not-text", "''"),
        ("", "yaml-empty", ""),
        ("# only a comment\n", "yaml-empty", ""),
        ("---\n...\n", "yaml-empty", ""),
        ("- a\n", "schema-wrong-kind", "- a"),
        ("a text\n", "schema-wrong-kind", "a text"),
        ("policy:alder\n", "yaml-accident", "policy:alder"),
        ("%YAML 1.1\n---\na: 1\n", "yaml-syntax", "%YAML 1.1"),
        ("\ufeffa: 1\n", "file-not-text", "\ufeff"),
        ("a: \x07\n", "yaml-syntax", "\x07"),
        ("a: b\u2028c\n", "yaml-syntax", "\u2028"),
        ("a: b\rc: d\n", "yaml-syntax", "\r"),
        ("a:\n\tb: 1\n", "yaml-syntax", "\t"),
        ("a:\t1\n", "yaml-syntax", "\t"),
    ],
)
def test_each_refusal_has_its_code_and_its_place(text: str, code: str, words: str) -> None:
    found = refuse(text)
    assert found.span is not None
    assert (found.code, found.span.text) == (code, words)
    assert found.help


def test_bytes_that_are_no_utf8_are_shown_where_they_stand() -> None:
    found = refuse("café: 1\nb: ".encode() + "é\n".encode("latin-1"))
    assert found.code == "file-not-text"
    assert str(found.span) == "policy.yaml:2:4"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf16_is_named(encoding: str) -> None:
    assert refuse("policy: alder\n".encode(encoding)).message == "the file is UTF-16 text, not UTF-8"


def test_a_repeated_key_shows_the_first_one() -> None:
    found = refuse("a:\n  b: 1\n  c: 2\n  b: 3\n")
    assert [str(place.span) for place in found.also] == ["policy.yaml:2:3"]


def test_all_of_several_mistakes_are_found() -> None:
    report = Report()
    assert read_yaml(b"a: &x 1\nb: !y 2\na: 3\n", "policy.yaml", report) is None
    assert [one.code for one in report] == ["yaml-alias", "yaml-tag", "yaml-repeated-key"]


def test_earlier_findings_do_not_spoil_a_good_file() -> None:
    report = Report()
    report.add("file-unreadable", "another file cannot be read", where="other.yaml")
    assert read_yaml(b"a: 1\n", "policy.yaml", report) is not None


SLIPS = [
    ("when: 'a' == line.x\n", "'a' == line.x", "`when: \"'a' == line.x\"`"),
    ('when: "a" == line.x\n', '"a" == line.x', "`when: \"'a' == line.x\"`"),
    ("{when: 'a' == line.x, then: b}\n", "'a' == line.x", "`when: \"'a' == line.x\"`"),
    ("when:\n  - 'a' == line.x\n", "'a' == line.x", "`- \"'a' == line.x\"`"),
    ("{when: x in ['a', 'b'], then: c}\n", "x in ['a', 'b']", "`when: \"x in ['a', 'b']\"`"),
    ("when: [x in ['a'], b]\n", "x in ['a']", "`\"x in ['a']\"`"),
    ("when: ['a', 'b'] has x\n", "['a', 'b'] has x", "`when: \"['a', 'b'] has x\"`"),
    ("because: Note: late\n", "Note: late", '`because: "Note: late"`'),
    ("{because: Note: late}\n", "Note: late", '`because: "Note: late"`'),
    ("because: one line\n  and another: one\nthen: b\n", "and another: one", "put the whole text in quotes"),
    ("because: {fee} is due\n", "{fee} is due", '`because: "{fee} is due"`'),
    ("because: 'Sale' goods stay\n", "'Sale' goods stay", "`because: \"'Sale' goods stay\"`"),
    ("because: 'The shop's goods'\n", "'", '`because: "The shop\'s goods"`'),
    ('because: "a\\q"\n', "\\q", "single quotes"),
    ("when: %5 of x\n", "%5 of x", "`20%`"),
    ("when: @x\n", "@x", '`when: "@x"`'),
    ("when: `x\n", "`x", '`when: "`x"`'),
    ("when: > 5\n", "> 5", "names what it compares first"),
    ("when: |x\n", "|x", '`when: "|x"`'),
    ("when: && x\n", "&& x", '`when: "&& x"`'),
    ("when: * x\n", "* x", '`when: "* x"`'),
    ("when: ]x\n", "]x", '`when: "]x"`'),
    ("a: 1\nwhen:line.x\nb: 2\n", "when:line.x", "`when: line.x`"),
    ("when:line.x\nb: 2\n", "when:line.x", "`when: line.x`"),
    ("a: 1\nthen\nb: 2\n", "then", "`then:`"),
    ("a: 1\nthat goes on\nb: 2\n", "that goes on", "indented further"),
    ("a: b\n  c: d\n", "b", "same column as `a`"),
    ("a:\n    b: 1\n  c: 2\n", "c: 2", "begin in the same column"),
    ("  a: 1\nb: 2\n", "b: 2", "first column"),
    ("a:\n  - b\n  c: d\n", "c: d", "begin the line with `- `"),
    ("a: 1\n- b\n", "- b", "indented like the other items"),
    ("when: - a\n      - b\n", "- a", "each item on its own line"),
    ('title: "Alder\nversion: "1"\n', '"Alder', 'close it with `"`'),
    ("title: 'Alder\nversion: 1\n", "'Alder", "close it with `'`"),
    ("a: [b, c\nd: e\n", "[", "close it with `]`"),
    ("a: {b: [c, d}\n", "}", "close `[` with `]` first"),
    ("a: one\n  two #3\n  four\n", "#3", "put the whole text in quotes"),
]


@pytest.mark.parametrize("parser", [yaml.CLoader, yaml.Loader])
@pytest.mark.parametrize(("text", "words", "advice"), SLIPS)
def test_slips_are_recognised(
    text: str, words: str, advice: str, parser: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_reader, "_LOADER", parser)
    found = refuse(text)
    assert found.span is not None
    assert (found.code, found.span.text) == ("yaml-syntax", words)
    assert found.help is not None
    assert advice in found.help


ACCIDENTS = [
    ("{when: greater of (a, b) > 3, then: c}\n", "greater of (a, b) > 3"),
    ("{when: greater of (a, b, c) > 3}\n", "greater of (a, b, c) > 3"),
    ("{says: Goods come back, if new}\n", "Goods come back, if new"),
    ("when: [greater of (a, b) > 3, c]\n", "greater of (a, b) > 3"),
    ("because: {fee}\n", "{fee}"),
    ("then: {outcome:deny}\n", "outcome:deny"),
    ("then: {outcome: deny, fee}\n", "deny, fee"),
    ("when: line.tag == 'no #1'\n", "#1'"),
    ("because: see point #5\n", "#5"),
]


@pytest.mark.parametrize(("text", "words"), ACCIDENTS)
def test_accidents_that_are_good_yaml_are_recognised(text: str, words: str) -> None:
    found = refuse(text)
    assert found.span is not None
    assert (found.code, found.span.text) == ("yaml-accident", words)
    assert found.help


@pytest.mark.parametrize(
    "text",
    [
        "because: It is late. # it's only a comment\n",
        "fee: 7 #8 was too much\n",
        "when: [a, b]  #5\n",
        "because: 'see #5'\n",
        "because: nr#5\n",
        "when: x in ['a', 'b']\n",
        "when: greater of (a, b) > 3\n",
        "in_order: ['gift (a, b)', card]\n",
        "words: [it's, don't]\n",
        "then: {fee: , outcome: deny}\n",
        "{a: at 12:30, b: c}\n",
        "because: Is it? Yes!\n",
    ],
)
def test_what_only_looks_like_an_accident_is_read(text: str) -> None:
    report = Report()
    assert read_yaml(text.encode(), "policy.yaml", report) is not None
    assert len(report) == 0
