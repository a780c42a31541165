"""A decision, and an explanation, for people on a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.explain import words
from engine.explain.text_proof import member_explanation
from engine.explain.tree import Explanation
from engine.explain.writing import Page, joined
from engine.language.core import Program
from engine.language.decision import Decision, LeadsTo, Member, Need, Option, Output, RequirementView, RuleView
from engine.language.types import Type
from engine.language.wording import say
from engine.values.zones import zone

_MAX_QUESTIONS = 6


def render_decision(decision: Decision, program: Program, color: bool = False) -> str:
    """The answer: the verdict, why, what it comes to, what is still needed, what else could be had, what it rests on.

    Lines are at most 100 columns; instants are told on the clock of the policy (or of the window they belong to), which
    is named. `color` adds ANSI escapes.
    """
    page = Page(color)
    _head(page, decision, program)
    _problems(page, decision)
    for member in decision.members:
        _member(page, decision, member, program)
    _together(page, decision, program)
    _questions(page, decision, program)
    _rests(page, decision, program)
    return page.text()


def render_explanation(explanation: Explanation, color: bool = False) -> str:
    """The answer, and for each member how it was found: the conditions of its rules, and what would change it."""
    page = Page(color)
    decision, program = explanation.decision, explanation.program
    _head(page, decision, program)
    _problems(page, decision)
    explained = {one.item: one for one in explanation.members}
    for member in decision.members:
        _member(page, decision, member, program)
        if member.item in explained:
            member_explanation(page, explained[member.item], member, decision, program)
    hidden = len(decision.members) - len(explained)
    if explained and hidden > 0:
        page.blank()
        page.line(f"… {hidden} more members are not explained here")
    if explanation.scope is not None:
        member_explanation.scope(page, explanation.scope)
    _together(page, decision, program)
    _questions(page, decision, program)
    _rests(page, decision, program)
    return page.text()
