"""Whatever stands in a file: no exception, and every place lies inside the text."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.base.diagnostics import Diagnostic, Report
from engine.base.source import SourceText
from engine.cli.diagnostics_json import to_json
from engine.cli.diagnostics_text import render, render_line
from engine.read.schema_check import check_schema
from engine.read.yaml_reader import read_yaml

POLICY = """\
policy: alder
title: Alder returns
version: '2026-01'
timezone: Europe/Lisbon
currency: EUR
effective: {from: 2026-01-01}
readings:
  last_moment:
    asks: Is the very last moment still in time?
    options: {inclusive: It is in., exclusive: It is out.}
    chosen: inclusive
    about: [al-03]
parameters:
  fee: {type: money EUR, value: 7.00 EUR, cites: [al-04]}
windows:
  time_to_ask: {lasts: 30 days, after: line.delivery.at, act: request.at}
decisions:
  return:
    asks: "May this line come back?"
    for_each: line in request.lines
    outputs:
      outcome: {type: [deny, review, approve], combine: strictest, roll_up: each}
    rules:
      too_late:
        when:
          - time_to_ask has passed
          - not line.is_final_sale
        then: {outcome: deny}
        because: >
          The {time_to_ask.day} days
          are over.
        note: |
          For staff.
        cites: [al-05]
    otherwise: {outcome: not_covered}
"""

PIECES = [
    *"'\"[]{}:,#!|>%@`*&?-~\\ \n\t\r\x00",
    *(": ", " #", "- ", "\n  ", "---\n", "...\n", "<<: ", "null", "true", "1.10", "é", "😀", "\ufeff", "\u2028", "''"),
]

_positions = st.integers(0, len(POLICY))
_changes = st.lists(
    st.one_of(
        st.tuples(_positions, st.just(0), st.sampled_from(PIECES)),
        st.tuples(_positions, st.integers(1, 30), st.just("")),
        st.tuples(_positions, st.just(0), st.builds(lambda a, n: POLICY[a : a + n], _positions, st.integers(1, 60))),
    ),
    min_size=1,
    max_size=4,
)


def mutated(changes: list[tuple[int, int, str]]) -> str:
    text = POLICY
    for at, length, put in changes:
        text = text[:at] + put + text[at + length :]
    return text


def examine(data: bytes) -> list[Diagnostic]:
    report = Report()
    root = read_yaml(data, "policy.yaml", report)
    assert (root is None) == (not report.ok)
    if root is not None:
        assert check_schema(root, report) == report.ok
    found = report.sorted()
    for one in found:
        assert one.message and "\n" not in one.message
        assert one.span is not None or one.where is not None
        for span in [one.span, *(place.span for place in one.also)]:
            if span is not None:
                assert type(span.source) is SourceText
                assert 0 <= span.start <= span.end <= len(span.source.text)
        assert render_line(one).startswith("policy.yaml")
        assert to_json(one)["code"] == one.code
    assert render(found, color=True).count("\n\n") == len(found)
    return found


def test_the_policy_that_is_mutated_is_right() -> None:
    assert examine(POLICY.encode()) == []


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_bytes(data: bytes) -> None:
    examine(data)


@given(st.lists(st.sampled_from([*PIECES, "a", "key: ", "b\n"]), max_size=40).map("".join))
@settings(max_examples=300, deadline=None)
def test_any_heap_of_signs(text: str) -> None:
    examine(text.encode("utf-8", errors="replace"))


@given(_changes)
@settings(max_examples=300, deadline=None)
def test_any_mutated_policy(changes: list[tuple[int, int, str]]) -> None:
    text = mutated(changes)
    for one in examine(text.encode()):
        assert one.span is None or one.span.source.text == text
        words = f"{one.message} {one.help}"
        for theirs in ("is not of type", "required property", "does not match", "Additional", "NoneType", "expected <"):
            assert theirs not in words
