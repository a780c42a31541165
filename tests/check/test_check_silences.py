"""Warnings silenced with a reason, and comments that silence nothing."""

from __future__ import annotations

import pytest

from engine import load_policy
from engine.base.codes import CODES
from engine.base.diagnostics import Diagnostic, Report
from engine.check.program import check_policy

TEXT = """
policy: shop
title: Shop
version: '1'
currency: USD
timezone: America/Denver
define:
  far: order.is_gift  # FAR
  # ABOVE
  # a remark between the two

  near: order.is_gift
decisions:
  return:
    asks: May it come back?
    for_each: line in request.lines
    outputs:
      outcome: {type: [deny, approve], combine: strictest, roll_up: each}
    rules:
      worn:
        when: line.is_final_sale
        then: {outcome: deny}
        because: >
          It is worn. # policy-engine: allow unused because this is text
        note: 'policy-engine: # policy-engine: allow unused'
"""


def found(
    far: str = "", above: str = "", text: str = TEXT
) -> tuple[list[tuple[str, int]], list[tuple[Diagnostic, str]]]:
    report = Report()
    data = text.replace("FAR", far or "-").replace("ABOVE", above or "-")
    assert check_policy(data.encode(), "shop.yaml", report) is not None
    return [(one.code, one.span.line if one.span else 0) for one in report], report.silenced


def test_a_warning_is_silenced_on_its_line_and_below_a_comment_of_its_own() -> None:
    left, silenced = found(
        "policy-engine: allow unused because spring needs it", "policy-engine: allow unused because: it may"
    )
    assert left == []
    assert [(one.code, one.span.line if one.span else 0, reason) for one, reason in silenced] == [
        ("unused", 8, "spring needs it"),
        ("unused", 12, "it may"),
    ]


def test_without_comments_nothing_is_silenced_and_words_of_a_text_are_no_comment() -> None:
    assert found() == ([("unused", 8), ("unused", 12)], [])


@pytest.mark.parametrize(
    "comment",
    [
        "policy-engine: allow unused",
        "policy-engine: allow unused because",
        "policy-engine: allow unused because ...",
        "policy-engine: allow unused, as agreed",
        "policy-engine: ignore unused because of spring",
        "policy-engine allow unused because of spring",
        "policy-engine: allow because of spring",
        "policy-engine:",
        "policy-engine: allow unsed because of spring",
        "policy-engine: allow no-such-thing because of spring",
        "policy-engine: allow name-unknown because of spring",
        "policy-engine: allow silence-nothing because of spring",
    ],
)
def test_a_comment_that_is_wrong_silences_nothing_and_is_told(comment: str) -> None:
    left, silenced = found(comment)
    assert sorted(left) == [("silence-wrong", 8), ("unused", 8), ("unused", 12)]
    assert silenced == []


@pytest.mark.parametrize(
    "comment", ["the policy-engine allows it", "see policy-engine.example", "x # policy-engine: allow unused"]
)
def test_a_remark_is_no_silence(comment: str) -> None:
    assert found(comment)[0] == [("unused", 8), ("unused", 12)]


def test_what_silences_nothing_is_told() -> None:
    twice = TEXT.replace(
        "# ABOVE", "# policy-engine: allow unused because a\n  # policy-engine: allow unused because b"
    )
    assert found(text=twice)[0] == [("unused", 8), ("silence-nothing", 10)]


def test_a_silence_without_its_warning_is_told_and_cannot_be_silenced() -> None:
    comment = "policy-engine: allow literal-condition because of spring"
    assert sorted(found(comment)[0]) == [("silence-nothing", 8), ("unused", 8), ("unused", 12)]


def test_errors_cannot_be_silenced() -> None:
    text = TEXT.replace(
        "  far: order.is_gift  # FAR", "  far: order.is_gft  # policy-engine: allow name-unknown because of spring"
    )
    report = Report()
    assert check_policy(text.encode(), "shop.yaml", report) is None
    assert "name-unknown" in {one.code for one in report}
    with pytest.raises(ValueError, match="is an error"):
        report.silence(next(iter(report)), "of spring")


def test_every_warning_can_be_silenced_but_those_about_silences() -> None:
    for code, about in CODES.items():
        left, _ = found(f"policy-engine: allow {code} because of spring")
        can = about.severity == "warning" and not code.startswith("silence-")
        assert (("silence-wrong", 8) in left) != can, code


def test_a_silence_does_not_change_the_digest() -> None:
    silenced = TEXT.replace("# FAR", "# policy-engine: allow unused because of spring")
    assert load_policy(silenced.encode()).digest == load_policy(TEXT.encode()).digest
    assert [one.code for one in load_policy(silenced.encode()).diagnostics] == ["unused"]


def test_many_comments_are_read_in_good_time() -> None:
    many = "# policy-engine: allow unused because of spring\n" * 5000 + "#" * 200_000 + " policy-engine: allow\n"
    left, _ = found(text=TEXT + many)
    assert [code for code, _ in left].count("silence-nothing") == 5000
